"""Items of containers that are of another type than the container's: `ir.protocol.unbox_known`.

`typeof` gives a container one type for its items, which joins theirs: [1, 2.5] is a list of floats,
[np.int8(3), 5] one of ints. Two things follow for those who unbox containers:

    note_joined()        no item was of the joined type itself, so `typeof` may give another: the
                         entry leaves the call to the slow path, which asks `typeof`
    unbox_known(obj, ty) in calls from there any number is taken that Python converts
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models import context
from pellucid.codegen.models.model import ll_i64, offset_address
from pellucid.inference.overloads import intrinsic, overload
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import unbox, unbox_known
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import is_exact
from pellucid.library.objects.classes import builtin_class, call_with, has_class, object_attribute
from pellucid.library.objects.containers import tuple_size
from pellucid.library.objects.conversion import marked, named_as, read_as, unbox_items, zero
from pellucid.types import (
    Complex,
    Float,
    Integer,
    Optional,
    Tuple,
    Type,
    UnicodeType,
    boolean,
    complex128,
    none,
)
from pellucid.types.kinds import static


@intrinsic
def is_known():
    """Whether `typeof` gave the arguments the types that they are unboxed as."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        flags = cg.builder.load(
            offset_address(cg.builder, cg.ctx, context.UNBOXING), typ=ll_i64, align=8
        )
        known = cg.builder.and_(flags, ll.Constant(ll_i64, context.UNBOXING_KNOWN))
        return cg.builder.icmp_unsigned("!=", known, ll.Constant(ll_i64, 0))

    return Primitive("is_known", boolean(), lower, lambda: False, Effects.READS)


@intrinsic
def note_joined():
    """Tell the entry that `typeof` may give an argument another type."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        address = offset_address(cg.builder, cg.ctx, context.UNBOXING)
        flags = cg.builder.load(address, typ=ll_i64, align=8)
        joined = cg.builder.or_(flags, ll.Constant(ll_i64, context.UNBOXING_JOINED))
        cg.builder.store(joined, address, align=8)
        return cg.zero(none)

    return Primitive("note_joined", none(), lower, lambda: None, Effects.WRITES | Effects.IO)


def shown_by(item):
    """Which of the types that items joined to this one, an item that is of it shows: bits."""
    if is_optional(item):
        return 2 if item is None else 1
    return 1


@static
def is_optional(item: Type) -> bool:
    """Whether a value may be None."""
    return isinstance(item, Optional)


@static
def all_shown(ty: Type) -> int:
    """The bits that items must have shown for a container to be of an item type, as a dtype."""
    wanted = marked(ty)
    if isinstance(wanted, Optional):
        return 3
    return (
        4 if _holds_optional(wanted) else 1
    )  # an item shows what its items are, and not what None


def _holds_optional(ty: Type) -> bool:
    """Whether a type is that of tuples in which something may be None."""
    if not isinstance(ty, Tuple):
        return False
    return any(isinstance(elem, Optional) or _holds_optional(elem) for elem in ty.elems)


@overload(unbox_known)
def unbox_any(obj, ty):
    """Numbers and texts by the classes of Python; tuples and optionals of them."""
    require_objects(obj)
    wanted = marked(ty)
    match wanted:
        case Integer():
            return _number("PyLong_Type")
        case Float():
            return _number("PyFloat_Type")
        case Complex() if wanted == complex128:
            return _number("PyComplex_Type")
        case UnicodeType():
            return _text
        case Tuple():
            return _tuple(wanted)
        case Optional():
            return _optional(wanted.value_ty)
        case _:
            return _other


def _number(name: str) -> Any:
    def impl(obj, ty):
        if is_known():
            return read_as(call_with(builtin_class(name), obj), ty)
        return False, zero(ty)

    return impl


def _text(obj, ty):
    if is_known():
        as_str = object_attribute(builtin_class("PyUnicode_Type"), "__str__")
        return unbox(call_with(as_str, obj), ty)
    return False, zero(ty)


def _tuple(wanted: Tuple) -> Any:
    count = len(wanted.elems)
    if wanted.cls is not None:

        def named(obj, ty):
            if is_known() and has_class(obj, ty):
                ok, items = unbox_items(obj, ty, 0)
                return ok, named_as(ty, items)
            return False, zero(ty)

        return named

    def impl(obj, ty):
        if is_known() and is_exact(obj, "PyTuple_Type") and tuple_size(obj) == count:
            return unbox_items(obj, ty, 0)
        return False, zero(ty)

    return impl


def _optional(inner: Type) -> Any:
    def impl(obj, ty):
        ok, value = unbox_known(obj, inner)
        if ok:
            return True, value
        return False, zero(ty)

    return impl


def _other(obj, ty):
    return False, zero(ty)
