"""Type variables: what an empty container will hold is known from what is first done with it.

    items = []              list(unknown): the op that makes it has a variable
    items.append(x)         the template of `append` binds the variable to the type of `x`

A template calls `bind(have, want)` where a part of its receiver's type must be a type that the
other arguments tell. If it is not known yet, that raises a `Binding`, which the frame of the
variable catches: it notes the type, and visits the container's maker and all that follows from it
again.
Until then, what is done with the container without telling its type is typed as far as it goes; a
call that cannot be typed is `PENDING`, without an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pellucid.ir.ops import Call
from pellucid.types.heap import HeapType, List, TypeVariable, equations, variables_in
from pellucid.types.kinds import Type

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame


class Pending(Type):
    """The type of what waits for a type variable."""

    def __str__(self) -> str:
        return "unknown"


PENDING = Pending()


class Binding(Exception):
    """`variable` must be `ty`: control flow of inference, caught by the variable's frame."""

    def __init__(self, variable: TypeVariable, ty: Type) -> None:
        super().__init__(f"{variable.name} is {ty}")
        self.variable = variable
        self.ty = ty


def bind(have: Type, want: Type) -> Type:
    """`have`; where it has variables that `want` tells, they are bound first (by a `Binding`)."""
    for variable, ty in equations(have, want.base):
        raise Binding(variable, ty.base)
    return have


_MAKERS: Mapping[str, Callable[[Callable[[str], Type]], HeapType]] = {
    "pellucid.ir.protocol.build_list": lambda variable: List(variable("element")),
    "builtins.list": lambda variable: List(variable("element")),
}
"""What a call without arguments makes, of the variables that are its parts."""


class Variables:
    """The type variables of one frame: the ops that make empty containers, and what is bound."""

    def __init__(self, owner: Frame) -> None:
        self._owner = owner
        self._bound: dict[TypeVariable, Type] = {}
        self._open: dict[TypeVariable, None] = {}
        self.makers: dict[Call, HeapType] = {}

    def made_by(self, op: Call, path: str) -> HeapType | None:
        """The type, as far as it is known, of the empty container that a call makes."""
        make = None if op.args else _MAKERS.get(path)
        if make is None:
            return None

        def variable(name: str) -> Type:
            made = TypeVariable(self._owner, op, name)
            if made not in self._bound:
                self._open[made] = None
            return made

        ty = self.makers[op] = make(variable)
        known = self.known(ty)
        assert isinstance(known, HeapType)
        return known

    def known(self, ty: Type) -> Type:
        """`ty` with the variables that are bound replaced."""
        return _replace(ty, self._bound)

    def is_stale(self, ty: object) -> bool:
        """Whether a type has variables that are bound by now."""
        return any(variable in self._bound for variable in variables_in(ty))

    def bind(self, variable: TypeVariable, ty: Type) -> bool:
        """Bind a variable; False if it cannot be, since the type would hold itself."""
        ty = self.known(ty)
        if any(found == variable for found in variables_in(ty)):
            return False
        self._bound[variable] = ty
        self._open.pop(variable, None)
        return True

    def bind_rest(self, ty: Type) -> bool:
        """Bind what nothing tells to `ty`; tells whether there was any."""
        left = list(self._open)
        for variable in left:
            self.bind(variable, ty)
        return bool(left)


def _replace(part: Any, bound: Mapping[TypeVariable, Type]) -> Any:
    """A type, or tuple of types, with variables replaced. Any: fields hold other things too."""
    if isinstance(part, TypeVariable):
        found = bound.get(part)
        return part if found is None else _replace(found, bound)
    if isinstance(part, tuple):
        return tuple(_replace(item, bound) for item in part)
    if isinstance(part, Type) and next(variables_in(part), None) is not None:
        return type(part)(*(_replace(getattr(part, n), bound) for n in type(part).__match_args__))
    return part
