"""Objects on the heap and the memory that they hold: for library code only.

items = new(dtype)                     an object; its fields are zero
get(items, "length")                   a field; a new reference to what it holds
put(items, "length", 3)                assigns a field, and releases what it held

data = allocate_items(float64, 10)     uncounted memory for items, not initialised
data = resize_items(data, 20)          moved if need be
load(data, i), store(data, i, x)       an item: a new reference (`memory.py`)
take(data, i)                          an item that is moved out: its place holds nothing then
drop(data, i)                          releases an item in its place
move_items(to, source, n)              bytes, as they are; places may overlap
free_items(data)

What a type's destructor does is an overload of `finalize`; afterwards the managed fields are
released.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.engines import engine
from pellucid.inference.overloads import destructor, intrinsic, refuse, uninterrupted
from pellucid.inference.resolution import plain_type
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import HeapValue, ItemsPointer
from pellucid.library.builtins.memory import is_null
from pellucid.types import (
    Array,
    DType,
    HeapType,
    List,
    Literal,
    MemoryBlock,
    Pointer,
    Type,
    boolean,
    int64,
    none,
)
from pellucid.types.kinds import static

MOST_ITEMS_ON_STACK = 32
"""Items of a list that may lie on the stack."""


def heap_type(ty: Type) -> HeapType:
    """`ty`, which must be the type of a heap object; refuses others."""
    if not isinstance(ty, HeapType):
        refuse(f"{ty.base} is not an object on the heap")
    return ty


def _dtype(ty: Type) -> Type:
    if not isinstance(ty, DType):
        refuse(f"{ty} is not a type")
    return ty.dtype


# ---- objects --------------------------------------------------------------------------------


def new(dtype):
    """A new object of the heap type `dtype`; its fields are zero."""
    made = _new(dtype, destructor(_destroy, dtype))
    if is_null(made):
        raise MemoryError
    return made


@intrinsic
def _new(dtype, destroy):
    ty = heap_type(_dtype(dtype))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.new_object(cg.fields_size(ty), args[1])

    def run(*_: Any) -> HeapValue:
        return HeapValue(
            {name: ItemsPointer([]) if isinstance(held, Pointer) else 0 for name, held in ty.fields}
        )

    sig = ty(dtype, destroy)

    def on_stack(*_: object) -> Primitive | None:
        # Nothing is put into its other managed fields: `confines` says no of that.
        if any(isinstance(held, (Array, MemoryBlock)) for _, held in ty.fields):
            return None
        # What a list's destructor gives back are its items, which come with it.
        if ty.has_destructor and not (isinstance(ty, List) and not ty.elem_ty.is_managed):
            return None

        def lower_on_stack(cg: Any, _: Sequence[Any]) -> Any:
            return cg.new_object_on_stack(cg.fields_size(ty))

        return Primitive("new_on_stack", sig, lower_on_stack, run, Effects.ALLOCATES)

    return Primitive("new", sig, lower, run, Effects.ALLOCATES, on_stack=on_stack)


@engine()
@uninterrupted
def _destroy(obj):
    if _has_destructor(obj):
        finalize(obj)
    _release_fields(obj)


@static
def _has_destructor(obj: Type) -> bool:
    return heap_type(obj).has_destructor


def finalize(obj: Any) -> None:
    """Give back what an object holds besides its managed fields. Types overload it."""
    message = f"finalize({obj}) has a meaning in compiled code only"
    raise TypeError(message)


@intrinsic
def _release_fields(obj):
    ty = heap_type(obj)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        for name, field_ty in ty.fields:
            if field_ty.is_managed:
                cg.release(field_ty, cg.load_field(ty, args[0], name))
        return cg.zero(none)

    return Primitive("release_fields", none(ty), lower, lambda _: None, Effects.WRITES)


@intrinsic
def clear_fields(obj):
    """Release what the managed fields hold; they hold nothing then."""
    ty = heap_type(obj)
    managed = [(name, field_ty) for name, field_ty in ty.fields if field_ty.is_managed]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        held = [cg.load_field(ty, args[0], name) for name, _ in managed]
        for name, field_ty in managed:
            cg.store_field(ty, args[0], name, cg.zero(field_ty))
        for (_, field_ty), ll_value in zip(managed, held, strict=True):
            cg.release(field_ty, ll_value)
        return cg.zero(none)

    def run(obj: HeapValue) -> None:
        obj.fields.update((name, 0) for name, _ in managed)

    return Primitive("clear_fields", none(ty), lower, run, Effects.WRITES)


@intrinsic
def get(obj, name):
    """The field `name` of an object."""
    ty, text = heap_type(obj), _text(name)
    field_ty = ty.field_type(text)

    def lower_lent(cg: Any, args: Sequence[Any]) -> Any:
        return cg.load_field(ty, args[0], text)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        value = lower_lent(cg, args)
        cg.retain(field_ty, value)
        return value

    def run(value: HeapValue, _: str) -> Any:
        return value.fields[text]

    shown, sig = f"{_short(ty)}.{text}", field_ty(ty, name)
    lends = Primitive(f"{shown}_lent", sig, lower_lent, run, Effects.READS, is_lent=True)
    return Primitive(shown, sig, lower, run, Effects.READS, lends=lends, confines=True)


@intrinsic
def put(obj, name, value):
    """Assign the field `name` of an object."""
    ty, text = heap_type(obj), _text(name)
    field_ty = ty.field_type(text)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(field_ty, args[2])
        old = cg.load_field(ty, args[0], text) if field_ty.is_managed else None
        cg.store_field(ty, args[0], text, args[2])
        if old is not None:
            cg.release(field_ty, old)
        return cg.zero(none)

    def run(obj: HeapValue, _: str, value: Any) -> None:
        obj.fields[text] = value

    sig = none(ty, name, field_ty)
    return Primitive(f"{_short(ty)}.{text}=", sig, lower, run, Effects.WRITES, confines=True)


def _text(name: Type) -> str:
    if not isinstance(name, Literal) or not isinstance(name.value, str):
        refuse(f"{name} is not a name known while compiling")
    return name.value


def _short(ty: HeapType) -> str:
    return type(ty).__name__.lower()


@intrinsic
def is_same_object(a, b):
    """`a is b` of two objects."""
    left, right = heap_type(a), heap_type(b)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_unsigned("==", *args)

    return Primitive("same_object", boolean(left, right), lower, lambda x, y: x is y)


# ---- memory of items ------------------------------------------------------------------------


def allocate_items(dtype, count):
    """Memory for `count` items of `dtype`."""
    return resize_items(_no_items(dtype), count)


def resize_items(items, count):
    """The same items in memory for `count`."""
    made = _resize(items, count)
    if is_null(made):
        raise MemoryError
    return made


@intrinsic
def _no_items(dtype):
    ty = Pointer(plain_type(_dtype(dtype)))

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.zero(ty)

    return Primitive("no_items", ty(dtype), lower, lambda _: ItemsPointer([]))


@intrinsic
def nowhere(items):
    """The null pointer to such items."""
    ty = _pointer(items)

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.zero(ty)

    return Primitive("nowhere", ty(ty), lower, lambda _: ItemsPointer([]))


@intrinsic
def _resize(items, count):
    ty = _pointer(items)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.resize(args[0], _byte_count(cg, ty, args[1]))

    def run(old: ItemsPointer, n: int) -> ItemsPointer:
        kept = old.items[:n]
        return ItemsPointer([*kept, *[0] * (n - len(kept))])

    def on_stack(_: object, count: int | None) -> Primitive | None:
        if count is None or not 0 < count <= MOST_ITEMS_ON_STACK:
            return None

        def lower_on_stack(cg: Any, _: Sequence[Any]) -> Any:
            return cg.items_on_stack(count * cg.size_of(ty.elem_ty))

        return Primitive("resize_on_stack", sig, lower_on_stack, run, effects)

    sig, effects = ty(ty, int64), Effects.ALLOCATES | Effects.WRITES
    return Primitive("resize", sig, lower, run, effects, on_stack=on_stack)


@intrinsic
def free_items(items):
    """Give memory back; the items must be gone from it."""
    ty = _pointer(items)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.free(args[0])
        return cg.zero(none)

    return Primitive("free", none(ty), lower, lambda _: None, Effects.WRITES)


@intrinsic
def take(items, index):
    """The item at `index`, moved out of its place."""
    ty = _pointer(items)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.load(ty.elem_ty, _item_address(cg, ty, *args))

    def run(at: ItemsPointer, i: int) -> Any:
        return at.items[at.position + i]

    # It writes: a second time, there is nothing to take.
    effects = Effects.READS | Effects.WRITES
    return Primitive("take", ty.elem_ty(ty, int64), lower, run, effects, confines=True)


@intrinsic
def drop(items, index):
    """Release the item at `index` in its place."""
    ty = _pointer(items)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        if ty.elem_ty.is_managed:
            cg.release(ty.elem_ty, cg.load(ty.elem_ty, _item_address(cg, ty, *args)))
        return cg.zero(none)

    def run(_: ItemsPointer, __: int) -> None:
        return None  # the interpreter's memory is Python's

    return Primitive("drop", none(ty, int64), lower, run, Effects.WRITES)


@intrinsic
def advance(items, count):
    """The place `count` items further."""
    ty = _pointer(items)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _item_address(cg, ty, *args)

    def run(at: ItemsPointer, n: int) -> ItemsPointer:
        return ItemsPointer(at.items, at.position + n)

    return Primitive("advance", ty(ty, int64), lower, run, confines=True)


@intrinsic
def move_items(target, source, count):
    """Move `count` items bit by bit; the places may overlap. References move with them."""
    ty = _pointer(target)
    if source != target:
        refuse(f"{source} is not {target}")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_target, ll_source, ll_count = args
        ll_size = _byte_count(cg, ty, ll_count)
        ll_ptr = ll.PointerType()
        ll_type = ll.FunctionType(ll.VoidType(), [ll_ptr, ll_ptr, ll_size.type, ll.IntType(1)])
        ll_move = cg.declare("llvm.memmove.p0.p0.i64", ll_type)
        cg.builder.call(ll_move, [ll_target, ll_source, ll_size, ll.Constant(ll.IntType(1), 0)])
        return cg.zero(none)

    def run(to: ItemsPointer, at: ItemsPointer, n: int) -> None:
        moved = at.items[at.position : at.position + n]
        to.items[to.position : to.position + n] = moved

    return Primitive("move", none(ty, ty, int64), lower, run, Effects.READS | Effects.WRITES)


def _pointer(ty: Type) -> Pointer:
    if not isinstance(ty, Pointer):
        refuse(f"{ty} is not a pointer")
    return ty


def _byte_count(cg: Any, ty: Pointer, ll_count: Any) -> Any:
    return cg.builder.mul(ll_count, ll.Constant(ll_count.type, cg.size_of(ty.elem_ty)))


def _item_address(cg: Any, ty: Pointer, address: Any, index: Any) -> Any:
    ll_offset = _byte_count(cg, ty, index)
    return cg.builder.gep(address, [ll_offset], inbounds=True, source_etype=ll.IntType(8))
