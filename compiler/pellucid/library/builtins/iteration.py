"""The loop over tuples; `enumerate`, `zip` and `reversed` over whatever can be iterated.

The state of a loop is a value (see `ir/protocol.py`). Over what is *counted* (ranges, tuples,
arrays, and `enumerate` or `zip` of such) it is the position, so that the loop is one that counts;
else it is a tuple of states.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import Constant, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import (
    iter_next,
    iter_start,
    iter_valid,
    iter_value,
    resume,
    unwrap_optional,
)
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import field, format_error, struct
from pellucid.library.builtins.tuples import element_type, item_at, tuple_type
from pellucid.types import Array, Generator, Literal, Range, Struct, Tuple, Type, boolean, int64
from pellucid.types.kinds import static

# ---- tuples ---------------------------------------------------------------------------------


@overload(iter_start)
def tuple_start(iterable):
    """A tuple is iterated if its elements have one type."""
    ty = tuple_type(iterable)
    if ty.elems:
        element_type(ty)
    return Constant(0)


@overload(iter_valid)
def tuple_valid(iterable, state):
    """Whether there is an element at a position."""
    ty = tuple_type(iterable)
    if not ty.elems:
        return Constant(False)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_signed("<", args[1], ll.Constant(args[1].type, len(ty.elems)))

    return Primitive("tuple.valid", boolean(ty, int64), lower, lambda t, k: k < len(t))


@overload(iter_value)
def tuple_value(iterable, state):
    """The element at a position."""
    tuple_type(iterable)
    return item_at.template(iterable, state)


@overload(iter_next)
def tuple_next(iterable, state):
    """The next position."""
    ty = tuple_type(iterable)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.add(args[1], ll.Constant(args[1].type, 1), flags=("nsw", "nuw"))

    return Primitive("tuple.next", int64(ty, int64), lower, lambda _, k: k + 1)


# ---- what is counted ------------------------------------------------------------------------


@static
def is_counted(iterable: Type) -> bool:
    """Whether the items are found by their positions, and their number is known beforehand."""
    match iterable:
        case Range():
            return True
        case Tuple(elems=elems):
            return len(elems) > 0
        case Array(ndim=ndim):
            return ndim > 0
        case Struct(name="enumerate", fields=((_, inner), _)):
            return is_counted(inner)
        case Struct(name="zip", fields=((_, Tuple(elems=inner)),)):
            return len(inner) > 0 and all(map(is_counted, inner))
        case _:
            return False


@static
def is_made_by(iterable: Type, name: str) -> bool:
    """Whether this is a record of `enumerate` or `zip`."""
    return isinstance(iterable, Struct) and iterable.name == name.value


def count_items(iterable):
    """How many items a counted iterable has."""
    if is_made_by(iterable, "enumerate"):
        return count_items(field(iterable, "iterable"))
    if is_made_by(iterable, "zip"):
        return _least_count(field(iterable, "iterables"))
    return len(iterable)


def _least_count(iterables):
    count = count_items(iterables[0])
    if len(iterables) == 1:
        return count
    return _lesser(count, _least_count(iterables[1:]))


@intrinsic
def _lesser(a, b):
    """The lesser count, without control flow: so a loop's bound stays in its header."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.select(cg.builder.icmp_signed("<", *args), *args)

    return Primitive("lesser", int64(int64, int64), lower, min)


def _counted_start(iterable):
    return 0


def _counted_valid(iterable, state):
    return state < count_items(iterable)


def _counted_next(iterable, state):
    return state + 1


# ---- enumerate ------------------------------------------------------------------------------


def _record(ty: Type, name: str) -> Struct:
    if not isinstance(ty, Struct) or ty.name != name:
        refuse(f"{ty.base} is not made by {name}()")
    return ty


@overload(enumerate, inline=True)
def enumerate_(iterable, start=0):
    """Pairs of a count from `start`, and an item.

    >>> for i, x in enumerate((5, 6), 1): print(i, x)
    1 5
    2 6
    """
    integer(start)
    return _enumerate


def _enumerate(iterable, start=0):
    return struct("enumerate", "iterable", iterable, "start", int(start))


@overload(iter_start, inline=True)
def enumerate_start(iterable):
    """The state of the iterable, and the count."""
    _record(iterable, "enumerate")
    return _counted_start if is_counted(iterable) else _enumerate_start


def _enumerate_start(iterable):
    return iter_start(field(iterable, "iterable")), field(iterable, "start")


@overload(iter_valid, inline=True)
def enumerate_valid(iterable, state):
    """Whether the iterable has an item."""
    _record(iterable, "enumerate")
    return _counted_valid if is_counted(iterable) else _enumerate_valid


def _enumerate_valid(iterable, state):
    return iter_valid(field(iterable, "iterable"), state[0])


@overload(iter_value, inline=True)
def enumerate_value(iterable, state):
    """The count and the item."""
    _record(iterable, "enumerate")
    return _counted_pair if is_counted(iterable) else _enumerate_value


def _counted_pair(iterable, state):
    return field(iterable, "start") + state, iter_value(field(iterable, "iterable"), state)


def _enumerate_value(iterable, state):
    return state[1], iter_value(field(iterable, "iterable"), state[0])


@overload(iter_next, inline=True)
def enumerate_next(iterable, state):
    """The next state and count."""
    _record(iterable, "enumerate")
    return _counted_next if is_counted(iterable) else _enumerate_next


def _enumerate_next(iterable, state):
    return iter_next(field(iterable, "iterable"), state[0]), state[1] + 1


# ---- zip ------------------------------------------------------------------------------------


@overload(zip, inline=True)
def zip_(*iterables, strict=False):
    """Tuples of one item of each iterable; ends with the shortest, or raises if `strict`.

    >>> for x, y in zip((1, 2), range(5)): print(x, y)
    1 0
    2 1
    """
    if not isinstance(strict, Literal):
        refuse("`strict` is a constant")
    if any(isinstance(ty, Generator) for ty in iterables):
        if strict.value:
            return _zip_strictly
        return _zip_pairs if len(iterables) == 2 else _zip_lazily
    return _strict_zip if strict.value else _zip


def _zip(*iterables, strict=False):
    return struct("zip", "iterables", iterables)


def _strict_zip(*iterables, strict=False):
    return struct("strict_zip", "iterables", iterables)


# A generator is asked for its next item only if those before it had one.


def _zip_lazily(*iterables, strict=False):
    iterators = _iterators(iterables)
    while True:
        items = _next_items(iterators)
        if items is None:
            return
        yield unwrap_optional(items)


def _zip_pairs(*iterables, strict=False):
    # As above, without items that may be None: loops over two are seen through as plain ones are.
    first, second = iter(iterables[0]), iter(iterables[1])
    while True:
        step = resume(first, None)
        if not field(step, "valid"):
            return
        other = resume(second, None)
        if not field(other, "valid"):
            return
        yield field(step, "value"), field(other, "value")


def _iterators(iterables):
    if len(iterables) == 0:
        return ()
    return (iter(iterables[0]), *_iterators(iterables[1:]))


def _next_items(iterators):
    step = resume(iterators[0], None)
    if not field(step, "valid"):
        return None
    if len(iterators) == 1:
        return (field(step, "value"),)
    others = _next_items(iterators[1:])
    if others is None:
        return None
    return (field(step, "value"), *unwrap_optional(others))


def _zip_strictly(*iterables, strict=True):
    iterators = _iterators(iterables)
    while True:
        step = resume(iterators[0], None)
        if not field(step, "valid"):
            _check_ended(iterators[1:], 2)
            return
        yield (field(step, "value"), *_other_items(iterators[1:], 2))


def _other_items(iterators, number):
    if len(iterators) == 0:
        return ()
    step = resume(iterators[0], None)
    if not field(step, "valid"):
        _raise_lengths(True, number)
    return (field(step, "value"), *_other_items(iterators[1:], number + 1))


def _check_ended(iterators, number):
    if len(iterators) > 0:
        if field(resume(iterators[0], None), "valid"):
            _raise_lengths(False, number)
        _check_ended(iterators[1:], number + 1)


@overload(iter_start, inline=True)
def zip_start(iterable):
    """The states of all."""
    _zip_type(iterable)
    return _counted_start if is_counted(iterable) else _zip_start


def _zip_type(ty: Type) -> Struct:
    return _record(ty, "strict_zip" if isinstance(ty, Struct) and ty.name != "zip" else "zip")


def _zip_start(iterable):
    return _starts(field(iterable, "iterables"))


def _starts(iterables):
    if len(iterables) == 0:
        return ()
    return (iter_start(iterables[0]), *_starts(iterables[1:]))


@overload(iter_valid, inline=True)
def zip_valid(iterable, state):
    """Whether each has an item; none at all end at once."""
    ty = _zip_type(iterable)
    if is_counted(iterable):
        return _counted_valid
    items = ty.fields[0][1]
    if items == Tuple(()):
        return Constant(False)
    return _strict_valid if ty.name == "strict_zip" else _zip_valid


def _zip_valid(iterable, state):
    return _are_valid(field(iterable, "iterables"), state)


def _are_valid(iterables, states):
    if len(iterables) == 0:
        return True
    if not iter_valid(iterables[0], states[0]):
        return False
    return _are_valid(iterables[1:], states[1:])


def _strict_valid(iterable, state):
    iterables = field(iterable, "iterables")
    is_first_valid = iter_valid(iterables[0], state[0])
    _check_lengths(iterables[1:], state[1:], is_first_valid, 2)
    return is_first_valid


def _check_lengths(iterables, states, wanted, number):
    """Raise unless the rest, from argument `number` on, has an item exactly if it is `wanted`."""
    if len(iterables) > 0:
        if iter_valid(iterables[0], states[0]) != wanted:
            _raise_lengths(wanted, number)
        _check_lengths(iterables[1:], states[1:], wanted, number + 1)


def _raise_lengths(wanted, number):
    if number == 2:
        if wanted:
            raise ValueError("zip() argument 2 is shorter than argument 1")
        raise ValueError("zip() argument 2 is longer than argument 1")
    if wanted:
        raise format_error(ValueError, SHORTER, number, number - 1)
    raise format_error(ValueError, LONGER, number, number - 1)


SHORTER = "zip() argument {} is shorter than arguments 1-{}"
LONGER = "zip() argument {} is longer than arguments 1-{}"


@overload(iter_value, inline=True)
def zip_value(iterable, state):
    """The items of all."""
    _zip_type(iterable)
    return _counted_items if is_counted(iterable) else _zip_value


def _counted_items(iterable, state):
    return _items_at(field(iterable, "iterables"), state)


def _items_at(iterables, position):
    if len(iterables) == 0:
        return ()
    return (iter_value(iterables[0], position), *_items_at(iterables[1:], position))


def _zip_value(iterable, state):
    return _values(field(iterable, "iterables"), state)


def _values(iterables, states):
    if len(iterables) == 0:
        return ()
    return (iter_value(iterables[0], states[0]), *_values(iterables[1:], states[1:]))


@overload(iter_next, inline=True)
def zip_next(iterable, state):
    """The next states of all."""
    _zip_type(iterable)
    return _counted_next if is_counted(iterable) else _zip_next


def _zip_next(iterable, state):
    return _following(field(iterable, "iterables"), state)


def _following(iterables, states):
    if len(iterables) == 0:
        return ()
    return (iter_next(iterables[0], states[0]), *_following(iterables[1:], states[1:]))


# ---- reversed -------------------------------------------------------------------------------


@overload(reversed)
def reversed_(sequence):
    """The items of a tuple or of a 1-d array from the last to the first."""
    if not isinstance(sequence, (Tuple, Array)) or getattr(sequence, "ndim", 1) == 0:
        refuse(f"{sequence.base} has no last item")
    return _reversed


def _reversed(sequence):
    return sequence[::-1]
