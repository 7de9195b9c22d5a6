"""The machines that code is made for. Each is a class implementing `backend/target.py`.

In:  `backend`. Out: `cpu.target.host()`, `null.NullTarget`.
Not here: anything that all machines share.
"""
