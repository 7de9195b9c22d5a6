"""Python objects in compiled code: what library code reads and makes them with.

`conversion.py` has the protocol by which values cross the boundary: `unbox`, `box`, `write_back`.
`calls.py`, `containers.py` and `checks.py` are Python's C API, for library code only.
"""
