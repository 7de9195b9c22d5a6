"""From a Python function to untyped IR.

In:  a Python function (with its globals and closure cells, which are compile-time constants).
Out: `ir.Function` in SSA form, each op with its span; or a `CompileError` with every mistake found.

    source.py       the function's text and syntax tree, through linecache
    freshness.py    whether that is still what the function was compiled from
    positions.py    spans and their anchors, found among the source's tokens
    scopes.py       what a name means: a local variable, or a Python object known while compiling
    ssa.py          blocks and variables while they are built
    context.py      what lowering carries along; makes ops
    expressions.py  expressions, conditions
    statements.py   statements, assignment targets
    exceptions.py   raise, assert
    functions.py    one function: parameters, body, what is settled at its end
    closures.py     functions that are defined inside it
    captures.py     the variables that those read
    unsupported.py  the name of each construct that is refused
    build.py        `build_function`

Not here: types, overloads, what an operator does. A construct that the compiler does not support is
refused with its span and name, never approximated. Evaluation order is Python's.
Read first: `build.py`, then `statements.py`.
"""

from pellucid.frontend.build import build_function

__all__ = ["build_function"]
