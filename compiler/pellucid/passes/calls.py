"""Typed calls that passes write: the library's own functions, found as inference finds them."""

from __future__ import annotations

from typing import Any

from pellucid.inference.binding import Given
from pellucid.ir.builder import Builder
from pellucid.ir.callee import Ref
from pellucid.ir.protocol import callable_path
from pellucid.ir.values import Value
from pellucid.passes.pass_base import Specialise
from pellucid.types import literal_int


class CallWriter:
    """Writes calls of Python callables at the end of a builder's block."""

    def __init__(self, builder: Builder, specialise: Specialise) -> None:
        self.builder = builder
        self._specialise = specialise

    def call(self, pyobj: Any, *args: Value, hint: str = "t") -> Value:
        """Call `pyobj`; the arguments are converted as in a call that the user wrote."""
        builder = self.builder
        tys = tuple(arg.typed for arg in args)
        site = builder.inlined_at
        options = site.options if site is not None and site.options else builder.fn.options
        resolved = self._specialise(pyobj, tys, builder.span, options)
        values: list[Value] = []
        for recipe, ty in zip(resolved.recipes, resolved.target.sig.params, strict=True):
            assert isinstance(recipe, Given), f"{pyobj} needs more than its arguments"
            assert recipe.item is None, f"{pyobj} takes apart its arguments"
            values.append(builder.convert(args[recipe.index], ty))
        ref = Ref(callable_path(pyobj), pyobj)
        return builder.call(ref, *values, target=resolved.target, hint=hint)

    def literal(self, value: int) -> Value:
        """A constant whose value is part of its type."""
        return self.builder.const(value, ty=literal_int(value))
