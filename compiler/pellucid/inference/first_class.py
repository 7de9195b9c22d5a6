"""Functions of which only the signature is known: called through their address.

    g: FunctionType(float64(float64))
    g(x)            ->  call call[FunctionType(float64(float64))](g, x)

A function that is known while compiling becomes such where it joins others, and is compiled for the
signature there (`needs_code`; the overload of `to_function` in the library does it).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.base.diagnostics import error
from pellucid.inference.binding import Arguments, Receiver
from pellucid.inference.refusals import bind_arguments
from pellucid.inference.resolution import Resolved
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.function import Function
from pellucid.ir.ops import Call
from pellucid.ir.params import Param
from pellucid.types import FunctionType, Optional, PyObject, Signature, Tuple, Type
from pellucid.types.convert import KNOWN_FUNCTIONS, can_convert
from pellucid.types.functions import Undefined

_POSITIONAL_ONLY = 0


def call_by_address(op: Call, callee_ty: FunctionType, arguments: Arguments) -> Resolved:
    """The call of a function with a known signature."""
    sig = callee_ty.signature
    params = [Param(f"argument {i + 1}", _POSITIONAL_ONLY) for i in range(len(sig.params))]
    shape = Function(str(callee_ty), params, span=op.span, is_library=True)
    recipes = bind_arguments(shape, arguments, op)
    for recipe, ty in zip(recipes, sig.params, strict=True):
        have = arguments.type_of(recipe)
        if not can_convert(have, ty):
            error(
                "wrong-arguments",
                f"{callee_ty} takes {ty}, and is given {have.base}",
                op.span,
                help="convert the argument, or take functions of another signature",
            )
    with_receiver = (Receiver(), *recipes)
    return Resolved(_caller(callee_ty), with_receiver)


def _caller(ty: FunctionType) -> Primitive:
    sig = ty.signature

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        function, *rest = args
        return cg.call_address(ty, function, rest)

    def run(function: Any, *args: Any) -> Any:
        return function(*args)

    return Primitive(f"call[{ty}]", Signature(sig.ret, (ty, *sig.params)), lower, run, Effects.ANY)


def needs_code(have: Type, want: Type) -> bool:
    """Whether a conversion is a call: a function is compiled for a signature, an object made."""
    if isinstance(want, PyObject):
        return not isinstance(have, (PyObject, Undefined))
    if isinstance(want, FunctionType):
        return isinstance(have, KNOWN_FUNCTIONS)
    if isinstance(want, Optional):
        return needs_code(have, want.value_ty)
    if isinstance(want, Tuple) and isinstance(have, Tuple):
        return any(map(needs_code, have.elems, want.elems))
    return False
