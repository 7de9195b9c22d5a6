"""Make Python's `str` and `bytes` of the text that compiled code returns.

    pellucid.box_text  `ptr (ptr owner, ptr data, i64 length, i32 form)`
    pellucid.box_bytes `ptr (ptr owner, ptr data, i64 length)`

The parts are the model's (`codegen/models/text.py`); the reference to the owner is consumed. Gives
a new reference, or null with Python's error set. A whole argument goes out as the object that it
came in as; anything else is copied.
"""

from __future__ import annotations

from pellucid.codegen import pylayout
from pellucid.codegen.models import block
from pellucid.codegen.models import text_form as model

_TEXT = """
@PyUnicode_Type = external global i8
@PyBytes_Type = external global i8

declare ptr @PyUnicode_New(i64, i32)
declare ptr @PyBytes_FromStringAndSize(ptr, i64)
declare ptr @PyUnicode_FromKindAndData(i32, ptr, i64)

define ptr @pellucid.box_text(ptr %owner, ptr %data, i64 %length, i32 %form) {
  %is_constant = icmp eq ptr %owner, null
  br i1 %is_constant, label %make, label %owned
owned:
  %pyobj_at = getelementptr i8, ptr %owner, i64 $PYOBJ
  %pyobj = load ptr, ptr %pyobj_at
  %is_heap = icmp eq ptr %pyobj, null
  br i1 %is_heap, label %make, label %argument
argument:
  %type_at = getelementptr i8, ptr %pyobj, i64 $TYPE
  %type = load ptr, ptr %type_at
  %is_text = icmp eq ptr %type, @PyUnicode_Type
  br i1 %is_text, label %whole, label %make
whole:
  %length_at = getelementptr i8, ptr %pyobj, i64 $TEXT_LENGTH
  %py_length = load i64, ptr %length_at
  %is_whole = icmp eq i64 %py_length, %length
  br i1 %is_whole, label %same, label %make
same:
  call void @Py_IncRef(ptr %pyobj)
  call void @pellucid.release(ptr %owner)
  ret ptr %pyobj

make:
  %ascii_bit = and i32 %form, $ASCII
  %is_ascii = icmp ne i32 %ascii_bit, 0
  %is_long = icmp ugt i64 %length, 1
  %is_plain = and i1 %is_ascii, %is_long
  br i1 %is_plain, label %plain, label %other
plain:
  %new = call ptr @PyUnicode_New(i64 %length, i32 127)
  %failed = icmp eq ptr %new, null
  br i1 %failed, label %done, label %fill
fill:
  %start = getelementptr i8, ptr %new, i64 $TEXT_ASCII_DATA
  call void @llvm.memcpy.p0.p0.i64(ptr %start, ptr %data, i64 %length, i1 false)
  br label %done
other:
  %width = and i32 %form, $WIDTH_MASK
  %copied = call ptr @PyUnicode_FromKindAndData(i32 %width, ptr %data, i64 %length)
  br label %done
done:
  %made = phi ptr [ null, %plain ], [ %new, %fill ], [ %copied, %other ]
  call void @pellucid.release(ptr %owner)
  ret ptr %made
}

define ptr @pellucid.box_bytes(ptr %owner, ptr %data, i64 %length) {
  %is_constant = icmp eq ptr %owner, null
  br i1 %is_constant, label %make, label %owned
owned:
  %pyobj_at = getelementptr i8, ptr %owner, i64 $PYOBJ
  %pyobj = load ptr, ptr %pyobj_at
  %is_heap = icmp eq ptr %pyobj, null
  br i1 %is_heap, label %make, label %argument
argument:
  %type_at = getelementptr i8, ptr %pyobj, i64 $TYPE
  %type = load ptr, ptr %type_at
  %is_bytes = icmp eq ptr %type, @PyBytes_Type
  br i1 %is_bytes, label %whole, label %make
whole:
  %length_at = getelementptr i8, ptr %pyobj, i64 $BYTES_LENGTH
  %py_length = load i64, ptr %length_at
  %is_whole = icmp eq i64 %py_length, %length
  br i1 %is_whole, label %same, label %make
same:
  call void @Py_IncRef(ptr %pyobj)
  call void @pellucid.release(ptr %owner)
  ret ptr %pyobj
make:
  %made = call ptr @PyBytes_FromStringAndSize(ptr %data, i64 %length)
  call void @pellucid.release(ptr %owner)
  ret ptr %made
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    values = {
        "$PYOBJ": block.PYOBJ,
        "$TYPE": pylayout.TYPE,
        "$TEXT_LENGTH": pylayout.TEXT_LENGTH,
        "$TEXT_ASCII_DATA": pylayout.TEXT_ASCII_DATA,
        "$BYTES_LENGTH": pylayout.SIZE,
        "$WIDTH_MASK": model.WIDTH_MASK,
        "$ASCII": model.ASCII,
    }
    result = _TEXT
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result
