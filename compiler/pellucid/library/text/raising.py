"""The errors of format specs and of numbers made of text, in CPython's words."""

from __future__ import annotations

INT, FLOAT, COMPLEX, STR = range(4)
"""What is formatted."""
NAMES = ("int", "float", "complex", "str")


def refuse_kind(kind, owner):
    """Raise for a type character that values of this type do not have."""
    name = name_of(owner)
    if 32 < kind < 128:
        raise ValueError(f"Unknown format code '{chr(kind)}' for object of type '{name}'")
    raise ValueError(f"Unknown format code '\\x{kind:x}' for object of type '{name}'")


def refuse_grouping(kind, grouping):
    """Raise for a type that is not grouped by this separator."""
    if 32 < kind < 128:
        raise ValueError(f"Cannot specify '{chr(grouping)}' with '{chr(kind)}'.")
    raise ValueError(f"Cannot specify '{chr(grouping)}' with '\\x{kind:x}'.")


def refuse_spec(text, owner):
    """Raise for a spec that has something behind its end."""
    raise ValueError(f"Invalid format specifier '{text}' for object of type '{name_of(owner)}'")


def refuse_int(text, base):
    """Raise for text that is no integer; at most 200 characters are shown."""
    raise ValueError(f"invalid literal for int() with base {base}: {repr(text)[:200]}")


def refuse_float(text):
    """Raise for text that is no float."""
    raise ValueError(f"could not convert string to float: {text!r}")


def refuse_complex(text):
    """Raise for text that is no complex number by a misplaced underscore."""
    raise ValueError(f"could not convert string to complex: {text!r}")


def name_of(owner):
    """The name of what is formatted."""
    if owner == INT:
        return "int"
    if owner == FLOAT:
        return "float"
    return "complex" if owner == COMPLEX else "str"
