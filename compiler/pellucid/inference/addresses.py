"""Addresses of compiled functions, as values: for what is called later, by whoever holds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pellucid.inference.binding import Arguments
from pellucid.inference.overloads import code_pointer, destructor, value_code
from pellucid.inference.resolution import Resolution, Resolved, all_given
from pellucid.ir.callee import FunctionTarget, Primitive
from pellucid.ir.ops import Call
from pellucid.types import DType, HeapType, Pointer, Signature, Type, uint8

# Any: the lowering context and LLVM values are of higher rooms.

ADDRESS = Pointer(uint8)


def address_of(target: FunctionTarget, params: tuple[Type, ...]) -> Primitive:
    """The primitive that gives the address of a function; `params` name it, and hold nothing."""

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.code_pointer(target)

    return _pointer(f"address[{target.name}]", target, params, lower)


def destructor_of(target: FunctionTarget, params: tuple[Type, ...]) -> Primitive:
    """The primitive that gives the address of a heap object's destructor, which calls `target`."""

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.destructor(target)

    return _pointer(f"destructor[{target.name}]", target, params, lower)


def value_code_of(target: FunctionTarget, params: tuple[Type, ...]) -> Primitive:
    """The primitive that gives the address of code for values of function types."""
    has_owner = bool(target.sig.params) and isinstance(target.sig.params[0], HeapType)

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.adapter(target, has_owner=has_owner)

    return _pointer(f"code[{target.name}]", target, params, lower)


ADDRESSES = {code_pointer: address_of, destructor: destructor_of, value_code: value_code_of}
"""What library code asks for addresses with."""


def take_address(
    op: Call,
    asked: Any,
    arguments: Arguments,
    resolve: Callable[[Call, Type, Arguments], Resolution],
) -> Resolved:
    """A call of one of `ADDRESSES`: the function, and the types of its arguments."""
    function, *dtypes = arguments.types
    arg_tys = tuple(ty.dtype for ty in dtypes if isinstance(ty, DType))
    found = resolve(op, function, Arguments(arg_tys))
    assert isinstance(found, Resolved), f"{function} is not a function for {arg_tys}"
    assert isinstance(found.target, FunctionTarget), f"{function} has no address"
    return Resolved(ADDRESSES[asked](found.target, arguments.types), all_given(arguments))


def _pointer(name: str, target: FunctionTarget, params: tuple[Type, ...], lower: Any) -> Primitive:
    def run(*_: Any) -> FunctionTarget:
        return target  # the interpreter calls the function itself

    return Primitive(name, Signature(ADDRESS, params), lower, run, uses=(target,))
