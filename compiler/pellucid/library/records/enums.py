"""Members of enumerations: `Color.RED`, `Color(2)`, `flag | other`.

An `IntEnum` or `IntFlag` member is an int wherever it is used as one (`inference/candidates.py`).
"""

from __future__ import annotations

import enum
import operator
from collections.abc import Callable, Sequence
from typing import Any

from pellucid.inference.overloads import (
    Constant,
    Overload,
    intrinsic,
    overload,
    overload_attribute,
    refuse,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import (
    box,
    iter_next,
    iter_start,
    iter_valid,
    iter_value,
    unbox,
)
from pellucid.library.builtins.structs import format_error
from pellucid.library.containers.key_hashes import key_hash, scramble
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import is_same
from pellucid.library.objects.classes import (
    call_with,
    class_object,
    has_class,
    member_objects,
    object_attribute,
)
from pellucid.library.objects.containers import tuple_get
from pellucid.library.objects.conversion import marked, zero
from pellucid.types import Callable as CallableType
from pellucid.types import DType, EnumMember, Literal, Type, int64
from pellucid.types.enums import enum_type, is_enum_class
from pellucid.types.kinds import static


def member_type(ty: Type) -> EnumMember:
    """`ty`, which must be the type of members; refuses others."""
    found = ty.base
    if not isinstance(found, EnumMember):
        refuse(f"{found} is no member of an enumeration")
    return found


def class_members(ty: Type) -> EnumMember:
    """The type of the members of an enumeration, given as it is; refuses other things."""
    if not isinstance(ty, CallableType) or not is_enum_class(ty.pyobj):
        refuse(f"{ty.base} is not an enumeration")
    return enum_type(ty.pyobj)


@intrinsic
def code_of(member):
    """The integer that stands for a member."""
    ty = member_type(member)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del cg
        return args[0]

    return Primitive("code", int64(ty), lower, lambda code: code)


@intrinsic
def member_of(ty, code):
    """The member that an integer stands for."""
    wanted = member_type(marked(ty))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del cg
        return args[1]

    return Primitive("member", wanted(ty, int64), lower, lambda _, code: code)


@static
def member_marker(value: Type) -> Type:
    """The type of a member, as a dtype."""
    return value.base


# ---- name and value -------------------------------------------------------------------------


def _known(member: Type) -> enum.Enum | None:
    """The member, where it is a constant."""
    return member.value if isinstance(member, Literal) else None  # type: ignore[return-value]  # it is one


@overload_attribute(EnumMember, "value")
def value_(member):
    """The value of a member."""
    ty, known = member_type(member), _known(member)
    if known is not None:
        return Constant(known.value)
    if ty.is_by_value:
        return _code
    values = tuple(each.value for each in ty.members)
    return _table(ty, values)


@overload_attribute(EnumMember, "name")
def name(member):
    """The name of a member."""
    ty, known = member_type(member), _known(member)
    if known is not None:
        return Constant(known.name)
    if ty.is_flag:
        refuse("the name of flags that are joined is not known in compiled code")
    names = tuple(each.name for each in ty.members)
    return _table(ty, names)


def _code(member):
    return code_of(member)


def _table(ty: EnumMember, items: tuple[Any, ...]) -> Callable[..., Any]:
    """What reads the item of a member."""
    if not ty.is_by_value:

        def read(member):
            return items[code_of(member)]

        return read
    values = tuple(int(each.value) for each in ty.members)

    def find(member):
        return items[position_of(values, code_of(member))]

    return find


def position_of(values, value):
    """The position of a value in a tuple of one type; -1 if it is not there."""
    for i in range(len(values)):
        if values[i] == value:
            return i
    return -1


# ---- the class ------------------------------------------------------------------------------


@overload(operator.getitem)
def getitem(a, b):
    """`Color["RED"]` of a constant name."""
    members = class_members(a).pyclass.__members__
    if not isinstance(b, Literal) or b.value not in members:
        refuse(f"{b} is not the name of a member")
    return Constant(members[b.value])


@overload("pellucid.types.EnumMember.call")
def call(cls, value):
    """`Color(2)`: the member of a value; ValueError if there is none."""
    ty = class_members(cls)
    marker = DType(ty)
    if isinstance(value.base, EnumMember) and value.base == ty:
        return _same
    if isinstance(value, Literal):
        return Constant(_member(ty, value.value))
    message = f"{{}} is not a valid {ty.pyclass.__qualname__}"
    if ty.is_flag:
        return _flag_call(ty)
    values = tuple(each.value for each in ty.members)
    if ty.is_by_value:

        def find_code(cls, value):
            if position_of(values, value) < 0:
                raise format_error(ValueError, message, value)
            return member_of(ty, value)

        return find_code

    def find(cls, value):
        position = position_of(values, value)
        if position < 0:
            raise format_error(ValueError, message, value)
        return member_of(ty, position)

    del marker
    return find


def _member(ty: EnumMember, value: Any) -> Any:
    try:
        return ty.pyclass(value)
    except ValueError as problem:
        return refuse(str(problem))


def _flag_call(ty: EnumMember) -> Callable[..., Any]:
    cls = ty.pyclass
    if cls._boundary_ is enum.KEEP:
        return _keep(ty)
    if cls._boundary_ is not enum.STRICT:
        refuse("flags whose boundary is neither STRICT nor KEEP are not supported")
    mask = cls._flag_mask_
    message = f"{{}} is not a valid {cls.__qualname__}"

    def strict(cls, value):
        if value < 0 or value & ~mask != 0:
            raise format_error(ValueError, message, value)
        return member_of(ty, value)

    return strict


def _keep(ty: EnumMember) -> Callable[..., Any]:
    def keep(cls, value):
        return member_of(ty, value)

    return keep


def _same(cls, value):
    return value


@overload(len)
def length(x):
    """The number of members of an enumeration."""
    return Constant(len(class_members(x).members))


@overload(iter_start, inline=True)
def start(iterable):
    """The first position."""
    class_members(iterable)
    return _start


def _start(iterable):
    return 0


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there are more members."""
    count = len(class_members(iterable).members)

    def impl(iterable, state):
        return state < count

    return impl


@overload(iter_value, inline=True)
def item(iterable, state):
    """The member at a position."""
    ty = class_members(iterable)
    codes = tuple(ty.code(each) for each in ty.members)

    def impl(iterable, state):
        return member_of(ty, codes[state])

    return impl


@overload(iter_next, inline=True)
def next_(iterable, state):
    """The position after."""
    class_members(iterable)
    return _next


def _next(iterable, state):
    return state + 1


# ---- comparing ------------------------------------------------------------------------------


def _comparison(function: Callable[..., Any], *, equal: bool) -> Overload:
    @overload(function)
    def compare(a, b):
        left, right = a.base, b.base
        if not isinstance(left, EnumMember) and not isinstance(right, EnumMember):
            refuse("neither is a member of an enumeration")
        if left == right:
            return _is_equal if equal else _is_unequal
        if function in (operator.eq, operator.ne) and _may_equal(left, right):
            refuse("an int is compared")
        return Constant(not equal)

    compare.template.__doc__ = "Whether two members are the same."
    return compare


def _may_equal(left: Type, right: Type) -> bool:
    """Whether values of two types are both ints, one of them a member."""
    members = [ty for ty in (left, right) if isinstance(ty, EnumMember)]
    return all(ty.is_int for ty in members)


def _is_equal(a, b):
    return code_of(a) == code_of(b)


def _is_unequal(a, b):
    return code_of(a) != code_of(b)


eq, ne = _comparison(operator.eq, equal=True), _comparison(operator.ne, equal=False)
is_, is_not = _comparison(operator.is_, equal=True), _comparison(operator.is_not, equal=False)


@overload(key_hash, inline=True)
def hash_of_key(key):
    """Of a member."""
    member_type(key)
    return _key_hash


def _key_hash(key):
    return scramble(code_of(key))


@overload(hash)
def hash_(obj):
    """`hash(member)`: of its name, or of the int that it is."""
    return _hash_int if member_type(obj).is_int else _hash_name


def _hash_int(obj):
    return hash(code_of(obj))


def _hash_name(obj):
    return hash(obj.name)


@overload(bool)
def truth(x):
    """Whether any flag is set; other members are true, but ints count as such."""
    ty = member_type(x)
    return _is_set if ty.is_by_value else Constant(True)


def _is_set(x):
    return code_of(x) != 0


# ---- flags ----------------------------------------------------------------------------------


def _flag_operator(function: Callable[[Any, Any], Any]) -> Overload:
    @overload(function)
    def join(a, b):
        ty = next((t.base for t in (a, b) if isinstance(t.base, EnumMember)), None)
        if ty is None or not ty.is_flag:
            refuse(f"{a.base} and {b.base} are no flags")
        others = {t.base for t in (a, b)} - {ty}
        if others and not (ty.is_int and others == {int64}):
            refuse(f"the flags are of different classes: {a.base} and {b.base}")

        def impl(a, b):
            return member_of(ty, function(as_code(a), as_code(b)))

        return impl

    join.template.__doc__ = "Flags of one class, joined."
    return join


def as_code(value):
    """The integer that a flag, or an int, is."""
    if is_member(value):
        return code_of(value)
    return value


@static
def is_member(value: Type) -> bool:
    """Whether a value is a member of an enumeration."""
    return isinstance(value.base, EnumMember)


and_, or_ = _flag_operator(operator.and_), _flag_operator(operator.or_)
xor = _flag_operator(operator.xor)
iand, ior = overload(operator.iand)(and_.template), overload(operator.ior)(or_.template)
ixor = overload(operator.ixor)(xor.template)


@overload(operator.invert)
def invert(a):
    """`~flags`: those of the class that are not set; of an `IntFlag`, all other bits."""
    ty = member_type(a)
    if not ty.is_flag:
        refuse(f"{ty} is no flag")
    cls = ty.pyclass
    mask = -1 if cls._boundary_ in (enum.KEEP, enum.EJECT) else cls._flag_mask_

    def impl(a):
        return member_of(ty, mask & ~code_of(a))

    return impl


@overload(operator.contains)
def contains(a, b):
    """`flag in flags`."""
    ty = member_type(a)
    if not ty.is_flag or b.base != ty:
        refuse(f"{b.base} cannot be in {ty}")
    return _contains


def _contains(a, b):
    return code_of(a) & code_of(b) == code_of(b)


# ---- as Python's objects --------------------------------------------------------------------


@overload(unbox)
def unbox_member(obj, ty):
    """A member of exactly the enumeration."""
    require_objects(obj)
    wanted = member_type(marked(ty))
    if wanted.is_by_value:
        return _unbox_value
    count = len(wanted.members)

    def impl(obj, ty):
        members = member_objects(ty)
        for i in range(count):
            if is_same(tuple_get(members, i), obj):
                return True, member_of(ty, i)
        return False, zero(ty)

    return impl


def _unbox_value(obj, ty):
    if not has_class(obj, ty):
        return False, zero(ty)
    ok, code = unbox(object_attribute(obj, "_value_"), int64)
    if not ok:
        return False, zero(ty)
    return True, member_of(ty, code)


@overload(box)
def box_member(value):
    """The member itself."""
    ty = member_type(value)
    return _box_value if ty.is_by_value else _box_position


def _box_value(value):
    return call_with(class_object(member_marker(value)), box(code_of(value)))


def _box_position(value):
    return tuple_get(member_objects(member_marker(value)), code_of(value))
