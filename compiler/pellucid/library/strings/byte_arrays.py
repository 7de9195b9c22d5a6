"""`bytearray`: an object on the heap whose bytes change in place, and whose length may.

Its methods on contents are those of `bytes` (`fronts.py`), on a text that lies over its memory. One
that came from Python stays in Python's memory, until its length changes: then it has memory of its
own, and Python's object gets the bytes back when the call is over (`byte_array_objects.py`).
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import (
    Typed,
    intrinsic,
    overload,
    refuse,
    uninterrupted,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import HeapValue, ItemsPointer
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.heap import (
    advance,
    finalize,
    free_items,
    get,
    is_same_object,
    move_items,
    new,
    put,
    resize_items,
)
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import format_error
from pellucid.library.objects.byte_arrays import byte_array_users
from pellucid.library.strings.basics import every
from pellucid.library.strings.building import new_block, part, put_text
from pellucid.library.strings.byte_strings import (
    collected,
)
from pellucid.library.strings.fronts import (
    BYTE_ARRAY,
    as_bytes,
    content,
    is_buffer,
    like,
    shown,
)
from pellucid.library.strings.primitives import TEXT, code_in, finish, length
from pellucid.types import (
    ByteArray,
    Integer,
    NoneType,
    Pointer,
    Slice,
    Type,
    int64,
    none,
    uint8,
)

_ITEMS = Pointer(uint8)
INDEX_RANGE = error_text(operator.getitem, bytearray(b"ab"), 5)
ASSIGN_RANGE = error_text(operator.setitem, bytearray(b"ab"), 5, 0)
ASSIGN_VALUE = error_text(operator.setitem, bytearray(b"ab"), 0, 256)
CHECKS_VALUE_FIRST = error_text(operator.setitem, bytearray(), 0, 256) == ASSIGN_VALUE
WRONG_SIZE = "attempt to assign bytes of size {} to extended slice of size {}"
IN_USE = "Existing exports of data: object cannot be re-sized"


def require_array(ty: Type) -> None:
    """Refuse what is not a bytearray."""
    if not isinstance(ty, ByteArray):
        refuse(f"{ty.base} is not a bytearray")


# ---- contents -------------------------------------------------------------------------------


@intrinsic
def text_over(obj):
    """The text of width 1 over a bytearray's memory: valid until its length changes."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        made = cg.make(
            TEXT,
            owner=args[0],
            data=cg.load_field(BYTE_ARRAY, args[0], "items"),
            length=cg.load_field(BYTE_ARRAY, args[0], "length"),
            form=ll.Constant(ll.IntType(32), 1),
        )
        cg.retain(TEXT, made)
        return made

    def run(obj: HeapValue) -> str:
        return "".join(map(chr, obj.fields["items"].items[: obj.fields["length"]]))

    return Primitive("byte_array.text", TEXT(BYTE_ARRAY), lower, run, Effects.READS)


@intrinsic
def put_text_at(items, text):
    """Copy a text of width 1 to an address."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        source, count = (cg.field(TEXT, args[1], name) for name in ("data", "length"))
        no = ll.Constant(ll.IntType(1), 0)
        cg.intrinsic("llvm.memmove.p0.p0.i64", ll.VoidType(), args[0], source, count, no)
        return cg.zero(none)

    def run(items: ItemsPointer, text: str) -> None:
        items.items[items.position : items.position + len(text)] = map(ord, text)

    return Primitive("byte_array.put_text", none(_ITEMS, TEXT), lower, run, Effects.WRITES)


@overload(shown, inline=True)
def shown_array(x):
    """The text over a bytearray."""
    require_array(x)
    return _text_over


def _text_over(x):
    return text_over(x)


@overload(content, inline=True)
def content_of_array(x):
    """A copy of a bytearray's content."""
    require_array(x)
    return _content


def _content(x):
    s = text_over(x)
    block = new_block(length(s), 1)
    put_text(block, 0, 1, s)
    return finish(block, length(s), 1, False)


@overload(like, inline=True)
def like_array(x, text):
    """A new bytearray with the content of a text."""
    require_array(x)
    return _like


def _like(x, text):
    return array_of(text)


@overload("pellucid.bytes.array_of", separate=True)
def array_of(text):
    """A new bytearray with the content of a text of width 1."""
    return Typed(_array_of, (TEXT,))


def _array_of(text):
    made = new(BYTE_ARRAY)
    put(made, "items", resize_items(get(made, "items"), length(text)))
    put(made, "capacity", length(text))
    put(made, "length", length(text))
    put_text_at(get(made, "items"), text)
    return made


@overload(finalize)
def finalize_array(obj):
    """Give Python's memory back, or one's own."""
    require_array(obj)
    return _finalize


def _finalize(obj):
    if get(obj, "is_lent"):
        byte_array_users(get(obj, "origin"), -1)
    else:
        free_items(get(obj, "items"))


# ---- length ---------------------------------------------------------------------------------


@overload("pellucid.bytes.set_length", separate=True)
def set_length(obj, count):
    """Give a bytearray another length; what is new at the end is not initialised."""
    return Typed(_set_length, (BYTE_ARRAY, int64))


def _set_length(obj, count):
    if count == get(obj, "length"):
        return
    make_resizable(obj, count)
    if count > get(obj, "capacity"):
        capacity = count + (count >> 3) + 16
        put(obj, "items", resize_items(get(obj, "items"), capacity))
        put(obj, "capacity", capacity)
    put(obj, "length", count)


def make_resizable(obj, count):
    """Raise if a bytearray must keep its length; else take it out of Python's memory."""
    if get(obj, "exports") > 0:
        raise BufferError(IN_USE)
    if get(obj, "is_lent"):
        _part(obj, count)


def _part(obj, count):
    if byte_array_users(get(obj, "origin"), 0) > 1:
        raise BufferError(IN_USE)
    s = content(obj)
    capacity = max(count, length(s)) + 16
    items = resize_items(null_items(), capacity)
    put_text_at(items, s)
    byte_array_users(get(obj, "origin"), -1)
    put(obj, "is_lent", False)
    put(obj, "items", items)
    put(obj, "capacity", capacity)


@intrinsic
def null_items():
    """No memory."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.zero(_ITEMS)

    return Primitive("no_bytes", _ITEMS(), lower, lambda: ItemsPointer([]))


@overload("pellucid.bytes.replace_range", separate=True)
def replace_range(obj, start, stop, text):
    """Put a text, which lies elsewhere, in place of some bytes."""
    return Typed(_replace_range, (BYTE_ARRAY, int64, int64, TEXT))


def _replace_range(obj, start, stop, text):
    count, more = get(obj, "length"), length(text) - (stop - start)
    if more > 0:
        set_length(obj, count + more)
    elif more < 0:
        make_resizable(obj, count)
    items = get(obj, "items")
    move_items(advance(items, stop + more), advance(items, stop), count - stop)
    put_text_at(advance(items, start), text)
    put(obj, "length", count + more)


# ---- operators ------------------------------------------------------------------------------


@overload(len, inline=True)
def array_length(x):
    """The number of bytes."""
    require_array(x)
    return _length


def _length(x):
    return get(x, "length")


@overload(bool, inline=True)
def truth(x=False):
    """Whether there are bytes."""
    require_array(x)
    return _truth


def _truth(x):
    return get(x, "length") != 0


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`b[i]`, a number, and `b[i:j:k]`, a new bytearray."""
    require_array(a)
    if isinstance(b, Slice):
        return _slice
    integer(b)
    return Typed(_item, (BYTE_ARRAY, int64))


def _item(a, b):
    k = b + get(a, "length") if b < 0 else b
    if not 0 <= k < get(a, "length"):
        raise IndexError(INDEX_RANGE)
    return int64(load(get(a, "items"), k))


def _slice(a, b):
    s = text_over(a)
    start, stop, step = b.indices(length(s))
    if step == 1:
        return array_of(part(s, start, max(stop - start, 0)))
    return array_of(every(s, start, stop, step))


@overload(operator.setitem, inline=True)
def setitem(a, b, c):
    """`b[i] = number`, and `b[i:j:k] = bytes`, an iterable of numbers or whatever bytes are of."""
    require_array(a)
    if isinstance(b, Slice):
        if isinstance(c.base, (Integer, NoneType)):
            refuse("can assign only bytes, buffers, or iterables of ints in range(0, 256)")
        return _assign_octets if is_buffer(c) else _assign_items
    integer(b)
    if not isinstance(c.base, Integer):
        refuse(f"'{c.base}' object cannot be interpreted as an integer")
    return Typed(_assign, (BYTE_ARRAY, int64, int64))


def _assign(a, b, c):
    if CHECKS_VALUE_FIRST and not 0 <= c < 256:
        raise ValueError(ASSIGN_VALUE)
    k = b + get(a, "length") if b < 0 else b
    if not 0 <= k < get(a, "length"):
        raise IndexError(ASSIGN_RANGE)
    if not 0 <= c < 256:
        raise ValueError(ASSIGN_VALUE)
    store(get(a, "items"), k, uint8(c))


def _assign_octets(a, b, c):
    _assign_text(a, b, content(c))


def _assign_items(a, b, c):
    _assign_text(a, b, collected(c, True))


def _assign_text(a, b, s):
    start, stop, step = b.indices(get(a, "length"))
    if step == 1:
        replace_range(a, start, max(start, stop), s)
        return
    count = len(range(start, stop, step))
    if length(s) == 0:
        _delete_every(a, start, step, count)
        return
    if length(s) != count:
        raise format_error(ValueError, WRONG_SIZE, length(s), count)
    _assign_every(a, start, step, s)


@uninterrupted
def _assign_every(a, start, step, s):
    items = get(a, "items")
    for i in range(length(s)):
        store(items, start + i * step, uint8(code_in(s, i, 1)))


@overload(operator.delitem)
def delitem(a, b):
    """`del b[i]` and `del b[i:j:k]`."""
    require_array(a)
    if isinstance(b, Slice):
        return _delete_slice
    integer(b)
    return Typed(_delete, (BYTE_ARRAY, int64))


def _delete(a, b):
    k = b + get(a, "length") if b < 0 else b
    if not 0 <= k < get(a, "length"):
        raise IndexError(ASSIGN_RANGE)
    replace_range(a, k, k + 1, "")


def _delete_slice(a, b):
    start, stop, step = b.indices(get(a, "length"))
    if step == 1:
        replace_range(a, start, max(start, stop), "")
    else:
        _delete_every(a, start, step, len(range(start, stop, step)))


@uninterrupted
def _delete_every(a, start, step, count):
    """Take out the bytes at `count` places, `step` apart."""
    if count == 0:
        return
    first = start if step > 0 else start + (count - 1) * step
    by = abs(step)
    size = get(a, "length")
    make_resizable(a, size)
    items = get(a, "items")
    to = first
    for i in range(first, size):
        if (i - first) % by != 0 or (i - first) // by >= count:
            store(items, to, load(items, i))
            to += 1
    put(a, "length", to)


@overload(operator.is_)
def is_(a, b):
    """`a is b`."""
    require_array(a)
    require_array(b)
    return _is_same


def _is_same(a, b):
    return is_same_object(a, b)


@overload(operator.is_not)
def is_not(a, b):
    """`a is not b`."""
    is_.template(a, b)
    return _is_other


def _is_other(a, b):
    return not is_same_object(a, b)


# ---- iteration ------------------------------------------------------------------------------


@overload(iter_start, inline=True)
def start(iterable):
    """A bytearray is iterated by position."""
    require_array(iterable)
    return _start


def _start(iterable):
    return 0


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is a byte at a position."""
    require_array(iterable)
    return _valid


def _valid(iterable, state):
    return state < get(iterable, "length")


@overload(iter_value, inline=True)
def value(iterable, state):
    """The byte at a position, a number."""
    require_array(iterable)
    return _value


def _value(iterable, state):
    return int64(load(get(iterable, "items"), state))


@overload(iter_next, inline=True)
def following(iterable, state):
    """The next position."""
    require_array(iterable)
    return _following


def _following(iterable, state):
    return state + 1


@overload(reversed)
def reversed_(sequence):
    """The bytes from the last to the first."""
    require_array(sequence)
    return _reversed


def _reversed(sequence):
    s = content(sequence)
    return as_bytes(every(s, length(s) - 1, -1, -1))
