"""`template % arguments` with a template that is made at run time.

A field finds its argument by going through the arguments, whose types may differ, until the number
of steps is the wanted one; what its letter means for the argument's type is decided there.
"""

from __future__ import annotations

from pellucid.inference.overloads import Constant, Intrinsic
from pellucid.library.text.numbers import LOWER_D
from pellucid.library.text.printf import (
    NOT_A_CHARACTER,
    TOO_FEW,
    TOO_MANY,
    ZEROS,
    percent_float,
    percent_text,
    write_character,
    write_code,
    write_integer,
)
from pellucid.library.text.spec import ALIGN, ALTERNATE, EQUALS, GREATER, LESS, PLUS, SIGN, SPACE
from pellucid.library.text.text import plain_name
from pellucid.types import Boolean, Float, Integer, Tuple, Type, UnicodeType, float64

INCOMPLETE = "incomplete format"
INCOMPLETE_KEY = "incomplete format key"
NO_MAPPING = "format requires a mapping"


def fill_template(template, args):
    """The template with its fields replaced, in order."""
    text, taken = _fill(template, args, no_key)
    if taken < len(args):
        raise TypeError(TOO_MANY)
    return text


def fill_template_by_name(template, mapping):
    """The template with its fields replaced by the values of a dict; or by the dict."""
    text, _ = _fill(template, (mapping,), mapping)
    return text


def no_key():
    """Stands for the mapping where there is none."""


def _fill(template, args, mapping):
    """The text, and how many arguments were taken."""
    parts = []
    at = taken = 0
    while at < len(template):
        end = template.find("%", at)
        if end < 0:
            parts.append(template[at:])
            break
        parts.append(template[at:end])
        at = end + 1
        name = ""
        has_name = at < len(template) and template[at] == "("
        if has_name:
            end = _end_of_key(template, at + 1)
            name = template[at + 1 : end]
            at = end + 1
        flags, at = _flags(template, at)
        width, at, taken = _number(template, at, 0, args, taken)
        precision = -1
        if at < len(template) and template[at] == ".":
            precision, at, taken = _number(template, at + 1, 0, args, taken)
        if at < len(template) and template[at] in "hlL":
            at += 1
        if at >= len(template):
            raise ValueError(INCOMPLETE)
        kind = template[at]
        at += 1
        if kind == "%":
            parts.append("%")
            continue
        if kind not in "diouxXeEfFgGcrsa":
            raise ValueError(
                f"unsupported format character '{kind}' (0x{ord(kind):x}) at index {at - 1}"
            )
        if has_name:
            parts.append(keyed_text(mapping, name, ord(kind), flags, width, precision))
            taken = len(args)
        else:
            if taken >= len(args):
                raise TypeError(TOO_FEW)
            parts.append(nth_text(args, taken, ord(kind), flags, width, precision))
            taken += 1
    return "".join(parts), taken


def _end_of_key(template, at):
    depth = 1
    while at < len(template):
        if template[at] == ")":
            depth -= 1
            if depth == 0:
                return at
        elif template[at] == "(":
            depth += 1
        at += 1
    raise ValueError(INCOMPLETE_KEY)


def _flags(template, at):
    left = zeros = plus = space = alternate = False
    while at < len(template):
        letter = template[at]
        if letter == "-":
            left = True
        elif letter == "0":
            zeros = True
        elif letter == "+":
            plus = True
        elif letter == " ":
            space = True
        elif letter == "#":
            alternate = True
        else:
            break
        at += 1
    flags = GREATER << ALIGN
    if left:
        flags = LESS << ALIGN
    elif zeros:
        flags = EQUALS << ALIGN | ZEROS
    if plus:
        flags |= PLUS << SIGN
    elif space:
        flags |= SPACE << SIGN
    if alternate:
        flags |= ALTERNATE
    return flags, at


def _number(template, at, value, args, taken):
    """A width or precision, where it ends, and how many arguments were taken."""
    if at < len(template) and template[at] == "*":
        if taken >= len(args):
            raise TypeError(TOO_FEW)
        return nth_count(args, taken), at + 1, taken + 1
    while at < len(template) and "0" <= template[at] <= "9":
        value = 10 * value + ord(template[at]) - 48
        at += 1
    return value, at, taken


# ---- the argument of a number ---------------------------------------------------------------


def _nth_text(args, index, kind, flags, width, precision):
    return _nth if isinstance(args, Tuple) and args.elems else _no_text


def _no_text(args, index, kind, flags, width, precision):
    return ""


def _nth(args, index, kind, flags, width, precision):
    if index > 0:
        return nth_text(args[1:], index - 1, kind, flags, width, precision)
    return write(args[0], kind, flags, width, precision)


nth_text = Intrinsic("pellucid.library.nth_percent", _nth_text)


def _nth_count(args, index):
    return _count_of if isinstance(args, Tuple) and args.elems else _no_count


def _no_count(args, index):
    return 0


def _count_of(args, index):
    if index > 0:
        return nth_count(args[1:], index - 1)
    return as_count(args[0])


nth_count = Intrinsic("pellucid.library.nth_count", _nth_count)


def _as_count(value):
    return _own_count if isinstance(value.base, Integer) else _wants_int


def _own_count(value):
    return int(value)


def _wants_int(value):
    if True:
        raise TypeError("* wants int")
    return 0


as_count = Intrinsic("pellucid.library.as_count", _as_count)


def _keyed_text(mapping, name, kind, flags, width, precision):
    return _keyed if hasattr(mapping, "value_ty") else _no_mapping


def _keyed(mapping, name, kind, flags, width, precision):
    return write(mapping[name], kind, flags, width, precision)


def _no_mapping(mapping, name, kind, flags, width, precision):
    if len(name) >= 0:
        raise TypeError(NO_MAPPING)
    return ""


keyed_text = Intrinsic("pellucid.library.keyed_percent", _keyed_text)


# ---- one value ------------------------------------------------------------------------------


def _write(value, kind, flags, width, precision):
    match value.base:
        case Integer() | Boolean():
            return _write_integer
        case Float():
            return _write_float
        case UnicodeType():
            return _write_str
        case _:
            return _write_other


def _write_integer(value, kind, flags, width, precision):
    if is_one_of(kind, "diu"):
        return write_integer(value, flags, LOWER_D, width, precision)
    if is_one_of(kind, "oxX"):
        return write_integer(value, flags, kind, width, precision)
    if is_one_of(kind, "eEfFgG"):
        return percent_float(float64(value), flags | kind, width, precision)
    if kind == 99:
        return write_code(value, flags, width)
    return percent_text(repr(value), flags, width, precision)


def _write_float(value, kind, flags, width, precision):
    if is_one_of(kind, "diu"):
        return write_integer(value, flags, LOWER_D, width, precision)
    if is_one_of(kind, "eEfFgG"):
        return percent_float(float64(value), flags | kind, width, precision)
    if is_one_of(kind, "oxX"):
        raise TypeError(f"%{chr(kind)} format: an integer is required, not float")
    if kind == 99:
        raise TypeError(NOT_A_CHARACTER)
    return percent_text(repr(value), flags, width, precision)


def _write_str(value, kind, flags, width, precision):
    if kind == 99:
        return write_character(value, flags, width)
    if kind == 115:
        return percent_text(value, flags, width, precision)
    return write_text(value, kind, flags, width, precision)


def _write_other(value, kind, flags, width, precision):
    if kind == 99:
        raise TypeError(NOT_A_CHARACTER)
    if kind == 115:
        return percent_text(str(value), flags, width, precision)
    return write_text(value, kind, flags, width, precision)


def write_text(value, kind, flags, width, precision):
    """`%r` and `%a`; other letters want a number."""
    if kind == 114:
        return percent_text(repr(value), flags, width, precision)
    if kind == 97:
        return percent_text(ascii(value), flags, width, precision)
    if is_one_of(kind, "eEfFgG"):
        raise TypeError(f"must be real number, not {name_of(value)}")
    wanted = "a real number" if is_one_of(kind, "diu") else "an integer"
    raise TypeError(f"%{chr(kind)} format: {wanted} is required, not {name_of(value)}")


def _name_of(value: Type) -> Constant:
    names = {"complex64": "complex", "complex128": "complex"}
    return Constant(plain_name(value.base) or names.get(str(value.base), str(value.base)))


name_of = Intrinsic("pellucid.library.name_of", _name_of)


def is_one_of(kind, letters):
    """Whether a letter is one of these."""
    return chr(kind) in letters


write = Intrinsic("pellucid.library.write_percent", _write)
