"""What an exception carries from compiled code to Python: its class and its arguments.

A descriptor (`models/context.py`) names the class by a key and says in JSON how the arguments are
read from the payload: a list with one item for each,

    "i8"                        a scalar, as a NumPy dtype, at its natural alignment
    {"value": "abc"}            a value known while compiling; it takes no room
    ["tuple", item, ...]        a tuple
    ["optional", item]          a bool, then the item; None where the bool is false

Both sides are here: `describe` while compiling, `read_arguments` at the boundary, which needs no
LLVM.
"""

from __future__ import annotations

import ctypes
import json
import sys
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.base.diagnostics import error
from pellucid.base.digest import blake2b
from pellucid.base.spans import Span
from pellucid.codegen.models.context import PAYLOAD_SIZE
from pellucid.codegen.names import CLASS
from pellucid.types import Literal, NoneType, Optional, Tuple, Type, boolean, dtype_of, is_scalar

# Classes that no import finds: defined in a function, or replaced since. They live in this process.
_local_classes: weakref.WeakValueDictionary[str, type] = weakref.WeakValueDictionary()

Item = Any
"""A JSON value of the grammar above."""


def class_key(cls: type) -> str:
    """The text by which compiled code names a class."""
    key = f"{cls.__module__}:{cls.__qualname__}"
    if _find_class(key) is not cls:
        key = f"{key}@{id(cls):x}"
        _local_classes[key] = cls
    return key


def class_symbol(cls: type) -> str:
    """The symbol of a class."""
    return f"{CLASS}.{class_key(cls)}"


def class_from_key(key: str) -> Any:
    """The class of a key."""
    cls = _local_classes.get(key) or _find_class(key)
    if cls is None:
        message = f"the class {key} is gone"
        raise RuntimeError(message)
    return cls


def class_number(cls: type[BaseException]) -> int:
    """The number by which compiled code compares exception classes: a hash of the key."""
    digest = blake2b(class_key(cls).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def class_numbers(cls: type[BaseException]) -> bytes:
    """How many classes an exception of `cls` is caught as, and the number of each."""
    bases = [base for base in cls.__mro__ if issubclass(base, BaseException)]
    return np.array([len(bases), *map(class_number, bases)], np.int64).tobytes()


def _find_class(key: str) -> Any:
    module, _, qualname = key.partition(":")
    found: Any = sys.modules.get(module)
    if found is None:
        try:
            found = __import__(module, fromlist=["*"])
        except ImportError:
            return None
    for name in qualname.split("."):
        found = getattr(found, name, None)
    return found


# -- while compiling --------------------------------------------------------------------------


def describe(
    tys: Sequence[Type], span: Span
) -> tuple[str, list[tuple[tuple[int, ...], Type, int]]] | None:
    """How arguments of these types are read, and what is stored for them.

    None if they are not only numbers and constants (`payload_code.py`). What is stored is a list of
    (path into the arguments, scalar type, offset in the payload).
    """
    if not all(map(_is_plain, tys)):
        return None
    stored: list[tuple[tuple[int, ...], Type, int]] = []
    items = [_describe(ty, (index,), stored, span) for index, ty in enumerate(tys)]
    return json.dumps(items), stored


def _is_plain(ty: Type) -> bool:
    if isinstance(ty, Literal) and isinstance(ty.value, (int, str)):
        return True
    ty = ty.base
    if isinstance(ty, Tuple):
        return all(map(_is_plain, ty.elems))
    if isinstance(ty, Optional):
        return _is_plain(ty.value_ty)
    return isinstance(ty, NoneType) or is_scalar(ty)


def _describe(
    ty: Type, path: tuple[int, ...], stored: list[tuple[tuple[int, ...], Type, int]], span: Span
) -> Item:
    if isinstance(ty, Literal) and isinstance(ty.value, (int, str)):
        return {"value": ty.value}
    ty = ty.base
    if isinstance(ty, NoneType):
        return {"value": None}
    if isinstance(ty, Tuple):
        return ["tuple", *(_describe(e, (*path, i), stored, span) for i, e in enumerate(ty.elems))]
    if isinstance(ty, Optional):
        _place(boolean, (*path, 0), stored, span)
        return ["optional", _describe(ty.value_ty, (*path, 1), stored, span)]
    _place(ty, path, stored, span)
    return dtype_of(ty).str[1:]


def _place(
    ty: Type, path: tuple[int, ...], stored: list[tuple[tuple[int, ...], Type, int]], span: Span
) -> None:
    dtype = dtype_of(ty)
    offset = 0
    if stored:
        _, last_ty, last_offset = stored[-1]
        offset = _aligned(last_offset + dtype_of(last_ty).itemsize, dtype)
    if offset + dtype.itemsize > PAYLOAD_SIZE:
        error(
            "unsupported-feature",
            f"the arguments of an exception take more than {PAYLOAD_SIZE} bytes",
            span,
        )
    stored.append((path, ty, offset))


def _aligned(offset: int, dtype: np.dtype) -> int:
    return -(-offset // dtype.alignment) * dtype.alignment


# -- at the boundary --------------------------------------------------------------------------


def read_arguments(items: str, address: int) -> tuple[Any, ...]:
    """The arguments that the payload at `address` holds; `items` is what `describe` gave."""
    reader = _Reader(address)
    return tuple(reader.read(item) for item in json.loads(items))


class _Reader:
    def __init__(self, address: int) -> None:
        self._address = address
        self._offset = 0

    def read(self, item: Item) -> Any:
        if isinstance(item, str):
            return self._scalar(np.dtype(item))
        if isinstance(item, dict):
            return item["value"]
        kind, *inner = item
        if kind == "tuple":
            return tuple(self.read(i) for i in inner)
        is_there = self._scalar(np.dtype("b1"))
        value = self.read(inner[0])
        return value if is_there else None

    def _scalar(self, dtype: np.dtype) -> Any:
        offset = _aligned(self._offset, dtype)
        self._offset = offset + dtype.itemsize
        data = ctypes.string_at(self._address + offset, dtype.itemsize)
        return np.frombuffer(data, dtype)[0].item()
