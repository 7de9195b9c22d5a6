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
    first, others = keys[0], operator.itemgetter(*keys[1:])

    def several(item, /, *items):
        return lambda x: (x[first], *others(x))

    return several


def _constant(key):
    if isinstance(key, Literal):
        return key.value
    known = literal_value(key)
    if known is None:
        refuse("the items are constants")
    return known


@overload(operator.attrgetter)
def attrgetter(attr, /, *attrs):
    """A function that gives the attribute of this name, or chain of names; or a tuple of such."""
    texts = [_text(name) for name in (attr, *attrs)]
    if len(texts) == 1:
        name, _, rest = texts[0].partition(".")
        return _one_attribute(name) if not rest else _chain(name, operator.attrgetter(rest))
    first, others = operator.attrgetter(texts[0]), operator.attrgetter(*texts[1:])
    if len(texts) == 2:

        def two(attr, /, *attrs):
            return lambda x: (first(x), others(x))

        return two

    def several(attr, /, *attrs):
        return lambda x: (first(x), *others(x))

    return several


def _one_attribute(name):
    def impl(attr, /, *attrs):
        return lambda x: getattr(x, name)

    return impl


def _chain(name, others):
    def impl(attr, /, *attrs):
        return lambda x: others(getattr(x, name))

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
