"""`str.maketrans` and `translate`: tables are dicts from code points, as in Python."""

from __future__ import annotations

from pellucid.inference.overloads import Typed, overload, overload_method, refuse
from pellucid.library.builtins.messages import error_text
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.primitives import TEXT, is_text, length
from pellucid.types import Dict, Integer, NoneType, Optional, Type, UnicodeType
from pellucid.types.kinds import static

LENGTHS_DIFFER = error_text(str.maketrans, "a", "bc")


@overload(str.maketrans)
def maketrans(x, y=None, z=None, /):
    """As `str.maketrans` of two or three texts, or of a dict with texts or ints as keys.

    >>> "abc".translate(str.maketrans("ab", "xy"))
    'xyc'
    """
    if isinstance(y, NoneType):
        if not isinstance(x, Dict):
            refuse(f"{x.base} is not a dict")
        return _of_dict
    require_text(x, y)
    if isinstance(z, NoneType):
        return Typed(_of_two, (TEXT, TEXT, z))
    require_text(z)
    return Typed(_of_three, (TEXT, TEXT, TEXT))


def _of_dict(x, y=None, z=None):
    made = {}
    for key in x:
        made[_code_of(key)] = x[key]
    return made


@overload("pellucid.text.key_code")
def _code_of(key):
    """The code point that is the key of a table: an int, or that of a text."""
    if is_text(key):
        return _ord
    return _itself


def _ord(key):
    return ord(key)


def _itself(key):
    return key


def _of_two(x, y, z=None):
    if length(x) != length(y):
        raise ValueError(LENGTHS_DIFFER)
    made = {}
    for a, b in zip(x, y, strict=False):
        made[ord(a)] = ord(b)
    return made


def _of_three(x, y, z):
    if length(x) != length(y):
        raise ValueError(LENGTHS_DIFFER)
    made = {}
    for a, b in zip(x, y, strict=False):
        made[ord(a)] = _maybe(ord(b), True)
    for a in z:
        made[ord(a)] = _maybe(0, False)
    return made


def _maybe(code, is_there):
    if is_there:
        return code
    return None


@overload_method(UnicodeType, "translate")
def translate(self, table, /):
    """As `str.translate`: the table is a dict from code points to code points, texts or None."""
    require_text(self)
    if not isinstance(table, Dict) or not isinstance(table.key_ty.base, Integer):
        refuse(f"{table.base} is not a dict whose keys are code points")
    _check_value(table.value_ty)
    return Typed(_translate, (TEXT, table))


def _check_value(ty: Type) -> None:
    inner = ty.value_ty if isinstance(ty, Optional) else ty.base
    if not isinstance(inner, (Integer, NoneType, UnicodeType)):
        refuse(f"{ty} is neither a code point nor a text nor None")


def _translate(self, table):
    made = ""
    for c in self:
        code = ord(c)
        if code in table:
            made += _piece(table[code])
        else:
            made += c
    return made


@static
def _is_int(ty: Type) -> bool:
    inner = ty.value_ty if isinstance(ty, Optional) else ty.base
    return isinstance(inner, Integer)


def _piece(value):
    if value is None:
        return ""
    if _is_int(value):
        return chr(value)
    return str(value)
