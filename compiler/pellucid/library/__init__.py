"""What compiled code may call: operators, builtins, `math`, NumPy.

In:  argument types, through `inference.overloads`. Out: implementations in the compiled
language, and primitives where the language cannot say it.
Not here: registration. Importing a module defines overloads and nothing else; `index.py` is data
that tells which module holds which callable, so that only what a program uses is loaded.

    builtins/    operators, conversions, iteration, tuples, ranges; pointers and structs
    math/        the modules `math` and `cmath`
    strings/     text
    numpy/       arrays

Read first: `index.py`, then `builtins/operators.py`.
"""
