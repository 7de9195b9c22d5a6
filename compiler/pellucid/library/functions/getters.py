"""`operator.itemgetter`, `attrgetter` and `methodcaller`: functions that read their argument."""

from __future__ import annotations

import operator

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.promotion import literal_value
from pellucid.types import Literal


@overload(operator.itemgetter, literals=["item"])
def itemgetter(item, /, *items):
    """A function that gives `x[item]`, or a tuple of several such."""
    keys = [_constant(key) for key in (item, *items)]
    if not items:
        (key,) = keys

        def one(item, /, *items):
            return lambda x: x[key]

        return one
    if len(keys) == 2:
        first, second = keys

        def two(item, /, *items):
            return lambda x: (x[first], x[second])

        return two
    if len(keys) > 3:
        refuse("at most three items can be taken at once")
    first, second, third = keys

    def three(item, /, *items):
        return lambda x: (x[first], x[second], x[third])

    return three


def _constant(key):
    if isinstance(key, Literal):
        return key.value
    known = literal_value(key)
    if known is None:
        refuse("the items are constants")
    return known


@overload(operator.attrgetter)
def attrgetter(attr, /):
    """A function that gives the attribute of this name, or of a chain of names."""
    names = _text(attr).split(".")
    if len(names) > 2:
        refuse("at most two attributes can be followed")
    name, inner = names[0], names[-1]
    if len(names) == 1:

        def impl(attr, /):
            return lambda x: getattr(x, name)
    else:

        def impl(attr, /):
            return lambda x: getattr(getattr(x, name), inner)

    return impl


def _text(attr):
    if not isinstance(attr, Literal) or not isinstance(attr.value, str):
        refuse("the name is a constant text")
    return attr.value


@overload(operator.methodcaller)
def methodcaller(name, /, *args, **kwargs):
    """A function that calls the method of this name with these arguments."""
    text = _text(name)

    def impl(name, /, *args, **kwargs):
        return lambda x: getattr(x, text)(*args, **kwargs)

    return impl
