"""What `match` asks of its subject by type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pellucid.inference.overloads import Constant, overload, refuse
from pellucid.ir.protocol import is_mapping, is_sequence, mapping_rest
from pellucid.types import PyObject, Type
from pellucid.types.pyclass import python_class


def _is_of(ty: Type, abstract: type) -> bool:
    if isinstance(ty.base, PyObject):
        refuse("the class of a Python object is not known while compiling")
    cls = python_class(ty)
    is_text = cls is not None and issubclass(cls, (str, bytes, bytearray))
    return cls is not None and issubclass(cls, abstract) and not is_text


@overload(is_sequence)
def is_sequence_(value):
    """Whether a sequence pattern may match: a tuple, a list, a range."""
    return Constant(_is_of(value, Sequence))


@overload(is_mapping)
def is_mapping_(value):
    """Whether a mapping pattern may match: a dict."""
    return Constant(_is_of(value, Mapping))


@overload(mapping_rest)
def mapping_rest_(mapping, *keys):
    """What `**rest` binds: a new dict of the items with other keys."""
    if not _is_of(mapping, Mapping):
        refuse(f"{mapping.base} is not a mapping")
    return _mapping_rest


def _mapping_rest(mapping, *keys):
    rest = {}
    for key in mapping:
        if key not in keys:
            rest[key] = mapping[key]
    return rest
