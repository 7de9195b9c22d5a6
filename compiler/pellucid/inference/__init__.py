"""Untyped IR to typed IR: types flow forward over SSA, and every call finds what it calls.

In:  untyped functions and argument types. Out: typed functions with targets and conversions.
Not here: what overloads exist (`library/` and users declare them), how a target is emitted.
Read first: `program.py` (recursion, resolution), then `frame.py` (one function), `emit.py`.
"""
