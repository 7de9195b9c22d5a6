"""What stops compiled code from outside: signals (Ctrl-C), and the end of the stack.

Compiled loops count down the context's budget and call

    pellucid.poll         `i32 (ptr ctx)`   1 if a signal handler raised; restores the budget

The handler's exception stays in Python's error indicator; the context gets `pellucid.pending` as
its descriptor, which tells `pellucid.throw` to use it. The entry fills in the stack's limit from

    pellucid.stack_limit  `ptr ()`          the least address that compiled code may reach

Asking the C library where the main thread's stack ends reads a file, so the answer is kept by
address: an address inside a stack that was seen before needs no question.
"""

from __future__ import annotations

import sys

from pellucid.codegen.models import context

STACK_RESERVE = 192 << 10
"""Bytes at the end of a stack that are left to what compiled code calls: C libraries, Python."""

_SLOTS = 64  # stacks kept by address
_CHUNK_BITS = 20  # ... one slot for each MiB, modulo _SLOTS

_POLL = """
@pellucid.pending = constant [3 x ptr] zeroinitializer

declare i32 @PyGILState_Ensure()
declare void @PyGILState_Release(i32)
declare i32 @PyErr_CheckSignals()

define i32 @pellucid.poll(ptr %ctx) {
  %budget = getelementptr i8, ptr %ctx, i64 $AT_BUDGET
  store i32 $BUDGET, ptr %budget
  %state = call i32 @PyGILState_Ensure()
  %result = call i32 @PyErr_CheckSignals()
  call void @PyGILState_Release(i32 %state)
  %is_quiet = icmp eq i32 %result, 0
  br i1 %is_quiet, label %quiet, label %raised
quiet:
  ret i32 0
raised:
  %descriptor = getelementptr i8, ptr %ctx, i64 $AT_DESCRIPTOR
  store ptr @pellucid.pending, ptr %descriptor
  ret i32 1
}
"""

_STACK = """
@pellucid.stacks = internal global [$SLOTS x [2 x i64]] zeroinitializer

define ptr @pellucid.stack_limit() {
  %here = alloca i64
  %at = ptrtoint ptr %here to i64
  %chunk = lshr i64 %at, $CHUNK_BITS
  %index = and i64 %chunk, $LAST_SLOT
  %slot = getelementptr [2 x i64], ptr @pellucid.stacks, i64 %index
  %high_slot = getelementptr i8, ptr %slot, i64 8
  %low = load i64, ptr %slot
  %high = load i64, ptr %high_slot
  %above = icmp ugt i64 %at, %low
  %below = icmp ult i64 %at, %high
  %inside = and i1 %above, %below
  br i1 %inside, label %known, label %ask
known:
  %limit = add i64 %low, $RESERVE
  %result = inttoptr i64 %limit to ptr
  ret ptr %result
ask:
  %bounds = alloca [2 x i64]
  %found = call i1 @pellucid.stack_bounds(ptr %bounds)
  br i1 %found, label %keep, label %unknown
keep:
  %found_low = load i64, ptr %bounds
  %bounds_high = getelementptr i8, ptr %bounds, i64 8
  %found_high = load i64, ptr %bounds_high
  store i64 %found_low, ptr %slot
  store i64 %found_high, ptr %high_slot
  %found_limit = add i64 %found_low, $RESERVE
  %found_result = inttoptr i64 %found_limit to ptr
  ret ptr %found_result
unknown:
  ret ptr null
}
"""

_BOUNDS_LINUX = """
declare i64 @pthread_self()
declare i32 @pthread_getattr_np(i64, ptr)
declare i32 @pthread_attr_getstack(ptr, ptr, ptr)
declare i32 @pthread_attr_destroy(ptr)

define internal i1 @pellucid.stack_bounds(ptr %bounds) {
  %attributes = alloca [64 x i8], align 16
  %size = alloca i64
  %self = call i64 @pthread_self()
  %failed = call i32 @pthread_getattr_np(i64 %self, ptr %attributes)
  %is_known = icmp eq i32 %failed, 0
  br i1 %is_known, label %read, label %none
none:
  ret i1 false
read:
  %ignored = call i32 @pthread_attr_getstack(ptr %attributes, ptr %bounds, ptr %size)
  %ignored2 = call i32 @pthread_attr_destroy(ptr %attributes)
  %low = load i64, ptr %bounds
  %count = load i64, ptr %size
  %high = add i64 %low, %count
  %high_slot = getelementptr i8, ptr %bounds, i64 8
  store i64 %high, ptr %high_slot
  ret i1 true
}
"""

_BOUNDS_DARWIN = """
declare ptr @pthread_self()
declare i64 @pthread_get_stackaddr_np(ptr)
declare i64 @pthread_get_stacksize_np(ptr)

define internal i1 @pellucid.stack_bounds(ptr %bounds) {
  %self = call ptr @pthread_self()
  %high = call i64 @pthread_get_stackaddr_np(ptr %self)
  %count = call i64 @pthread_get_stacksize_np(ptr %self)
  %low = sub i64 %high, %count
  %high_slot = getelementptr i8, ptr %bounds, i64 8
  store i64 %low, ptr %bounds
  store i64 %high, ptr %high_slot
  ret i1 true
}
"""

_BOUNDS_WINDOWS = """
declare void @GetCurrentThreadStackLimits(ptr, ptr)

define internal i1 @pellucid.stack_bounds(ptr %bounds) {
  %high_slot = getelementptr i8, ptr %bounds, i64 8
  call void @GetCurrentThreadStackLimits(ptr %bounds, ptr %high_slot)
  ret i1 true
}
"""


def text() -> str:
    """The LLVM text of the functions above, for this system."""
    bounds = {"darwin": _BOUNDS_DARWIN, "win32": _BOUNDS_WINDOWS}.get(sys.platform, _BOUNDS_LINUX)
    values = {
        "$AT_BUDGET": context.BUDGET,
        "$AT_DESCRIPTOR": context.DESCRIPTOR,
        "$BUDGET": context.BUDGET_START,
        "$SLOTS": _SLOTS,
        "$LAST_SLOT": _SLOTS - 1,
        "$CHUNK_BITS": _CHUNK_BITS,
        "$RESERVE": STACK_RESERVE,
    }
    result = _POLL + _STACK + bounds
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result
