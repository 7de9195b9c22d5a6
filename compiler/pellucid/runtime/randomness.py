"""The state of `random` in compiled code: one Mersenne Twister for each thread.

    pellucid.random_state   `ptr ()`      this thread's state; the system seeds it at first use
    pellucid.random_fill    `void (ptr)`  seed a state from the system

A state is 629 words of 32 bits: 624 of the generator, the position in them, whether `gauss` has
kept a value, that value in two words, and the process's epoch. In a forked child the epoch has
changed, so that it does not repeat what its parent draws.
"""

from __future__ import annotations

import ctypes
import os
import sys

WORDS = 624
POSITION = 624
HAS_GAUSS = 625
GAUSS = 626
EPOCH = 628
SIZE = 632

RANDOM_STATE = "pellucid.random_state"
RANDOM_FILL = "pellucid.random_fill"
_EPOCH_COUNTER = "pellucid.random_epoch"

_TEXT = """
@pellucid.random_epoch = global i32 1
@pellucid.random_key = internal global i64 0

declare noalias ptr @malloc(i64)
declare void @free(ptr)
declare i32 @PyGILState_Ensure()
declare void @PyGILState_Release(i32)
declare i32 @_PyOS_URandomNonblock(ptr, i64)
declare void @PyErr_Clear()

define ptr @pellucid.random_state() {
  %key = load atomic i64, ptr @pellucid.random_key acquire, align 8
  %is_new = icmp eq i64 %key, 0
  br i1 %is_new, label %make_key, label %look
make_key:
  %made_key = call i64 @pellucid.new_thread_key()
  %pair = cmpxchg ptr @pellucid.random_key, i64 0, i64 %made_key acq_rel acquire
  %won = extractvalue {i64, i1} %pair, 1
  %other = extractvalue {i64, i1} %pair, 0
  %kept = select i1 %won, i64 %made_key, i64 %other
  br label %look
look:
  %used = phi i64 [ %key, %0 ], [ %kept, %make_key ]
  %found = call ptr @pellucid.get_thread_value(i64 %used)
  %is_null = icmp eq ptr %found, null
  br i1 %is_null, label %make, label %check
make:
  %made = call ptr @malloc(i64 $NBYTES)
  call void @pellucid.set_thread_value(i64 %used, ptr %made)
  br label %fill
check:
  %epoch_at = getelementptr i32, ptr %found, i64 $EPOCH
  %epoch = load i32, ptr %epoch_at
  %now = load i32, ptr @pellucid.random_epoch
  %is_right = icmp eq i32 %epoch, %now
  br i1 %is_right, label %done, label %fill
fill:
  %state = phi ptr [ %made, %make ], [ %found, %check ]
  call void @pellucid.random_fill(ptr %state)
  br label %done
done:
  %result = phi ptr [ %found, %check ], [ %state, %fill ]
  ret ptr %result
}

define void @pellucid.random_fill(ptr %state) {
  %lock = call i32 @PyGILState_Ensure()
  %failed = call i32 @_PyOS_URandomNonblock(ptr %state, i64 $WORD_BYTES)
  %is_bad = icmp ne i32 %failed, 0
  br i1 %is_bad, label %clear, label %ready
clear:
  call void @PyErr_Clear()
  %clock = call i64 @llvm.readcyclecounter()
  store i64 %clock, ptr %state
  br label %ready
ready:
  call void @PyGILState_Release(i32 %lock)
  %first = load i32, ptr %state
  %not_all_zero = or i32 %first, -2147483648
  store i32 %not_all_zero, ptr %state
  %position_at = getelementptr i32, ptr %state, i64 $POSITION
  store i32 $WORDS, ptr %position_at
  %gauss_at = getelementptr i32, ptr %state, i64 $HAS_GAUSS
  store i32 0, ptr %gauss_at
  %epoch_at = getelementptr i32, ptr %state, i64 $EPOCH
  %now = load i32, ptr @pellucid.random_epoch
  store i32 %now, ptr %epoch_at
  ret void
}

declare i64 @llvm.readcyclecounter()
"""

_POSIX = """
declare i32 @pthread_key_create(ptr, ptr)
declare ptr @pthread_getspecific($KEY)
declare i32 @pthread_setspecific($KEY, ptr)

define internal i64 @pellucid.new_thread_key() {
  %slot = alloca i64
  store i64 0, ptr %slot
  %failed = call i32 @pthread_key_create(ptr %slot, ptr @free)
  %key = load i64, ptr %slot
  %next = add i64 %key, 1
  ret i64 %next
}

define internal ptr @pellucid.get_thread_value(i64 %next) {
  %wide = sub i64 %next, 1
  $NARROW
  %value = call ptr @pthread_getspecific($KEY %key)
  ret ptr %value
}

define internal void @pellucid.set_thread_value(i64 %next, ptr %value) {
  %wide = sub i64 %next, 1
  $NARROW
  %failed = call i32 @pthread_setspecific($KEY %key, ptr %value)
  ret void
}
"""

_WINDOWS = """
declare i32 @FlsAlloc(ptr)
declare ptr @FlsGetValue(i32)
declare i32 @FlsSetValue(i32, ptr)

define internal i64 @pellucid.new_thread_key() {
  %key = call i32 @FlsAlloc(ptr @free)
  %wide = zext i32 %key to i64
  %next = add i64 %wide, 1
  ret i64 %next
}

define internal ptr @pellucid.get_thread_value(i64 %next) {
  %wide = sub i64 %next, 1
  %key = trunc i64 %wide to i32
  %value = call ptr @FlsGetValue(i32 %key)
  ret ptr %value
}

define internal void @pellucid.set_thread_value(i64 %next, ptr %value) {
  %wide = sub i64 %next, 1
  %key = trunc i64 %wide to i32
  %failed = call i32 @FlsSetValue(i32 %key, ptr %value)
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above, for this system."""
    values = {
        "$NBYTES": 4 * SIZE,
        "$WORD_BYTES": 4 * WORDS,
        "$WORDS": WORDS,
        "$POSITION": POSITION,
        "$HAS_GAUSS": HAS_GAUSS,
        "$EPOCH": EPOCH,
    }
    result = _TEXT + (_WINDOWS if sys.platform == "win32" else _POSIX)
    for name, value in values.items():
        result = result.replace(name, str(value))
    # pthread_key_t is an unsigned int in glibc and musl, an unsigned long on macOS.
    is_long = sys.platform == "darwin"
    narrow = "%key = add i64 %wide, 0" if is_long else "%key = trunc i64 %wide to i32"
    return result.replace("$NARROW", narrow).replace("$KEY", "i64" if is_long else "i32")


def watch_forks(counter: int) -> None:
    """Give each child process another epoch; `counter` is the address where it lies."""
    epoch = ctypes.c_uint32.from_address(counter)

    def changed() -> None:
        epoch.value += 1

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=changed)
