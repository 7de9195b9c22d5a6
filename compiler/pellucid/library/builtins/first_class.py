"""Functions known while compiling as functions of which only the signature is known.

What a closure captured moves to an object on the heap, which the value owns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, overload, refuse, value_code
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import to_function
from pellucid.library.builtins.heap import get, new, put
from pellucid.types import (
    Callable,
    Closure,
    Dispatcher,
    DType,
    Environment,
    FunctionType,
    FunctionUnion,
    Tuple,
    Type,
)
from pellucid.types.convert import can_convert

_NULL = ll.Constant(ll.PointerType(), None)


@overload(to_function)
def convert_known(function, ty):
    """A function, closure or one of several, compiled for a signature."""
    wanted = _wanted(ty)
    args_ty, ret_ty = Tuple(wanted.signature.params), DType(wanted.signature.ret)
    if isinstance(function, (Callable, Dispatcher)):

        def known(function, ty):
            return bare_function(ty, value_code(_call_known, function_ty, args_ty, ret_ty))

        function_ty = function
        return known
    if not isinstance(function, (Closure, FunctionUnion)):
        refuse(f"{function} is not a function")
    environment = Environment(function)

    def with_captured(function, ty):
        owner = new(environment)
        put(owner, "function", function)
        return owning_function(ty, owner, value_code(_call_held, environment, args_ty, ret_ty))

    return with_captured


def _wanted(ty: Type) -> FunctionType:
    if not isinstance(ty, DType) or not isinstance(ty.dtype, FunctionType):
        refuse(f"{ty} is not the type of functions with a signature")
    return ty.dtype


def _call_known(function, args, ret):
    return as_returned(function(*args), ret)


def _call_held(environment, args, ret):
    return as_returned(get(environment, "function")(*args), ret)


@intrinsic
def as_returned(value, ret):
    """What a function returns as its signature says."""
    wanted = ret.dtype
    if not can_convert(value, wanted):
        refuse(f"the function returns {value.base}, and {wanted} is wanted")
    return Primitive(
        "as_returned", wanted(wanted, ret), lambda _, args: args[0], lambda value, _: value
    )


@intrinsic
def bare_function(ty, code):
    """The function with this code, which needs nothing else."""
    wanted = _wanted(ty)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.make(wanted, owner=_NULL, code=args[1], data=_NULL)

    return Primitive("function", wanted(ty, code), lower, lambda _, code: code)


@intrinsic
def owning_function(ty, owner, code):
    """The function with this code, which is given `owner` with its arguments."""
    wanted = _wanted(ty)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(owner, args[1])
        return cg.make(wanted, owner=args[1], code=args[2], data=_NULL)

    return Primitive("function", wanted(ty, owner, code), lower, lambda *args: args[2])
