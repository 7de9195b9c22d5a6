"""Match the arguments of a call to the parameters of what is called, as Python does.

The result is a recipe for each parameter, not a value: inference uses it on types, and again on
values when it writes the typed call.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.inference.constants import type_of_constant
from pellucid.ir.params import MISSING, CapturedDefault, Param
from pellucid.types import KEYWORDS, Closure, DType, Literal, Struct, Tuple, Type, pyobject
from pellucid.types.containers import BytesType, UnicodeType


@dataclass(frozen=True)
class Given:
    """The call's argument at `index`; with `item`, that element of the starred tuple there.

    Of an argument after `**`, the item at that position.
    """

    index: int
    item: int | None = None


@dataclass(frozen=True)
class Omitted:
    """The parameter's default."""

    value: Any


@dataclass(frozen=True)
class Packed:
    """The arguments that a `*args` parameter takes, as a tuple."""

    items: tuple[Given, ...]


@dataclass(frozen=True)
class PackedKeywords:
    """The keyword arguments that a `**kwargs` parameter takes, as a record with their names."""

    names: tuple[str, ...]
    items: tuple[Given, ...]


@dataclass(frozen=True)
class Receiver:
    """The object that a bound method holds."""


@dataclass(frozen=True)
class Captured:
    """The value at `index` of those that a closure holds."""

    index: int


@dataclass(frozen=True)
class Unwrapped:
    """An optional argument that must not be None."""

    recipe: Given | Receiver


@dataclass(frozen=True)
class Boxed:
    """An argument as the Python object that it is there."""

    recipe: Any  # a Recipe


Recipe = Given | Omitted | Packed | PackedKeywords | Receiver | Captured | Unwrapped | Boxed


def plain_type(ty: Type) -> Type:
    """The type that a parameter or variable holding a `ty` has: literals dropped, but not text."""
    if isinstance(ty, Literal) and isinstance(ty.base_ty, (UnicodeType, BytesType)):
        return ty
    if isinstance(ty, Tuple):
        return ty.of(tuple(plain_type(e) for e in ty.elems))
    return ty.base


def keywords_type(values: Mapping[str, Type]) -> Struct:
    """The type of the `kwargs` of a `**kwargs` parameter."""
    return Struct(KEYWORDS, tuple((name, plain_type(ty)) for name, ty in values.items()))


def is_keywords(ty: Type) -> bool:
    """Whether values are those of a `**kwargs` parameter."""
    return isinstance(ty, Struct) and ty.name == KEYWORDS


WANTED = "pellucid_wanted"
"""The keyword with which library code says what a function shall return, as a dtype."""


class BindError(Exception):
    """The arguments do not fit the parameters; the text is CPython's, without the function name."""


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call: their types, which are keywords, which are starred.

    A bound method's `receiver` is the first argument; a `closure`'s values are not arguments. What
    is returned has the type `wanted`, if there is one, where the function leaves it open.
    """

    types: tuple[Type, ...]
    kwnames: tuple[str, ...] = ()
    stars: frozenset[int] = frozenset()
    receiver: Type | None = None
    closure: Closure | None = None
    wanted: Type | None = None

    def without_wanted(self) -> Arguments:
        """The arguments of `f(pellucid_wanted=dtype)` in library code: none, with a type wanted."""
        if self.kwnames != (WANTED,):
            return self
        (marker,) = self.types
        assert isinstance(marker, DType)
        return Arguments((), wanted=marker.dtype)

    def of(self, receiver: Type) -> Arguments:
        """The same with a receiver."""
        return Arguments(self.types, self.kwnames, self.stars, receiver)

    def positional(self) -> list[Given | Receiver]:
        """The positional arguments in order, starred tuples spread."""
        spread: list[Given | Receiver] = [] if self.receiver is None else [Receiver()]
        for index, ty in enumerate(self.types[: len(self.types) - len(self.kwnames)]):
            if index not in self.stars:
                spread.append(Given(index))
                continue
            if not isinstance(ty, Tuple):
                message = f"the argument after * is a {ty}; only a tuple can be spread"
                raise BindError(message)
            spread.extend(Given(index, item) for item in range(len(ty.elems)))
        return spread

    def keywords(self) -> dict[str, Given]:
        """The keyword arguments by name, those after `**` spread."""
        first = len(self.types) - len(self.kwnames)
        found: dict[str, Given] = {}
        for index, name in enumerate(self.kwnames, first):
            spread = {name: Given(index)} if name[:2] != "**" else self._spread(index)
            for each, given in spread.items():
                if each in found:
                    message = f"got multiple values for keyword argument '{each}'"
                    raise BindError(message)
                found[each] = given
        return found

    def _spread(self, index: int) -> dict[str, Given]:
        ty = self.types[index]
        if not isinstance(ty, Struct) or not is_keywords(ty):
            message = f"the argument after ** is a {ty.base}, whose keys are not known"
            raise BindError(message)
        return {name: Given(index, item) for item, (name, _) in enumerate(ty.fields)}

    def type_of(self, recipe: Recipe) -> Type:
        """The type of what a recipe makes."""
        match recipe:
            case Given(index, None):
                return self.types[index]
            case Given(index, item):
                spread = self.types[index]
                if isinstance(spread, Struct):
                    return spread.fields[item or 0][1]
                assert isinstance(spread, Tuple)
                return spread.elems[item or 0]
            case Omitted(value):
                return type_of_constant(value)
            case Packed(items):
                return Tuple(tuple(self.type_of(item) for item in items))
            case PackedKeywords(names, items):
                return keywords_type(dict(zip(names, map(self.type_of, items), strict=True)))
            case Receiver():
                assert self.receiver is not None
                return self.receiver
            case Captured(index):
                assert self.closure is not None
                return self.closure.captured[index]
            case Boxed():
                return pyobject
            case Unwrapped(inner):
                return getattr(self.type_of(inner), "value_ty")  # noqa: B009 (an Optional, checked by the maker)


def bind(params: Sequence[Param], arguments: Arguments) -> list[Recipe]:
    """One recipe for each of `params`; BindError with CPython's words if they do not fit."""
    positional = arguments.positional()
    keywords = arguments.keywords()
    recipes: list[Recipe] = []
    missing: list[str] = []
    for param in params:
        kind = param.kind
        if kind == inspect.Parameter.VAR_POSITIONAL:
            recipes.append(Packed(tuple(item for item in positional if isinstance(item, Given))))
            positional = []
        elif kind == inspect.Parameter.VAR_KEYWORD:
            recipes.append(PackedKeywords(tuple(keywords), tuple(keywords.values())))
            keywords = {}
        elif positional and kind != inspect.Parameter.KEYWORD_ONLY:
            if param.name in keywords and kind != inspect.Parameter.POSITIONAL_ONLY:
                message = f"got multiple values for argument '{param.name}'"
                raise BindError(message)
            recipes.append(positional.pop(0))
        elif param.name in keywords and kind != inspect.Parameter.POSITIONAL_ONLY:
            recipes.append(keywords.pop(param.name))
        elif param.default is not MISSING:
            recipes.append(_default(param.default))
        else:
            missing.append(param.name)
    if keywords:
        message = f"got an unexpected keyword argument '{next(iter(keywords))}'"
        raise BindError(message)
    if positional:
        raise BindError(too_many_text(params, len(arguments.positional())))
    if missing:
        raise BindError(missing_text(missing))
    return recipes


def _default(default: Any) -> Recipe:
    is_captured = isinstance(default, CapturedDefault)
    return Captured(default.index) if is_captured else Omitted(default)


def too_many_text(params: Sequence[Param], given: int) -> str:
    """What CPython says of `given` positional arguments where there are fewer parameters."""
    takes = [p for p in params if p.kind in (0, 1)]
    required = sum(p.default is MISSING for p in takes)
    count = str(len(takes)) if required == len(takes) else f"from {required} to {len(takes)}"
    plural = "" if len(takes) == 1 and required == 1 else "s"
    verb = "was" if given == 1 else "were"
    return f"takes {count} positional argument{plural} but {given} {verb} given"


def missing_text(names: list[str]) -> str:
    """What CPython says of required positional parameters that are not given."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) == 1:
        listed = quoted[0]
    elif len(quoted) == 2:
        listed = f"{quoted[0]} and {quoted[1]}"
    else:
        listed = ", ".join(quoted[:-1]) + f", and {quoted[-1]}"
    plural = "" if len(names) == 1 else "s"
    return f"missing {len(names)} required positional argument{plural}: {listed}"
