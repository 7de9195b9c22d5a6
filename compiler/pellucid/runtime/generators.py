"""Python objects that stand for generators of compiled code.

The class `CompiledGenerator` has the protocol of Python's own generators. It is made through the C
API, with slots of machine code, so that an item costs one call through a pointer. After the
object's head come

    block     the generator: a counted heap object; null when it has ended
    call      what gives the next item (`codegen/generators.py`)
    owner     the dispatcher whose entry made it: it keeps the code that `call` points to
    name      the function's name, in UTF-8
    running   whether `call` is being called

The code calls

    pellucid.make_generator     `ptr (ptr class, ptr block, ptr call, ptr owner, ptr name)`: a new
                                object
    pellucid.generator_stop     `void (ptr value)`   set StopIteration with a value, which it takes
    pellucid.generator_failed   `void ()`   an exception left a generator: StopIteration may not
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Any

from pellucid.codegen import pylayout
from pellucid.codegen.models.block import FIELDS

BLOCK, CALL, OWNER, NAME, RUNNING = (pylayout.HEAD + 8 * index for index in range(5))
_SIZE = pylayout.HEAD + 40

_TEXT = """
@PyExc_RuntimeError = external global ptr
@PyExc_StopIteration = external global ptr
@PyExc_TypeError = external global ptr
@PyExc_ValueError = external global ptr
@pellucid.generator.executing = private constant [28 x i8] c"generator already executing\\00"
@pellucid.generator.raised = private constant [31 x i8] c"generator raised StopIteration\\00"
@pellucid.generator.started = private constant [54 x i8] \
c"can't send non-None value to a just-started generator\\00"

declare ptr @PyType_GenericAlloc(ptr, i64)
declare ptr @PyObject_CallOneArg(ptr, ptr)
declare void @PyErr_SetNone(ptr)
declare ptr @PyErr_Occurred()
declare i32 @PyErr_ExceptionMatches(ptr)
declare ptr @PyUnicode_FromString(ptr)
declare void @PyException_SetCause(ptr, ptr)
declare void @PyException_SetContext(ptr, ptr)
declare void @PyObject_Free(ptr)

define ptr @pellucid.make_generator(ptr %type, ptr %block, ptr %call, ptr %owner, ptr %name) {
  %made = call ptr @PyType_GenericAlloc(ptr %type, i64 0)
  %failed = icmp eq ptr %made, null
  br i1 %failed, label %drop, label %fill
drop:
  call void @pellucid.release(ptr %block)
  ret ptr null
fill:
  %block_at = getelementptr i8, ptr %made, i64 $BLOCK
  %call_at = getelementptr i8, ptr %made, i64 $CALL
  %owner_at = getelementptr i8, ptr %made, i64 $OWNER
  %name_at = getelementptr i8, ptr %made, i64 $NAME
  call void @Py_IncRef(ptr %owner)
  store ptr %block, ptr %block_at
  store ptr %call, ptr %call_at
  store ptr %owner, ptr %owner_at
  store ptr %name, ptr %name_at
  ret ptr %made
}

define ptr @pellucid.generator_next(ptr %self) {
  %result = call ptr @pellucid.generator_go_on(ptr %self, ptr null, ptr null)
  ret ptr %result
}

define ptr @pellucid.generator_send(ptr %self, ptr %value) {
  %is_none = icmp eq ptr %value, @_Py_NoneStruct
  br i1 %is_none, label %next, label %check
check:
  %block_at = getelementptr i8, ptr %self, i64 $BLOCK
  %block = load ptr, ptr %block_at
  %is_over = icmp eq ptr %block, null
  br i1 %is_over, label %next, label %look
look:
  %state_at = getelementptr i8, ptr %block, i64 $STATE
  %state = load i64, ptr %state_at
  %is_new = icmp eq i64 %state, 0
  br i1 %is_new, label %refuse, label %next
refuse:
  %type_error = load ptr, ptr @PyExc_TypeError
  call void @PyErr_SetString(ptr %type_error, ptr @pellucid.generator.started)
  ret ptr null
next:
  %sent = phi ptr [ null, %0 ], [ %value, %check ], [ %value, %look ]
  %result = call ptr @pellucid.generator_go_on(ptr %self, ptr %sent, ptr null)
  call void @pellucid.generator_ended(ptr %result)
  ret ptr %result
}

define ptr @pellucid.generator_throw(ptr %self, ptr %exception) {
  %result = call ptr @pellucid.generator_go_on(ptr %self, ptr null, ptr %exception)
  call void @pellucid.generator_ended(ptr %result)
  ret ptr %result
}

define internal void @pellucid.generator_ended(ptr %result) {
  %is_end = icmp eq ptr %result, null
  br i1 %is_end, label %end, label %done
end:
  %error = call ptr @PyErr_Occurred()
  %has_error = icmp ne ptr %error, null
  br i1 %has_error, label %done, label %stop
stop:
  %stop_iteration = load ptr, ptr @PyExc_StopIteration
  call void @PyErr_SetNone(ptr %stop_iteration)
  br label %done
done:
  ret void
}

define internal ptr @pellucid.generator_go_on(ptr %self, ptr %sent, ptr %thrown) {
  %running_at = getelementptr i8, ptr %self, i64 $RUNNING
  %running = load i64, ptr %running_at
  %is_running = icmp ne i64 %running, 0
  br i1 %is_running, label %refuse, label %look
refuse:
  %value_error = load ptr, ptr @PyExc_ValueError
  call void @PyErr_SetString(ptr %value_error, ptr @pellucid.generator.executing)
  ret ptr null
look:
  %block_at = getelementptr i8, ptr %self, i64 $BLOCK
  %block = load ptr, ptr %block_at
  %is_over = icmp eq ptr %block, null
  br i1 %is_over, label %over, label %call
over:
  ret ptr null
call:
  %call_at = getelementptr i8, ptr %self, i64 $CALL
  %function = load ptr, ptr %call_at
  store i64 1, ptr %running_at
  %result = call ptr %function(ptr %block, ptr %sent, ptr %thrown)
  store i64 0, ptr %running_at
  %is_end = icmp eq ptr %result, null
  br i1 %is_end, label %end, label %done
end:
  store ptr null, ptr %block_at
  call void @pellucid.release(ptr %block)
  br label %done
done:
  ret ptr %result
}

define void @pellucid.generator_dealloc(ptr %self) {
  %type_at = getelementptr i8, ptr %self, i64 $TYPE
  %block_at = getelementptr i8, ptr %self, i64 $BLOCK
  %owner_at = getelementptr i8, ptr %self, i64 $OWNER
  %type = load ptr, ptr %type_at
  %block = load ptr, ptr %block_at
  %owner = load ptr, ptr %owner_at
  %error = call ptr @PyErr_Occurred()
  %has_error = icmp ne ptr %error, null
  br i1 %has_error, label %save, label %free
save:
  %saved = call ptr @pellucid.fetch()
  br label %free
free:
  %kept = phi ptr [ null, %0 ], [ %saved, %save ]
  call void @pellucid.release(ptr %block)
  br i1 %has_error, label %restore, label %rest
restore:
  call void @pellucid.raise_object(ptr %kept)
  br label %rest
rest:
  call void @Py_DecRef(ptr %owner)
  call void @PyObject_Free(ptr %self)
  call void @Py_DecRef(ptr %type)
  ret void
}

define void @pellucid.generator_stop(ptr %value) {
  %class = load ptr, ptr @PyExc_StopIteration
  %exception = call ptr @PyObject_CallOneArg(ptr %class, ptr %value)
  call void @Py_DecRef(ptr %value)
  %failed = icmp eq ptr %exception, null
  br i1 %failed, label %done, label %raise
raise:
  call void @pellucid.raise_object(ptr %exception)
  br label %done
done:
  ret void
}

define void @pellucid.generator_failed() {
  %class = load ptr, ptr @PyExc_StopIteration
  %matches = call i32 @PyErr_ExceptionMatches(ptr %class)
  %is_stop = icmp ne i32 %matches, 0
  br i1 %is_stop, label %convert, label %done
convert:
  %stop = call ptr @pellucid.fetch()
  %runtime_error = load ptr, ptr @PyExc_RuntimeError
  %text = call ptr @PyUnicode_FromString(ptr @pellucid.generator.raised)
  %exception = call ptr @PyObject_CallOneArg(ptr %runtime_error, ptr %text)
  call void @Py_DecRef(ptr %text)
  call void @Py_IncRef(ptr %stop)
  call void @PyException_SetCause(ptr %exception, ptr %stop)
  call void @PyException_SetContext(ptr %exception, ptr %stop)
  call void @pellucid.raise_object(ptr %exception)
  br label %done
done:
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    values = {
        "$BLOCK": BLOCK,
        "$CALL": CALL,
        "$OWNER": OWNER,
        "$NAME": NAME,
        "$RUNNING": RUNNING,
        "$STATE": FIELDS,
        "$TYPE": pylayout.TYPE,
    }
    result = _TEXT
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result


# -- the class ---------------------------------------------------------------------------------

_TP_DEALLOC, _TP_DOC, _TP_ITER, _TP_ITERNEXT, _TP_METHODS = 52, 56, 62, 63, 64
_NO_NEW = 1 << 7  # Py_TPFLAGS_DISALLOW_INSTANTIATION
_METH_O = 8


class _Slot(ctypes.Structure):
    _fields_ = (("slot", ctypes.c_int), ("pfunc", ctypes.c_void_p))


class _Method(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


class _Spec(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("basicsize", ctypes.c_int),
        ("itemsize", ctypes.c_int),
        ("flags", ctypes.c_uint),
        ("slots", ctypes.POINTER(_Slot)),
    )


_kept: list[object] = []
"""What the class keeps pointers into."""


def _make_class(address: Callable[[str], int]) -> Any:
    methods = (_Method * 3)(
        _Method(b"send", address("pellucid.generator_send"), _METH_O, _SEND_DOC),
        _Method(b"_throw", address("pellucid.generator_throw"), _METH_O, _THROW_DOC),
        _Method(),
    )
    itself = ctypes.cast(ctypes.pythonapi["PyObject_SelfIter"], ctypes.c_void_p).value
    slots = (_Slot * 5)(
        _Slot(_TP_DEALLOC, address("pellucid.generator_dealloc")),
        _Slot(_TP_ITER, itself),
        _Slot(_TP_ITERNEXT, address("pellucid.generator_next")),
        _Slot(_TP_METHODS, ctypes.addressof(methods)),
    )
    spec = _Spec(b"pellucid.runtime.generators.CompiledGenerator", _SIZE, 0, _NO_NEW, slots)
    _kept.append(methods)
    make = ctypes.pythonapi["PyType_FromSpec"]
    make.restype = ctypes.py_object
    return make(ctypes.byref(spec))


_THROW_DOC = b"As throw(), of an exception, where the generator is suspended."
_SEND_DOC = b"Go on, with a value as that of the `yield`; gives the next item."


_made: dict[Callable[[str], int], type] = {}
_making = threading.Lock()


def generator_class(address: Callable[[str], int]) -> type:
    """The class of the objects; `address` finds the functions above.

    Code holds its address: so threads that ask at once must not get two.
    """
    with _making:
        found = _made.get(address)
        if found is None:
            found = _made[address] = _finish_class(address)
    return found


def _finish_class(address: Callable[[str], int]) -> type:
    cls = _make_class(address)
    # A subclass would be collected as cycles are, with a header that the code above knows not.
    for name, member in vars(_Methods).items():
        if name not in _OF_EVERY_CLASS:
            setattr(cls, name, member)
    cls._release = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(address("pellucid.release"))
    return cls


_EXECUTING = "generator already executing"


class _Methods:
    """What the class has besides its slots."""

    _release: Callable[[int], None]
    _throw: Callable[[BaseException], Any]

    def close(self) -> Any:
        """End the generator: where it stands at a `yield`, that raises GeneratorExit.

        Since Python 3.13, the result is what it returns then.
        """
        if self.gi_running:
            raise ValueError(_EXECUTING)
        if not self.gi_suspended:
            self._drop()
            return None
        try:
            self._throw(GeneratorExit())
        except GeneratorExit:
            return None
        except StopIteration as stop:
            return stop.value if sys.version_info >= (3, 13) else None
        message = "generator ignored GeneratorExit"
        raise RuntimeError(message)

    def throw(self, typ: Any, val: Any = None, tb: Any = None) -> Any:
        """Raise an exception at the `yield` where the generator stands; gives the next item."""
        exception = val if isinstance(val, BaseException) else None
        if isinstance(typ, BaseException):
            exception = typ
        elif not (isinstance(typ, type) and issubclass(typ, BaseException)):
            message = "exceptions must be classes or instances deriving from BaseException"
            raise TypeError(f"{message}, not {type(typ).__name__}")
        if exception is None:
            arguments = val if isinstance(val, tuple) else () if val is None else (val,)
            exception = _instance(typ, arguments)
        if tb is not None:
            exception = exception.with_traceback(tb)
        if self.gi_running:
            raise ValueError(_EXECUTING)
        if self.gi_suspended:
            return self._throw(exception)
        is_new = bool(_word(self, BLOCK).value)
        self._drop()
        if is_new and isinstance(exception, StopIteration) and sys.version_info < (3, 12):
            message = "generator raised StopIteration"
            raise RuntimeError(message) from exception
        raise exception

    def _drop(self) -> None:
        """Let the generator in compiled code go, which goes on no more."""
        at = _word(self, BLOCK)
        held, at.value = at.value, 0
        if held:
            self._release(held)

    @property
    def gi_running(self) -> bool:
        """Whether it is running."""
        return bool(_word(self, RUNNING).value)

    @property
    def gi_suspended(self) -> bool:
        """Whether it stands at a `yield`."""
        held = _word(self, BLOCK).value
        return bool(held and ctypes.c_int64.from_address(held + FIELDS).value > 0)

    @property
    def gi_yieldfrom(self) -> None:
        """None: what a generator delegates to is part of its compiled code."""

    def __getattr__(self, name: str) -> Any:
        if name in {"__name__", "__qualname__"}:  # a class keeps these for itself
            return ctypes.string_at(_word(self, NAME).value).decode()
        message = f"'{type(self).__name__}' object has no attribute '{name}'"
        raise AttributeError(message)

    def __repr__(self) -> str:
        return f"<compiled generator object {self.__name__} at {id(self):#x}>"


_OF_EVERY_CLASS = frozenset(vars(type("Empty", (), {}))) | {
    "__firstlineno__",
    "__static_attributes__",
}


def _instance(cls: Any, arguments: tuple[Any, ...]) -> BaseException:
    return cls(*arguments)


def _word(obj: object, offset: int) -> ctypes.c_uint64:
    return ctypes.c_uint64.from_address(id(obj) + offset)
