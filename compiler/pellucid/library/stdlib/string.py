"""`string.capwords`; the module's constants are constants in compiled code too."""

from __future__ import annotations

import string

from pellucid.inference.overloads import overload, refuse
from pellucid.types import NoneType, UnicodeType


@overload(string.capwords)
def capwords(s, sep=None):
    """Each word with a capital, joined again.

    >>> string.capwords("one  two THREE")
    'One Two Three'
    """
    if not isinstance(s.base, UnicodeType):
        refuse(f"{s.base} is not a str")
    return _capwords if isinstance(sep, NoneType) else _capwords_between


def _capwords(s, sep=None):
    return " ".join([word.capitalize() for word in s.split()])


def _capwords_between(s, sep=None):
    return sep.join([word.capitalize() for word in s.split(sep)])
