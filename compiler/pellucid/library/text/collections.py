"""The text of lists, ranges, slices and optional values."""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import unwrap_optional
from pellucid.types import List, Optional, Range, Slice, Type


def _list_text(object):
    texts = [repr(item) for item in object]
    return f"[{', '.join(texts)}]"


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


_TEXTS: dict[type[Type], Any] = {
    List: _list_text, Optional: _optional_text, Range: _range_text, Slice: _slice_text,
}  # fmt: skip


def _choose(ty: Type, texts: dict[type[Type], Any]) -> Any:
    if type(ty.base) not in texts:
        refuse(f"a {ty.base} has no text in compiled code")
    return texts[type(ty.base)]


@overload(str)
def str_(object):
    """The text of a list, a range, a slice or an optional value.

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
    return _choose(object, {**_TEXTS, List: _ascii_list, Optional: _optional_ascii})
