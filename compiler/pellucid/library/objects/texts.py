"""The texts of Python objects: `str(obj)`, `repr(obj)`, `format(obj, spec)`.

They are machine code of their own: the same for all objects.
"""

from __future__ import annotations

from pellucid.inference.overloads import Intrinsic, intrinsic, refuse
from pellucid.ir.protocol import box
from pellucid.library.objects.calls import Gives, c_function, require_objects
from pellucid.library.objects.object_mode import from_object
from pellucid.types import UnicodeType, pyobject

_TEXT = UnicodeType()


@intrinsic
def object_text(obj):
    """`str(obj)`."""
    require_objects(obj)
    return c_function("PyObject_Str", Gives.OBJECT, [pyobject], str)


@intrinsic
def object_literal(obj):
    """`repr(obj)`."""
    require_objects(obj)
    return c_function("PyObject_Repr", Gives.OBJECT, [pyobject], repr)


@intrinsic
def object_format(obj, spec):
    """`format(obj, spec)`, as an object."""
    require_objects(obj, spec)
    return c_function("PyObject_Format", Gives.OBJECT, [pyobject, pyobject], format)


def _text_of(obj):
    """`str(obj)`, as text."""
    require_objects(obj)
    return _read_text


def _read_text(obj):
    return from_object(object_text(obj), _TEXT)


text_of = Intrinsic("pellucid.library.text_of", _text_of, separate=True)


def _literal_of(obj):
    """`repr(obj)`, as text."""
    require_objects(obj)
    return _read_literal


def _read_literal(obj):
    return from_object(object_literal(obj), _TEXT)


literal_of = Intrinsic("pellucid.library.literal_of", _literal_of, separate=True)


def _format_of(obj, spec):
    """`format(obj, spec)`, as text."""
    require_objects(obj)
    if not isinstance(spec.base, UnicodeType):
        refuse(f"a format specification is a text, not a {spec.base}")
    return _read_format


def _read_format(obj, spec):
    return from_object(object_format(obj, box(spec)), _TEXT)


format_of = Intrinsic("pellucid.library.format_of", _format_of, separate=True)
