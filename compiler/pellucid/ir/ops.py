r"""The op kinds. There are few: whatever a Python operator or function does is a `Call`.

    Const     result = const value              a Python object known while compiling
    Call      result = call callee(args)        everything else
    Convert   result = convert value            to the result's type; made by inference only
    Retain    retain value                      one more reference; made by the ownership pass only
    Release   release value                     one reference fewer
    Jump      jump block(args)                  \
    Branch    branch cond, a(args), b(args)      | each ends a block
    Guard     guard then(args), handler(args)    |
    Return    return value                       |
    Raise     raise exception                    |
    Reraise   reraise                            |
    Unreachable                                 /

An exception leaves the function, unless it is guarded: a `Guard` ends the block of a call whose
exceptions go to a handler, and `Raise` and `Reraise` may name one. The exception is then in flight
(`ir/protocol.py`) until the handler takes it up.

Every op has at most one result, a span, and the inline site that brought it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pellucid.base.spans import NO_SPAN, InlineSite, Span
from pellucid.ir.callee import FunctionTarget, Primitive, Ref, Target
from pellucid.ir.effects import Effects
from pellucid.ir.values import Value

if TYPE_CHECKING:
    from pellucid.ir.function import Block


@dataclass(eq=False, kw_only=True)
class Op:
    """What all ops have. Operands are read by `operands()` and replaced by `map_operands()`."""

    span: Span = NO_SPAN
    inlined_at: InlineSite | None = None

    @property
    def result(self) -> Value | None:
        """The value this op defines."""
        return None

    def operands(self) -> Iterator[Value]:
        """The values this op reads, in order; edge arguments included."""
        return iter(())

    def map_operands(self, mapping: dict[Value, Value]) -> None:
        """Replace each operand that `mapping` holds."""

    @property
    def effects(self) -> Effects:
        """What executing this op may do besides defining its result."""
        return Effects.PURE


class ReadsValue:
    """What the ops share whose one operand is `value`."""

    value: Value

    def operands(self) -> Iterator[Value]:
        """The operand."""
        yield self.value

    def map_operands(self, mapping: dict[Value, Value]) -> None:
        """Replace the operand if `mapping` holds it."""
        self.value = mapping.get(self.value, self.value)


@dataclass(eq=False)
class Const(Op):
    """A Python object known while compiling. `path` is set for one that is referred to by name."""

    out: Value
    value: Any  # any Python object
    path: str | None = None

    @property
    def result(self) -> Value:
        return self.out


@dataclass(eq=False)
class Call(Op):
    """`callee(args)`: the last `len(kwnames)` args are keywords; `stars` are positions of `*arg`.

    After inference `target` is set, `kwnames` and `stars` are empty and `args` are the target's
    parameters in order, converted. `cleanup` (set by the ownership pass) are the values that this
    function owns here and must release if the call raises.
    """

    out: Value
    callee: Ref | Value
    args: list[Value]
    kwnames: tuple[str, ...] = ()
    stars: frozenset[int] = frozenset()
    target: Target | None = None
    cleanup: tuple[Value, ...] = ()

    @property
    def result(self) -> Value:
        return self.out

    def operands(self) -> Iterator[Value]:
        if isinstance(self.callee, Value):
            yield self.callee
        yield from self.args

    def map_operands(self, mapping: dict[Value, Value]) -> None:
        if isinstance(self.callee, Value):
            self.callee = mapping.get(self.callee, self.callee)
        self.args = [mapping.get(a, a) for a in self.args]
        self.cleanup = tuple(mapping.get(a, a) for a in self.cleanup)

    @property
    def effects(self) -> Effects:
        return Effects.ANY if self.target is None else self.target.effects


@dataclass(eq=False)
class Convert(ReadsValue, Op):
    """`value` as the type of the result: a number widened, a literal dropped, an optional made."""

    out: Value
    value: Value

    @property
    def result(self) -> Value:
        return self.out


@dataclass(eq=False)
class Retain(ReadsValue, Op):
    """One more reference to what `value` holds."""

    value: Value

    @property
    def effects(self) -> Effects:
        return Effects.WRITES


@dataclass(eq=False)
class Release(ReadsValue, Op):
    """One reference fewer to what `value` holds; frees it at zero."""

    value: Value

    @property
    def effects(self) -> Effects:
        return Effects.WRITES


@dataclass(eq=False)
class Edge:
    """A way into `block`, with a value for each of its parameters."""

    block: Block
    args: list[Value] = field(default_factory=list[Value])


@dataclass(eq=False)
class Terminator(Op):
    """An op that ends a block."""

    def edges(self) -> tuple[Edge, ...]:
        """The ways out."""
        return ()

    def operands(self) -> Iterator[Value]:
        for edge in self.edges():
            yield from edge.args

    def map_operands(self, mapping: dict[Value, Value]) -> None:
        for edge in self.edges():
            edge.args = [mapping.get(a, a) for a in edge.args]


@dataclass(eq=False)
class Jump(Terminator):
    """Go on in another block."""

    edge: Edge

    def edges(self) -> tuple[Edge, ...]:
        return (self.edge,)


@dataclass(eq=False)
class Branch(Terminator):
    """Go on in one of two blocks; `cond` is a bool (or a literal one: then one way is dead)."""

    cond: Value
    then: Edge
    orelse: Edge

    def edges(self) -> tuple[Edge, ...]:
        return (self.then, self.orelse)

    def operands(self) -> Iterator[Value]:
        yield self.cond
        yield from super().operands()

    def map_operands(self, mapping: dict[Value, Value]) -> None:
        self.cond = mapping.get(self.cond, self.cond)
        super().map_operands(mapping)


@dataclass(eq=False)
class Guard(Terminator):
    """Go on in `then` if `call`, the block's last op, gave its result; else in `handler`.

    The result of the call is only there in `then`, or as an argument on the way to it.
    """

    call: Call
    then: Edge
    handler: Edge

    def edges(self) -> tuple[Edge, ...]:
        return (self.then, self.handler)


@dataclass(eq=False)
class Return(ReadsValue, Terminator):
    """Leave the function with `value`."""

    value: Value


@dataclass(eq=False)
class Leaving(Terminator):
    """An op that leaves the function by an exception, or goes to a handler of this function.

    `cleanup` as in `Call`; what a handler does not need is released on the way to it.
    """

    cleanup: tuple[Value, ...] = field(default=(), kw_only=True)
    handler: Edge | None = field(default=None, kw_only=True)

    def edges(self) -> tuple[Edge, ...]:
        return () if self.handler is None else (self.handler,)

    def map_operands(self, mapping: dict[Value, Value]) -> None:
        super().map_operands(mapping)
        self.cleanup = tuple(mapping.get(a, a) for a in self.cleanup)

    @property
    def effects(self) -> Effects:
        return Effects.RAISES if self.handler is None else Effects.PURE


@dataclass(eq=False)
class Raise(Leaving):
    """Raise an exception: an instance or a class."""

    value: Value

    def operands(self) -> Iterator[Value]:
        yield self.value
        yield from super().operands()

    def map_operands(self, mapping: dict[Value, Value]) -> None:
        super().map_operands(mapping)
        self.value = mapping.get(self.value, self.value)


@dataclass(eq=False)
class Reraise(Leaving):
    """Let the exception that is in flight go on.

    With `is_raise` a `raise` statement says so, whose line is part of the traceback.
    """

    is_raise: bool = False


@dataclass(eq=False)
class Unreachable(Terminator):
    """Control does not get here."""


__all__ = [
    "Branch",
    "Call",
    "Const",
    "Convert",
    "Edge",
    "FunctionTarget",
    "Guard",
    "Jump",
    "Leaving",
    "Op",
    "Primitive",
    "Raise",
    "Ref",
    "Release",
    "Reraise",
    "Retain",
    "Return",
    "Target",
    "Terminator",
    "Unreachable",
]
