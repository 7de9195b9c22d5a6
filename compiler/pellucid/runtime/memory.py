"""Counted blocks of memory: allocation, destruction, and how many are alive.

A block is a header (`codegen/models/block.py`) with its data after it, both on 64-byte boundaries.
Compiled code calls

    pellucid.allocate   `ptr (i64 nbytes)`   a block with one reference; null if there is no memory
    pellucid.destroy    `void (ptr block)`   the count fell to 0: the block's own `destroy` decides
    pellucid.release    `void (ptr block)`   one reference fewer; null is allowed

and for heap objects and what they hold, which are counted among the blocks (`models/block.py`),

    pellucid.new_object, pellucid.free_object, pellucid.resize, pellucid.free,
    pellucid.destroy_in_turn

Large blocks ask the system for huge pages, as NumPy does: page faults dominate first writes.
"""

from __future__ import annotations

import ctypes
import sys

from pellucid.codegen.models import block

HUGE_PAGES_FROM = 4 << 20

_RAW = block.SIZE + 8  # where malloc's own address is kept, in the unused part of the header
_SLACK = block.DATA + block.ALIGNMENT - 16  # malloc aligns to 16

_DEEPEST = 200
"""How many objects are taken apart in each other before others wait."""

_ADVISE = """
  %is_large = icmp uge i64 %nbytes, $HUGE_PAGES_FROM
  br i1 %is_large, label %advise, label %done
advise:
  %end = add i64 %at, %nbytes
  %first = add i64 %at, 4095
  %page = and i64 %first, -4096
  %length = sub i64 %end, %page
  %page_ptr = inttoptr i64 %page to ptr
  %advised = call i32 @madvise(ptr %page_ptr, i64 %length, i32 14)
  br label %done
"""

_TEXT = """
@pellucid.live_blocks = global i64 0
@pellucid.destroying = global i64 0
@pellucid.waiting = global ptr null
@pellucid.counts_blocks = global i8 0

declare noalias ptr @malloc(i64)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare ptr @realloc(ptr, i64)
declare void @free(ptr)
declare i64 @llvm.umax.i64(i64, i64)
declare i32 @madvise(ptr, i64, i32)

define internal void @pellucid.count_block(i64 %change) alwaysinline {
  %flag = load i8, ptr @pellucid.counts_blocks
  %counts = icmp ne i8 %flag, 0
  br i1 %counts, label %count, label %done
count:
  %old = atomicrmw add ptr @pellucid.live_blocks, i64 %change monotonic
  br label %done
done:
  ret void
}

define noalias ptr @pellucid.allocate(i64 %nbytes) {
  %total = add i64 %nbytes, $SLACK
  %fits = icmp ult i64 %nbytes, 4611686018427387904
  br i1 %fits, label %try, label %none
try:
  %raw = call ptr @malloc(i64 %total)
  %failed = icmp eq ptr %raw, null
  br i1 %failed, label %none, label %make
none:
  ret ptr null
make:
  %raw_int = ptrtoint ptr %raw to i64
  %past = add i64 %raw_int, $PAST
  %at = and i64 %past, -$ALIGNMENT
  %block = inttoptr i64 %at to ptr
  %destroy = getelementptr i8, ptr %block, i64 $DESTROY
  %pyobj = getelementptr i8, ptr %block, i64 $PYOBJ
  %size = getelementptr i8, ptr %block, i64 $SIZE
  %kept = getelementptr i8, ptr %block, i64 $RAW
  store i64 1, ptr %block
  store ptr @pellucid.free_block, ptr %destroy
  store ptr null, ptr %pyobj
  store i64 %nbytes, ptr %size
  store ptr %raw, ptr %kept
  %used = getelementptr i8, ptr %block, i64 $USED
  store i64 0, ptr %used
  call void @pellucid.count_block(i64 1)
$ADVISE
done:
  ret ptr %block
}

define void @pellucid.free_block(ptr %block) {
  %kept = getelementptr i8, ptr %block, i64 $RAW
  %raw = load ptr, ptr %kept
  call void @pellucid.count_block(i64 -1)
  call void @free(ptr %raw)
  ret void
}

define noalias ptr @pellucid.new_object(i64 %nbytes, ptr %destroy) {
  %total = add i64 %nbytes, $FIELDS
  %object = call ptr @malloc(i64 %total)
  %failed = icmp eq ptr %object, null
  br i1 %failed, label %done, label %make
make:
  call void @llvm.memset.p0.i64(ptr %object, i8 0, i64 %total, i1 false)
  %slot = getelementptr i8, ptr %object, i64 $DESTROY
  %size = getelementptr i8, ptr %object, i64 $SIZE
  store i64 1, ptr %object
  store ptr %destroy, ptr %slot
  store i64 %nbytes, ptr %size
  call void @pellucid.count_block(i64 1)
  br label %done
done:
  ret ptr %object
}

define void @pellucid.free_object(ptr %object) {
  call void @pellucid.count_block(i64 -1)
  call void @free(ptr %object)
  ret void
}

define ptr @pellucid.resize(ptr %old, i64 %nbytes) {
  %size = call i64 @llvm.umax.i64(i64 %nbytes, i64 1)
  %is_new = icmp eq ptr %old, null
  %new = call ptr @realloc(ptr %old, i64 %size)
  %made = icmp ne ptr %new, null
  %counts = and i1 %is_new, %made
  br i1 %counts, label %count, label %done
count:
  call void @pellucid.count_block(i64 1)
  br label %done
done:
  ret ptr %new
}

define void @pellucid.free(ptr %memory) {
  %is_null = icmp eq ptr %memory, null
  br i1 %is_null, label %done, label %free
free:
  call void @pellucid.count_block(i64 -1)
  call void @free(ptr %memory)
  br label %done
done:
  ret void
}

define void @pellucid.destroy(ptr %block) {
  %slot = getelementptr i8, ptr %block, i64 $DESTROY
  %destroy = load ptr, ptr %slot
  %is_ours = icmp ne ptr %destroy, null
  br i1 %is_ours, label %call, label %done
call:
  tail call void %destroy(ptr %block)
  ret void
done:
  ret void
}

define void @pellucid.destroy_in_turn(ptr %object, ptr %take_apart) {
  %depth = atomicrmw add ptr @pellucid.destroying, i64 1 monotonic
  %is_deep = icmp uge i64 %depth, $DEEPEST
  br i1 %is_deep, label %wait, label %now
wait:
  %take_apart_at = getelementptr i8, ptr %object, i64 $SIZE
  %next_at = getelementptr i8, ptr %object, i64 $PYOBJ
  store ptr %take_apart, ptr %take_apart_at
  br label %push
push:
  %first = load atomic ptr, ptr @pellucid.waiting acquire, align 8
  store ptr %first, ptr %next_at
  %pushed = cmpxchg ptr @pellucid.waiting, ptr %first, ptr %object acq_rel acquire
  %is_pushed = extractvalue { ptr, i1 } %pushed, 1
  br i1 %is_pushed, label %done, label %push
now:
  call void %take_apart(ptr %object)
  %is_outermost = icmp eq i64 %depth, 0
  br i1 %is_outermost, label %take, label %done
take:
  %taken = atomicrmw xchg ptr @pellucid.waiting, ptr null acq_rel
  br label %check
check:
  %item = phi ptr [ %taken, %take ], [ %rest, %one ]
  %is_end = icmp eq ptr %item, null
  br i1 %is_end, label %look, label %one
one:
  %rest_at = getelementptr i8, ptr %item, i64 $PYOBJ
  %how_at = getelementptr i8, ptr %item, i64 $SIZE
  %rest = load ptr, ptr %rest_at
  %how = load ptr, ptr %how_at
  call void %how(ptr %item)
  br label %check
look:
  %left = load atomic ptr, ptr @pellucid.waiting acquire, align 8
  %is_empty = icmp eq ptr %left, null
  br i1 %is_empty, label %done, label %take
done:
  %before = atomicrmw sub ptr @pellucid.destroying, i64 1 monotonic
  ret void
}

define void @pellucid.release(ptr %block) {
  %is_null = icmp eq ptr %block, null
  br i1 %is_null, label %done, label %count
count:
  %old = atomicrmw sub ptr %block, i64 1 acq_rel
  %dead = icmp eq i64 %old, 1
  br i1 %dead, label %destroy, label %done
destroy:
  tail call void @pellucid.destroy(ptr %block)
  ret void
done:
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    values = {
        "$ADVISE": _ADVISE if sys.platform == "linux" else "  br label %done\n",
        "$HUGE_PAGES_FROM": HUGE_PAGES_FROM,
        "$SLACK": _SLACK,
        "$PAST": block.ALIGNMENT - 16,
        "$ALIGNMENT": block.ALIGNMENT,
        "$DESTROY": block.DESTROY,
        "$PYOBJ": block.PYOBJ,
        "$FIELDS": block.FIELDS,
        "$SIZE": block.SIZE,
        "$RAW": _RAW,
        "$USED": block.USED,
        "$DEEPEST": _DEEPEST,
    }
    result = _TEXT
    for name, value in values.items():
        result = result.replace(name, str(value))
    if sys.platform != "linux":
        result = result.replace("declare i32 @madvise(ptr, i64, i32)\n", "")
    return result


def count_blocks(flag: int) -> None:
    """Count the blocks from now on; `flag` is where `pellucid.counts_blocks` lies."""
    ctypes.c_int8.from_address(flag).value = 1


def read_counter(address: int) -> int:
    """The number of blocks alive, from the address of `pellucid.live_blocks`."""
    return ctypes.c_int64.from_address(address).value
