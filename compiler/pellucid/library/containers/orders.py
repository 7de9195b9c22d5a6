"""The engines of sorting: numbers in order, and the positions of keys in the order of these.

Integers, and floats as integers of the same order, are sorted digit by digit where that takes fewer
turns than merging would: each item is put behind those with a lesser digit, the least significant
digit first. The rest is merge sort: runs of a few items are sorted by insertion, then merged in
pairs, between the items and a buffer of the same size. Both are stable.
"""

from __future__ import annotations

from pellucid.inference.engines import engine
from pellucid.ir.protocol import build_list
from pellucid.library.builtins.heap import advance, get, move_items, new, put
from pellucid.library.builtins.memory import load, store
from pellucid.library.containers.list_methods import reverse_items
from pellucid.library.containers.lists import copy_items, reserve, type_of
from pellucid.library.text.machine import float_bits, float_of_bits, leading_zeros
from pellucid.types import Boolean, Float, Integer, List, Tuple, Type, float64, int64, uint64
from pellucid.types.kinds import static

RUN = 8
"""Items that are sorted by insertion."""
DIGIT = 8
"""Bits of a digit."""
FEW = 256
"""Items that are merged whatever they are."""
LOWER = 0x7FFF_FFFF_FFFF_FFFF


@static
def is_number(items: Type) -> bool:
    """Whether the items of a list are numbers."""
    assert isinstance(items, List)
    return isinstance(items.elem_ty, (Float, Integer, Boolean))


@static
def is_float(items: Type) -> bool:
    """Whether the items of a list are floats."""
    assert isinstance(items, List)
    return isinstance(items.elem_ty, Float)


@static
def is_unsigned(items: Type) -> bool:
    """Whether the items of a list are integers that an int64 may not hold."""
    assert isinstance(items, List)
    return items.elem_ty == uint64


@static
def is_word(items: Type) -> bool:
    """Whether the items of a list are sorted as they are."""
    assert isinstance(items, List)
    return items.elem_ty == int64


@static
def type_of_items(items: Type) -> Type:
    """The type of the items of a list, as a dtype."""
    assert isinstance(items, List)
    return items.elem_ty


# ---- what is asked for ----------------------------------------------------------------------


@engine()
def sort_numbers(self, reverse):
    """Sort a list of numbers in place."""
    made = copy_items(self, 0, get(self, "length"))
    if reverse:
        reverse_items(made)
    if is_word(self):
        made = sort_words(made)
    elif is_float(self):
        made = _sort_floats(made)
    elif is_unsigned(self):
        made = merge_sort(made, None)
    else:
        words = _room(get(made, "length"))
        for number in made:
            words.append(int64(number))
        words = sort_words(words)
        for i in range(get(made, "length")):
            made[i] = type_of_items(made)(words[i])
    if reverse:
        reverse_items(made)
    move_items(get(self, "items"), get(made, "items"), get(made, "length"))


def _sort_floats(numbers):
    count = get(numbers, "length")
    if count < FEW:
        return merge_sort(numbers, None)
    words = _room(count)
    for number in numbers:
        word = ordered_bits(number)
        if number != number or word == -1:
            return merge_sort(numbers, None)  # with a NaN, or with a -0.0, which is as 0.0
        words.append(word)
    words = sort_words(words)
    for i in range(count):
        word = words[i]
        numbers[i] = type_of_items(numbers)(float_of_bits(uint64(word ^ (word >> 63 & LOWER))))
    return numbers


def ordered_bits(number):
    """The bits of a float as an integer: of greater floats it is greater. Of -0.0, it is -1."""
    bits = int64(float_bits(float64(number)))
    return bits ^ (bits >> 63 & LOWER)


@engine()
def order(keys, reverse):
    """The positions of keys, in their order."""
    count = get(keys, "length")
    if is_number(keys) and not is_unsigned(keys):
        # Each key beside its position: it need not be looked up again and again.
        pairs = new(type_of(build_list((0, 0))))
        reserve(pairs, count)
        for i in range(count):
            at = count - 1 - i if reverse else i
            key = keys[at]
            if is_float(keys):
                if key != key:
                    return _order_by_comparing(keys, reverse)
                word = ordered_bits(key)
                pairs.append((0 if word == -1 else word, at))  # -0.0 is as 0.0
            else:
                pairs.append((int64(key), at))
        pairs = sort_words(pairs)
        places = _room(count)
        for i in range(count):
            places.append(pairs[count - 1 - i if reverse else i][1])
        return places
    return _order_by_comparing(keys, reverse)


def _room(count):
    """An empty list of integers, with room for so many."""
    made = new(type_of(build_list(0)))
    reserve(made, count)
    return made


def _order_by_comparing(keys, reverse):
    count = get(keys, "length")
    places = _room(count)
    for i in range(count):
        places.append(count - 1 - i if reverse else i)
    places = merge_sort(places, keys)
    if reverse:
        reverse_items(places)
    return places


# ---- by digits ------------------------------------------------------------------------------


def sort_words(words):
    """A list of integers, or of pairs that begin with one, in order: `words` or another."""
    count = get(words, "length")
    if count < FEW:
        return merge_sort(words, None)
    items = get(words, "items")
    least = most = before = word_of(load(items, 0))
    rises = falls = True
    for i in range(1, count):
        word = word_of(load(items, i))
        rises &= before <= word
        falls &= before > word
        least, most = min(least, word), max(most, word)
        before = word
    if rises:
        return words
    if falls:
        reverse_items(words)
        return words
    digits = (64 - leading_zeros(uint64(most - least)) + DIGIT - 1) // DIGIT
    if digits > 64 - leading_zeros(uint64(count // RUN)):
        return merge_sort(words, None)
    return _sort_by_digits(words, least, digits)


def _sort_by_digits(words, least, digits):
    count = get(words, "length")
    counts = _room(1 << DIGIT)
    other = new(type_of(words))
    reserve(other, count)
    put(other, "length", count)
    source, target = words, other
    for digit in range(digits):
        shift = digit * DIGIT
        room = get(counts, "items")
        _put_by_digit(get(source, "items"), get(target, "items"), count, room, least, shift)
        source, target = target, source
    return source


def _put_by_digit(source, target, count, counts, least, shift):
    for value in range(1 << DIGIT):
        store(counts, value, 0)
    for i in range(count):
        value = word_of(load(source, i)) - least >> shift & (1 << DIGIT) - 1
        store(counts, value, load(counts, value) + 1)
    first = 0
    for value in range(1 << DIGIT):
        several = load(counts, value)
        store(counts, value, first)
        first += several
    for i in range(count):
        item = load(source, i)
        value = word_of(item) - least >> shift & (1 << DIGIT) - 1
        at = load(counts, value)
        store(counts, value, at + 1)
        store(target, at, item)


def word_of(item):
    """What an item is sorted by."""
    return item[0] if is_pair(item) else item


# ---- by comparing ---------------------------------------------------------------------------


def merge_sort(numbers, keys):
    """A list of `numbers` in order; with `keys`, of the order of the items of `keys` there."""
    count = get(numbers, "length")
    items = get(numbers, "items")
    for first in range(0, count, RUN):
        insert_run(items, first, min(first + RUN, count), keys)
    if count <= RUN:
        return numbers
    other = new(type_of(numbers))
    reserve(other, count)
    put(other, "length", count)
    source, target = numbers, other
    width = RUN
    while width < count:
        for first in range(0, count, 2 * width):
            middle, last = min(first + width, count), min(first + 2 * width, count)
            merge(get(target, "items"), get(source, "items"), first, middle, last, keys)
        source, target = target, source
        width *= 2
    return source


def insert_run(items, first, last, keys):
    """Sort the items from `first` to `last` by insertion."""
    for i in range(first + 1, last):
        item = load(items, i)
        at = i
        while at > first and is_less(item, load(items, at - 1), keys):
            store(items, at, load(items, at - 1))
            at -= 1
        store(items, at, item)


def merge(target, source, first, middle, last, keys):
    """Merge two sorted stretches of `source`, which meet at `middle`, into `target`."""
    if middle >= last or not is_less(load(source, middle), load(source, middle - 1), keys):
        move_items(advance(target, first), advance(source, first), last - first)
        return
    if last - middle == middle - first and merge_halves(target, source, first, middle, last, keys):
        return
    i, j = first, middle
    at = first
    while i < middle and j < last:
        left, right = load(source, i), load(source, j)
        is_right = is_less(right, left, keys)
        # No branch on what is compared: on random data, every other guess of it would be wrong.
        store(target, at, right if is_right else left)
        j += is_right
        i += not is_right
        at += 1
    if i < middle:
        move_items(advance(target, at), advance(source, i), middle - i)
    if j < last:
        move_items(advance(target, at), advance(source, j), last - j)


def merge_halves(target, source, first, middle, last, keys):
    """Merge stretches of one length from both ends at once, as two chains that do not wait.

    Neither end can leave its stretch in so many steps. They meet, unless comparing is no order (a
    NaN is among the items): then it is to be done again.
    """
    i, j = first, middle
    left_end, right_end = middle - 1, last - 1
    for step in range(middle - first):
        left, right = load(source, i), load(source, j)
        is_right = is_less(right, left, keys)
        store(target, first + step, right if is_right else left)
        j += is_right
        i += not is_right
        left, right = load(source, left_end), load(source, right_end)
        is_left = is_less(right, left, keys)
        store(target, last - 1 - step, left if is_left else right)
        left_end -= is_left
        right_end -= not is_left
    return i == left_end + 1 and j == right_end + 1


def is_less(a, b, keys):
    """`a < b`, or that of the keys at these positions."""
    if keys is None:
        return bool(a[0] < b[0] if is_pair(a) else a < b)
    return bool(load(get(keys, "items"), a) < load(get(keys, "items"), b))


@static
def is_pair(item: Type) -> bool:
    """Whether an item is a key with a position."""
    return isinstance(item, Tuple)
