"""Typed IR to typed IR: one file per pass.

In:  typed functions, as inference writes them. Out: the same functions, faster, with references
counted, loops that can be interrupted, and events that say what was done and what was not.
Not here: anything of LLVM; analyses that rewrite nothing (`ir/dominance.py`, `ir/liveness.py`).
Read first: `pipeline.py` (which passes, in which order, and why), then `pass_base.py`.
"""
