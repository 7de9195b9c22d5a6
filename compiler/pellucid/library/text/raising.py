"""The errors of format specs and of numbers made of text, in CPython's words."""

from __future__ import annotations

from pellucid.library.builtins.structs import format_error

INT, FLOAT, COMPLEX, STR = range(4)
"""What is formatted, as numbers: an exception's text is put together when it leaves."""
NAMES = ("int", "float", "complex", "str")
COMMA = ord(",")


def refuse_kind(kind, owner):
    """Raise for a type character that values of this type do not have."""
    if 32 < kind < 128:
        if owner == INT:
            raise format_error(
                ValueError, "Unknown format code '{:c}' for object of type 'int'", kind
            )
        if owner == FLOAT:
            raise format_error(
                ValueError, "Unknown format code '{:c}' for object of type 'float'", kind
            )
        if owner == COMPLEX:
            raise format_error(
                ValueError, "Unknown format code '{:c}' for object of type 'complex'", kind
            )
        raise format_error(ValueError, "Unknown format code '{:c}' for object of type 'str'", kind)
    if owner == INT:
        raise format_error(
            ValueError, "Unknown format code '\\x{:x}' for object of type 'int'", kind
        )
    if owner == FLOAT:
        raise format_error(
            ValueError, "Unknown format code '\\x{:x}' for object of type 'float'", kind
        )
    if owner == COMPLEX:
        raise format_error(
            ValueError, "Unknown format code '\\x{:x}' for object of type 'complex'", kind
        )
    raise format_error(ValueError, "Unknown format code '\\x{:x}' for object of type 'str'", kind)


def refuse_grouping(kind, grouping):
    """Raise for a type that is not grouped by this separator."""
    if 32 < kind < 128:
        raise format_error(ValueError, "Cannot specify '{:c}' with '{:c}'.", grouping, kind)
    raise format_error(ValueError, "Cannot specify '{:c}' with '\\x{:x}'.", grouping, kind)


def refuse_spec(text, owner):
    """Raise for a spec that has something behind its end."""
    raise ValueError("Invalid format specifier")


def refuse_int(text, base):
    """Raise for text that is no integer."""
    raise format_error(ValueError, "invalid literal for int() with base {}", base)


def refuse_float(text):
    """Raise for text that is no float."""
    raise ValueError("could not convert string to float")
