"""What of Python's builtins, methods and standard modules compiled code may use: a row for each.

    rows()   ->   Row("builtins", "len", "yes", "The number of items ..."), ...

Whether a name is supported is what the index says: it has an entry for it or not. This module adds
what the index cannot know: `_OTHERWISE` are names that compile by other means, `_PARTLY` those that
compile only in part, `_INSTEAD` what to do where there is nothing. `docs/python.md` is made of it
(`reference.py`); `tests/library/test_coverage.py` compiles a sample of each name.
"""

from __future__ import annotations

import builtins
import collections
import importlib
import inspect
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pellucid.inference.overloads import Overload
from pellucid.library.index import overloads

State = Literal["yes", "partly", "no"]

_CLASSES: dict[str, tuple[str, ...]] = {
    "int": ("Integer",),
    "float": ("Float",),
    "complex": ("Complex",),
    "bool": ("Boolean",),
    "str": ("UnicodeType",),
    "bytes": ("BytesType",),
    "bytearray": ("ByteArray",),
    "memoryview": ("MemoryView",),
    "list": ("List",),
    "tuple": ("Tuple",),
    "dict": ("Dict",),
    "set": ("Set",),
    "frozenset": ("Set",),
    "range": ("Range",),
    "slice": ("Slice",),
    "deque": ("Deque",),
    "Counter": ("Counter", "Dict"),
    "OrderedDict": ("OrderedDict", "Dict"),
    "defaultdict": ("DefaultDict", "Dict"),
}
"""Python's classes, and the kinds of types under which their methods stand in the index."""

_MODULES = (
    "math", "cmath", "operator", "random", "heapq", "bisect", "itertools", "functools", "string",
    "struct", "time", "statistics", "collections", "dataclasses", "enum",
)  # fmt: skip
GROUPS = ("builtins", *_CLASSES, *_MODULES)

_OTHERWISE = {
    "builtins": (
        "bool callable dict enumerate filter frozenset getattr hasattr isinstance issubclass iter"
        " list map range reversed set slice type zip"
    ),
    "str": "maketrans",
    "bytes": "maketrans",
    "bytearray": "maketrans",
    "bisect": "bisect insort",
    "string": "capwords",
    "statistics": "median median_grouped median_high median_low quantiles",
    "dataclasses": "astuple replace",
}
"""By group, names without an entry that compile all the same: by the front end, by inference, or,
where a module is written in Python, from its source."""

_PARTLY = {
    "builtins.setattr": "Of instances of dataclasses that are not frozen.",
    "str.format": "With positional arguments, and a constant template.",
    "math.gamma": "Within a few units in the last place of Python's.",
    "math.lgamma": "Within a few units in the last place of Python's.",
    "itertools.batched": "With `strict=True`: tuples of a compiled function have one length.",
    "collections.namedtuple": "Its classes, which are made outside compiled code.",
    "dataclasses.dataclass": "Its instances; the class is made outside compiled code.",
    **dict.fromkeys(
        ("enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum"),
        "Members, of classes that are made outside compiled code.",
    ),
}
_TEXTS = {"builtins.len": "The number of items, characters or bytes."}
"""Where the first of several overloads says too little."""

_OUTSIDE = {
    "functools": (
        "WRAPPER_ASSIGNMENTS WRAPPER_UPDATES cached_property partialmethod singledispatch"
        " singledispatchmethod total_ordering update_wrapper"
    ),
    "string": "Formatter Template",
    "collections": "UserDict UserList UserString",
    "dataclasses": "Field InitVar KW_ONLY MISSING field make_dataclass",
    "enum": (
        "CONFORM CONTINUOUS EJECT EnumCheck EnumDict EnumMeta EnumType FlagBoundary"
        " KEEP NAMED_FLAGS ReprEnum STRICT UNIQUE auto global_enum global_enum_repr"
        " global_flag_repr global_str member nonmember pickle_by_enum_name"
        " pickle_by_global_name property show_flag_values unique verify"
    ),
}
"""Names that serve to make classes and functions."""

_INSTEAD = {
    **dict.fromkeys(
        ("builtins.classmethod", "builtins.property", "builtins.staticmethod", "builtins.super"),
        "classes are made outside compiled code",
    ),
    **dict.fromkeys(
        (
            "builtins.compile", "builtins.dir", "builtins.eval", "builtins.exec",
            "builtins.globals", "builtins.locals", "builtins.vars", "builtins.__import__",
        ),
        "compiled code has no names at run time; use an `objmode` block",
    ),
    **dict.fromkeys(("builtins.aiter", "builtins.anext"), "compiled code is not asynchronous"),
    "functools.lru_cache": "decorate a function of Python and call it in an `objmode` block",
    "functools.cache": "decorate a function of Python and call it in an `objmode` block",
}  # fmt: skip

_CLASS_INSTEAD = {
    "bool": "make it an int first: `int(x)`",
    "memoryview": "views end with their last use; ask the object itself",
}
_NO = "call it in an `objmode` block, or outside"


@dataclass(frozen=True)
class Row:
    """One name: its state, and in a sentence what it does, what it lacks, or what to do instead."""

    group: str
    name: str
    state: State
    text: str


def rows() -> Iterator[Row]:
    """A row for each name that this Python has, by groups."""
    declared = _by_key()
    for group in GROUPS:
        for name in names_of(group):
            yield _row(group, name, declared)


def names_of(group: str) -> list[str]:
    """The public names of builtins' functions, of a class's methods or of a module, sorted."""
    if group == "builtins":
        found = [n for n, pyobj in vars(builtins).items() if _is_function(n, pyobj)]
    elif group in _CLASSES:
        cls = getattr(builtins, group, None) or getattr(collections, group)
        found = [n for n in dir(cls) if not n.startswith("_")]
    else:
        module = importlib.import_module(group)
        found = [n for n in _exported(module) if _is_value(getattr(module, n))]
    return sorted(found)


def _is_function(name: str, pyobj: Any) -> bool:  # any builtin
    is_exception = isinstance(pyobj, type) and issubclass(pyobj, BaseException)
    hidden = name.startswith("_") and name != "__import__"
    # The interpreter's own prompt adds some, and IPython one more.
    shown = name in ("copyright", "credits", "display", "exit", "license", "quit", "help")
    return callable(pyobj) and not (is_exception or hidden or shown)


def _exported(module: types.ModuleType) -> list[str]:
    listed = getattr(module, "__all__", None)
    return list(listed) if listed is not None else [n for n in dir(module) if not n.startswith("_")]


def _is_value(pyobj: Any) -> bool:  # any member of a module
    return not (inspect.ismodule(pyobj) or _is_exception(pyobj))


def _is_exception(pyobj: Any) -> bool:
    return isinstance(pyobj, type) and issubclass(pyobj, BaseException)


def _by_key() -> Mapping[str, Overload]:
    """The first overload of each key."""
    found: dict[str, Overload] = {}
    for declared in overloads():
        found.setdefault(declared.key.removeprefix("checked:"), declared)
    return found


def _row(group: str, name: str, declared: Mapping[str, Overload]) -> Row:
    full = f"{group}.{name}"
    entry = next((declared[key] for key in _keys(group, name) if key in declared), None)
    if name in _OUTSIDE.get(group, "").split():
        return Row(group, name, "no", "use it outside compiled code, where classes are made")
    if full in _PARTLY:
        return Row(group, name, "partly", _PARTLY[full])
    if entry is not None:
        return Row(group, name, "yes", _TEXTS.get(full) or _sentence(entry))
    if name in _OTHERWISE.get(group, "").split():
        return Row(group, name, "yes", "As in Python.")
    if group in _MODULES and isinstance(_member(group, name), (int, float, complex, str)):
        return Row(group, name, "yes", "A constant.")
    return Row(group, name, "no", _INSTEAD.get(full) or _CLASS_INSTEAD.get(group, _NO))


def _member(group: str, name: str) -> Any:  # any value of a module
    return getattr(importlib.import_module(group), name)


def _keys(group: str, name: str) -> Iterator[str]:
    for kind in _CLASSES.get(group, ()):
        yield f"method:{kind}.{name}"
        yield f"attribute:{kind}.{name}"
    if group in _CLASSES:
        yield f"builtins.{group}.{name}"
        yield f"collections.{group}.{name}"
    yield f"{group}.{name}"
    if group in _MODULES:
        pyobj = _member(group, name)
        module = getattr(pyobj, "__module__", None)
        yield f"{module}.{getattr(pyobj, '__qualname__', name)}"


def _sentence(declared: Overload) -> str:
    doc = inspect.getdoc(declared.template) or "As in Python."
    return " ".join(doc.split("\n\n")[0].split())
