"""The Python side of typed containers: each object owns one reference to a compiled one.

`_address` is that of the counted block, `_type` its type and `_text` the text of that, one object
for each text: compiled code reads `_address` and compares `_text` (`library/containers/shared.py`).
All are None until the type is known.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    MutableSequence,
    MutableSet,
)
from functools import cache
from typing import Any, ClassVar

from pellucid.types import Dict as DictType
from pellucid.types import DType, HeapType, Integer, Type, dtype_of, int64
from pellucid.types import List as ListType
from pellucid.types import Set as SetType
from pellucid.types.typeof import typeof

# Any: items are Python objects of every kind.

_types: dict[str, Type] = {}


def _type_named(text: str) -> Type:
    found = _types.get(text)
    if found is None:
        from pellucid.types.syntax import type_from_text  # few have come out of compiled code

        found = _types[text] = type_from_text(text)
    return found


class _Operations:
    """The functions of `library/containers/shared_methods.py`, compiled when they are called."""

    def __getattr__(self, name: str) -> Any:
        from pellucid.jit import njit  # these two load what compiling needs
        from pellucid.library.containers import shared_methods

        made = njit(getattr(shared_methods, name))
        setattr(self, name, made)
        return made


_run: Any = _Operations()


def _type_of(given: Any) -> Type:
    """A type that is given as such, or as a NumPy scalar class or Python type."""
    if isinstance(given, Type):
        return given.dtype if isinstance(given, DType) else given
    plain = {int: int64}.get(given)
    if plain is not None:
        return plain
    found = typeof(given)
    if not isinstance(found, DType):
        message = f"{given!r} is not a type"
        raise TypeError(message)
    return found.dtype


_SPELT: dict[Any, str] = {ListType: "ListType", DictType: "DictType", SetType: "SetType"}


def _spelling(ty: Type) -> str:
    """A type as these containers show it: `ListType[int64]`."""
    name = _SPELT.get(type(ty))
    if name is None:
        return str(ty)
    parts = (getattr(ty, part) for part in type(ty).__match_args__)
    return f"{name}[{','.join(_spelling(part) for part in parts if isinstance(part, Type))}]"


class _Typed:
    """What all typed containers do."""

    __slots__ = ("_address", "_text", "_type")
    __pellucid_typed__ = True
    _parts: ClassVar[int]

    def _start(self) -> None:
        self._address: int | None = None
        self._text: str | None = None
        self._type: Any = None  # a HeapType, once it is known

    def _become(self, ty: HeapType) -> None:
        """Be an empty container of a type."""
        made = _maker(ty)()
        self._address, self._text, self._type = made._address, made._text, made._type
        made._start()
        _types[str(ty)] = ty

    @classmethod
    def _adopt(cls, given: tuple[int, str]) -> Any:
        """The container whose block is at an address: takes over the reference."""
        made = cls.__new__(cls)
        made._address, made._text = given
        made._type = _type_named(given[1])
        return made

    @classmethod
    def _of(cls, ty: HeapType) -> Any:
        made = cls()
        made._become(ty)
        return made

    def __del__(self, is_finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        address = getattr(self, "_address", None)
        if address is not None and not is_finalizing():
            self._address = None
            _releaser()(address)

    def _fit(self, item: Any, ty: Type) -> Any:
        """A Python int as one of the type that is held, where that is narrower."""
        if isinstance(ty, Integer) and ty != int64 and type(item) is int and _holds(ty, item):
            return dtype_of(ty).type(item)
        return item

    def _require(self) -> Any:
        if self._type is None:
            typeof(self)  # raises
        return self._type

    def __repr__(self) -> str:
        if self._type is None:
            return f"{_SPELT_BY_NAME[type(self).__name__]}[Undefined]({self._empty()})"
        return f"{_spelling(self._type)}({self})"

    def _empty(self) -> str:
        return "{}"

    __hash__ = None  # type: ignore[assignment]  # unhashable, as Python's are

    def __len__(self) -> int:
        return 0 if self._type is None else _run.length(self)

    def clear(self) -> None:
        """Remove all items."""
        if self._type is not None:
            _run.clear(self)

    def copy(self) -> Any:
        """A new container of the same items."""
        return type(self)() if self._type is None else _run.copy(self)


_SPELT_BY_NAME = {"List": "ListType", "Dict": "DictType", "Set": "SetType"}


def _holds(ty: Integer, item: int) -> bool:
    return ty.min <= item <= ty.max


_makers: dict[HeapType, Any] = {}


def _maker(ty: HeapType) -> Any:
    """The compiled function that makes an empty container of a type."""
    found = _makers.get(ty)
    if found is None:
        from pellucid.jit import njit  # loads the compiler

        found = _makers[ty] = njit(_FACTORIES[type(ty)](ty))
    return found


def _list_factory(ty: ListType) -> Any:
    elem_ty = ty.elem_ty

    def make() -> Any:
        return List.empty_list(elem_ty)

    return make


def _dict_factory(ty: DictType) -> Any:
    key_ty, value_ty = ty.key_ty, ty.value_ty

    def make() -> Any:
        return Dict.empty(key_ty, value_ty)

    return make


def _set_factory(ty: SetType) -> Any:
    elem_ty = ty.elem_ty

    def make() -> Any:
        return Set.empty(elem_ty)

    return make


_FACTORIES: dict[Any, Callable[[Any], Any]] = {
    ListType: _list_factory,
    DictType: _dict_factory,
    SetType: _set_factory,
}


@cache
def _releaser() -> Callable[[int], None]:
    """What gives one reference to a block back."""
    from pellucid.runtime import support  # there is an object: it is loaded

    prototype = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
    return prototype(support.address("pellucid.release"))


def _refill(cls: Any, ty: HeapType, items: Any) -> Any:
    """A pickled container again."""
    made = cls._of(ty)
    (made.update if cls is Dict else made._fill)(items)
    return made


class List(_Typed, MutableSequence[Any]):
    """A list of items of one type, shared with compiled code.

    Its type is given (`List.empty_list(int64)`, `List(int64)`), or that of what is first put in.
    """

    __slots__ = ()
    __module__ = "pellucid.typed"

    def __init__(self, iterable: Any = ()) -> None:
        self._start()
        if isinstance(iterable, Type):
            self._become(ListType(_type_of(iterable)))
        elif isinstance(iterable, List) or not isinstance(iterable, tuple) or iterable:
            self._fill(iterable)

    @classmethod
    def empty_list(cls, item_type: Any, allocated: int = 0) -> List:
        """An empty list of a type; `allocated` is a hint."""
        del allocated
        return cls._of(ListType(_type_of(item_type)))

    def _empty(self) -> str:
        return "[]"

    def _fill(self, iterable: Iterable[Any]) -> None:
        """Append all items of an iterable."""
        items = iterable if isinstance(iterable, List) else list(iterable)
        if not len(items):
            return
        if self._type is None:
            ty = items._type if isinstance(items, List) else typeof(items)
            assert isinstance(ty, ListType)
            self._become(ty)
        elif isinstance(items, list):
            items = [self._fit(item, self._require().elem_ty) for item in items]
        _run.extend(self, items)

    def append(self, value: Any) -> None:
        """Add an item at the end."""
        if self._type is None:
            self._become(ListType(typeof(value)))
        _run.append(self, self._fit(value, self._require().elem_ty))

    def extend(self, values: Iterable[Any]) -> None:
        """Append all items of an iterable."""
        self._fill(values)

    def insert(self, index: int, value: Any) -> None:
        """Insert an item before a position."""
        if self._type is None:
            self._become(ListType(typeof(value)))
        _run.insert(self, index, self._fit(value, self._require().elem_ty))

    def __getitem__(self, index: Any) -> Any:
        if self._type is None:
            message = "list index out of range"
            raise IndexError(message)
        return _run.get_item(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        ty = self._require()
        _run.set_item(self, index, self._fit(value, ty.elem_ty))

    def __delitem__(self, index: Any) -> None:
        self._require()
        _run.delete_item(self, index)

    def __iter__(self) -> Iterator[Any]:
        index = 0
        while self._type is not None:
            try:
                item = _run.get_item(self, index)
            except IndexError:
                return
            yield item
            index += 1

    def __contains__(self, value: object) -> bool:
        return self._type is not None and _run.contains(self, value)

    def __eq__(self, other: object) -> Any:
        return _equal(self, other, List, list)

    def __lt__(self, other: Any) -> bool:
        return _run.less(self, other)

    def __le__(self, other: Any) -> bool:
        return _run.less_equal(self, other)

    def __gt__(self, other: Any) -> bool:
        return _run.less(other, self)

    def __ge__(self, other: Any) -> bool:
        return _run.less_equal(other, self)

    def __add__(self, other: Any) -> List:
        return _run.add_both(self, other)

    def __mul__(self, count: int) -> List:
        return _run.repeat(self, count)

    __rmul__ = __mul__

    def pop(self, index: int = -1) -> Any:
        """Remove and return an item, by default the last."""
        if self._type is None:
            message = "pop from empty list"
            raise IndexError(message)
        return _run.pop(self) if index == -1 else _run.pop_at(self, index)

    def remove(self, value: Any) -> None:
        """Remove the first item that equals `value`."""
        self._require()
        _run.remove(self, value)

    def reverse(self) -> None:
        """Reverse the list in place."""
        if self._type is not None:
            _run.reverse(self)

    def count(self, value: Any) -> int:
        """How many items equal `value`."""
        return 0 if self._type is None else _run.count(self, value)

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """The position of the first item that equals `value`."""
        self._require()
        return _run.index(self, value, start, len(self) if stop is None else stop)

    def sort(self, key: Callable[[Any], Any] | None = None, reverse: bool = False) -> None:
        """Sort in place; `key` is a compiled function, or one that can be compiled."""
        if self._type is None:
            return
        if key is None:
            _run.sort(self, bool(reverse))
        else:
            _run.sort_by(self, key, bool(reverse))

    def __str__(self) -> str:
        return "[]" if self._type is None else str(_run.to_list(self))

    def __reduce__(self) -> Any:
        if self._type is None:
            return List, ()
        return _refill, (List, self._type, _run.to_list(self))


class Dict(_Typed, MutableMapping[Any, Any]):
    """A dict of keys and values of one type each, shared with compiled code.

    Its types are given (`Dict.empty(unicode_type, int64)`), or those of what is first put in.
    """

    __slots__ = ()
    __module__ = "pellucid.typed"

    def __init__(self, mapping: Any = ()) -> None:
        self._start()
        if not isinstance(mapping, Mapping):
            mapping = dict(mapping)
        if len(mapping):
            self.update(mapping)

    @classmethod
    def empty(cls, key_type: Any, value_type: Any, n_keys: int = 0) -> Dict:
        """An empty dict of two types; `n_keys` is a hint."""
        del n_keys
        return cls._of(DictType(_type_of(key_type), _type_of(value_type)))

    def _settle(self, key: Any, value: Any) -> Any:
        if self._type is None:
            self._become(DictType(typeof(key), typeof(value)))
        return self._type

    def __getitem__(self, key: Any) -> Any:
        if self._type is None:
            raise KeyError(key)
        return _run.get_item(self, self._fit(key, self._type.key_ty))

    def __setitem__(self, key: Any, value: Any) -> None:
        ty = self._settle(key, value)
        _run.set_item(self, self._fit(key, ty.key_ty), self._fit(value, ty.value_ty))

    def __delitem__(self, key: Any) -> None:
        if self._type is None:
            raise KeyError(key)
        _run.delete_item(self, key)

    def __iter__(self) -> Iterator[Any]:
        if self._type is None:
            return
        names = _run.keys(self)
        for name in names:
            if len(self) != len(names):
                message = "dictionary changed size during iteration"
                raise RuntimeError(message)
            yield name

    def __contains__(self, key: object) -> bool:
        return self._type is not None and _run.contains(self, key)

    def __eq__(self, other: object) -> Any:
        return _equal(self, other, Dict, dict)

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a key, or `default`."""
        if key not in self:
            return default
        return self[key]

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value of a key, which becomes `default` if there is none."""
        ty = self._settle(key, default)
        return _run.set_default(self, key, self._fit(default, ty.value_ty))

    _MISSING: ClassVar[Any] = object()

    def pop(self, key: Any, default: Any = _MISSING) -> Any:
        """Remove a key and return its value."""
        if default is not Dict._MISSING and key not in self:
            return default
        if self._type is None:
            raise KeyError(key)
        return _run.pop_key(self, key)

    def popitem(self) -> tuple[Any, Any]:
        """Remove and return the key and value that were put in last."""
        if self._type is None:
            message = "dictionary is empty"
            raise KeyError(message)
        return _run.pop_item(self)

    def update(self, other: Any = (), /, **more: Any) -> None:
        """Put in all items of a mapping, or of pairs."""
        items = other if isinstance(other, Mapping) else dict(other)
        for each in (items, more):
            if not len(each):
                continue
            if self._type is None:
                known = getattr(each, "_type", None)
                ty: Any = known or typeof(dict(each))
                self._become(ty)
            if isinstance(each, Dict):
                _run.update(self, each)
            else:
                for key, value in each.items():
                    self[key] = value

    def __str__(self) -> str:
        inner = ", ".join(f"{key}: {value}" for key, value in self.items())
        return f"{{{inner}}}"

    def __reduce__(self) -> Any:
        if self._type is None:
            return Dict, ()
        return _refill, (Dict, self._type, dict(self.items()))


class Set(_Typed, MutableSet[Any]):
    """A set of items of one type, shared with compiled code."""

    __slots__ = ()
    __module__ = "pellucid.typed"

    def __init__(self, iterable: Any = ()) -> None:
        self._start()
        if isinstance(iterable, Type):
            self._become(SetType(_type_of(iterable)))
        else:
            self._fill(iterable)

    @classmethod
    def empty(cls, item_type: Any) -> Set:
        """An empty set of a type."""
        return cls._of(SetType(_type_of(item_type)))

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Set:
        return cls(it)

    def _fill(self, iterable: Iterable[Any]) -> None:
        items = list(iterable)
        if not items:
            return
        if self._type is None:
            found = typeof(items)
            assert isinstance(found, ListType)
            self._become(SetType(found.elem_ty))
        _run.add_all(self, items)

    def add(self, value: Any) -> None:
        """Put in an item."""
        if self._type is None:
            self._become(SetType(typeof(value)))
        _run.add(self, self._fit(value, self._require().elem_ty))

    def discard(self, value: Any) -> None:
        """Take out an item, if it is there."""
        if self._type is not None:
            _run.discard(self, value)

    def update(self, *others: Iterable[Any]) -> None:
        """Put in all items of iterables."""
        for other in others:
            self._fill(other)

    def pop(self) -> Any:
        """Take out and return an item."""
        if self._type is None:
            message = "set.pop(): empty set"
            raise KeyError(message)
        return _run.pop(self)

    def __iter__(self) -> Iterator[Any]:
        return iter(()) if self._type is None else iter(_run.keys(self))

    def __contains__(self, value: object) -> bool:
        return self._type is not None and _run.contains(self, value)

    def __eq__(self, other: object) -> Any:
        return _equal(self, other, Set, set)

    def __str__(self) -> str:
        return str(set(self)) if len(self) else "{}"

    def __reduce__(self) -> Any:
        if self._type is None:
            return Set, ()
        return _refill, (Set, self._type, list(self))


def _equal(mine: Any, other: Any, cls: type, plain: type) -> Any:
    """Whether two containers of a kind, one of them Python's own perhaps, are equal."""
    if not isinstance(other, (cls, plain)):
        return NotImplemented
    if not len(mine) or not len(other):
        return len(mine) == len(other)
    return _run.equal(mine, other)
