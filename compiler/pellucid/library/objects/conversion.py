"""Values across the boundary: `unbox`, `box` and `write_back`, for any type that has them.

    ok, value = unbox(obj, ty)     (whether `obj` is a `ty` as `typeof` says, its value)
    obj = box(value)               a new Python object
    write_back(obj, value)         a mutable argument's object takes on what became of the value

These are keys of overloads: numbers, arrays and the like are done in machine code by the
overloads here; a container's library module adds its own for its type, and calls them for its
items. An entry does what is done in machine code itself and calls the other overloads.

`unbox` leaves the object alone, and says False rather than raise: the slow path finds out what is
wrong. `write_back` is called after the function, whether it returned or raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.boxing import Boxing
from pellucid.codegen.names import Accepts
from pellucid.codegen.objects import Objects
from pellucid.codegen.unboxing import Unboxing
from pellucid.inference.overloads import Constant, Intrinsic, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import value_from_python, value_to_python
from pellucid.ir.protocol import (
    UNBOUND,
    box,
    read_back,
    unbox,
    unbox_known,
    unwrap_optional,
    write_back,
)
from pellucid.library.builtins.structs import field
from pellucid.library.objects.calls import MAKES, NULL, POINTER, item_address, require_objects
from pellucid.library.objects.checks import is_exact, is_none_object
from pellucid.library.objects.classes import has_class, new_named_tuple
from pellucid.library.objects.containers import (
    dict_new,
    dict_set,
    put_item,
    tuple_get,
    tuple_new,
    tuple_put,
    tuple_size,
)
from pellucid.types import (
    KEYWORDS,
    Closure,
    DType,
    HeapType,
    Literal,
    Optional,
    Struct,
    Tuple,
    Type,
    boolean,
    int64,
    none,
    pyobject,
)
from pellucid.types.convert import Rank, conversion_rank
from pellucid.types.kinds import static
from pellucid.types.typeof import typeof

_TRUE, _FALSE = ll.Constant(ll.IntType(1), 1), ll.Constant(ll.IntType(1), 0)


def marked(ty: Type) -> Type:
    """The type that a type marker stands for."""
    if not isinstance(ty, DType):
        refuse(f"{ty} does not stand for a type")
    return ty.dtype


# -- in machine code --------------------------------------------------------------------------


@overload(unbox)
def unbox_native(obj, ty):
    """Numbers, bools, None, arrays, ranges, slices, objects; tuples and optionals of them."""
    require_objects(obj)
    wanted = marked(ty)
    if not Unboxing.reads(wanted, known_objects=False):
        refuse(f"a {wanted} is not read in place")
    ret = Tuple((boolean, wanted))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            return _read(cg, wanted, args[0])

    def run(value: Any, _: Any) -> tuple[bool, Any]:
        return _run_unbox(value, wanted)

    return Primitive("unbox", ret(pyobject, ty), lower, run, Effects.READS)


@overload(box)
def box_native(value):
    """Numbers, bools, None, arrays, ranges, slices, objects; tuples and optionals of them."""
    if not Boxing.makes(value, known_objects=False):
        refuse(f"a {value} is not made in place")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            made = _make(cg, value, args[0])
        cg.leave_by_python_error(cg.builder.icmp_unsigned("==", made, NULL))
        return made

    def run(item: Any) -> Any:
        return value_to_python(item, value)

    return Primitive("box", pyobject(value), lower, run, MAKES)


@overload(write_back)
def write_back_nothing(obj, value):
    """Where a value shares memory with its object, or cannot change."""
    require_objects(obj)
    if may_change(value) and not isinstance(value, Closure):
        refuse(f"a {value} may have changed")
    return Constant(None)


def may_change(ty: Type) -> bool:
    """Whether code may change a value, apart from its object: it has fields, or holds such."""
    match ty:
        case Tuple():
            return any(map(may_change, ty.elems))
        case Optional():
            return may_change(ty.value_ty)
        case Closure():
            return any(map(may_change, ty.captured))
        case _:
            return isinstance(ty, (HeapType, Struct))


@intrinsic
def read_as(obj, ty):
    """As `unbox`, where numbers convert without loss, and an array's layout may be any of `ty`."""
    require_objects(obj)
    wanted = marked(ty)
    if not Unboxing.reads(wanted, known_objects=False):
        refuse(f"a {wanted} is not read in place")
    ret = Tuple((boolean, wanted))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            return _read(cg, wanted, args[0], Accepts.CONVERTING)

    def run(value: Any, _: Any) -> tuple[bool, Any]:
        rank = conversion_rank(_find_type(value), wanted)
        ok = rank is not None and rank < Rank.UNSAFE
        return (True, value_from_python(value, wanted)) if ok else (False, UNBOUND)

    return Primitive(f"read_as[{wanted}]", ret(pyobject, ty), lower, run, Effects.READS)


def _read(cg: Any, ty: Type, ll_obj: Any, accepts: Accepts = Accepts.EXACT) -> Any:
    """(ok, value) of an object that is lent."""
    builder, ret = cg.builder, Tuple((boolean, ty))
    miss, done = builder.append_basic_block("miss"), builder.append_basic_block("unboxed")
    unboxing = Unboxing(Objects(cg.module, builder), miss, accepts)
    value = unboxing.adopt(ty, unboxing.unbox(ty, ll_obj, ""))
    read_end = builder.block
    builder.branch(done)
    builder.position_at_end(miss)
    builder.branch(done)
    builder.position_at_end(done)
    ok = builder.phi(ll.IntType(1))
    ok.add_incoming(_TRUE, read_end)
    ok.add_incoming(_FALSE, miss)
    leaves = _either(cg, ty, value, read_end, miss)
    return cg.make_tuple(ret, [ok, leaves])


def _either(cg: Any, ty: Type, value: Any, read_end: Any, miss: Any) -> Any:
    """The value that was read, or zero after a miss: one phi."""
    if not isinstance(value.type, ll.LiteralStructType) or value.type.elements:
        phi = cg.builder.phi(value.type)
        phi.add_incoming(value, read_end)
        phi.add_incoming(ll.Constant(value.type, None), miss)
        return phi
    return cg.zero(ty)


def _make(cg: Any, ty: Type, value: Any) -> Any:
    """The object of a value that is lent; null where Python failed."""
    cg.retain(ty, value)  # boxing consumes it
    return Boxing(Objects(cg.module, cg.builder)).box(ty, value)


def _run_unbox(value: Any, ty: Type) -> tuple[bool, Any]:
    ok = ty == pyobject or _find_type(value) == ty
    return (True, value_from_python(value, ty)) if ok else (False, UNBOUND)


def _find_type(value: Any) -> Type:
    """`typeof`, or `pyobject` for what has no other type."""
    try:
        return typeof(value)
    except (TypeError, ValueError):
        return pyobject


@intrinsic
def list_unbox(obj, index, ty):
    """`unbox(obj[index], ty)` of a list, for a type that is read in place: nothing is counted."""
    return _item_unbox("list_unbox", obj, ty, is_list=True)


@intrinsic
def tuple_unbox(obj, index, ty):
    """`unbox(obj[index], ty)` of a tuple, for a type that is read in place."""
    return _item_unbox("tuple_unbox", obj, ty, is_list=False)


@intrinsic
def list_box(obj, index, value):
    """`obj[index] = box(value)` of a list, for a type that is made in place."""
    require_objects(obj)
    if not Boxing.makes(value, known_objects=False):
        refuse(f"a {value} is not made in place")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        container, position, item = args
        with cg.python():
            made = _make(cg, value, item)
        cg.leave_by_python_error(cg.builder.icmp_unsigned("==", made, NULL))
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            put_item(objects, container, position, made, is_list=True)
        return cg.zero(none)

    def run(items: list[Any], at: int, item: Any) -> None:
        items[at] = value_to_python(item, value)

    effects = MAKES | Effects.WRITES | Effects.IO
    return Primitive(f"list_box[{value}]", none(pyobject, int64, value), lower, run, effects)


def _item_unbox(name: str, obj: Type, ty: Type, *, is_list: bool) -> Primitive:
    require_objects(obj)
    wanted = marked(ty)
    if not Unboxing.reads(wanted, known_objects=False):
        refuse(f"a {wanted} is not read in place")
    ret = Tuple((boolean, wanted))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            address = item_address(objects, args[0], args[1], is_list=is_list)
            return _read(cg, wanted, cg.builder.load(address, typ=POINTER, align=8))

    def run(items: Any, at: int, _: Any) -> tuple[bool, Any]:
        return _run_unbox(items[at], wanted)

    return Primitive(f"{name}[{wanted}]", ret(pyobject, int64, ty), lower, run, Effects.READS)


# -- tuples and optionals of what library functions convert -----------------------------------


@intrinsic
def zero(ty):
    """The value of a type whose bits are all zero: what goes with `False` from `unbox`."""
    wanted = marked(ty)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        return cg.zero(wanted)

    return Primitive("zero", wanted(ty), lower, lambda _: UNBOUND)


def _tuple_of_others(ty: Type) -> Tuple:
    if not isinstance(ty, Tuple) or Unboxing.reads(ty, known_objects=False):
        refuse(f"{ty} is not a tuple of what library functions convert")
    return ty


@overload(unbox)
def unbox_tuple(obj, ty):
    """A tuple of types that have an `unbox` of their own."""
    require_objects(obj)
    wanted = _tuple_of_others(marked(ty))
    count = len(wanted.elems)
    if wanted.cls is not None:

        def named(obj, ty):
            if has_class(obj, ty):
                ok, items = unbox_items(obj, ty, 0)
                return ok, named_as(ty, items)
            return False, zero(ty)

        return named

    def impl(obj, ty):
        if is_exact(obj, "PyTuple_Type") and tuple_size(obj) == count:
            return unbox_items(obj, ty, 0)
        return False, zero(ty)

    return impl


def _unbox_items(obj, ty, at):
    """(ok, the items of a tuple from a constant position on)."""
    elems = marked(ty).elems[_position(at) :]
    if not elems:
        return _no_items
    first_ty, rest_ty = elems[0], Tuple(elems)

    def impl(obj, ty, at):
        item = tuple_get(obj, at)
        ok, first = unbox(item, first_ty)
        if not ok:
            ok, first = unbox_known(item, first_ty)
        if ok:
            ok, rest = unbox_items(obj, ty, at + 1)
            if ok:
                return True, (first, *rest)
        return False, zero(rest_ty)

    return impl


def _no_items(obj, ty, at):
    return True, ()


unbox_items = Intrinsic("pellucid.library.unbox_items", _unbox_items, frozenset({"at"}))


@overload(box)
def box_tuple(value):
    """A tuple of types that have a `box` of their own."""
    if not isinstance(value, Tuple) or Boxing.makes(value, known_objects=False):
        refuse(f"{value} is not a tuple of what library functions convert")

    if value.cls is not None:
        return _box_named

    def impl(value):
        made = tuple_new(len(value))
        box_items(made, value, 0)
        return made

    return impl


def _box_named(value):
    made = new_named_tuple(tuple_marker(value))
    box_items(made, value, 0)
    return made


@static
def tuple_marker(value: Type) -> Type:
    """The type of a tuple, as a dtype."""
    return value


@intrinsic
def named_as(ty, items):
    """A tuple as one of a class."""
    wanted = marked(ty)
    assert isinstance(wanted, Tuple)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(wanted, args[1])
        return args[1]

    return Primitive("named", wanted(ty, Tuple(wanted.elems)), lower, lambda _, value: value)


def _box_items(made, value, at):
    """Fill a tuple from a constant position on."""
    if _position(at) == len(value.elems):
        return _nothing_to_box

    def impl(made, value, at):
        tuple_put(made, at, box(value[at]))
        box_items(made, value, at + 1)

    return impl


def _nothing_to_box(made, value, at):
    pass


box_items = Intrinsic("pellucid.library.box_items", _box_items, frozenset({"at"}))


@overload(box)
def box_keywords(value):
    """What `**kwargs` holds, as a dict."""
    if not isinstance(value, Struct) or value.name != KEYWORDS:
        refuse(f"{value} does not hold keyword arguments")

    def impl(value):
        made = dict_new()
        box_items_by_name(made, value, 0)
        return made

    return impl


def _box_items_by_name(made, value, at):
    """Fill a dict from the field at a constant position on."""
    if _position(at) == len(value.fields):
        return _nothing_to_box
    name = value.fields[_position(at)][0]

    def impl(made, value, at):
        dict_set(made, box(name), box(field(value, name)))
        box_items_by_name(made, value, at + 1)

    return impl


box_items_by_name = Intrinsic(
    "pellucid.library.box_items_by_name", _box_items_by_name, frozenset({"at"})
)


@overload(read_back)
def read_back_nothing(obj, value):
    """What shares memory with its object, or cannot change; a tuple's items are objects too."""
    require_objects(obj)
    if not may_change(value):
        return Constant(None)
    if not isinstance(value, (Tuple, Optional)):
        refuse(f"a {value} may have changed")
    return _read_back_items if isinstance(value, Tuple) else _read_back_optional


def _read_back_items(obj, value):
    read_back_from(obj, value, 0)


def _read_back_optional(obj, value):
    if value is not None:
        read_back(obj, unwrap_optional(value))


def _read_back_from(obj, value, at):
    if _position(at) == len(value.elems):
        return _nothing_to_box

    def impl(obj, value, at):
        read_back(tuple_get(obj, at), value[at])
        read_back_from(obj, value, at + 1)

    return impl


read_back_from = Intrinsic("pellucid.library.read_back_from", _read_back_from, frozenset({"at"}))


@overload(write_back)
def write_back_tuple(obj, value):
    """A tuple's items may be mutable."""
    require_objects(obj)
    _tuple_of_others(value)

    def impl(obj, value):
        write_back_items(obj, value, 0)

    return impl


def _write_back_items(obj, value, at):
    if _position(at) == len(value.elems):
        return _nothing_to_box

    def impl(obj, value, at):
        write_back(tuple_get(obj, at), value[at])
        write_back_items(obj, value, at + 1)

    return impl


write_back_items = Intrinsic(
    "pellucid.library.write_back_items", _write_back_items, frozenset({"at"})
)


def _position(ty: Type) -> int:
    if not isinstance(ty, Literal) or not isinstance(ty.value, int):
        refuse(f"{ty} is not a position known while compiling")
    return ty.value


def _optional_of_others(ty: Type) -> Optional:
    if not isinstance(ty, Optional) or Unboxing.reads(ty, known_objects=False):
        refuse(f"{ty} is not an optional value of what library functions convert")
    return ty


@overload(unbox)
def unbox_optional(obj, ty):
    """None, or what has an `unbox` of its own."""
    require_objects(obj)
    inner = _optional_of_others(marked(ty)).value_ty

    def impl(obj, ty):
        if is_none_object(obj):
            return True, zero(ty)
        ok, value = unbox(obj, inner)
        return ok, value

    return impl


@overload(box)
def box_optional(value):
    """None, or what has a `box` of its own."""
    if not isinstance(value, Optional) or Boxing.makes(value, known_objects=False):
        refuse(f"{value} is not an optional value of what library functions convert")

    def impl(value):
        if value is None:
            return box(None)
        return box(unwrap_optional(value))

    return impl


@overload(write_back)
def write_back_optional(obj, value):
    """What is there may be mutable."""
    require_objects(obj)
    _optional_of_others(value)

    def impl(obj, value):
        if value is not None:
            write_back(obj, unwrap_optional(value))

    return impl
