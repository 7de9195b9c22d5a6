"""What code compiled for debugging tells debuggers."""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import overload
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import show_variable
from pellucid.types import Signature, none


@overload(show_variable, literals=["name"])
def show_variable_(name, value):
    """Write a variable to where debuggers look; nothing is there to be seen of a type unknown."""
    variable, ty = name.value, value.base

    def lower(cg: Any, args: Any) -> Any:
        cg.show_variable(variable, ty, args[1])
        return cg.zero(none)

    sig = Signature(none, (name, ty))
    return Primitive("show_variable", sig, lower, show_variable, Effects.WRITES)
