"""`template.format(...)` and `template % arguments` with a template that is made at run time.

The template is read character by character; a field finds its argument by going through the
arguments, whose types may differ, until the number of steps is the wanted one.
"""

from __future__ import annotations

from pellucid.inference.overloads import Intrinsic
from pellucid.ir.protocol import format_value
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.structs import format_error

MIXED_TO_AUTOMATIC = error_text("{0}{}".format, 1)
MIXED_TO_MANUAL = error_text("{}{0}".format, 1)
LONE_CLOSE = error_text("}".format)
LONE_OPEN = error_text("{".format)
NO_END = error_text("{0".format, 1)
NO_SPEC_END = error_text("{0:".format, 1)
NO_CONVERSION_END = error_text("{0!r".format, 1)
NO_CONVERSION = error_text("{0!".format, 1)
BAD_CONVERSION_END = error_text("{0!rx}".format, 1)
TOO_DEEP = error_text("{:{:{}}}".format, 1, 2, 3)
NO_LOOKUP = "a template that is not a constant has no attributes or items of its arguments"
INDEX_RANGE = "Replacement index {} out of range for positional args tuple"
MANUAL = -1
"""The count of automatic fields once fields are numbered by hand."""


def fill_template(template, args, names, values):
    """The template with its fields replaced."""
    text, _ = _fill(template, args, names, values, 0, 2)
    return text


def _fill(template, args, names, values, automatic, depth):
    """The text, and how many automatic fields there were."""
    if depth == 0:
        raise ValueError(TOO_DEEP)
    parts = []
    at = 0
    while at < len(template):
        letter = template[at]
        if letter == "{" or letter == "}":
            if at + 1 < len(template) and template[at + 1] == letter:
                parts.append(letter)
                at += 2
            elif letter == "}":
                raise ValueError(LONE_CLOSE)
            else:
                text, at, automatic = _field(
                    template, at + 1, args, names, values, automatic, depth
                )
                parts.append(text)
        else:
            end = _next_brace(template, at)
            parts.append(template[at:end])
            at = end
    return "".join(parts), automatic


def _next_brace(template, at):
    while at < len(template) and template[at] != "{" and template[at] != "}":
        at += 1
    return at


def _field(template, at, args, names, values, automatic, depth):
    """The text of the field from `at` on, where it ends, and the count of automatic fields."""
    if at == len(template):
        raise ValueError(LONE_OPEN)
    start = at
    while at < len(template) and template[at] not in "!:}":
        if template[at] == "{":
            raise ValueError("unexpected '{' in field name")
        if template[at] == "." or template[at] == "[":
            raise NotImplementedError(NO_LOOKUP)
        at += 1
    if at == len(template):
        raise ValueError(NO_END)
    name = template[start:at]
    conversion, at = _conversion(template, at)
    spec = ""
    if template[at] == ":":
        start = at + 1
        at = _end_of_spec(template, start)
        spec = template[start:at]
    if name == "" or name.isdecimal():
        index, automatic = _index_of(name, automatic)
        if index >= len(args):
            raise format_error(IndexError, INDEX_RANGE, index)
    else:
        index = _place_of(names, name, 0)
        if index < 0:
            raise KeyError(name)
        index += len(args)
    if "{" in spec or "}" in spec:
        spec, automatic = _fill(spec, args, names, values, automatic, depth - 1)
    return nth_text((*args, *values), index, conversion, spec), at + 1, automatic


def _conversion(template, at):
    """The letter after `!`, or nothing, and where the rest of the field begins."""
    if template[at] != "!":
        return "", at
    if at + 2 >= len(template):
        raise ValueError(NO_CONVERSION if at + 1 == len(template) else NO_CONVERSION_END)
    if template[at + 2] != ":" and template[at + 2] != "}":
        raise ValueError(BAD_CONVERSION_END)
    return template[at + 1], at + 2


def _end_of_spec(template, at):
    open_braces = 0
    while at < len(template):
        if template[at] == "{":
            open_braces += 1
        elif template[at] == "}":
            if open_braces == 0:
                return at
            open_braces -= 1
        at += 1
    raise ValueError(NO_SPEC_END)


def _index_of(name, automatic):
    if name == "":
        if automatic == MANUAL:
            raise ValueError(MIXED_TO_AUTOMATIC)
        return automatic, automatic + 1
    if automatic > 0:
        raise ValueError(MIXED_TO_MANUAL)
    return int(name), MANUAL


def _place_of(names, name, at):
    if len(names) == 0:
        return -1
    if names[0] == name:
        return at
    return _place_of(names[1:], name, at + 1)


def _nth_text(args, index, conversion, spec):
    """The text of the argument with this number."""
    return _nth if args.elems else _none_left


def _none_left(args, index, conversion, spec):
    return ""


def _nth(args, index, conversion, spec):
    if index > 0:
        return nth_text(args[1:], index - 1, conversion, spec)
    if conversion == "":
        return format_value(args[0], "", spec)
    if conversion == "s":
        return format_value(args[0], "s", spec)
    if conversion == "r":
        return format_value(args[0], "r", spec)
    if conversion == "a":
        return format_value(args[0], "a", spec)
    raise ValueError(f"Unknown conversion specifier {conversion}")


nth_text = Intrinsic("pellucid.library.nth_text", _nth_text)
