"""The text of lists, dicts, sets, ranges, slices and optional values."""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import unwrap_optional
from pellucid.types import Dict, List, Optional, Range, Set, Slice, Type
from pellucid.types.kinds import static


def _list_text(object):
    texts = [repr(item) for item in object]
    return f"[{', '.join(texts)}]"


def _dict_text(object):
    texts = [f"{key!r}: {value!r}" for key, value in object.items()]
    return f"{{{', '.join(texts)}}}"


@static
def _is_frozen(ty: Type) -> bool:
    return isinstance(ty, Set) and ty.is_frozen


def _set_text(object):
    if not object:
        return "frozenset()" if _is_frozen(object) else "set()"
    texts = [repr(item) for item in object]
    if _is_frozen(object):
        return f"frozenset({{{', '.join(texts)}}})"
    return f"{{{', '.join(texts)}}}"


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


def _ascii_list(object):
    texts = [ascii(item) for item in object]
    return f"[{', '.join(texts)}]"


def _ascii_dict(object):
    texts = [f"{key!a}: {value!a}" for key, value in object.items()]
    return f"{{{', '.join(texts)}}}"


def _ascii_set(object):
    if not object:
        return repr(object)
    texts = [ascii(item) for item in object]
    if _is_frozen(object):
        return f"frozenset({{{', '.join(texts)}}})"
    return f"{{{', '.join(texts)}}}"


_TEXTS: dict[type[Type], Any] = {
    Dict: _dict_text, List: _list_text, Optional: _optional_text, Range: _range_text,
    Set: _set_text, Slice: _slice_text,
}  # fmt: skip


_ASCII: dict[type[Type], Any] = {
    Dict: _ascii_dict, List: _ascii_list, Optional: _optional_ascii, Set: _ascii_set,
}  # fmt: skip


def _choose(ty: Type, texts: dict[type[Type], Any]) -> Any:
    if type(ty.base) not in texts:
        refuse(f"a {ty.base} has no text in compiled code")
    return texts[type(ty.base)]


@overload(str)
def str_(object):
    """The text of a list, a dict, a set, a range, a slice or an optional value.

    Unlike Python: a set shows its elements in the order in which they were added.

    >>> str([1, 2]), str(range(3)), str([("a", None)])
    ('[1, 2]', 'range(0, 3)', "[('a', None)]")
    """
    return _choose(object, {**_TEXTS, Optional: _optional_str})


@overload(repr)
def repr_(object):
    """As `str`, of these types."""
    return _choose(object, _TEXTS)


@overload(ascii)
def ascii_(object):
    """As `repr`, with escapes for what is not ASCII."""
    return _choose(object, {**_TEXTS, **_ASCII})
