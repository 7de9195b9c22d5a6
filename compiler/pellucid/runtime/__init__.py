"""What compiled code needs while it runs: memory, errors, interrupts, and calls from Python.

In:  object code with its signature, from `codegen` and `cache`. Out: `Dispatcher`, a callable whose
entry is machine code; Python exceptions with the compiled functions' own traceback.
Not here: C. The functions that compiled code calls are LLVM text (`support.py` puts it together),
compiled once per machine. Nor how a value is checked, unboxed and boxed: `codegen/entry.py`.
Read first: `dispatch.py`, then `specialisation.py` and `support.py`.
"""
