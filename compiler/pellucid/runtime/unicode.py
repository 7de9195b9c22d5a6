"""What the running Python knows of code points, as tables that compiled code reads.

    pellucid.unicode.flags    which properties a code point has
    pellucid.unicode.cases    its lower, upper, title and folded case

Both are asked of Python's own `str`, so they are of the same version of Unicode; that takes half a
second, so they are kept in the user's cache. A table begins with an index, a uint16 for each
block of 256 code points, and goes on with the blocks, a uint16 for each code point. For `flags`
these are the bits below; for `cases` the number of a record, of which the first says that nothing
changes. There is room for the records before the index: for each case four int32, how many code
points (1 to 3), the distance of the first one from the code point itself, the others as they are.
"""

from __future__ import annotations

import ctypes
import re
import sys
import threading
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.base.digest import blake2b
from pellucid.base.options import cache_enabled
from pellucid.cache.store import default_store

ALPHA, DECIMAL, DIGIT, NUMERIC, LOWER, UPPER, TITLE, PRINTABLE = (1 << bit for bit in range(8))
START, CONTINUE, CASED, IGNORABLE = (1 << bit for bit in range(8, 12))
"""START, CONTINUE: of identifiers. IGNORABLE: passed over where the end of a word is sought."""

TO_LOWER, TO_UPPER, TO_TITLE, TO_FOLDED = range(4)
CASES = 4
RECORD = 4
"""int32s for each case in a record."""
RECORD_BYTES = 4 * CASES * RECORD
INDEX_AT = {"flags": 0, "cases": 1024 * RECORD_BYTES}
"""Where the index begins."""

BLOCKS = 0x110000 >> 8
INDEX_BYTES = 2 * BLOCKS
_FORM = 2
"""Changes when the tables' form does."""

_lock = threading.Lock()
_tables: dict[str, ctypes.Array[Any]] = {}


def address(name: str) -> int:
    """Where the table `flags` or `cases` lies; LookupError if there is none of that name."""
    if name not in ("flags", "cases"):
        raise LookupError(name)
    return ctypes.addressof(_table(name))


def flags_of(code: int) -> int:
    """The properties of a code point."""
    return _entry("flags", code)


def case_of(code: int, case: int) -> tuple[int, ...]:
    """What a code point becomes in a case: one to three code points."""
    record = ctypes.addressof(_table("cases")) + RECORD_BYTES * _entry("cases", code)
    at = record + 4 * RECORD * case
    count, distance, second, third = (ctypes.c_int32 * RECORD).from_address(at)
    return (code + distance, second, third)[:count]


def _entry(name: str, code: int) -> int:
    index = ctypes.addressof(_table(name)) + INDEX_AT[name]
    block = ctypes.c_uint16.from_address(index + 2 * (code >> 8)).value
    place = index + INDEX_BYTES + 2 * (256 * block + (code & 255))
    return ctypes.c_uint16.from_address(place).value


def _table(name: str) -> ctypes.Array[Any]:
    with _lock:
        found = _tables.get(name)
        if found is None:
            data = _load(name)
            found = _tables[name] = (ctypes.c_char * len(data)).from_buffer_copy(data)
        return found


def _load(name: str) -> bytes:
    make = _make_flags if name == "flags" else _make_cases
    if not cache_enabled():
        return make()
    text = f"unicode {_FORM} {name} {unicodedata.unidata_version} {sys.version}"
    key = blake2b(text.encode(), digest_size=16).hexdigest()
    kept = default_store().get(key)
    if kept is not None:
        return kept.blobs["table"]
    data = make()
    default_store().put(key, {}, {"table": data})
    return data


# ---- asking Python ----------------------------------------------------------------------------


def _pack(values_of: Callable[[str], Any], is_plain: Callable[[str], bool]) -> bytes:
    """Index and blocks; `is_plain` tells of a text of 256 code points that all are 0."""
    index = np.zeros(BLOCKS, np.uint16)
    blocks: dict[bytes, int] = {bytes(512): 0}
    for number in range(BLOCKS):
        letters = "".join(map(chr, range(256 * number, 256 * number + 256)))
        if not is_plain(letters):
            block = np.asarray(values_of(letters), np.uint16).tobytes()
            index[number] = blocks.setdefault(block, len(blocks))
    return index.tobytes() + b"".join(blocks)


def _make_flags() -> bytes:
    return _pack(_ask_flags, _has_no_flags)


def _has_no_flags(letters: str) -> bool:
    # All are escaped, none is part of a word, and none is passed over before a final sigma.
    if len(repr(letters)) < 10 * 256 or re.search(r"\w", letters):
        return False
    return "ς" not in ("A" + "Σ A".join(letters) + "Σ").lower()


def _ask_flags(letters: str) -> np.ndarray:
    answers = (
        [c.isalpha() for c in letters],
        [c.isdecimal() for c in letters],
        [c.isdigit() for c in letters],
        [c.isnumeric() for c in letters],
        [c.islower() for c in letters],
        [c.isupper() for c in letters],
        [c.istitle() and not c.isupper() for c in letters],
        [c.isprintable() for c in letters],
        [c.isidentifier() for c in letters],
        [("a" + c).isidentifier() for c in letters],
        [(c + "a").title()[-1] == "a" for c in letters],
        [("A" + c + "Σ").lower()[-1] == "ς" for c in letters],
    )
    bits = np.array(answers)
    bits[-1] &= [(c + "Σ").lower()[-1] != "ς" for c in letters]
    return (1 << np.arange(len(answers))) @ bits


def _make_cases() -> bytes:
    records: dict[tuple[int, ...], int] = {(1, 0, 0, 0) * CASES: 0}

    def number_of(c: str) -> int:
        record: list[int] = []
        for changed in (c.lower(), c.upper(), c.title(), c.casefold()):
            codes = [*map(ord, changed), 0, 0]
            record += [len(changed), codes[0] - ord(c), codes[1], codes[2]]
        return records.setdefault(tuple(record), len(records))

    data = _pack(lambda letters: list(map(number_of, letters)), _has_no_cases)
    return np.array(list(records), np.int32).tobytes().ljust(INDEX_AT["cases"], b"\0") + data


def _has_no_cases(letters: str) -> bool:
    apart = " ".join(letters)
    return letters.lower() == letters == letters.upper() == letters.casefold() and (
        apart.title() == apart
    )
