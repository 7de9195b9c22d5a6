"""The header of a counted memory block: what an array's `owner` points to. Offsets are in bytes.

    refcount   references held by compiled code (and one by a Python capsule, for a boxed array)
    destroy    `void (ptr block)`, called when the count falls to 0; null: memory that is not ours
    pyobj      the Python object that owns the memory, borrowed; null for a heap block
    size       bytes of data
    used       bytes of a text that another may be appended to in place; else 0

A heap block's data begin at DATA; the fields of a heap object (a list) at FIELDS. An array
argument's header lies on the entry's stack, with the ndarray as `pyobj` and no `destroy`. An
`owner` may be null: constant data, which is never freed.
"""

from __future__ import annotations

REFCOUNT = 0
DESTROY = 8
PYOBJ = 16
SIZE = 24
FIELDS = 32
USED = 40
DATA = 64
ALIGNMENT = 64

ON_STACK = 1 << 62
"""The count of a block on the stack when it is made: nothing ever destroys it."""

NEW_OBJECT = "pellucid.new_object"
"""`ptr (i64 nbytes, ptr destroy)`: an object whose fields, so many bytes, are zero; or null."""

FREE_OBJECT = "pellucid.free_object"
"""`void (ptr object)`: what `destroy` does last."""

RESIZE = "pellucid.resize"
"""`ptr (ptr old, i64 nbytes)`: uncounted memory made larger or smaller, from null made new; null
if there is no memory."""

FREE = "pellucid.free"
"""`void (ptr)`: give uncounted memory back; null is allowed."""

RELEASE = "pellucid.release"
"""`void (ptr block)`: one reference fewer; null is allowed."""

DESTROY_IN_TURN = "pellucid.destroy_in_turn"
"""`void (ptr object, ptr take_apart)`: call the second with the first, at once or, if many such
calls are in progress, when they have ended."""

DESTROY_BLOCK = "pellucid.destroy"
"""`void (ptr block)`: the count fell to 0."""
