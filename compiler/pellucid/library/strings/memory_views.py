"""`memoryview`: the memory of an array, with the items that its format says.

A view is an array to the compiler, with its own reading and writing of items. A view of a bytearray
that compiled code makes keeps that from changing its length, as in Python.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import (
    intrinsic,
    overload,
    refuse,
    uninterrupted,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.primitives import array_type
from pellucid.library.strings.building import new_block, put_text
from pellucid.library.strings.fronts import as_bytes, content, is_octets, shown
from pellucid.library.strings.primitives import TEXT, code_in, finish, length, one_byte_text
from pellucid.types import (
    Array,
    Boolean,
    BytesType,
    Float,
    Integer,
    Literal,
    MemoryView,
    Slice,
    Tuple,
    Type,
    dtype_of,
    int64,
    uint8,
)
from pellucid.types.kinds import static

OUT_OF_BOUNDS = "index out of bounds on dimension {}"
INVALID_VALUE = "memoryview: invalid value for format '{}'"
OTHER_STRUCTURE = "memoryview assignment: lvalue and rvalue have different structures"
_BYTES = Array(uint8, 1, "C")


def view_type(ty: Type) -> MemoryView:
    """`ty`, which must be that of a memoryview; refuses others."""
    if not isinstance(ty, MemoryView):
        refuse(f"{ty.base} is not a memoryview")
    return ty


# ---- arrays ---------------------------------------------------------------------------------


@intrinsic
def viewed(m):
    """The array whose memory a view shows."""
    ty = view_type(m)
    return renamed("memoryview.array", ty, ty.array)


@intrinsic
def view_of(array, letter):
    """The view of an array's memory, in a format."""
    ty = array_type(array)
    if not isinstance(letter, Literal) or not isinstance(letter.value, str):
        refuse(f"{letter} is not a format")
    return renamed("memoryview.of", ty, MemoryView(ty, letter.value), letter)


def renamed(name: str, source: Type, target: Type, *others: Type) -> Primitive:
    """The same memory under another type."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(target, args[0])
        return args[0]

    return Primitive(name, target(source, *others), lower, lambda value, *_: value)


@static
def letter_of(m: Type) -> str:
    """The format of a view."""
    return view_type(m).format


@intrinsic
def text_over(a):
    """The text of width 1 over the memory of a C-contiguous array."""
    ty = array_type(a)
    size = dtype_of(ty.dtype).itemsize

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        count: Any = ll.Constant(ll.IntType(64), size)
        shape = cg.field(ty, args[0], "shape")
        for axis in range(ty.ndim):
            count = cg.builder.mul(count, cg.builder.extract_value(shape, axis))
        made = cg.make(
            TEXT,
            owner=cg.field(ty, args[0], "owner"),
            data=cg.field(ty, args[0], "data"),
            length=count,
            form=ll.Constant(ll.IntType(32), 1),
        )
        cg.retain(TEXT, made)
        return made

    def run(value: Any) -> str:
        message = f"the interpreter has no text over {value}"
        raise NotImplementedError(message)

    return Primitive("memoryview.text", TEXT(ty), lower, run, Effects.READS)


@overload(shown)
def shown_view(x):
    """The bytes of a view, in C's order."""
    return _shown if view_type(x).array.layout == "C" else _shown_copy


def _shown(x):
    return text_over(viewed(x))


def _shown_copy(x):
    return text_over(np.ascontiguousarray(viewed(x)))


@overload(content)
def content_of_view(x):
    """A copy of the bytes of a view."""
    view_type(x)
    return _content


def _content(x):
    s = shown(x)
    block = new_block(length(s), 1)
    put_text(block, 0, 1, s)
    return finish(block, length(s), 1, False)


# ---- items ----------------------------------------------------------------------------------


@overload("pellucid.memoryview.item", inline=True)
def item_of(m, x):
    """What Python makes of an item of a view."""
    letter, dtype = view_type(m).format, view_type(m).array.dtype
    if letter == "c":
        return _one_byte
    if letter == "?":
        return _truth
    if isinstance(dtype, Float):
        return _float
    return _same if dtype_of(dtype).name == "uint64" else _integer


def _one_byte(m, x):
    return as_bytes(one_byte_text(int64(x)))


def _truth(m, x):
    return x != 0


def _float(m, x):
    return float(x)


def _same(m, x):
    return x


def _integer(m, x):
    return int64(x)


@overload("pellucid.memoryview.stored", inline=True)
def stored(m, x):
    """What a value is as an item of a view; it must fit."""
    letter, dtype = view_type(m).format, view_type(m).array.dtype
    if letter == "c":
        if not isinstance(x.base, BytesType):
            refuse("memoryview: invalid type for format 'c'")
        return _stored_byte
    if letter == "?":
        return _stored_truth
    if isinstance(dtype, Float):
        if not isinstance(x.base, (Boolean, Float, Integer)):
            refuse(f"memoryview: invalid type for format '{letter}'")
        return _stored_float
    if not isinstance(x.base, (Boolean, Integer)):
        refuse(f"memoryview: invalid type for format '{letter}'")
    assert isinstance(dtype, Integer)
    low, high = dtype.min, dtype.max
    given = x.base if isinstance(x.base, Integer) else None
    has_low = given is not None and given.min < low
    has_high = given is not None and given.max > high

    def impl(m, x):
        if has_low and x < low:
            raise format_error(ValueError, INVALID_VALUE, letter)
        if has_high and x > high:
            raise format_error(ValueError, INVALID_VALUE, letter)
        return dtype(x)

    return impl


def _stored_byte(m, x):
    s = shown(x)
    if length(s) != 1:
        raise format_error(ValueError, INVALID_VALUE, "c")
    return uint8(code_in(s, 0, 1))


def _stored_truth(m, x):
    return uint8(bool(x))


def _stored_float(m, x):
    return x


@overload(len, inline=True)
def view_length(x):
    """The length of the first axis."""
    view_type(x)
    return _length


def _length(x):
    return len(viewed(x))


@overload(bool, inline=True)
def truth(x=False):
    """Whether the first axis has items."""
    view_type(x)
    return _is_true


def _is_true(x):
    return len(viewed(x)) != 0


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`m[i]`, an item; `m[i:j:k]`, a view; `m[i, j]`, an item of more axes."""
    ty = view_type(a)
    if isinstance(b, Slice):
        if ty.array.ndim > 1:
            refuse("multi-dimensional slicing is not implemented")
        return _slice
    _check_index(ty, b)
    return _item_at if isinstance(b, Tuple) else _item


def _check_index(ty: MemoryView, index: Type) -> None:
    parts = index.elems if isinstance(index, Tuple) else (index,)
    for part in parts:
        if not isinstance(part.base, Integer):
            refuse("memoryview: invalid slice key")
        integer(part)
    if len(parts) != ty.array.ndim:
        refuse("sub-views are not implemented: give an index for each axis")


def _slice(a, b):
    return view_of(viewed(a)[b], letter_of(a))


def _item(a, b):
    return item_of(a, viewed(a)[_place(b, len(viewed(a)), 1)])


def _item_at(a, b):
    return item_of(a, viewed(a)[_places(b, viewed(a).shape, 1)])


def _place(index, count, axis):
    k = index + count if index < 0 else index
    if not 0 <= k < count:
        raise format_error(IndexError, OUT_OF_BOUNDS, axis)
    return k


def _places(indices, shape, axis):
    if len(indices) == 0:
        return ()
    return (_place(indices[0], shape[0], axis), *_places(indices[1:], shape[1:], axis + 1))


@overload(operator.setitem, inline=True)
def setitem(a, b, c):
    """`m[i] = value`, and `m[i:j:k] = ` what has as many items of the same format."""
    ty = view_type(a)
    if ty.array.readonly:
        refuse("cannot modify read-only memory")
    if not isinstance(b, Slice):
        _check_index(ty, b)
        return _assign_at if isinstance(b, Tuple) else _assign
    if ty.array.ndim > 1:
        refuse("multi-dimensional slicing is not implemented")
    if is_octets(c) and ty.format == "B":
        return _assign_bytes
    if not isinstance(c, MemoryView) or c.array.ndim != 1 or c.format != ty.format:
        refuse(f"memoryview assignment: a {c.base} has another structure")
    return _assign_view


def _assign(a, b, c):
    place = _place(b, len(viewed(a)), 1)
    viewed(a)[place] = stored(a, c)


def _assign_at(a, b, c):
    places = _places(b, viewed(a).shape, 1)
    viewed(a)[places] = stored(a, c)


@uninterrupted
def _assign_bytes(a, b, c):
    target, s = viewed(a)[b], content(c)
    if len(target) != length(s):
        raise ValueError(OTHER_STRUCTURE)
    for i in range(length(s)):
        target[i] = uint8(code_in(s, i, 1))


def _assign_view(a, b, c):
    target = viewed(a)[b]
    if len(target) != len(viewed(c)):
        raise ValueError(OTHER_STRUCTURE)
    target[:] = viewed(c).copy()


# ---- the loop -------------------------------------------------------------------------------


@overload(iter_start, inline=True)
def start(iterable):
    """The first position."""
    if view_type(iterable).array.ndim > 1:
        refuse("sub-views are not implemented: loop over indices")
    return _start


def _start(iterable):
    return 0


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is an item at a position."""
    view_type(iterable)
    return _valid


def _valid(iterable, state):
    return state < len(viewed(iterable))


@overload(iter_value, inline=True)
def value(iterable, state):
    """The item at a position."""
    view_type(iterable)
    return _value


def _value(iterable, state):
    return item_of(iterable, viewed(iterable)[state])


@overload(iter_next, inline=True)
def following(iterable, state):
    """The next position."""
    view_type(iterable)
    return _following


def _following(iterable, state):
    return state + 1


# ---- comparison -----------------------------------------------------------------------------


def _comparable(a: Type, b: Type) -> None:
    views = [ty for ty in (a, b) if isinstance(ty, MemoryView)]
    if not views or not all(is_octets(ty) or ty in views for ty in (a, b)):
        refuse(f"{a.base} and {b.base} are not memoryviews")
    if any(view.array.ndim > 1 for view in views):
        refuse("views of several axes are not compared in compiled code: compare their arrays")
    if len({view.format == "c" for view in views} | {False for ty in (a, b) if is_octets(ty)}) > 1:
        refuse("a view of bytes is not compared with one of numbers in compiled code")


@overload(operator.eq)
def eq(a, b):
    """Whether two views, or a view and bytes, have the same items."""
    _comparable(a, b)
    return _equal


@overload(operator.ne)
def ne(a, b):
    """Whether they differ."""
    _comparable(a, b)
    return _unequal


def _equal(a, b):
    if len(a) != len(b):
        return False
    for i in range(len(a)):  # noqa: SIM110 (a loop is one function)
        if a[i] != b[i]:
            return False
    return True


def _unequal(a, b):
    return not _equal(a, b)
