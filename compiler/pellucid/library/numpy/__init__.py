"""NumPy in the compiled language: a few engines, and many short functions on them.

    primitives.py    what an array value is made of: fields, views, items by address
    cursors.py       the operands of a loop over arrays: walking and reading them all at once
    scalars.py       machine arithmetic on single items, as NumPy's loops do it
    resolution.py    which loop a ufunc takes for these types (asked of NumPy itself)
    elementwise.py   the elementwise engine: broadcast, allocate, loop
    ufuncs/          the ufuncs: one kernel on scalars each
    indexing.py      `a[...]` and `a[...] = x`
    reduction.py     the reduction engine; sums.py, extrema.py, moments.py are functions on it

An array value is the struct {owner, data, shape, strides}; strides count bytes. A view is a value
with the same owner and holds a reference of its own.
Not here: layout in memory and boxing (`codegen/models/arrays.py`), arithmetic of Python scalars.
"""
