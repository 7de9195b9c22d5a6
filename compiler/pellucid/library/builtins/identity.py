"""`id` of what has an identity: objects on the heap, and arrays by their memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.types import Array, HeapType, int64


@overload(id)
def identity(obj):
    """The address of an object on the heap, or of an array's first item: not CPython's number."""
    if not isinstance(obj, (Array, HeapType)):
        refuse(f"a {obj.base} is a value without identity: compare with == instead")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        address = cg.field(obj, args[0], "data") if isinstance(obj, Array) else args[0]
        return cg.builder.ptrtoint(address, ll.IntType(64))

    def run(value: Any) -> int:
        return value.data if isinstance(obj, Array) else id(value)

    return Primitive(f"id[{obj}]", int64(obj), lower, run)
