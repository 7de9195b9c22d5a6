"""What happens to a call that no entry takes.

    pellucid.slow   `ptr (self, args, nargsf, kwnames)`   a vectorcall function: the last of every
                                                         dispatcher's chain of entries

It asks `Dispatcher.prepare` in Python what to do, and does it when the Python frames are gone: no
traceback goes through them. The answer is a pair:

    (address, args)       call the entry there with these arguments, which are what it takes
    (RETURN, result)      that is the result already
    (RAISE, exception)    raise it, with the traceback that it has

A call from here carries a bit in `nargsf` (`names.NO_SLOW_PATH`): that the entry refuses it is then
an internal error, not a reason to begin again.
"""

from __future__ import annotations

from typing import Any

from pellucid.codegen import pylayout
from pellucid.codegen.names import NARGS_MASK, NO_SLOW_PATH

RETURN, RAISE = 0, 1

_REFUSED = "a compiled entry refused the arguments that it was chosen for"

_TEXT = """
@pellucid.python.prepare = external global i8
@pellucid.refused = private constant [$REFUSED_SIZE x i8] c"$REFUSED\\00"

declare ptr @PyObject_Vectorcall(ptr, ptr, i64, ptr)
declare ptr @PyLong_AsVoidPtr(ptr)
declare void @PyErr_SetString(ptr, ptr)
@PyExc_SystemError = external global ptr

define ptr @pellucid.slow(ptr %self, ptr %args, i64 %nargsf, ptr %kwnames) {
  %is_again = and i64 %nargsf, $NO_SLOW_PATH
  %is_first = icmp eq i64 %is_again, 0
  br i1 %is_first, label %ask, label %refuse
refuse:
  %class = load ptr, ptr @PyExc_SystemError
  call void @PyErr_SetString(ptr %class, ptr @pellucid.refused)
  ret ptr null
ask:
  %answer = call ptr @pellucid.ask(ptr %self, ptr %args, i64 %nargsf, ptr %kwnames)
  %failed = icmp eq ptr %answer, null
  br i1 %failed, label %fail, label %read
fail:
  ret ptr null
read:
  %what_at = getelementptr i8, ptr %answer, i64 $ITEMS
  %with_at = getelementptr i8, ptr %what_at, i64 8
  %what_obj = load ptr, ptr %what_at
  %with = load ptr, ptr %with_at
  %entry = call ptr @PyLong_AsVoidPtr(ptr %what_obj)
  %what = ptrtoint ptr %entry to i64
  switch i64 %what, label %run [
    i64 $RETURN, label %return
    i64 $RAISE, label %raise
  ]
return:
  call void @Py_IncRef(ptr %with)
  call void @Py_DecRef(ptr %answer)
  ret ptr %with
raise:
  call void @Py_IncRef(ptr %with)
  call void @Py_DecRef(ptr %answer)
  call void @pellucid.raise_object(ptr %with)
  ret ptr null
run:
  %size_at = getelementptr i8, ptr %with, i64 $SIZE
  %size = load i64, ptr %size_at
  %items = getelementptr i8, ptr %with, i64 $ITEMS
  %marked = or i64 %size, $NO_SLOW_PATH
  %result = call ptr %entry(ptr %self, ptr %items, i64 %marked, ptr null)
  call void @Py_DecRef(ptr %answer)
  ret ptr %result
}

define internal ptr @pellucid.ask(ptr %self, ptr %args, i64 %nargsf, ptr %kwnames) {
start:
  %nargs = and i64 %nargsf, $NARGS
  %has_names = icmp ne ptr %kwnames, null
  br i1 %has_names, label %names, label %copy
names:
  %names_at = getelementptr i8, ptr %kwnames, i64 $SIZE
  %nnames = load i64, ptr %names_at
  br label %copy
copy:
  %nkw = phi i64 [ 0, %start ], [ %nnames, %names ]
  %total = add i64 %nargs, %nkw
  %room = add i64 %total, 1
  %buffer = alloca ptr, i64 %room
  store ptr %self, ptr %buffer
  %rest = getelementptr ptr, ptr %buffer, i64 1
  %nbytes = shl i64 %total, 3
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %rest, ptr align 8 %args, i64 %nbytes, i1 false)
  %count = add i64 %nargs, 1
  %answer = call ptr @PyObject_Vectorcall(ptr @pellucid.python.prepare, ptr %buffer, i64 %count,
      ptr %kwnames)
  ret ptr %answer
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""


def prepare(dispatcher: Any, /, *args: Any, **kwargs: Any) -> tuple[int, Any]:
    """Ask a dispatcher, which is of a module above: hence Any."""
    return dispatcher.prepare(args, kwargs)


def text() -> str:
    """The LLVM text of `pellucid.slow`."""
    values = {
        "$REFUSED_SIZE": len(_REFUSED) + 1,
        "$REFUSED": _REFUSED,
        "$NO_SLOW_PATH": NO_SLOW_PATH,
        "$NARGS": NARGS_MASK,
        "$SIZE": pylayout.SIZE,
        "$ITEMS": pylayout.TUPLE_ITEMS,
        "$RETURN": RETURN,
        "$RAISE": RAISE,
    }
    result = _TEXT
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result
