"""What stops compiled code from outside: signals (Ctrl-C), and the end of the stack.

Compiled loops count down the context's budget and call

    pellucid.poll         `i32 (ptr ctx)`   1 if a signal handler raised; restores the budget

The handler's exception stays in Python's error indicator; the context gets `pellucid.pending` as
its descriptor, which tells `pellucid.throw` to use it. Recursive functions compare the stack with
the context's limit, and where that is reached or not known yet call

    pellucid.check_stack  `i32 (ptr ctx)`   finds the limit of this thread; 1 if it is reached

Asking the C library takes a microsecond, and for the main thread, where it reads a file, fifty: so
the main thread's stack, which never goes, is kept. Others come and go and share addresses.
"""

from __future__ import annotations

import sys

from pellucid.codegen.models import context

STACK_RESERVE = 192 << 10
"""Bytes at the end of a stack that are left to what compiled code calls: C libraries, Python. At
most a quarter of the stack."""

_POLL = """
@pellucid.pending = constant [6 x ptr] zeroinitializer

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
define i32 @pellucid.check_stack(ptr %ctx) {
  %bounds = alloca [2 x i64]
  %here = ptrtoint ptr %bounds to i64
  call void @pellucid.stack_bounds(ptr %bounds)
  %high_at = getelementptr i8, ptr %bounds, i64 8
  %low = load i64, ptr %bounds
  %high = load i64, ptr %high_at
  %size = sub i64 %high, %low
  %quarter = lshr i64 %size, 2
  %is_small = icmp ult i64 %quarter, $RESERVE
  %reserve = select i1 %is_small, i64 %quarter, i64 $RESERVE
  %limit = add i64 %low, %reserve
  %slot = getelementptr i8, ptr %ctx, i64 $AT_STACK_LIMIT
  store i64 %limit, ptr %slot
  %reached = icmp ult i64 %here, %limit
  %result = zext i1 %reached to i32
  ret i32 %result
}
"""

_BOUNDS_LINUX = """
@pellucid.main_stack = internal global [2 x i64] zeroinitializer

declare i64 @pthread_self()
declare i32 @pthread_getattr_np(i64, ptr)
declare i32 @pthread_attr_getstack(ptr, ptr, ptr)
declare i32 @pthread_attr_destroy(ptr)
declare i32 @getpid()
declare i32 @gettid()

define internal void @pellucid.stack_bounds(ptr %bounds) {
  %high_at = getelementptr i8, ptr %bounds, i64 8
  %here = ptrtoint ptr %bounds to i64
  %main_high_at = getelementptr i8, ptr @pellucid.main_stack, i64 8
  %main_low = load i64, ptr @pellucid.main_stack
  %main_high = load i64, ptr %main_high_at
  %above = icmp ugt i64 %here, %main_low
  %below = icmp ult i64 %here, %main_high
  %is_main = and i1 %above, %below
  br i1 %is_main, label %known, label %ask
known:
  store i64 %main_low, ptr %bounds
  store i64 %main_high, ptr %high_at
  ret void
ask:
  %attributes = alloca [64 x i8], align 16
  %size = alloca i64
  %self = call i64 @pthread_self()
  %failed = call i32 @pthread_getattr_np(i64 %self, ptr %attributes)
  %is_known = icmp eq i32 %failed, 0
  br i1 %is_known, label %read, label %none
none:
  store i64 0, ptr %bounds
  store i64 -1, ptr %high_at
  ret void
read:
  %ignored = call i32 @pthread_attr_getstack(ptr %attributes, ptr %bounds, ptr %size)
  %ignored2 = call i32 @pthread_attr_destroy(ptr %attributes)
  %low = load i64, ptr %bounds
  %count = load i64, ptr %size
  %high = add i64 %low, %count
  store i64 %high, ptr %high_at
  %pid = call i32 @getpid()
  %tid = call i32 @gettid()
  %may_keep = icmp eq i32 %pid, %tid
  br i1 %may_keep, label %keep, label %done
keep:
  store i64 %low, ptr @pellucid.main_stack
  store i64 %high, ptr %main_high_at
  br label %done
done:
  ret void
}
"""

_BOUNDS_DARWIN = """
declare ptr @pthread_self()
declare i64 @pthread_get_stackaddr_np(ptr)
declare i64 @pthread_get_stacksize_np(ptr)

define internal void @pellucid.stack_bounds(ptr %bounds) {
  %self = call ptr @pthread_self()
  %high = call i64 @pthread_get_stackaddr_np(ptr %self)
  %count = call i64 @pthread_get_stacksize_np(ptr %self)
  %low = sub i64 %high, %count
  %high_at = getelementptr i8, ptr %bounds, i64 8
  store i64 %low, ptr %bounds
  store i64 %high, ptr %high_at
  ret void
}
"""

_BOUNDS_WINDOWS = """
declare void @GetCurrentThreadStackLimits(ptr, ptr)

define internal void @pellucid.stack_bounds(ptr %bounds) {
  %high_at = getelementptr i8, ptr %bounds, i64 8
  call void @GetCurrentThreadStackLimits(ptr %bounds, ptr %high_at)
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above, for this system."""
    bounds = {"darwin": _BOUNDS_DARWIN, "win32": _BOUNDS_WINDOWS}.get(sys.platform, _BOUNDS_LINUX)
    values = {
        "$AT_BUDGET": context.BUDGET,
        "$AT_DESCRIPTOR": context.DESCRIPTOR,
        "$BUDGET": context.BUDGET_START,
        "$AT_STACK_LIMIT": context.STACK_LIMIT,
        "$RESERVE": STACK_RESERVE,
    }
    result = _POLL + _STACK + bounds
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result
