"""Exceptions of compiled code: record, and in handlers match, keep, raise again, chain.

    pellucid.raise               `void (ptr ctx, ptr descriptor, ptr frame)`
    pellucid.push_frame          `void (ptr ctx, ptr frame)`
    pellucid.exception_matches   `i1 (ptr ctx, i64 number, ptr key)`
    pellucid.exception_take      `ptr (ptr ctx)`
    pellucid.exception_drop      `void (ptr ctx)`
    pellucid.exception_restore   `void (ptr ctx, ptr block)`
    pellucid.exception_chain     `void (ptr ctx, ptr block)`
    pellucid.exception_cause     `void (ptr ctx, ptr block)`
    pellucid.exception_object    `ptr (ptr block)`
    pellucid.exception_is        `i1 (ptr block, i64 number, ptr key)`
    pellucid.exception_same      `i1 (ptr block, ptr block)`
    pellucid.exception_wrap      `ptr (ptr object)`
    pellucid.exception_enter     `ptr (ptr ctx, ptr block)`
    pellucid.exception_leave     `void (ptr ctx, ptr block)`
    pellucid.exception_handled   `ptr (ptr ctx)`

`codegen/models/context.py` says what each does. An exception that was kept is a counted block whose
data are laid out as the context; its `destroy` releases what the exception holds. Where a call into
Python failed, the exception is a Python object in the error indicator: all that needs Python.
"""

from __future__ import annotations

import ctypes
import re
import struct

from pellucid.codegen.models import block, context
from pellucid.codegen.payload import class_from_key, class_key, class_numbers

_TEXT = """
@pellucid.python.find_class = external global i8
@pellucid.python.make_object = external global i8
@pellucid.no_memory_key = internal constant $KEY
@pellucid.no_memory_items = internal constant [3 x i8] c"[]\\00"
@pellucid.no_memory_classes = internal constant $CLASSES, align 8
@pellucid.no_memory = internal constant [6 x ptr] [ptr @pellucid.no_memory_key, ptr null,
    ptr @pellucid.no_memory_items, ptr @pellucid.no_memory_classes, ptr null, ptr null]

declare void @PyErr_Clear()
declare i32 @PyErr_GivenExceptionMatches(ptr, ptr)
declare i32 @llvm.umin.i32(i32, i32)

define void @pellucid.raise(ptr noalias %ctx, ptr %descriptor, ptr %frame) {
  %count_at = getelementptr i8, ptr %ctx, i64 $FRAME_COUNT
  store ptr %descriptor, ptr %ctx
  store i32 0, ptr %count_at
  %has_frame = icmp ne ptr %frame, null
  br i1 %has_frame, label %push, label %done
push:
  call void @pellucid.push_frame(ptr %ctx, ptr %frame)
  br label %done
done:
  ret void
}

define void @pellucid.push_frame(ptr noalias %ctx, ptr %frame) {
  %count_at = getelementptr i8, ptr %ctx, i64 $FRAME_COUNT
  %count = load i32, ptr %count_at
  %more = add i32 %count, 1
  store i32 %more, ptr %count_at
  %fits = icmp ult i32 %count, $MAX_FRAMES
  br i1 %fits, label %keep, label %done
keep:
  %frames = getelementptr i8, ptr %ctx, i64 $FRAMES
  %index = zext i32 %count to i64
  %slot = getelementptr ptr, ptr %frames, i64 %index
  store ptr %frame, ptr %slot
  br label %done
done:
  ret void
}

define i1 @pellucid.exception_matches(ptr %ctx, i64 %number, ptr %key) {
  %descriptor = load ptr, ptr %ctx
  %is_pending = icmp eq ptr %descriptor, @pellucid.pending
  br i1 %is_pending, label %ask, label %look
ask:
  %asked = call i1 @pellucid.pending_matches(ptr %key)
  ret i1 %asked
look:
  %classes_at = getelementptr i8, ptr %descriptor, i64 $DESCRIPTOR_CLASSES
  %classes = load ptr, ptr %classes_at
  %count = load i64, ptr %classes
  br label %next
next:
  %i = phi i64 [ 1, %look ], [ %after, %other ]
  %at = getelementptr i64, ptr %classes, i64 %i
  %each = load i64, ptr %at
  %is_same = icmp eq i64 %each, %number
  br i1 %is_same, label %yes, label %other
other:
  %after = add i64 %i, 1
  %is_over = icmp ugt i64 %after, %count
  br i1 %is_over, label %no, label %next
yes:
  ret i1 1
no:
  ret i1 0
}

define internal i1 @pellucid.pending_matches(ptr %key) cold noinline {
  %state = call i32 @PyGILState_Ensure()
  %exception = call ptr @pellucid.fetch()
  %matches = call i1 @pellucid.object_matches(ptr %exception, ptr %key)
  call void @pellucid.raise_object(ptr %exception)
  call void @PyGILState_Release(i32 %state)
  ret i1 %matches
}

define internal i1 @pellucid.object_matches(ptr %exception, ptr %key) cold noinline {
  %address = call ptr @PyLong_FromVoidPtr(ptr %key)
  %class = call ptr (ptr, ...) @PyObject_CallFunctionObjArgs(
      ptr @pellucid.python.find_class, ptr %address, ptr null)
  call void @Py_DecRef(ptr %address)
  %is_gone = icmp eq ptr %class, null
  br i1 %is_gone, label %gone, label %compare
gone:
  call void @PyErr_Clear()
  ret i1 0
compare:
  %same = call i32 @PyErr_GivenExceptionMatches(ptr %exception, ptr %class)
  call void @Py_DecRef(ptr %class)
  %matches = icmp ne i32 %same, 0
  ret i1 %matches
}

define i1 @pellucid.exception_is(ptr %block, i64 %number, ptr %key) {
  %is_null = icmp eq ptr %block, null
  br i1 %is_null, label %no, label %some
no:
  ret i1 0
some:
  %data = getelementptr i8, ptr %block, i64 $DATA
  %descriptor = load ptr, ptr %data
  %is_pending = icmp eq ptr %descriptor, @pellucid.pending
  br i1 %is_pending, label %ask, label %look
ask:
  %object_at = getelementptr i8, ptr %data, i64 $OBJECT
  %object = load ptr, ptr %object_at
  %state = call i32 @PyGILState_Ensure()
  %asked = call i1 @pellucid.object_matches(ptr %object, ptr %key)
  call void @PyGILState_Release(i32 %state)
  ret i1 %asked
look:
  %found = call i1 @pellucid.exception_matches(ptr %data, i64 %number, ptr %key)
  ret i1 %found
}

define i1 @pellucid.exception_same(ptr %left, ptr %right) {
  %one = call ptr @pellucid.exception_origin(ptr %left)
  %other = call ptr @pellucid.exception_origin(ptr %right)
  %is_same = icmp eq ptr %one, %other
  br i1 %is_same, label %yes, label %objects
yes:
  ret i1 1
objects:
  %first = call ptr @pellucid.known_object(ptr %one)
  %second = call ptr @pellucid.known_object(ptr %other)
  %is_none = icmp eq ptr %first, null
  %is_one = icmp eq ptr %first, %second
  %differ = xor i1 %is_none, 1
  %found = and i1 %is_one, %differ
  ret i1 %found
}

define internal ptr @pellucid.known_object(ptr %block) {
  %is_null = icmp eq ptr %block, null
  br i1 %is_null, label %none, label %some
none:
  ret ptr null
some:
  %data = getelementptr i8, ptr %block, i64 $DATA
  %at = getelementptr i8, ptr %data, i64 $OBJECT
  %object = load ptr, ptr %at
  ret ptr %object
}

define ptr @pellucid.exception_wrap(ptr %object) {
  %block = call ptr @pellucid.allocate(i64 $FRAMES)
  %failed = icmp eq ptr %block, null
  br i1 %failed, label %none, label %fill
none:
  ret ptr null
fill:
  %destroy_at = getelementptr i8, ptr %block, i64 $DESTROY
  store ptr @pellucid.free_exception, ptr %destroy_at
  %data = getelementptr i8, ptr %block, i64 $DATA
  call void @llvm.memset.p0.i64(ptr %data, i8 0, i64 $PAYLOAD, i1 false)
  store ptr @pellucid.pending, ptr %data
  %object_at = getelementptr i8, ptr %data, i64 $OBJECT
  store ptr %object, ptr %object_at
  %state = call i32 @PyGILState_Ensure()
  call void @Py_IncRef(ptr %object)
  call void @PyGILState_Release(i32 %state)
  ret ptr %block
}

define ptr @pellucid.exception_enter(ptr %ctx, ptr %block) {
  %at = getelementptr i8, ptr %ctx, i64 $HANDLING
  %before = load ptr, ptr %at
  store ptr %block, ptr %at
  call void @pellucid.retain_block(ptr %block)
  ret ptr %before
}

define void @pellucid.exception_leave(ptr %ctx, ptr %before) {
  %at = getelementptr i8, ptr %ctx, i64 $HANDLING
  %block = load ptr, ptr %at
  store ptr %before, ptr %at
  call void @pellucid.retain_block(ptr %before)
  call void @pellucid.release(ptr %block)
  ret void
}

define ptr @pellucid.exception_handled(ptr %ctx) {
  %at = getelementptr i8, ptr %ctx, i64 $HANDLING
  %block = load ptr, ptr %at
  %is_null = icmp eq ptr %block, null
  br i1 %is_null, label %ask, label %own
own:
  call void @pellucid.retain_block(ptr %block)
  ret ptr %block
ask:
  %state = call i32 @PyGILState_Ensure()
  %object = call ptr @PyErr_GetHandledException()
  call void @PyGILState_Release(i32 %state)
  %is_none = icmp eq ptr %object, null
  br i1 %is_none, label %none, label %wrap
none:
  ret ptr null
wrap:
  %made = call ptr @pellucid.exception_wrap(ptr %object)
  %again = call i32 @PyGILState_Ensure()
  call void @Py_DecRef(ptr %object)
  call void @PyGILState_Release(i32 %again)
  ret ptr %made
}

declare ptr @PyErr_GetHandledException()
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

define internal void @pellucid.exception_retain(ptr %data, i64 %change) {
  %descriptor = load ptr, ptr %data
  %count_at = getelementptr i8, ptr %descriptor, i64 $DESCRIPTOR_COUNT
  %count = load ptr, ptr %count_at
  %is_plain = icmp eq ptr %count, null
  br i1 %is_plain, label %done, label %managed
managed:
  %payload = getelementptr i8, ptr %data, i64 $PAYLOAD
  call void %count(ptr %payload, i64 %change)
  br label %done
done:
  ret void
}

define internal void @pellucid.retain_block(ptr %block) {
  %is_null = icmp eq ptr %block, null
  br i1 %is_null, label %done, label %count
count:
  %old = atomicrmw add ptr %block, i64 1 monotonic
  br label %done
done:
  ret void
}

define internal void @pellucid.retain_links(ptr %data) {
  %context_at = getelementptr i8, ptr %data, i64 $CONTEXT
  %context = load ptr, ptr %context_at
  call void @pellucid.retain_block(ptr %context)
  %cause_at = getelementptr i8, ptr %data, i64 $CAUSE
  %cause = load ptr, ptr %cause_at
  call void @pellucid.retain_block(ptr %cause)
  ret void
}

define internal ptr @pellucid.exception_origin(ptr %block) {
  %is_null = icmp eq ptr %block, null
  br i1 %is_null, label %none, label %look
none:
  ret ptr null
look:
  %data = getelementptr i8, ptr %block, i64 $DATA
  %at = getelementptr i8, ptr %data, i64 $RESTORED
  %first = load ptr, ptr %at
  %is_first = icmp eq ptr %first, null
  %origin = select i1 %is_first, ptr %block, ptr %first
  ret ptr %origin
}

define ptr @pellucid.exception_take(ptr %ctx) {
  %count_at = getelementptr i8, ptr %ctx, i64 $FRAME_COUNT
  %count = load i32, ptr %count_at
  %kept = call i32 @llvm.umin.i32(i32 %count, i32 $MAX_FRAMES)
  %wide = zext i32 %kept to i64
  %frames = shl i64 %wide, 3
  %size = add i64 %frames, $FRAMES
  %block = call ptr @pellucid.allocate(i64 %size)
  %failed = icmp eq ptr %block, null
  br i1 %failed, label %none, label %fill
none:
  ret ptr null
fill:
  %destroy_at = getelementptr i8, ptr %block, i64 $DESTROY
  store ptr @pellucid.free_exception, ptr %destroy_at
  %data = getelementptr i8, ptr %block, i64 $DATA
  %descriptor = load ptr, ptr %ctx
  store ptr %descriptor, ptr %data
  %own_count_at = getelementptr i8, ptr %data, i64 $FRAME_COUNT
  store i32 %count, ptr %own_count_at
  %pending_at = getelementptr i8, ptr %data, i64 $OBJECT
  store ptr null, ptr %pending_at
  %from = getelementptr i8, ptr %ctx, i64 $CONTEXT
  %to = getelementptr i8, ptr %data, i64 $CONTEXT
  %rest = sub i64 %size, $CONTEXT
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 %rest, i1 false)
  %from_restored_at = getelementptr i8, ptr %ctx, i64 $RESTORED
  %from_restored = load ptr, ptr %from_restored_at
  %origin = call ptr @pellucid.exception_origin(ptr %from_restored)
  %restored_at = getelementptr i8, ptr %data, i64 $RESTORED
  store ptr %origin, ptr %restored_at
  call void @pellucid.retain_block(ptr %origin)
  call void @pellucid.retain_links(ptr %data)
  call void @pellucid.exception_retain(ptr %data, i64 1)
  %is_pending = icmp eq ptr %descriptor, @pellucid.pending
  br i1 %is_pending, label %fetch, label %done
fetch:
  %state = call i32 @PyGILState_Ensure()
  %exception = call ptr @pellucid.fetch()
  store ptr %exception, ptr %pending_at
  call void @Py_IncRef(ptr %exception)
  call void @pellucid.raise_object(ptr %exception)
  call void @PyGILState_Release(i32 %state)
  br label %done
done:
  ret ptr %block
}

define void @pellucid.exception_release(ptr %data) {
  call void @pellucid.exception_retain(ptr %data, i64 -1)
  %context_at = getelementptr i8, ptr %data, i64 $CONTEXT
  %context = load ptr, ptr %context_at
  store ptr null, ptr %context_at
  call void @pellucid.release(ptr %context)
  %cause_at = getelementptr i8, ptr %data, i64 $CAUSE
  %cause = load ptr, ptr %cause_at
  store ptr null, ptr %cause_at
  call void @pellucid.release(ptr %cause)
  %restored_at = getelementptr i8, ptr %data, i64 $RESTORED
  %restored = load ptr, ptr %restored_at
  store ptr null, ptr %restored_at
  call void @pellucid.release(ptr %restored)
  ret void
}

define internal void @pellucid.free_exception(ptr %block) {
  %data = getelementptr i8, ptr %block, i64 $DATA
  call void @pellucid.exception_release(ptr %data)
  %pending_at = getelementptr i8, ptr %data, i64 $OBJECT
  %pending = load ptr, ptr %pending_at
  %is_plain = icmp eq ptr %pending, null
  br i1 %is_plain, label %free, label %python
python:
  %state = call i32 @PyGILState_Ensure()
  call void @Py_DecRef(ptr %pending)
  call void @PyGILState_Release(i32 %state)
  br label %free
free:
  call void @pellucid.free_block(ptr %block)
  ret void
}

define void @pellucid.exception_drop(ptr %ctx) {
  %descriptor = load ptr, ptr %ctx
  call void @pellucid.exception_release(ptr %ctx)
  store ptr null, ptr %ctx
  %count_at = getelementptr i8, ptr %ctx, i64 $FRAME_COUNT
  store i32 0, ptr %count_at
  %has_cause_at = getelementptr i8, ptr %ctx, i64 $HAS_CAUSE
  store i64 0, ptr %has_cause_at
  %is_pending = icmp eq ptr %descriptor, @pellucid.pending
  br i1 %is_pending, label %clear, label %done
clear:
  %state = call i32 @PyGILState_Ensure()
  call void @PyErr_Clear()
  call void @PyGILState_Release(i32 %state)
  br label %done
done:
  ret void
}

define void @pellucid.exception_restore(ptr %ctx, ptr %block) {
  %failed = icmp eq ptr %block, null
  br i1 %failed, label %none, label %fill
none:
  store ptr @pellucid.no_memory, ptr %ctx
  ret void
fill:
  %data = getelementptr i8, ptr %block, i64 $DATA
  %descriptor = load ptr, ptr %data
  store ptr %descriptor, ptr %ctx
  %own_count_at = getelementptr i8, ptr %data, i64 $FRAME_COUNT
  %count = load i32, ptr %own_count_at
  %count_at = getelementptr i8, ptr %ctx, i64 $FRAME_COUNT
  store i32 %count, ptr %count_at
  %kept = call i32 @llvm.umin.i32(i32 %count, i32 $MAX_FRAMES)
  %wide = zext i32 %kept to i64
  %frames = shl i64 %wide, 3
  %rest = add i64 %frames, $LINKS_AND_PAYLOAD
  %from = getelementptr i8, ptr %data, i64 $CONTEXT
  %to = getelementptr i8, ptr %ctx, i64 $CONTEXT
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 %rest, i1 false)
  %restored_at = getelementptr i8, ptr %ctx, i64 $RESTORED
  store ptr %block, ptr %restored_at
  call void @pellucid.retain_block(ptr %block)
  call void @pellucid.retain_links(ptr %ctx)
  call void @pellucid.exception_retain(ptr %ctx, i64 1)
  %is_pending = icmp eq ptr %descriptor, @pellucid.pending
  br i1 %is_pending, label %python, label %done
python:
  %pending_at = getelementptr i8, ptr %data, i64 $OBJECT
  %pending = load ptr, ptr %pending_at
  %state = call i32 @PyGILState_Ensure()
  call void @Py_IncRef(ptr %pending)
  call void @pellucid.raise_object(ptr %pending)
  call void @PyGILState_Release(i32 %state)
  br label %done
done:
  ret void
}

define void @pellucid.exception_chain(ptr %ctx, ptr %block) {
  %is_null = icmp eq ptr %block, null
  %restored_at = getelementptr i8, ptr %ctx, i64 $RESTORED
  %restored = load ptr, ptr %restored_at
  %raised = call ptr @pellucid.exception_origin(ptr %restored)
  %origin = call ptr @pellucid.exception_origin(ptr %block)
  %is_same = icmp eq ptr %raised, %origin
  %nothing = or i1 %is_null, %is_same
  br i1 %nothing, label %done, label %next
next:
  %data = phi ptr [ %ctx, %0 ], [ %inner_data, %inner ]
  %last = phi ptr [ null, %0 ], [ %linked, %inner ]
  %at = getelementptr i8, ptr %data, i64 $CONTEXT
  %linked = load ptr, ptr %at
  %is_end = icmp eq ptr %linked, null
  br i1 %is_end, label %search, label %inner
inner:
  %inner_data = getelementptr i8, ptr %linked, i64 $DATA
  %inner_origin = call ptr @pellucid.exception_origin(ptr %linked)
  %is_there = icmp eq ptr %inner_origin, %origin
  br i1 %is_there, label %done, label %next
search:
  %each = phi ptr [ %block, %next ], [ %outer, %go_on ]
  %is_over = icmp eq ptr %each, null
  br i1 %is_over, label %link, label %go_on
go_on:
  %is_circle = icmp eq ptr %each, %last
  %each_data = getelementptr i8, ptr %each, i64 $DATA
  %outer_at = getelementptr i8, ptr %each_data, i64 $CONTEXT
  %outer = load ptr, ptr %outer_at
  br i1 %is_circle, label %done, label %search
link:
  store ptr %block, ptr %at
  call void @pellucid.retain_block(ptr %block)
  br label %done
done:
  ret void
}

define ptr @pellucid.exception_object(ptr %block) {
  %address = call ptr @PyLong_FromVoidPtr(ptr %block)
  %object = call ptr (ptr, ...) @PyObject_CallFunctionObjArgs(
      ptr @pellucid.python.make_object, ptr %address, ptr null)
  call void @Py_DecRef(ptr %address)
  ret ptr %object
}

define void @pellucid.exception_cause(ptr %ctx, ptr %block) {
  %has_cause_at = getelementptr i8, ptr %ctx, i64 $HAS_CAUSE
  store i64 1, ptr %has_cause_at
  %cause_at = getelementptr i8, ptr %ctx, i64 $CAUSE
  %old = load ptr, ptr %cause_at
  store ptr %block, ptr %cause_at
  call void @pellucid.retain_block(ptr %block)
  call void @pellucid.release(ptr %old)
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    classes = class_numbers(MemoryError)
    numbers = struct.unpack(f"{len(classes) // 8}q", classes)
    key = class_key(MemoryError)
    values: dict[str, object] = {
        "KEY": f'[{len(key) + 1} x i8] c"{key}\\00"',
        "CLASSES": f"[{len(numbers)} x i64] [{', '.join(f'i64 {n}' for n in numbers)}]",
        "LINKS_AND_PAYLOAD": context.FRAMES - context.CONTEXT,
        "DATA": block.DATA,
        "DESTROY": block.DESTROY,
        **{name: getattr(context, name) for name in _OFFSETS},
    }
    return re.sub(r"\$(\w+)", lambda found: str(values[found[1]]), _TEXT)


_OFFSETS = (
    *("FRAME_COUNT", "OBJECT", "CONTEXT", "CAUSE", "HAS_CAUSE", "RESTORED", "PAYLOAD", "FRAMES"),
    *("MAX_FRAMES", "DESCRIPTOR_CLASSES", "DESCRIPTOR_COUNT", "HANDLING"),
)


def find_class(key: int) -> type[BaseException]:
    """The exception class whose key is at an address."""
    return class_from_key(ctypes.string_at(key).decode("utf-8", "surrogatepass"))
