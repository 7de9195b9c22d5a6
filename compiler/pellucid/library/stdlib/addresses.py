"""`array.ctypes`: the address of an array's items, for functions of C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, overload_attribute, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins.structs import field, struct
from pellucid.library.numpy.primitives import array_data
from pellucid.types import Array, Pointer, Struct, int64


@overload_attribute(Array, "ctypes")
def ctypes_(a):
    """What a function of C takes for a `c_void_p`; it keeps the array."""

    def impl(a):
        return struct("array_address", "data", array_data(a), "array", a)

    return impl


@overload_attribute(Struct, "data")
def data(a):
    """The address as an int. It is valid as long as something else holds the array."""
    if a.name != "array_address":
        refuse(f"{a} has no address")

    def impl(a):
        return address_of(field(a, "data"))

    return impl


@intrinsic
def address_of(pointer):
    """A pointer as an int."""
    if not isinstance(pointer, Pointer):
        refuse(f"{pointer} is not a pointer")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.ptrtoint(args[0], ll.IntType(64))

    # As if it were written to: what is at the address may be.
    effects = Effects.WRITES
    return Primitive("address_of", int64(pointer), lower, int, effects)
