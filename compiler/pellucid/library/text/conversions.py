"""`int() float() complex()` of text, and `bin() oct() hex()`."""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import Constant, Typed, overload, refuse
from pellucid.library.builtins.promotion import integer
from pellucid.library.text.numbers import (
    LOWER_B,
    LOWER_O,
    LOWER_X,
    PLAIN_FLAGS,
    format_int_digits,
    format_unsigned_digits,
)
from pellucid.library.text.parsing import parse_complex, parse_float, parse_int
from pellucid.library.text.spec import ALTERNATE, SPACE
from pellucid.types import (
    Literal,
    NoneType,
    Type,
    UnicodeType,
    int64,
    uint64,
    unicode_type,
)


def _text(ty: Type) -> Any:
    """The value of `ty`, a str, if it is known; refuses what is no str."""
    if not isinstance(ty.base, UnicodeType):
        refuse(f"{ty.base} is not a str")
    return ty.value if isinstance(ty, Literal) else None


def _folded(function: Any, *args: Any) -> Constant | None:
    """The call on constants; None if it raises, which is left to the run time."""
    try:
        result = function(*args)
    except (ValueError, OverflowError):
        return None
    is_kept = not isinstance(result, int) or int64.min <= result <= int64.max
    return Constant(result) if is_kept else None


@overload(int)
def int_of_text(x, /, base=10):
    """The integer that a text spells in a base.

    Unlike Python: what no int64 holds raises OverflowError.

    >>> int(" -12 "), int("ff", 16), int("0b1_01", 0)
    (-12, 255, 5)
    """
    known = _text(x)
    radix = base.value if isinstance(base, Literal) else None
    integer(base)
    if known is not None and radix is not None:
        folded = _folded(int, known, radix)
        if folded is not None:
            return folded
    return Typed(_int, (unicode_type, int64))


def _int(x, /, base=10):
    return parse_int(x, base)


@overload(float)
def float_of_text(x, /):
    """The float that a text spells, correctly rounded.

    >>> float(" 1_0.5e-1 "), float("-inf")
    (1.05, -inf)
    """
    known = _text(x)
    folded = None if known is None else _folded(float, known)
    return folded or Typed(_float, (unicode_type,))


def _float(x, /):
    return parse_float(x)


@overload(complex)
def complex_of_text(real, imag=None):
    """The complex number that a text spells.

    >>> complex("1+2j")
    (1+2j)
    """
    known = _text(real)
    if not isinstance(imag, NoneType):
        refuse("complex() can't take a second argument if the first is a str")
    folded = None if known is None else _folded(complex, known)
    return folded or Typed(_complex, (unicode_type, imag))


def _complex(real, imag=None):
    return parse_complex(real)


def _in_base(name: str, kind: int) -> Any:
    flags = PLAIN_FLAGS | ALTERNATE | kind

    def signed(number, /):
        return format_int_digits(int64(number), SPACE, flags, 0, -1)

    def unsigned(number, /):
        return format_unsigned_digits(uint64(number), SPACE, flags, 0, -1)

    def template(number, /):
        return signed if integer(number).signed else unsigned

    template.__qualname__ = template.__name__ = name
    template.__doc__ = f"`{name}(number)`, with its prefix."
    return template


bin_ = overload(bin)(_in_base("bin", LOWER_B))
oct_ = overload(oct)(_in_base("oct", LOWER_O))
hex_ = overload(hex)(_in_base("hex", LOWER_X))
