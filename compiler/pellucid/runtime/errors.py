"""Turn the error record of compiled code into a Python exception with a traceback of its own.

The context (`codegen/models/context.py`) holds a descriptor of the exception, its arguments, and
the frames that the error left. The entry calls

    pellucid.throw          `void (ptr ctx)`        set Python's error indicator from the context
    pellucid.fetch          `ptr ()`                take the exception out of the error indicator
    pellucid.raise_object   `void (ptr exception)`  put it there; its reference is consumed

of which the first asks `make_exception` below for the exception. Its traceback has one entry for
each compiled function, inlined ones included, with file, function, line and columns: Python prints
the source line and carets as it does for its own code. The entries need frames: each is the frame
of a generator that never ran, whose code says that it comes from that place; it holds no locals
and keeps nothing else alive.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import NamedTuple

from pellucid.codegen.models import block, context
from pellucid.codegen.payload import class_from_key, read_arguments

_BOX = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p)


class Place(NamedTuple):
    """Where a function was when an error left it. Columns count UTF-8 bytes from 0; -1: unknown."""

    file: str
    function: str
    line: int
    col: int = -1
    end_line: int = -1
    end_col: int = -1


def make_exception(ctx: int, pending: BaseException | None) -> BaseException:
    """The exception that the context at address `ctx` holds, with its traceback.

    `pending` is the exception that a call into Python left behind, if that is what happened.
    """
    restored = _pointer(ctx + context.RESTORED)
    origin = _origin(restored) if restored else 0
    exception = pending or (_kept_object(origin) if origin else None) or _instance(ctx)
    made = {origin: exception} if origin else {}
    _complete(ctx, exception, made, origin)
    last = exception
    while last.__context__ is not None:  # as far as compiled code knows it
        last = last.__context__
    outer = sys.exception()
    if not _is_linked(outer, last):
        last.__context__ = outer
    return exception


def make_object(start: int) -> BaseException:
    """The exception in the block at an address, for a handler that asks something of it."""
    if not start:
        return MemoryError()
    return _from_block(start, {})


def _is_linked(exception: BaseException | None, to: BaseException) -> bool:
    seen: set[int] = set()
    while exception is not None and id(exception) not in seen:
        if exception is to:
            return True
        seen.add(id(exception))
        exception = exception.__context__
    return False


def _complete(
    address: int, exception: BaseException, made: dict[int, BaseException], origin: int
) -> None:
    """`exception` with the traceback, the context and the cause that compiled code gave it.

    `origin` is its first block: what was told of that before is told anew.
    """
    traceback = exception.__traceback__
    while origin and traceback and traceback.tb_frame.f_globals.get(_ORIGIN) == origin:
        traceback = traceback.tb_next
    exception.__traceback__ = with_places(traceback, _places(address), origin)
    handled = _pointer(address + context.CONTEXT)
    if handled and made.get(_origin(handled)) is not exception:
        exception.__context__ = _from_block(handled, made)
    if _int(address + context.HAS_CAUSE):
        cause = _pointer(address + context.CAUSE)
        exception.__cause__ = _from_block(cause, made) if cause else None


def _from_block(start: int, made: dict[int, BaseException]) -> BaseException:
    """The exception in the block at an address: one object, which its first block keeps."""
    origin, data = _origin(start), start + block.DATA
    if origin not in made:
        found = _kept_object(origin)
        if found is None:
            found = _instance(data)
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(found))
            at = origin + block.DATA + context.OBJECT
            ctypes.c_uint64.from_address(at).value = id(found)
        made[origin] = found
        _complete(data, found, made, origin)
    return made[origin]


def _kept_object(origin: int) -> BaseException | None:
    found = _pointer(origin + block.DATA + context.OBJECT)
    return ctypes.cast(found, ctypes.py_object).value if found else None


def _origin(start: int) -> int:
    """The first block of the same exception."""
    return _pointer(start + block.DATA + context.RESTORED) or start


def with_places(
    inner: TracebackType | None, places: Iterator[Place], origin: int = 0
) -> TracebackType | None:
    """A traceback that goes through `places`, innermost first, and then through `inner`."""
    traceback = inner
    for place in places:
        traceback = TracebackType(traceback, make_frame(place, origin), 0, place.line)
    return traceback


_ORIGIN = "__pellucid_exception__"


def make_frame(place: Place, origin: int = 0) -> FrameType:
    """A frame that stands at `place`; `origin` is the first block of the exception, if it has one.

    By that, frames are found again that an exception has from compiled code.
    """
    names: dict[str, object] = {"__name__": place.function}
    if origin:
        names[_ORIGIN] = origin
    generator = FunctionType(_code(place), names)()
    frame = generator.gi_frame
    assert isinstance(frame, FrameType)
    return frame


def _instance(ctx: int) -> BaseException:
    descriptor = _pointer(ctx + context.DESCRIPTOR)
    cls = class_from_key(_text(descriptor + context.DESCRIPTOR_CLASS))
    box = _pointer(descriptor + context.DESCRIPTOR_BOX)
    if box:
        args = _BOX(box)(ctx + context.PAYLOAD)
    else:
        items = _text(descriptor + context.DESCRIPTOR_ARGS)
        args = read_arguments(items, ctx + context.PAYLOAD)
    if _pointer(descriptor + context.DESCRIPTOR_TEMPLATE):
        args = (_text(descriptor + context.DESCRIPTOR_TEMPLATE).format(*args),)
    made = _construct(cls, args)
    if isinstance(made, BaseException):
        return made
    message = f"calling {cls!r} should have returned an instance of BaseException, not {type(made)}"
    return TypeError(message)


def _construct(cls: type[BaseException], args: tuple[object, ...]) -> object:
    return cls(*args)  # which may make anything


def _places(ctx: int) -> Iterator[Place]:
    count = min(_int(ctx + context.FRAME_COUNT), context.MAX_FRAMES)
    for index in range(count):
        frame = _pointer(ctx + context.FRAMES + 8 * index)
        while frame:
            yield Place(
                _text(frame + context.FRAME_FILE),
                _text(frame + context.FRAME_FUNCTION),
                _int(frame + context.FRAME_LINE),
                _int(frame + context.FRAME_COL),
                _int(frame + context.FRAME_END_LINE),
                _int(frame + context.FRAME_END_COL),
            )
            frame = _pointer(frame + context.FRAME_OUTER)


def _pointer(address: int) -> int:
    return ctypes.c_uint64.from_address(address).value


def _int(address: int) -> int:
    return ctypes.c_int32.from_address(address).value


def _text(address: int) -> str:
    return ctypes.string_at(_pointer(address)).decode("utf-8", "surrogatepass")


# -- code objects that stand at a place --------------------------------------------------------


def _stub() -> Iterator[None]:
    yield


@lru_cache(maxsize=4096)
def _code(place: Place) -> CodeType:
    code = _stub.__code__
    return code.replace(
        co_filename=place.file,
        co_name=place.function.rpartition(".")[2] or place.function,
        co_qualname=place.function,
        co_firstlineno=max(place.line, 1),
        co_linetable=_line_table(place, len(code.co_code) // 2),
    )


def _line_table(place: Place, count: int) -> bytes:
    """A location table that gives `count` code units one place (CPython's Objects/locations.md)."""
    known = place.col >= 0 and place.end_col >= 0 and place.end_line >= place.line
    table = bytearray()
    while count > 0:
        units = min(count, 8)
        count -= units
        if not known:
            table += bytes([0x80 | 13 << 3 | units - 1, 0])  # a line without columns
            continue
        table.append(0x80 | 14 << 3 | units - 1)
        table.append(0)  # no change of line
        for value in (place.end_line - place.line, place.col + 1, place.end_col + 1):
            table += _varint(value)
    return bytes(table)


def _varint(value: int) -> bytes:
    result = bytearray()
    while value >= 64:
        result.append(0x40 | value & 63)
        value >>= 6
    result.append(value)
    return bytes(result)


# -- the call from compiled code ---------------------------------------------------------------

_TEXT = """
@pellucid.python.make_exception = external global i8

declare ptr @PyLong_FromVoidPtr(ptr)
declare ptr @PyObject_CallFunctionObjArgs(ptr, ...)
@_Py_NoneStruct = external global i8

define void @pellucid.throw(ptr %ctx) {
  %descriptor = load ptr, ptr %ctx
  %is_pending = icmp eq ptr %descriptor, @pellucid.pending
  br i1 %is_pending, label %fetch, label %make
fetch:
  %fetched = call ptr @pellucid.fetch()
  br label %make
make:
  %pending = phi ptr [ @_Py_NoneStruct, %0 ], [ %fetched, %fetch ]
  %address = call ptr @PyLong_FromVoidPtr(ptr %ctx)
  %exception = call ptr (ptr, ...) @PyObject_CallFunctionObjArgs(
      ptr @pellucid.python.make_exception, ptr %address, ptr %pending, ptr null)
  call void @Py_DecRef(ptr %address)
  call void @pellucid.exception_release(ptr %ctx)
  call void @pellucid.exception_leave(ptr %ctx, ptr null)
  br i1 %is_pending, label %drop, label %set
drop:
  call void @Py_DecRef(ptr %pending)
  br label %set
set:
  %failed = icmp eq ptr %exception, null
  br i1 %failed, label %done, label %raise
raise:
  call void @pellucid.raise_object(ptr %exception)
  br label %done
done:
  ret void
}
"""

_SET_312 = """
declare ptr @PyErr_GetRaisedException()
declare void @PyErr_SetRaisedException(ptr)

define ptr @pellucid.fetch() {
  %exception = call ptr @PyErr_GetRaisedException()
  ret ptr %exception
}

define void @pellucid.raise_object(ptr %exception) {
  call void @PyErr_SetRaisedException(ptr %exception)
  ret void
}
"""

_SET_311 = """
declare void @PyErr_Fetch(ptr, ptr, ptr)
declare void @PyErr_NormalizeException(ptr, ptr, ptr)
declare void @PyErr_Restore(ptr, ptr, ptr)
declare i32 @PyException_SetTraceback(ptr, ptr)
declare ptr @PyException_GetTraceback(ptr)

define ptr @pellucid.fetch() {
  %cls = alloca ptr
  %value = alloca ptr
  %traceback = alloca ptr
  call void @PyErr_Fetch(ptr %cls, ptr %value, ptr %traceback)
  call void @PyErr_NormalizeException(ptr %cls, ptr %value, ptr %traceback)
  %c = load ptr, ptr %cls
  %v = load ptr, ptr %value
  %t = load ptr, ptr %traceback
  call void @Py_DecRef(ptr %c)
  %has_traceback = icmp ne ptr %t, null
  br i1 %has_traceback, label %set, label %done
set:
  %status = call i32 @PyException_SetTraceback(ptr %v, ptr %t)
  call void @Py_DecRef(ptr %t)
  br label %done
done:
  ret ptr %v
}

define void @pellucid.raise_object(ptr %exception) {
  %type_at = getelementptr i8, ptr %exception, i64 8
  %cls = load ptr, ptr %type_at
  call void @Py_IncRef(ptr %cls)
  %traceback = call ptr @PyException_GetTraceback(ptr %exception)
  call void @PyErr_Restore(ptr %cls, ptr %exception, ptr %traceback)
  ret void
}
"""


def text() -> str:
    """The LLVM text of `pellucid.throw`, for this version of CPython."""
    return _TEXT + (_SET_312 if sys.version_info >= (3, 12) else _SET_311)
