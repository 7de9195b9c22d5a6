"""The intermediate representation: SSA with block parameters, few op kinds.

In:  nothing but types. Out: functions that can be printed, parsed, verified and interpreted.

Four worlds meet in a compiler, and names tell them apart everywhere:

    py...   a Python object of the compiler's process: `pyfunc`, `pyobj`
    IR      `Value`, `Op`, `Block`, `Function`: no prefix; roles such as `lhs`, `index`
    ty      a type of the compiled language: `ty`, `elem_ty`, `ret_ty`
    ll_...  an llvmlite value or type

Not here: where IR comes from, what overloads exist, anything of LLVM.
Read first: `ops.py`, then `function.py`, `callee.py` and `protocol.py`.
"""
