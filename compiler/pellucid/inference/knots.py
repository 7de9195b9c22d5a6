"""Plain classes that hold their own kind: all instances that a program makes are of one type.

    node.next = other         a `Knot`: what `Node` holds is said once, for the whole program
    object(Node, key: int64, next: Optional(own(Node)))

What is assigned to an attribute tells the type of the instance, as of every plain class. Of a class
that holds its own kind that would have no end. So the first assignment that finds it is raised to
the program, which notes the type and begins again: then what makes an instance makes it of that
type, and an assignment that needs a wider one is raised as well.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from pellucid.base.diagnostics import error
from pellucid.base.spans import NO_SPAN
from pellucid.types.functions import Callable
from pellucid.types.heap import TypeVariable, all_types, equations, replace_variables, variables_in
from pellucid.types.kinds import Type
from pellucid.types.plain import OwnKind, PlainInstance, replace_part
from pellucid.types.scalars import int64
from pellucid.types.unify import unify

_MOST_ROUNDS = 200


class Knot(Exception):
    """An instance of type `have` must be a `want`, as must all of its class.

    Control flow of inference, caught by the program.
    """

    def __init__(self, have: PlainInstance, want: PlainInstance) -> None:
        super().__init__(f"{have} is {want}")
        self.have = have
        self.want = want


def of_class(part: object, cls: Callable) -> list[PlainInstance]:
    """The types of instances of a class in a type, those that hold others first."""
    found = [ty for ty in all_types(part) if isinstance(ty, PlainInstance) and ty.cls == cls]
    return sorted(found, key=lambda ty: len(str(ty)), reverse=True)


def tied(part: Any, cls: Callable) -> Any:
    """A type, or a tuple of types, as it stands in a field of an instance of a class."""
    for ty in of_class(part, cls):
        part = replace_part(part, ty, OwnKind(cls))
    return part


def tied_type(ty: PlainInstance) -> PlainInstance:
    """The type of an instance, all that it holds of its class being of that type."""
    return PlainInstance(ty.cls, tied(ty.field_tys, ty.cls))


def joined_fields(have: PlainInstance, other: PlainInstance) -> PlainInstance | None:
    """The type of instances of a class that are of either type; None if there is none."""
    other = tied_type(other)
    now = dict(equations(have, other))
    pairs = zip(
        *(replace_variables(ty.field_tys, now) for ty in (have, other)),
        strict=True,
    )
    joined: list[Type] = []
    for left, right in pairs:
        both = unify(left, right)
        if both is None:
            return None
        joined.append(both)
    return PlainInstance(have.cls, tuple(joined))


def _tie(holder: PlainInstance, variable: TypeVariable, ty: Type) -> PlainInstance:
    """The type of an instance with a variable of its fields bound, maybe to the type itself."""
    now = {variable: tied(ty, holder.cls)}
    return PlainInstance(holder.cls, replace_variables(holder.field_tys, now))


def knot_of(variable: TypeVariable, ty: Type) -> Knot | None:
    """What it takes that a variable is a type that it is a part of: an instance in between."""
    found = [
        part
        for part in all_types(ty)
        if isinstance(part, PlainInstance) and variable in variables_in(part)
    ]
    if not found:
        return None
    outer = max(found, key=lambda part: len(str(part)))
    return Knot(outer, _tie(outer, variable, ty))


class Knots:
    """The types of the instances of a program that hold their own kind."""

    def __init__(self, owner: object) -> None:
        self._owner = owner
        self._tys: dict[Type, PlainInstance] = {}
        self._numbers = count()
        self._rounds = 0

    def type_of(self, cls: Type) -> PlainInstance | None:
        """The type of the instances of a class, if they hold their own kind."""
        return self._tys.get(cls)

    def note(self, knot: Knot) -> None:
        """Let the instances of a class be of a type: of all but those that Python made."""
        cls = knot.have.cls
        if cls in self._tys and not knot.have.is_knot:
            name = cls.pyobj.__name__
            error(
                "unsupported-feature",
                f"a {name} from Python cannot hold another {name} that is assigned to it",
                NO_SPAN,
                help=HELP.format(name=name),
            )
        self._rounds += 1
        if self._rounds > _MOST_ROUNDS:
            error(
                "unsupported-feature",
                f"what a {cls.pyobj.__name__} holds has no end",
                NO_SPAN,
                help=HELP.format(name=cls.pyobj.__name__),
            )
        self._put(knot.want)

    def _put(self, ty: PlainInstance) -> None:
        """What is not known of a type yet is to be told, maybe by several functions."""
        own = {
            found: TypeVariable(self._owner, self, f"{next(self._numbers)}")
            for found in dict.fromkeys(variables_in(ty))
            if found.maker is not self
        }
        self._tys[ty.cls] = replace_variables(ty, own)

    def bind(self, variable: TypeVariable, ty: Type) -> bool:
        """Bind a variable in one of the types; False if it is in none."""
        for holder in self._tys.values():
            if variable in variables_in(holder):
                self._put(_tie(holder, variable, ty))
                return True
        return False

    def bind_rest(self) -> bool:
        """Give what nothing tells a type; tells whether there was any."""
        left = dict.fromkeys(variables_in(tuple(self._tys.values())))
        for variable in left:
            self.bind(variable, int64)
        return bool(left)


HELP = (
    "make them all in compiled code, or decorate the class with jitclass, whose spec says"
    " `node = deferred_type()`, `[..., ('next', optional(node))]`, and afterwards"
    " `node.define({name}.class_type.instance_type)`"
)
"""What to do where Python's instances are to be linked."""
