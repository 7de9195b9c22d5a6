"""Functions that are passed to compiled ones: typed by their code and by what they captured.

    def below(limit):
        return lambda x: x < limit      count(xs, below(3)); count(xs, below(4))

`count` is compiled once: the number in the cell is read at each call. A function that stands for
all that are alike is in their type; of the values that are read it has none. What else a function
captured must be the same objects. A function that cannot be typed so is known by its identity.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from types import CellType, FunctionType
from typing import Any

from pellucid.base.options import Options
from pellucid.runtime.cells import has_constant_cells, is_assigned, is_parameter
from pellucid.runtime.entry_type import set_passed
from pellucid.types import (
    Array,
    Boolean,
    Complex,
    Dispatcher,
    Float,
    Integer,
    PassedFunction,
    Tuple,
    Type,
    UnicodeType,
)
from pellucid.types.functions import default_name
from pellucid.types.typeof import is_dispatcher, typeof

_READ = (Array, Boolean, Complex, Float, Integer, UnicodeType)
_like: weakref.WeakValueDictionary[object, PassedFunction] = weakref.WeakValueDictionary()


def passed_types(
    values: Sequence[Any], types: tuple[Type, ...], options: Options
) -> tuple[Type, ...]:
    """The types of arguments, where functions are by what they captured."""
    return tuple(_passed(v, ty, options) for v, ty in zip(values, types, strict=True))


def _passed(value: Any, ty: Type, options: Options) -> Type:
    if isinstance(ty, Dispatcher):
        return _function(value, ty, options) or ty
    if isinstance(ty, Tuple) and isinstance(value, tuple):
        elems = passed_types(value, ty.elems, options)
        return ty if elems == ty.elems else Tuple(elems, ty.cls)
    return ty


def _function(value: Any, ty: Dispatcher, options: Options) -> PassedFunction | None:
    """The type of a function; None if all is constant, or not to be read by an entry."""
    pyfunc = value.py_func if is_dispatcher(value) else value
    if not isinstance(pyfunc, FunctionType) or pyfunc.__kwdefaults__:
        return None
    if not (pyfunc.__closure__ or pyfunc.__defaults__) or has_constant_cells(pyfunc):
        return None
    if pyfunc is not value and (value.shared or options.meaning_of(value.options) != options):
        return None
    code = pyfunc.__code__
    if code.co_flags & _NO_PLAIN_FUNCTION or is_assigned(code):
        return None
    try:
        cells = [cell.cell_contents for cell in pyfunc.__closure__ or ()]
    except ValueError:  # not assigned yet
        return None
    defaults = pyfunc.__defaults__ or ()
    last = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    names = [*code.co_freevars, *map(default_name, last)]
    read = list(map(_read_type, [*cells, *defaults]))
    captured = tuple((n, held) for n, held in zip(names, read, strict=True) if held is not None)
    if not captured or any(each is value or each is pyfunc for each in cells):
        return None
    constants = tuple(id(v) for v, held in zip([*cells, *defaults], read, strict=True) if not held)
    own = None if pyfunc is value else value.options
    key = (code, id(pyfunc.__globals__), captured, constants, own)
    found = _like.get(key)
    if found is None:
        held = [
            v if ty is None else _READ_LATER
            for v, ty in zip([*cells, *defaults], read, strict=True)
        ]
        like = _stand_in(pyfunc, held[: len(cells)], held[len(cells) :])
        if pyfunc is not value:
            made, like = like, value.derive(like, {})
            _mark(like, like, made)
        found = _like.setdefault(key, PassedFunction(ty.path, like, captured))
    if pyfunc is not value:
        _mark(value, found.pyobj, pyfunc)
    return found


def _stand_in(pyfunc: FunctionType, cells: Sequence[Any], defaults: Sequence[Any]) -> Any:
    """A function like another, with cells of its own; those that are read are empty."""
    made = FunctionType(
        pyfunc.__code__,
        pyfunc.__globals__,
        pyfunc.__name__,
        tuple(None if v is _READ_LATER else v for v in defaults) or None,
        tuple(CellType() if v is _READ_LATER else CellType(v) for v in cells) or None,
    )
    made.__module__, made.__qualname__ = pyfunc.__module__, pyfunc.__qualname__
    return made


def _mark(dispatcher: Any, like: Any, pyfunc: FunctionType) -> None:
    """Tell entries what stands for a dispatcher, and what its function is."""
    known = dispatcher.passed_as
    if known is None or known[0] is not like or known[1] is not pyfunc:
        dispatcher.passed_as = (like, pyfunc)
        set_passed(dispatcher, id(dispatcher.passed_as))


def _read_type(value: Any) -> Type | None:
    """The type of a captured value that entries read; None if it is a constant."""
    if not is_parameter(value):
        return None
    try:
        ty = typeof(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return ty if isinstance(ty, _READ) else None


_READ_LATER: Any = object()
_NO_PLAIN_FUNCTION = 0x20 | 0x80 | 0x200  # generators and coroutines: inspect.CO_GENERATOR ...
