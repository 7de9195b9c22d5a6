"""The context: what a call of compiled code carries besides its arguments.

One lies on the stack of the entry (or of a thread of a parallel region); its address is the first
parameter of every compiled function, and nothing else points to it. The runtime fills the limits in
before the call and reads the error after it. Offsets are in bytes. An exception that a handler took
up lies in a counted block, whose data are as the context's.

    descriptor   the exception descriptor (`codegen/exceptions.py`), null: no error
    payload      the run-time arguments of the exception, each at its natural alignment
    frames       the frames that the error left, innermost first; `frame_count` may be greater
    budget       loop iterations until the next interrupt poll
    object       in a block: the Python exception, if there is one already: always, where the
                 descriptor is `pellucid.pending`; of several of one exception, the first has it
    handling     the block of the exception that a handler is busy with, or null
    stack_limit  the least address that the stack may reach; null: no limit; STACK_UNKNOWN until a
                 recursive function asks
    context      the block of the exception that was handled when this one was raised, or null
    cause        that of `raise ... from`, or null; `has_cause` tells null from no such words
    restored     the block that this exception was put back from, or null; in a block: the first
                 block of the same exception, null in that one
    unboxing     bits: UNBOXING_KNOWN and UNBOXING_JOINED
"""

from __future__ import annotations

DESCRIPTOR = 0
FRAME_COUNT = 8
BUDGET = 12
STACK_LIMIT = 16
OBJECT = 16
HANDLING = 24
CONTEXT = 32
CAUSE = 40
HAS_CAUSE = 48
RESTORED = 56
UNBOXING = 64
PAYLOAD = 80
PAYLOAD_SIZE = 256
FRAMES = PAYLOAD + PAYLOAD_SIZE
MAX_FRAMES = 128
SIZE = FRAMES + 8 * MAX_FRAMES
ALIGNMENT = 16

BUDGET_START = 1 << 14
"""Iterations between polls. A poll takes 15 ns: 0.3 % of loops that take 0.3 ns an iteration, and
within 100 ms of Ctrl-C for bodies of up to 6 microseconds."""

UNBOXING_KNOWN = 1
"""`typeof` gave the arguments the types that they are read as; items that differ convert."""

UNBOXING_JOINED = 2
"""A container may have another type: no item showed that its own is not a narrower one."""

STATUS_OK = 0
STATUS_ERROR = 1

# An exception descriptor: constants that name the class and say how its arguments are read.
DESCRIPTOR_CLASS = 0
DESCRIPTOR_TEMPLATE = 8
DESCRIPTOR_ARGS = 16
DESCRIPTOR_CLASSES = 24
DESCRIPTOR_COUNT = 32
DESCRIPTOR_BOX = 40
DESCRIPTOR_SIZE = 48
"""`classes`: how many 64-bit numbers follow, and these: `payload.class_number` of the class and its
bases. `count`, `box`: functions for arguments that hold references (`payload_code.py`), or null."""

# A frame: where a function was when an error left it; `outer`: the frame that it was inlined into.
FRAME_FILE = 0
FRAME_FUNCTION = 8
FRAME_OUTER = 16
FRAME_LINE = 24
FRAME_COL = 28
FRAME_END_LINE = 32
FRAME_END_COL = 36
FRAME_SIZE = 40

STACK_UNKNOWN = (1 << 64) - 1
"""More than any address: the first check of a call fails, and `CHECK_STACK` fills in the limit."""

CHECK_STACK = "pellucid.check_stack"
"""`i32 (ptr ctx)`: find the limit of this thread's stack. Not 0: it is reached."""

RAISE = "pellucid.raise"
"""`void (ptr ctx, ptr descriptor, ptr frame)`: record an exception, and its first frame unless
that is null."""

PUSH_FRAME = "pellucid.push_frame"
"""`void (ptr ctx, ptr frame)`: the error leaves a function here."""

PENDING = "pellucid.pending"
"""The descriptor which says that the exception is in Python's own error indicator."""
MATCHES = "pellucid.exception_matches"
"""`i1 (ptr ctx, i64 number, ptr key)`: whether the exception in flight is of a class."""

TAKE = "pellucid.exception_take"
"""`ptr (ptr ctx)`: a block with the exception in flight; null if there is no memory."""

DROP = "pellucid.exception_drop"
"""`void (ptr ctx)`: no exception is in flight any more."""

RESTORE = "pellucid.exception_restore"
"""`void (ptr ctx, ptr block)`: the exception of a block is in flight again."""

CHAIN = "pellucid.exception_chain"
"""`void (ptr ctx, ptr block)`: what is in flight was raised while that of the block was handled."""

MAKE_OBJECT = "pellucid.exception_object"
"""`ptr (ptr block)`: the Python exception; null with Python's error set. Needs the lock."""

IS = "pellucid.exception_is"
"""`i1 (ptr block, i64 number, ptr key)`: whether the exception of a block is of a class."""

SAME = "pellucid.exception_same"
"""`i1 (ptr block, ptr block)`: whether two blocks are of one exception."""

WRAP = "pellucid.exception_wrap"
"""`ptr (ptr object)`: a block with a Python exception; null if there is no memory."""

ENTER = "pellucid.exception_enter"
"""`ptr (ptr ctx, ptr block)`: the exception is being handled; gives what was so before, owned."""

LEAVE = "pellucid.exception_leave"
"""`void (ptr ctx, ptr block)`: it is not any more, but what `ENTER` gave."""

HANDLED = "pellucid.exception_handled"
"""`ptr (ptr ctx)`: a new reference to what is being handled here or in Python; may be null."""

SET_CAUSE = "pellucid.exception_cause"
"""`void (ptr ctx, ptr block)`: the cause of the exception in flight; null: None."""

POLL = "pellucid.poll"
"""`i32 (ptr ctx)`: ask for signals; restores the budget. Not 0: an exception is in the context."""
