"""The text of containers, views of dicts, ranges, slices, bytes, arrays and optional values."""

from __future__ import annotations

import sys
from typing import Any

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import box, unwrap_optional
from pellucid.library.builtins.structs import field
from pellucid.library.containers.table_loops import VIEWS
from pellucid.library.objects.texts import literal_of, text_of
from pellucid.library.strings.fronts import as_text, shown
from pellucid.library.strings.representing import quoted_bytes
from pellucid.types import (
    KEYWORDS,
    LITERAL_LIST,
    LONG_TUPLE,
    Array,
    ByteArray,
    BytesType,
    Counter,
    DefaultDict,
    Deque,
    Dict,
    List,
    NoneType,
    Optional,
    OrderedDict,
    PyObject,
    Range,
    Set,
    Slice,
    Struct,
    Type,
)

# ---- containers -----------------------------------------------------------------------------
# Each is written once for `repr` and once for `ascii`: `write` is known while compiling.


def _list_text(write: Any) -> Any:
    def impl(object):
        texts = [write(item) for item in object]
        return f"[{', '.join(texts)}]"

    return impl


def _dict_text(write: Any) -> Any:
    def impl(object):
        texts = [f"{write(key)}: {write(value)}" for key, value in object.items()]
        return f"{{{', '.join(texts)}}}"

    return impl


def _set_text(write: Any) -> Any:
    def impl(object):
        if len(object) == 0:
            return "set()"
        texts = [write(item) for item in object]
        return f"{{{', '.join(texts)}}}"

    return impl


def _frozenset_text(write: Any) -> Any:
    def impl(object):
        if len(object) == 0:
            return "frozenset()"
        texts = [write(item) for item in object]
        return f"frozenset({{{', '.join(texts)}}})"

    return impl


def _deque_text(write: Any) -> Any:
    def impl(object):
        texts = [write(item) for item in object]
        limit = object.maxlen
        if limit is None:
            return f"deque([{', '.join(texts)}])"
        return f"deque([{', '.join(texts)}], maxlen={unwrap_optional(limit)})"

    return impl


def _counter_text(write: Any) -> Any:
    def impl(object):
        if len(object) == 0:
            return "Counter()"
        texts = [f"{write(key)}: {write(count)}" for key, count in object.most_common()]
        return f"Counter({{{', '.join(texts)}}})"

    return impl


def _ordered_dict_text(write: Any) -> Any:
    def impl(object):
        if len(object) == 0:
            return "OrderedDict()"
        texts = [f"{write(key)}: {write(value)}" for key, value in object.items()]
        return f"OrderedDict({{{', '.join(texts)}}})"

    def as_pairs(object):
        if len(object) == 0:
            return "OrderedDict()"
        texts = [f"({write(key)}, {write(value)})" for key, value in object.items()]
        return f"OrderedDict([{', '.join(texts)}])"

    return impl if sys.version_info >= (3, 12) else as_pairs


def _default_dict_text(write: Any, factory: Type | None) -> Any:
    made_by = repr(getattr(factory, "pyobj", None))
    if isinstance(factory, PyObject):

        def by_object(object):
            texts = [f"{write(key)}: {write(value)}" for key, value in object.items()]
            shown = literal_of(object.default_factory)
            return f"defaultdict({shown}, {{{', '.join(texts)}}})"

        return by_object
    if not isinstance(factory, NoneType) and not isinstance(getattr(factory, "pyobj", None), type):
        refuse("the text of a defaultdict with a function has that function's address")

    def impl(object):
        texts = [f"{write(key)}: {write(value)}" for key, value in object.items()]
        return f"defaultdict({made_by}, {{{', '.join(texts)}}})"

    return impl


def _view_text(name: str) -> Any:
    def writer(write: Any) -> Any:
        def impl(object):
            texts = [write(item) for item in object]
            return f"{name}([{', '.join(texts)}])"

        return impl

    return writer


def _literal_list_text(write: Any) -> Any:
    def impl(object):
        return f"[{write(field(object, 'items'))[1:-1]}]"

    return impl


def _long_tuple_text(write: Any) -> Any:
    def impl(object):
        texts = [write(item) for item in object]
        if len(texts) == 1:
            return f"({texts[0]},)"
        return f"({', '.join(texts)})"

    return impl


def _keywords_text(write: Any) -> Any:
    def impl(object):
        if len(object) == 0:
            return "{}"
        return f"{{{', '.join(texts_of(object.keys(), object.values()))}}}"

    def texts_of(names, values):
        if len(names) == 1:
            return [f"{write(names[0])}: {write(values[0])}"]
        texts = texts_of(names[1:], values[1:])
        texts.insert(0, f"{write(names[0])}: {write(values[0])}")
        return texts

    return impl


_RECORD_TEXTS = {
    KEYWORDS: _keywords_text,
    LITERAL_LIST: _literal_list_text,
    LONG_TUPLE: _long_tuple_text,
    **{name: _view_text(name) for name in VIEWS},
}


# ---- what has no items, or lets Python write them ---------------------------------------------


def _range_text(object):
    if object.step == 1:
        return f"range({object.start}, {object.stop})"
    return f"range({object.start}, {object.stop}, {object.step})"


def _slice_text(object):
    return f"slice({object.start!r}, {object.stop!r}, {object.step!r})"


def _optional_text(object):
    if object is None:
        return "None"
    return repr(unwrap_optional(object))


def _optional_str(object):
    if object is None:
        return "None"
    return str(unwrap_optional(object))


def _optional_ascii(object):
    if object is None:
        return "None"
    return ascii(unwrap_optional(object))


def _bytes_text(object):
    return quoted_bytes(as_text(object), False)


def _byte_array_text(object):
    return f"bytearray({quoted_bytes(shown(object), True)})"


def _array_str(object):
    return text_of(box(object))


def _array_repr(object):
    return literal_of(box(object))


_TEXTS: dict[type[Type], Any] = {
    Array: _array_repr, ByteArray: _byte_array_text, BytesType: _bytes_text,
    Optional: _optional_text, Range: _range_text, Slice: _slice_text,
}  # fmt: skip


def _choose(ty: Type, write: Any, texts: dict[type[Type], Any]) -> Any:
    base = ty.base
    match base:
        case List():
            return _list_text(write)
        case Deque():
            return _deque_text(write)
        case Counter():
            return _counter_text(write)
        case OrderedDict():
            return _ordered_dict_text(write)
        case DefaultDict(factory=factory):
            return _default_dict_text(write, factory)
        case Dict():
            return _dict_text(write)
        case Set():
            return _frozenset_text(write) if base.is_frozen else _set_text(write)
        case Struct(name=name) if name in _RECORD_TEXTS:
            return _RECORD_TEXTS[name](write)
        case _:
            if type(base) not in texts:
                refuse(f"a {base} has no text in compiled code")
            return texts[type(base)]


@overload(str)
def str_(object):
    """The text of a container, a range, a slice, bytes, an array or an optional value.

    An array is written by NumPy, as its printing options say.

    >>> str([1, 2]), str(range(3)), str([("a", None)]), str({"a": {1}})
    ('[1, 2]', 'range(0, 3)', "[('a', None)]", "{'a': {1}}")
    """
    return _choose(object, repr, {**_TEXTS, Array: _array_str, Optional: _optional_str})


@overload(repr)
def repr_(object):
    """As `str`, of these types; an array as `array(...)`."""
    return _choose(object, repr, _TEXTS)


@overload(ascii)
def ascii_(object):
    """As `repr`, with escapes for what is not ASCII."""
    return _choose(object, ascii, {**_TEXTS, Optional: _optional_ascii})
