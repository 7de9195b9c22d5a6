"""Type variables: what an empty container will hold is known from what is first done with it.

    items = []              list(unknown): the op that makes it has a variable
    items.append(x)         the template of `append` binds the variable to the type of `x`

A template calls `bind(have, want)` where a part of its receiver's type must be a type that the
other arguments tell. If it is not known yet, that raises a `Binding`, which the frame of the
variable catches: it notes the type, and visits the container's maker and all that follows from it
again.
Until then, what is done with the container without telling its type is typed as far as it goes; a
call that cannot be typed is `PENDING`, without an error.

A container that has a type, and is given what that type cannot hold, may have a wider one if it was
made in the same function: the template raises a `Widening`.
"""

from __future__ import annotations

from collections.abc import Callable as PyCallable
from collections.abc import Mapping
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from pellucid.base.diagnostics import Diagnostic, Label, error_class
from pellucid.base.spans import NO_SPAN, Span
from pellucid.inference.knots import Knot, knot_of
from pellucid.ir.callee import Ref
from pellucid.ir.ops import Call
from pellucid.ir.protocol import CONTAINER, NEW_OBJECT, SHARED_CONTAINER
from pellucid.types.containers import Optional, Tuple
from pellucid.types.functions import BoundMethod, Callable, undefined
from pellucid.types.heap import (
    Cell,
    Counter,
    DefaultDict,
    Deque,
    Dict,
    HeapType,
    List,
    OrderedDict,
    Set,
    TypeVariable,
    all_types,
    equations,
    replace_variables,
    variables_in,
)
from pellucid.types.kinds import Type
from pellucid.types.plain import PlainInstance, attribute_names, is_plain_class
from pellucid.types.scalars import NoneType, int64, none
from pellucid.types.unify import FUNCTIONS

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame
    from pellucid.inference.program import Program
    from pellucid.ir.values import Value


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


class Widening(Exception):
    """A container of type `have` must be a `want`: caught by the frame that made the container."""

    def __init__(self, have: HeapType, want: HeapType, refusal: str) -> None:
        super().__init__(refusal)
        self.have = have
        self.want = want
        self.refusal = refusal


def refused_item(widening: Widening, span: Span) -> Diagnostic:
    """What is told where a container cannot be made wider."""
    return Diagnostic(
        "no-matching-overload",
        widening.refusal,
        Label(span, f"this is a {widening.have}"),
        help="make the container with an item of the wider type, such as 0.0 rather than 0",
    )


def bind(have: Type, want: Type) -> Type:
    """`have`; where it has variables that `want` tells, they are bound first (by a `Binding`)."""
    for variable, ty in equations(have, want.base):
        raise Binding(variable, ty.base)
    return have


_PROTOCOL = "pellucid.ir.protocol"
DISPLAYS = frozenset({f"{_PROTOCOL}.build_{name}" for name in ("list", "set", "dict")})
"""What makes a container of its arguments, whose types tell its type."""


Variable = PyCallable[[str], Type]
"""Gives the variable for a part of what an op makes, by name."""
Result = PyCallable[[Type], "Type | None"]
"""What a function returns that is called without arguments; None if it is not known."""


class Given(Protocol):
    """The arguments of a maker."""

    @property
    def types(self) -> tuple[Type, ...]:
        """Their types."""
        ...

    @property
    def kwnames(self) -> tuple[str, ...]:
        """The names of the last ones."""
        ...


class _Nothing:
    types: tuple[Type, ...] = ()
    kwnames: tuple[str, ...] = ()


def _parts(kind: type[HeapType], *names: str) -> PyCallable[..., HeapType | None]:
    """Makers without arguments."""

    def make(variable: Variable, given: Given, _: Result) -> HeapType | None:
        return None if given.types else kind(*map(variable, names))

    return make


def _counter(variable: Variable, given: Given, _: Result) -> HeapType | None:
    return None if given.types else Counter(variable("key"), int64)


def _deque(variable: Variable, given: Given, _: Result) -> HeapType | None:
    is_empty = given.kwnames == ("maxlen",) if given.types else True
    return Deque(variable("element")) if is_empty and len(given.types) < 2 else None


def _default_dict(variable: Variable, given: Given, result: Result) -> HeapType | None:
    """Its factory tells the values: what a function returns, or an empty container."""
    if len(given.types) > 1 or given.kwnames:
        return None
    factory = given.types[0].base if given.types else none
    if not isinstance(factory, (NoneType, *FUNCTIONS)):
        return None
    make = _MAKERS.get(getattr(factory, "path", ""))
    if isinstance(factory, NoneType):
        value_ty: Type | None = variable("value")
    elif make is not None:
        value_ty = make(lambda name: variable(f"value.{name}"), _Nothing(), result)
    else:
        value_ty = result(factory)
    return None if value_ty is None else DefaultDict(variable("key"), value_ty, factory)


def _instance(cls: Callable, variable: Variable, _given: Given, _: Result) -> HeapType:
    return PlainInstance(cls, tuple(map(variable, attribute_names(cls.pyobj))))


TYPED = "pellucid.typed"
"""The module of the containers that Python sees as what they are."""

_MAKERS: Mapping[str, PyCallable[[Variable, Given, Result], HeapType | None]] = {
    f"{_PROTOCOL}.build_list": _parts(List, "element"),
    f"{_PROTOCOL}.build_set": _parts(Set, "element"),
    f"{_PROTOCOL}.build_dict": _parts(Dict, "key", "value"),
    "builtins.list": _parts(List, "element"),
    "builtins.set": _parts(Set, "element"),
    "builtins.dict": _parts(Dict, "key", "value"),
    f"{TYPED}.List": _parts(List, "element"),
    f"{TYPED}.Set": _parts(Set, "element"),
    f"{TYPED}.Dict": _parts(Dict, "key", "value"),
    f"{_PROTOCOL}.make_cell": _parts(Cell, "value"),
    "collections.OrderedDict": _parts(OrderedDict, "key", "value"),
    "collections.Counter": _counter,
    "collections.deque": _deque,
    "collections.defaultdict": _default_dict,
}
"""What a call makes of the variables that are its parts, if its arguments put nothing into it."""


def maker_of(callee_ty: Type) -> Ref:
    """What makes an empty container once its type is known."""
    is_shared = getattr(callee_ty, "path", "").startswith(TYPED)
    return SHARED_CONTAINER if is_shared else CONTAINER


class Variables:
    """The type variables of one frame: the ops that make empty containers, and what is bound."""

    def __init__(self, owner: Frame) -> None:
        self._owner = owner
        self._bound: dict[TypeVariable, Type] = {}
        self._open: dict[TypeVariable, None] = {}
        self.makers: dict[Call, HeapType] = {}
        self.widened: dict[Call, HeapType] = {}

    def made_by(self, op: Call, callee_ty: Type, given: Given, result: Result) -> HeapType | None:
        """The type, as far as it is known, of the empty container or instance that a call makes."""
        path = getattr(callee_ty, "path", "")
        make = _MAKERS.get(path)
        if isinstance(callee_ty, Callable) and is_plain_class(callee_ty.pyobj):
            make = partial(_instance, callee_ty)
        if make is None:
            return None

        def variable(name: str) -> Type:
            made = TypeVariable(self._owner, op, name)
            if made not in self._bound:
                self._open[made] = None
            return made

        knot = self._owner.program.knots.type_of(callee_ty)
        ty = knot or self.widened.get(op) or make(variable, given, result)
        if ty is None or (op.args and path in DISPLAYS):
            return ty
        self.makers[op] = ty
        known = self.known(ty)
        assert isinstance(known, HeapType)
        return known

    def adopt(self, op: Call, ty: Type) -> Type:
        """A type of another frame, with variables of this one for those that it has."""
        own = {
            found: TypeVariable(self._owner, op, f"value.{index}")
            for index, found in enumerate(dict.fromkeys(variables_in(ty)))
        }
        self._open.update((made, None) for made in own.values() if made not in self._bound)
        adopted: Type = replace_variables(ty, own)
        return adopted

    def known(self, ty: Type) -> Type:
        """`ty` with the variables that are bound replaced."""
        return replace_variables(ty, self._bound)

    def is_stale(self, ty: object) -> bool:
        """Whether a type has variables that are bound by now."""
        return any(variable in self._bound for variable in variables_in(ty))

    def bind(self, variable: TypeVariable, ty: Type) -> bool:
        """Bind a variable; False if it cannot be, since the type would hold itself."""
        ty = self.known(ty)
        if any(found == variable for found in variables_in(ty)):
            knot = knot_of(variable, ty)
            if knot is not None:
                raise knot
            return False
        now = {variable: ty}
        self._bound = {old: replace_variables(part, now) for old, part in self._bound.items()} | now
        self._open.pop(variable, None)
        return True

    def widen(self, op: Call, ty: HeapType) -> bool:
        """Let what a call makes be a `ty`, if it is a container that this can be said of."""
        is_display = isinstance(op.callee, Ref) and op.callee.path in DISPLAYS
        if op not in self.makers and not is_display:
            return False
        for variable, part in equations(self.makers.get(op), ty):
            self._bound[variable] = part
        self.widened[op] = ty
        return True

    def made_here(self, op: Call, ty: HeapType) -> dict[Call, None]:
        """A call itself, if the instance of a type that it makes is what `__init__` is widening."""
        made = self.makers.get(op)
        is_it = isinstance(made, PlainInstance) and self.known(made) == ty
        return {op: None} if is_it else {}

    def own(self, binding: Binding) -> Type:
        """What is bound, with variables of this frame for those of functions that have ended.

        An attribute of an instance may be a container that was made empty in a method.
        """
        maker, name = binding.variable.maker, binding.variable.name
        program = self._owner.program
        alive = (program, *program.stack)
        ended = [v for v in variables_in(binding.ty) if v.owner not in alive]
        made = {
            variable: TypeVariable(self._owner, maker, f"{name}.{index}.{variable.name}")
            for index, variable in enumerate(dict.fromkeys(ended))
        }
        self._open.update((new, None) for new in made.values() if new not in self._bound)
        return replace_variables(binding.ty, made)

    def bind_rest(self, ty: Type) -> bool:
        """Bind what nothing tells to `ty`; tells whether there was any."""
        left = list(self._open)
        for variable in left:
            self.bind(variable, ty)
        return bool(left)


def with_variables(arg_tys: tuple[Type, ...], owner: object) -> tuple[Type, ...]:
    """The types of arguments, with variables for what empty containers among them would hold."""
    numbers = count()

    def replace(part: Any) -> Any:
        if part is undefined:
            return TypeVariable(owner, None, f"{next(numbers)}")
        if isinstance(part, HeapType):
            parts = [getattr(part, name) for name in type(part).__match_args__]
            made = list(map(replace, parts))
            return part if made == parts else type(part)(*made)
        if isinstance(part, Tuple):
            return part.of(tuple(map(replace, part.elems)))
        return tuple(map(replace, part)) if isinstance(part, tuple) else part

    return tuple(map(replace, arg_tys))


def makers_of(frame: Frame, op: Call, ty: Type) -> dict[Call, None] | None:
    """The calls that make the containers of a type among a call's operands.

    None if one is a parameter of the function; none at all if one comes from elsewhere.
    """
    definitions = {made.result: made for made in frame.fn.ops() if made.result is not None}
    types = frame.types
    makers: dict[Call, None] = {}
    pending = [v for v in op.operands() if v in types and _container(types[v]) == ty]
    seen = set(pending)
    while pending:
        value = pending.pop()
        definition = definitions.get(value)
        if definition is None:
            if value in frame.fn.entry.params:
                return None
            sources = frame.incoming(value)
        elif isinstance(definition, Call) and isinstance(types.get(value), BoundMethod):
            sources = [arg for arg in definition.args if _container(types[arg]) == ty]
        elif isinstance(definition, Call) and definition.callee is NEW_OBJECT:
            sources = definition.args  # a type that the caller has made
        elif isinstance(definition, Call):
            sources = _holders(frame, definition, ty)
            if not sources:
                makers[definition] = None
                continue
        else:
            return {}
        pending += (source for source in sources if source not in seen)
        seen.update(sources)
    return makers


def _holders(frame: Frame, op: Call, ty: Type) -> list[Value]:
    """Out of which operands a call may have taken an instance that it has not made."""
    if not isinstance(ty, PlainInstance) or op in frame.variables.makers:
        return []
    return [arg for arg in op.args if ty in all_types(frame.types[arg])]


def _container(ty: Type) -> Type:
    """The type of a container, or of the one whose method a value is."""
    return ty.receiver if isinstance(ty, BoundMethod) else ty


def _may_be_none(have: HeapType, want: HeapType) -> bool:
    """Whether an instance is wanted some of whose attributes may be None, which others may be."""
    if not isinstance(have, PlainInstance) or not isinstance(want, PlainInstance):
        return False
    pairs = zip(have.field_tys, want.field_tys, strict=True)
    return all(
        a == b or (isinstance(b, Optional) and (isinstance(a, NoneType) or a == b.value_ty))
        for a, b in pairs
    )


def _with_other(part: Any, widening: Widening) -> Any:
    """A type, or tuple of types, with the wider type in place of the other."""
    if part == widening.have:
        return widening.want
    if isinstance(part, tuple):
        return tuple(_with_other(item, widening) for item in part)
    if isinstance(part, Type) and widening.have in all_types(part):
        parts = [getattr(part, name) for name in type(part).__match_args__]
        return type(part)(*(_with_other(each, widening) for each in parts))
    return part


def settle_arguments(
    arg_tys: tuple[Type, ...], owner: Program, infer: PyCallable[[tuple[Type, ...]], Frame]
) -> Frame:
    """The inference for arguments from Python: what empty ones hold, the function tells."""
    arg_tys = with_variables(arg_tys, owner)
    while True:
        try:
            frame = infer(arg_tys)
        except Binding as binding:
            if owner.knots.bind(binding.variable, binding.ty):
                owner.begin_again()
            arg_tys = replace_variables(arg_tys, {binding.variable: binding.ty})
            continue
        except Knot as knot:
            owner.knots.note(knot)
            owner.begin_again()
            continue
        except Widening as widening:  # of an argument's container
            # A Python cell takes anything, an attribute may be None at times.
            if isinstance(widening.have, Cell) or _may_be_none(widening.have, widening.want):
                arg_tys = _with_other(arg_tys, widening)
                continue
            refused = refused_item(widening, NO_SPAN)
            raise error_class(refused.code)(refused) from None
        left = dict.fromkeys(variables_in(arg_tys), int64)
        if owner.knots.bind_rest():
            owner.begin_again()
        elif not left:
            return frame
        arg_tys = replace_variables(arg_tys, left)
