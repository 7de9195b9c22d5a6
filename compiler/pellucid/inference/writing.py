"""Calls that the source does not spell, in typed IR that is being written or rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.inference.binding import Arguments, Given
from pellucid.inference.resolution import Resolved
from pellucid.ir.builder import Builder
from pellucid.ir.callee import Ref
from pellucid.ir.ops import Call
from pellucid.ir.protocol import GET_FIELD, PUT_FIELD, UNBOUND
from pellucid.ir.values import Value
from pellucid.types import Type, int64, undefined
from pellucid.types.containers import literal_str

if TYPE_CHECKING:
    from pellucid.inference.program import Program


class Writer:
    """Writes calls that the source does not spell."""

    def __init__(self, program: Program, builder: Builder) -> None:
        self.program = program
        self.builder = builder

    def call(self, ref: Ref, *args: Value, hint: str = "t") -> Value:
        """Call the function of the library that `ref` stands for."""
        span = self.builder.span
        op = Call(Value("none"), ref, list(args), span=span)
        arguments = Arguments(tuple(arg.typed for arg in args))
        found = self.program.resolve(op, self.program.type_of_ref(ref, span), arguments, None)
        assert isinstance(found, Resolved)
        values: list[Value] = []
        for recipe, ty in zip(found.recipes, found.target.sig.params, strict=True):
            assert isinstance(recipe, Given), f"{ref} takes other arguments"
            values.append(self.builder.convert(args[recipe.index], ty))
        made = self.builder.call(ref, *values, target=found.target, hint=hint)
        made.ty = found.ret  # also of a function that is being inferred
        return made

    def get(self, obj: Value, name: str, hint: str) -> Value:
        """A field of a heap object."""
        return self.call(GET_FIELD, obj, self._name(name), hint=hint)

    def put(self, obj: Value, name: str, value: Value) -> None:
        """Assign a field of a heap object."""
        self.call(PUT_FIELD, obj, self._name(name), value)

    def zero(self, ty: Type) -> Value:
        """A value of which nothing is read."""
        return self.builder.convert(self.builder.const(UNBOUND, "none", ty=undefined), ty)

    def number(self, value: int) -> Value:
        """A state."""
        return self.builder.const(value, ty=int64)

    def _name(self, name: str) -> Value:
        return self.builder.const(name, ty=literal_str(name))
