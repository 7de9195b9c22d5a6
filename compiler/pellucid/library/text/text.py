"""`str() repr() ascii() format()` of numbers, None and tuples, and the parts of f-strings.

Every text is CPython's. A float32 has the digits that tell it from other float32, as NumPy writes
them; by a spec it is written as the float64 of the same value, as NumPy too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Constant, Overload, overload, refuse
from pellucid.ir.protocol import format_value, join_str, unwrap_optional
from pellucid.library.containers.table_loops import VIEWS
from pellucid.library.text import spec as specs
from pellucid.library.text.complexes import format_complex, short_complex
from pellucid.library.text.numbers import (
    CASE,
    LOWER_C,
    LOWER_D,
    LOWER_N,
    PLAIN_FLAGS,
    format_float,
    format_int,
    format_int_digits,
    format_unsigned,
    format_unsigned_digits,
    format_wide_float,
    short_float,
    short_int,
    short_unsigned,
)
from pellucid.library.text.output import join_all, keep, pad_text, spill
from pellucid.library.text.raising import COMPLEX, FLOAT, INT, NAMES, STR
from pellucid.library.text.strings import format_str
from pellucid.types import (
    Array,
    Boolean,
    ByteArray,
    BytesType,
    Complex,
    Counter,
    DefaultDict,
    Deque,
    Dict,
    Float,
    Integer,
    List,
    Literal,
    NoneType,
    Optional,
    OrderedDict,
    Range,
    Set,
    Slice,
    Struct,
    Tuple,
    Type,
    UnicodeType,
    complex128,
    float64,
    int64,
    uint64,
)

CONVERSIONS = {"s": str, "r": repr, "a": ascii}


def constant_text(ty: Type) -> str | None:
    """The value of a str literal; None if it is not known while compiling."""
    if isinstance(ty, Literal) and isinstance(ty.base_ty, UnicodeType):
        return str(ty.value)
    return None


# ---- str, repr, ascii -----------------------------------------------------------------------


def _short(ty: Type) -> Callable[..., Any] | Constant:  # noqa: RET503 (`refuse` raises)
    """What writes a value of `ty` as `repr` does; refuses types that are not of this room."""
    if isinstance(ty, Literal) and isinstance(ty.base_ty, (Integer, Boolean, Float)):
        return Constant(repr(ty.value))
    match ty.base:
        case Boolean():
            return _short_bool
        case Integer() as base:
            return _short_int if base.signed else _short_unsigned
        case Float():
            return _short_float
        case Complex():
            return _short_complex
        case NoneType():
            return Constant("None")
        case Tuple(cls=None):
            return _tuple_text if isinstance(ty, Tuple) and ty.elems else Constant("()")
        case _:
            refuse(f"a {ty.base} has no text in compiled code")


def _short_bool(object):
    return "True" if object else "False"


def _short_int(object):
    return short_int(int64(object))


def _short_unsigned(object):
    return short_unsigned(uint64(object))


def _short_float(object):
    return short_float(object, PLAIN_FLAGS)


def _short_complex(object):
    return short_complex(object)


def _tuple_text(object):
    if len(object) == 1:
        return join_str("(", repr(object[0]), ",)")
    return join_str("(", repr(object[0]), _rest_text(object[1:]), ")")


def _rest_text(items):
    if len(items) == 1:
        return join_str(", ", repr(items[0]))
    return join_str(", ", repr(items[0]), _rest_text(items[1:]))


@overload(str)
def str_(object):
    """The text of a number, None or a tuple.

    >>> str(1.5), str(1e-7), str((1, None))
    ('1.5', '1e-07', '(1, None)')
    """
    if isinstance(object, Literal) and isinstance(object.value, int):
        return Constant(str(object.value))  # a member of an enumeration is its number
    return _short(object)


@overload(repr)
def repr_(object):
    """The text of a number, None or a tuple, as its literal is written.

    >>> repr(0.1 + 0.2)
    '0.30000000000000004'
    """
    return _short(object)


@overload(ascii)
def ascii_(object):
    """As `repr`, of what is all ASCII."""
    is_plain = isinstance(object, Tuple) and object.cls is None
    return _ascii_tuple if is_plain and object.elems else _short(object)


def _ascii_tuple(object):
    if len(object) == 1:
        return join_str("(", ascii(object[0]), ",)")
    return join_str("(", ascii(object[0]), _ascii_rest(object[1:]), ")")


def _ascii_rest(items):
    if len(items) == 1:
        return join_str(", ", ascii(items[0]))
    return join_str(", ", ascii(items[0]), _ascii_rest(items[1:]))


# ---- format ---------------------------------------------------------------------------------


@overload(format)
def format_(value, format_spec=""):
    """The text of a value by a spec, which is a constant or made at run time.

    >>> format(3.14159, ".2f"), format(255, "#06x"), format("a", "^5")
    ('3.14', '0x00ff', '  a  ')
    """
    return _formatter(value, format_spec)


def _formatter(value: Type, format_spec: Type) -> Any:
    if not isinstance(format_spec.base, UnicodeType):
        refuse(f"a format spec is a str, not a {format_spec.base}")
    text = constant_text(format_spec)
    if text == "":
        return _as_str
    match value.base:
        case Boolean() | Integer():
            kind, sample, align = "int", 1, specs.GREATER
        case Float():
            kind, sample, align = "float", 1.0, specs.GREATER
        case Complex():
            kind, sample, align = "complex", 1j, specs.GREATER
        case UnicodeType():
            kind, sample, align = "str", "", specs.LESS
        case base if (name := plain_name(base)) is not None:
            if text is not None:
                refuse(f"unsupported format string passed to {name}.__format__")
            return _only_empty(name)
        case Optional():
            return _optional
        case _:
            refuse(f"a {value.base} is not formatted in compiled code")
    if text is None:
        return _AT_RUN_TIME[_kind(value)]
    try:
        format(sample, text)
    except (ValueError, OverflowError) as problem:
        refuse(str(problem))
    return _with_known(_kind(value), *specs.read_spec_text(text, align, NAMES.index(kind)))


_PLAIN_NAMES: dict[type[Type], str] = {
    Array: "numpy.ndarray", ByteArray: "bytearray", BytesType: "bytes", Dict: "dict", List: "list",
    NoneType: "NoneType", Range: "range", Set: "set", Slice: "slice", Tuple: "tuple",
    Counter: "Counter", DefaultDict: "collections.defaultdict", Deque: "collections.deque",
    OrderedDict: "collections.OrderedDict",
}  # fmt: skip


def plain_name(ty: Type) -> str | None:
    """The name of a type whose values take no format spec."""
    if isinstance(ty, Set) and ty.is_frozen:
        return "frozenset"
    if isinstance(ty, Struct) and ty.name in VIEWS:
        return ty.name
    return _PLAIN_NAMES.get(type(ty))


def _optional(value, format_spec=""):
    if value is None:
        return format(None, format_spec)
    return format(unwrap_optional(value), format_spec)


def _kind(ty: Type) -> str:
    base = ty.base
    if isinstance(base, Integer) and not base.signed:
        return "uint"
    names = {Boolean: "int", Integer: "int", Float: "float", Complex: "complex"}
    return names.get(type(base), "str")


def _as_str(value, format_spec=""):
    return str(value)


def _only_empty(name: str) -> Callable[..., Any]:
    def impl(value, format_spec=""):
        if len(format_spec) > 0:
            raise TypeError(f"unsupported format string passed to {name}.__format__")
        return str(value)

    return impl


def _with_known(kind: str, fill: int, flags: int, width: int, precision: int) -> Any:
    """The implementation for a spec that is known while compiling."""
    letter = flags & 255
    if kind in ("int", "uint"):
        if letter in (0, LOWER_D, LOWER_N) or (letter | CASE) in (98, 111, 120):
            write = format_unsigned_digits if kind == "uint" else format_int_digits
            wide: Any = uint64 if kind == "uint" else int64
        elif letter == LOWER_C:
            write, wide = format_int, int64
        else:
            write, wide = (format_wide_float if fill > 127 else format_float), float64
    elif kind == "float":
        write, wide = (format_wide_float if fill > 127 else format_float), float64
    elif kind == "complex":
        write, wide = format_complex, complex128
    else:

        def impl_str(value, format_spec=""):
            return format_str(value, fill, flags, width, precision)

        return impl_str

    def impl(value, format_spec=""):
        return write(wide(value), fill, flags, width, precision)

    return impl


def _int_at_run_time(value, format_spec=""):
    if len(format_spec) == 0:
        return str(value)
    fill, flags, width, precision = specs.read_spec(format_spec, specs.GREATER, INT)
    return format_int(int64(value), fill, flags, width, precision)


def _uint_at_run_time(value, format_spec=""):
    if len(format_spec) == 0:
        return str(value)
    fill, flags, width, precision = specs.read_spec(format_spec, specs.GREATER, INT)
    return format_unsigned(uint64(value), fill, flags, width, precision)


def _float_at_run_time(value, format_spec=""):
    if len(format_spec) == 0:
        return str(value)
    fill, flags, width, precision = specs.read_spec(format_spec, specs.GREATER, FLOAT)
    return format_wide_float(float64(value), fill, flags, width, precision)


def _complex_at_run_time(value, format_spec=""):
    if len(format_spec) == 0:
        return str(value)
    fill, flags, width, precision = specs.read_spec(format_spec, specs.GREATER, COMPLEX)
    return format_complex(complex128(value), fill, flags, width, precision)


def _str_at_run_time(value, format_spec=""):
    fill, flags, width, precision = specs.read_spec(format_spec, specs.LESS, STR)
    return format_str(value, fill, flags, width, precision)


_AT_RUN_TIME = {
    "int": _int_at_run_time,
    "uint": _uint_at_run_time,
    "float": _float_at_run_time,
    "complex": _complex_at_run_time,
    "str": _str_at_run_time,
}


# ---- f-strings ------------------------------------------------------------------------------


@overload(format_value, literals=("conversion",))
def format_value_(value, conversion, spec):
    """`{value!conversion:spec}`."""
    wanted = constant_text(conversion)
    if wanted == "s":
        return _formatted_str
    if wanted == "r":
        return _formatted_repr
    if wanted == "a":
        return _formatted_ascii
    return _formatted


def _formatted(value, conversion, spec):
    return format(value, spec)


def _formatted_str(value, conversion, spec):
    return format(str(value), spec)


def _formatted_repr(value, conversion, spec):
    return format(repr(value), spec)


def _formatted_ascii(value, conversion, spec):
    return format(ascii(value), spec)


@overload(join_str)
def join_str_(*parts):
    """The parts of an f-string as one text."""
    known = [constant_text(part) for part in parts]
    if None not in known:
        return Constant("".join(str(text) for text in known))
    for part in parts:
        if not isinstance(part.base, UnicodeType):
            refuse(f"the parts of a text are texts, not a {part.base}")
    return _first if len(parts) == 1 else _join


def _first(*parts):
    return parts[0]


def _join(*parts):
    texts = spill(*parts)
    joined = join_all(texts, len(parts))
    keep(*parts)
    return joined


__all__ = ["Overload", "pad_text"]
