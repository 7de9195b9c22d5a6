"""What inference decided for one call: what is called, with which arguments, giving which type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pellucid.inference.binding import Arguments, Given, Omitted, Packed, Recipe, plain_type
from pellucid.ir.callee import FunctionTarget, Primitive
from pellucid.types import Type

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame


@dataclass(frozen=True, eq=False)
class Folded:
    """The call is a constant."""

    value: Any
    ret: Type
    path: str | None = None


@dataclass(frozen=True, eq=False)
class Bound:
    """An argument itself: `x.name` of a method is the receiver, to be called later."""

    ret: Type
    index: int = 0


@dataclass(frozen=True, eq=False)
class Resolved:
    """The call goes to `target`, one recipe for each of its parameters.

    `frame` is the target's inference where it is a function whose types may not be final yet.
    """

    target: Primitive | FunctionTarget
    recipes: tuple[Recipe, ...]
    frame: Frame | None = None

    @property
    def ret(self) -> Type | None:
        """The result's type; None while nothing is known of a function that is being inferred."""
        return self.target.sig.ret if self.frame is None else self.frame.ret


Resolution = Folded | Bound | Resolved


def all_given(arguments: Arguments) -> tuple[Recipe, ...]:
    """The arguments as they are."""
    return tuple(map(Given, range(len(arguments.types))))


def with_omitted(resolution: Resolution, value: Any) -> Resolution:
    """A resolution whose first argument the call does not give: it is the constant `value`."""
    assert isinstance(resolution, Resolved)
    recipes: list[Recipe] = [Omitted(value)]
    recipes += (
        Packed(tuple(map(_before, recipe.items))) if isinstance(recipe, Packed) else _before(recipe)
        for recipe in resolution.recipes[1:]
    )
    return Resolved(resolution.target, tuple(recipes), resolution.frame)


def _before(recipe: Recipe) -> Any:
    """The argument before: that of the call, where one was added in front of them."""
    return Given(recipe.index - 1, recipe.item) if isinstance(recipe, Given) else recipe


__all__ = ["Bound", "Folded", "Resolution", "Resolved", "all_given", "plain_type", "with_omitted"]
