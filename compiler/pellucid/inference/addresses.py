"""Addresses of compiled functions, as values: for what is called later, by whoever holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.ir.callee import FunctionTarget, Primitive
from pellucid.types import HeapType, Pointer, Signature, Type, uint8

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


def _pointer(name: str, target: FunctionTarget, params: tuple[Type, ...], lower: Any) -> Primitive:
    def run(*_: Any) -> FunctionTarget:
        return target  # the interpreter calls the function itself

    return Primitive(name, Signature(ADDRESS, params), lower, run, uses=(target,))
