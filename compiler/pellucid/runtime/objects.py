"""Python objects that compiled code holds.

    pellucid.retain_object    `void (ptr object)`   one more reference; for code without the lock
    pellucid.release_object   `void (ptr object)`   one reference fewer; the same
    pellucid.hold_object      `ptr (ptr object)`    a block that keeps an object alive: the owner of
                                                   an array whose memory belongs to the object

Where there is no memory for the block, the object is kept for ever, and the owner is null.
"""

from __future__ import annotations

from pellucid.codegen.models import block

_TEXT = """
define void @pellucid.retain_object(ptr %object) {
  %state = call i32 @PyGILState_Ensure()
  call void @Py_IncRef(ptr %object)
  call void @PyGILState_Release(i32 %state)
  ret void
}

define void @pellucid.release_object(ptr %object) {
  %state = call i32 @PyGILState_Ensure()
  call void @Py_DecRef(ptr %object)
  call void @PyGILState_Release(i32 %state)
  ret void
}

define ptr @pellucid.hold_object(ptr %object) {
  call void @Py_IncRef(ptr %object)
  %block = call ptr @pellucid.allocate(i64 0)
  %failed = icmp eq ptr %block, null
  br i1 %failed, label %done, label %fill
fill:
  %destroy = getelementptr i8, ptr %block, i64 $DESTROY
  %pyobj = getelementptr i8, ptr %block, i64 $PYOBJ
  store ptr @pellucid.drop_object, ptr %destroy
  store ptr %object, ptr %pyobj
  br label %done
done:
  ret ptr %block
}

define internal void @pellucid.drop_object(ptr %block) {
  %pyobj = getelementptr i8, ptr %block, i64 $PYOBJ
  %object = load ptr, ptr %pyobj
  call void @pellucid.release_object(ptr %object)
  tail call void @pellucid.free_block(ptr %block)
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    return _TEXT.replace("$DESTROY", str(block.DESTROY)).replace("$PYOBJ", str(block.PYOBJ))
