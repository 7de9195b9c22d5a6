"""LLVM IR to machine code: optimise, link, emit, load.

In:  the text of an LLVM module, and a `Target`. Out: object code (bytes),
the texts that the Report shows, addresses of loaded functions.
Not here: which target (`targets/`), where code is kept (`cache/`), what LLVM IR means (`codegen/`).
Read first: `target.py`, then `compile.py`.

LLVM is loaded by the modules of this room, not by importing the room.
"""
