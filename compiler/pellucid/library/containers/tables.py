"""The engine of dicts and sets: entries in order of insertion, found through slots.

A slot is 0 where it is empty, else the number of an entry plus 1. Keys are looked for from the slot
that their hash says on, one slot after the other (linear probing: the next slot is in the same
cache line). At most half of the slots are taken. An entry that is taken out leaves a gap, with
`GONE` as its hash, until the table is laid out anew.
"""

from __future__ import annotations

from pellucid.inference.engines import engine
from pellucid.inference.overloads import overload, refuse, uninterrupted
from pellucid.library.builtins.heap import finalize, free_items, get, nowhere, put, resize_items
from pellucid.library.builtins.memory import load, store
from pellucid.library.containers.entries import drop_part, get_part, put_part, take_part
from pellucid.library.containers.key_hashes import GONE, key_hash
from pellucid.types import Dict, OrderedDict, PyObject, Table, Type, is_scalar
from pellucid.types.kinds import static

LEAST = 8
"""Slots of the smallest table."""
MOST = 1 << 30


def table_type(ty: Type) -> Table:
    """`ty`, which must be the type of a dict or a set; refuses others."""
    if not isinstance(ty, Table):
        refuse(f"{ty.base} is neither a dict nor a set")
    return ty


@static
def has_values(table: Type) -> bool:
    """Whether entries have values: those of a dict."""
    return isinstance(table, Dict)


@static
def is_ordered(table: Type) -> bool:
    """Whether entries come and go at both ends."""
    return isinstance(table, OrderedDict)


@static
def is_plain(key: Type) -> bool:
    """Whether keys are compared in an instruction, so that it pays to look for them in place."""
    return is_scalar(key)


# ---- looking --------------------------------------------------------------------------------


def find(table, key):
    """The number of the entry of a key, or -1."""
    if get(table, "used") == 0:
        return -1
    if is_plain(key):
        return _look(table, key, key_hash(key))
    return _find_apart(table, key)


@engine()
def _find_apart(table, key):
    if is_object(key):
        return _look_for_object(table, key, key_hash(key))
    return _look(table, key, key_hash(key))


def find_hashed(table, key, hashed):
    """The same for a key whose hash is known, in a table that has slots."""
    if is_plain(key):
        return _look(table, key, hashed)
    return _look_apart(table, key, hashed)


@engine()
def _look_apart(table, key, hashed):
    if is_object(key):
        return _look_for_object(table, key, hashed)
    return _look(table, key, hashed)


def _look(table, key, hashed):
    mask, slots, entries = get(table, "mask"), get(table, "slots"), get(table, "entries")
    at = hashed & mask
    while True:
        number = load(slots, at) - 1
        if number < 0:
            return -1
        if get_part(entries, number, 0) == hashed and get_part(entries, number, 1) == key:
            return number
        at = (at + 1) & mask


@static
def is_object(key: Type) -> bool:
    """Whether a key is a Python object."""
    return isinstance(key, PyObject)


def _look_for_object(table, key, hashed):
    # Python code compares the keys: it may change the table, which is read anew after it.
    at = hashed & get(table, "mask")
    while True:
        number = load(get(table, "slots"), at) - 1
        if number < 0:
            return -1
        if get_part(get(table, "entries"), number, 0) == hashed:
            found = get_part(get(table, "entries"), number, 1)
            if found is key or found == key:
                return number
        at = (at + 1) & get(table, "mask")


def next_entry(table, number):
    """The number of the first entry from a number on that is still there; `filled` if none is."""
    if is_ordered(table):
        number = max(number, get(table, "first"))
    filled, entries = get(table, "filled"), get(table, "entries")
    if get(table, "used") == filled:
        return number
    while number < filled and get_part(entries, number, 0) == GONE:
        number += 1
    return number


# ---- changing -------------------------------------------------------------------------------


@engine()
def insert(table, key, hashed):
    """Make the entry of a key that is not there, without a value; gives its number."""
    if get(table, "filled") == get(table, "capacity"):
        make_room(table, get(table, "used") + 1)
    number = get(table, "filled")
    entries = get(table, "entries")
    put_part(entries, number, 0, hashed)
    put_part(entries, number, 1, key)
    put(table, "filled", number + 1)
    put(table, "used", get(table, "used") + 1)
    link(table, hashed, number)
    return number


@uninterrupted
def link(table, hashed, number):
    """Let the first free slot for a hash say the number of an entry."""
    mask, slots = get(table, "mask"), get(table, "slots")
    at = hashed & mask
    while load(slots, at) != 0:
        at = (at + 1) & mask
    store(slots, at, number + 1)


@uninterrupted
def make_room(table, count):
    """Lay the table out anew, for `count` entries and as many more."""
    size = LEAST
    while size < 4 * count:
        size *= 2
    if size > MOST:
        raise MemoryError
    compact(table)
    if size // 2 > get(table, "capacity"):
        put(table, "entries", resize_items(get(table, "entries"), size // 2))
        put(table, "slots", resize_items(get(table, "slots"), size))
        put(table, "capacity", size // 2)
        put(table, "mask", size - 1)
    slots, entries = get(table, "slots"), get(table, "entries")
    for at in range(get(table, "mask") + 1):
        store(slots, at, 0)
    for number in range(get(table, "filled")):
        link(table, get_part(entries, number, 0), number)


@uninterrupted
def compact(table):
    """Close the gaps that entries have left which were taken out."""
    filled, entries = get(table, "filled"), get(table, "entries")
    if get(table, "used") == filled:
        return
    to = 0
    for number in range(filled):
        if get_part(entries, number, 0) != GONE:
            if to != number:
                move_entry(table, entries, number, to)
            to += 1
    put(table, "filled", to)
    begin_at(table, 0)


def begin_at(table, number):
    """Note that there are no entries before a number."""
    if is_ordered(table):
        put(table, "first", number)


def move_entry(table, entries, number, to):
    """Move an entry to a place that holds nothing."""
    put_part(entries, to, 0, get_part(entries, number, 0))
    put_part(entries, to, 1, take_part(entries, number, 1))
    if has_values(table):
        put_part(entries, to, 2, take_part(entries, number, 2))


@engine()
@uninterrupted
def remove(table, number):
    """Take out an entry whose key, and value, were moved out or released."""
    entries = get(table, "entries")
    unlink(table, get_part(entries, number, 0), number)
    put_part(entries, number, 0, GONE)
    put(table, "used", get(table, "used") - 1)
    filled = get(table, "filled")
    while filled > 0 and get_part(entries, filled - 1, 0) == GONE:
        filled -= 1
    put(table, "filled", filled)
    if is_ordered(table):
        put(table, "first", min(get(table, "first"), filled))


@uninterrupted
def unlink(table, hashed, number):
    """Free the slot of an entry, and move those up that were put behind it (Knuth, 6.4, R)."""
    mask, slots, entries = get(table, "mask"), get(table, "slots"), get(table, "entries")
    hole = hashed & mask
    while load(slots, hole) != number + 1:
        hole = (hole + 1) & mask
    at = (hole + 1) & mask
    while load(slots, at) != 0:
        home = get_part(entries, load(slots, at) - 1, 0) & mask
        if ((at - home) & mask) >= ((at - hole) & mask):
            store(slots, hole, load(slots, at))
            hole = at
        at = (at + 1) & mask
    store(slots, hole, 0)


@uninterrupted
def drop_entries(table):
    """Release all entries."""
    entries, filled = get(table, "entries"), get(table, "filled")
    put(table, "filled", 0)
    put(table, "used", 0)
    begin_at(table, 0)
    for number in range(filled):
        if get_part(entries, number, 0) != GONE:
            drop_part(entries, number, 1)
            if has_values(table):
                drop_part(entries, number, 2)


def clear(table):
    """Take out all entries, and give their memory back."""
    drop_entries(table)
    entries, slots = get(table, "entries"), get(table, "slots")
    put(table, "entries", nowhere(entries))
    put(table, "slots", nowhere(slots))
    put(table, "capacity", 0)
    put(table, "mask", 0)
    free_items(entries)
    free_items(slots)


@engine()
@uninterrupted
def copy_table(table, made):
    """Fill an empty table with the entries of another of the same type."""
    count = get(table, "used")
    if count == 0:
        return
    make_room(made, count)
    entries = get(table, "entries")
    to = get(made, "entries")
    for number in range(get(table, "filled")):
        hashed = get_part(entries, number, 0)
        if hashed != GONE:
            at = get(made, "filled")
            put_part(to, at, 1, get_part(entries, number, 1))
            if has_values(table):
                put_part(to, at, 2, get_part(entries, number, 2))
            put_part(to, at, 0, hashed)
            put(made, "filled", at + 1)
            put(made, "used", at + 1)
            link(made, hashed, at)


@uninterrupted
def _finalize(obj):
    drop_entries(obj)
    free_items(get(obj, "entries"))
    free_items(get(obj, "slots"))


@overload(finalize)
def finalize_table(obj):
    """Release the entries."""
    table_type(obj)
    return _finalize
