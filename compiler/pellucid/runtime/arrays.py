"""Make Python arrays of what compiled code returns.

    pellucid.box_array  `ptr (ptr array, i32 ndim, i32 type_num, i32 kind, i32 flags)`

`array` is the model's record {owner, data, shape, strides} in memory; its reference is consumed.
What comes out, a new reference or null with Python's error set:

    the owner is an argument's header, all fields as they came in    that very ndarray
    ... other fields (a slice of an argument)                       a view whose base is the ndarray
    the owner is a heap block                                       an array whose base is a capsule
    no owner (a constant)                                           a copy

The capsule releases the block, from wherever Python drops it: the block outlives the code that made
it, and so must `pellucid.release`, which is never unloaded.
"""

from __future__ import annotations

from pellucid.codegen import pylayout
from pellucid.codegen.models import block

_KEEP_ORDER = 2  # NPY_KEEPORDER

_TEXT = """
@pellucid.capsule_name = private constant [15 x i8] c"pellucid.block\\00"

declare ptr @pellucid.numpy.PyArray_New(ptr, i32, ptr, i32, ptr, ptr, i32, i32, ptr)
declare i32 @pellucid.numpy.PyArray_SetBaseObject(ptr, ptr)
declare ptr @pellucid.numpy.PyArray_NewCopy(ptr, i32)
@pellucid.numpy.PyArray_Type = external global i8

declare ptr @PyCapsule_New(ptr, ptr, ptr)
declare ptr @PyCapsule_GetPointer(ptr, ptr)
declare void @Py_IncRef(ptr)
declare void @Py_DecRef(ptr)

define void @pellucid.release_capsule(ptr %capsule) {
  %block = call ptr @PyCapsule_GetPointer(ptr %capsule, ptr @pellucid.capsule_name)
  call void @pellucid.release(ptr %block)
  ret void
}

define ptr @pellucid.box_array(ptr %array, i32 %ndim, i32 %type_num, i32 %kind, i32 %flags) {
  %owner = load ptr, ptr %array
  %data_at = getelementptr i8, ptr %array, i64 8
  %data = load ptr, ptr %data_at
  %shape = getelementptr i8, ptr %array, i64 16
  %rank = zext i32 %ndim to i64
  %strides = getelementptr i64, ptr %shape, i64 %rank
  %is_constant = icmp eq ptr %owner, null
  br i1 %is_constant, label %view, label %owned
owned:
  %pyobj_at = getelementptr i8, ptr %owner, i64 $PYOBJ
  %pyobj = load ptr, ptr %pyobj_at
  %is_heap = icmp eq ptr %pyobj, null
  br i1 %is_heap, label %view, label %argument

argument:
  %py_data_at = getelementptr i8, ptr %pyobj, i64 $ARRAY_DATA
  %py_data = load ptr, ptr %py_data_at
  %same_data = icmp eq ptr %py_data, %data
  %py_ndim_at = getelementptr i8, ptr %pyobj, i64 $ARRAY_NDIM
  %py_ndim = load i32, ptr %py_ndim_at
  %same_ndim = icmp eq i32 %py_ndim, %ndim
  %py_descr_at = getelementptr i8, ptr %pyobj, i64 $ARRAY_DESCR
  %py_descr = load ptr, ptr %py_descr_at
  %py_kind_at = getelementptr i8, ptr %py_descr, i64 $DESCR_KIND
  %py_kind = load i8, ptr %py_kind_at
  %kind8 = trunc i32 %kind to i8
  %same_kind = icmp eq i8 %py_kind, %kind8
  %same_place = and i1 %same_data, %same_ndim
  %same_items = and i1 %same_place, %same_kind
  br i1 %same_items, label %axes, label %view
axes:
  %py_shape_at = getelementptr i8, ptr %pyobj, i64 $ARRAY_SHAPE
  %py_shape = load ptr, ptr %py_shape_at
  %py_strides_at = getelementptr i8, ptr %pyobj, i64 $ARRAY_STRIDES
  %py_strides = load ptr, ptr %py_strides_at
  br label %axis
axis:
  %i = phi i64 [ 0, %axes ], [ %next, %compare ]
  %compared = icmp eq i64 %i, %rank
  br i1 %compared, label %same, label %compare
compare:
  %next = add i64 %i, 1
  %a = getelementptr i64, ptr %shape, i64 %i
  %b = getelementptr i64, ptr %py_shape, i64 %i
  %c = getelementptr i64, ptr %strides, i64 %i
  %d = getelementptr i64, ptr %py_strides, i64 %i
  %av = load i64, ptr %a
  %bv = load i64, ptr %b
  %cv = load i64, ptr %c
  %dv = load i64, ptr %d
  %same_length = icmp eq i64 %av, %bv
  %same_stride = icmp eq i64 %cv, %dv
  %same_axis = and i1 %same_length, %same_stride
  br i1 %same_axis, label %axis, label %view
same:
  call void @Py_IncRef(ptr %pyobj)
  call void @pellucid.release(ptr %owner)
  ret ptr %pyobj

view:
  %made = call ptr @pellucid.numpy.PyArray_New(ptr @pellucid.numpy.PyArray_Type, i32 %ndim,
      ptr %shape, i32 %type_num, ptr %strides, ptr %data, i32 0, i32 %flags, ptr null)
  %no_view = icmp eq ptr %made, null
  br i1 %no_view, label %fail, label %bind
fail:
  call void @pellucid.release(ptr %owner)
  ret ptr null
bind:
  br i1 %is_constant, label %copy, label %base
copy:
  %copied = call ptr @pellucid.numpy.PyArray_NewCopy(ptr %made, i32 $KEEP_ORDER)
  call void @Py_DecRef(ptr %made)
  ret ptr %copied
base:
  %base_at = getelementptr i8, ptr %owner, i64 $PYOBJ
  %base_pyobj = load ptr, ptr %base_at
  %needs_capsule = icmp eq ptr %base_pyobj, null
  br i1 %needs_capsule, label %capsule, label %share
share:
  call void @Py_IncRef(ptr %base_pyobj)
  call void @pellucid.release(ptr %owner)
  br label %set
capsule:
  %made_capsule = call ptr @PyCapsule_New(ptr %owner, ptr @pellucid.capsule_name,
      ptr @pellucid.release_capsule)
  %no_capsule = icmp eq ptr %made_capsule, null
  br i1 %no_capsule, label %drop, label %set
drop:
  call void @Py_DecRef(ptr %made)
  call void @pellucid.release(ptr %owner)
  ret ptr null
set:
  %base_object = phi ptr [ %base_pyobj, %share ], [ %made_capsule, %capsule ]
  %status = call i32 @pellucid.numpy.PyArray_SetBaseObject(ptr %made, ptr %base_object)
  %is_set = icmp eq i32 %status, 0
  br i1 %is_set, label %done, label %unset
unset:
  call void @Py_DecRef(ptr %made)
  ret ptr null
done:
  ret ptr %made
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    values = {
        "$PYOBJ": block.PYOBJ,
        "$ARRAY_DATA": pylayout.ARRAY_DATA,
        "$ARRAY_NDIM": pylayout.ARRAY_NDIM,
        "$ARRAY_DESCR": pylayout.ARRAY_DESCR,
        "$ARRAY_SHAPE": pylayout.ARRAY_SHAPE,
        "$ARRAY_STRIDES": pylayout.ARRAY_STRIDES,
        "$DESCR_KIND": pylayout.DESCR_KIND,
        "$KEEP_ORDER": _KEEP_ORDER,
    }
    result = _TEXT
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result
