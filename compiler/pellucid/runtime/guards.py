"""Notice that a global or captured variable changed that compiled code depends on.

    K = 2
    @njit
    def f(x): return x * K        f(3) is 6
    K = 5                         the watcher of this module's names bumps `pellucid.version`
                                  f(3): the entry sees another version than it knows, and asks

A guard is a record at an address that the dispatcher holds, and that entries look into:

    version       the value of `pellucid.version` when all was last known to be unchanged
    pairs, count  addresses of words, and the words that must stand there: in the cells of captured
                  variables. Before 3.12 also in dictionaries: the number that each change gives
    names, count  before 3.12, for when a dictionary has another number: dictionaries, names in them
                  and the objects that these must mean

From 3.12 on, dictionaries are watched. Most changes are of other names: the watcher is machine
code, and looks the name up in a table of flags, so that a loop at the top of a module, which
assigns a global on each turn, costs nothing. Where cells must be looked at, `version` is 0: entries
always ask.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from types import CellType
from typing import Any

from pellucid.cache.content import ABSENT, Content, Dependency
from pellucid.codegen import pylayout
from pellucid.codegen.names import IS_CURRENT, VERSION

_VERSION, _PAIRS, _PAIR_COUNT, _DICT_COUNT, _NAMES, _NAME_COUNT, _SIZE = range(7)
"""The fields of a guard, in words."""

_FILTER = 4096
_CALLBACK = "pellucid.dict_changed"
_WATCHED = "pellucid.watched"

_TEXT = """
@$VERSION = global i64 1
@$WATCHED = global [$FILTER x i8] zeroinitializer

define i32 @$IS_CURRENT(ptr %guard) {
start:
  %seen = load i64, ptr %guard
  $AGAIN
pairs:
  %count_at = getelementptr i64, ptr %guard, i64 $PAIR_COUNT
  %count = load i64, ptr %count_at
  %pairs_at = getelementptr i64, ptr %guard, i64 $PAIRS
  %first = load ptr, ptr %pairs_at
  br label %head
head:
  %i = phi i64 [ 0, %pairs ], [ %next, %same ]
  %more = icmp ult i64 %i, %count
  br i1 %more, label %look, label %current
look:
  %at = getelementptr { ptr, i64 }, ptr %first, i64 %i
  %address = load ptr, ptr %at
  %word_at = getelementptr i64, ptr %at, i64 1
  %wanted = load i64, ptr %word_at
  %have = load i64, ptr %address
  %is_same = icmp eq i64 %have, %wanted
  br i1 %is_same, label %same, label %other
same:
  %next = add i64 %i, 1
  br label %head
current:
  ret i32 1
$OTHER
}
"""

_WATCHER = """
@PyUnicode_Type = external global i8

define i32 @$CALLBACK(i32 %event, ptr %dict, ptr %key, ptr %value) {
start:
  %no_key = icmp eq ptr %key, null
  br i1 %no_key, label %changed, label %kind
kind:
  %type_at = getelementptr i8, ptr %key, i64 $TYPE
  %type = load ptr, ptr %type_at
  %is_text = icmp eq ptr %type, @PyUnicode_Type
  br i1 %is_text, label %find, label %changed
find:
  %hash_at = getelementptr i8, ptr %key, i64 $HASH
  %hash = load i64, ptr %hash_at
  %address = ptrtoint ptr %dict to i64
  %upper = lshr i64 %address, 4
  %mixed = xor i64 %hash, %upper
  %index = and i64 %mixed, $MASK
  %at = getelementptr i8, ptr @$WATCHED, i64 %index
  %is_watched = load i8, ptr %at
  %is_other = icmp eq i8 %is_watched, 0
  br i1 %is_other, label %done, label %changed
changed:
  %old = atomicrmw add ptr @$VERSION, i64 1 monotonic
  br label %done
done:
  ret i32 0
}
"""

_AGAIN_3_12 = """%version = load i64, ptr @$VERSION
  %known_at = getelementptr i64, ptr %guard, i64 $NAMES
  %known = load i64, ptr %known_at
  %is_known = icmp eq i64 %known, %version
  br i1 %is_known, label %pairs, label %other
"""

_OTHER_3_12 = """other:
  ret i32 0
"""

_OTHER_3_11 = """other:
  %dicts_at = getelementptr i64, ptr %guard, i64 $DICT_COUNT
  %dicts = load i64, ptr %dicts_at
  %is_dict = icmp ult i64 %i, %dicts
  br i1 %is_dict, label %names, label %changed
names:
  %name_count_at = getelementptr i64, ptr %guard, i64 $NAME_COUNT
  %name_count = load i64, ptr %name_count_at
  %names_at = getelementptr i64, ptr %guard, i64 $NAMES
  %first_name = load ptr, ptr %names_at
  br label %next_name
next_name:
  %n = phi i64 [ 0, %names ], [ %n_next, %name_same ]
  %more_names = icmp ult i64 %n, %name_count
  br i1 %more_names, label %name, label %renew
name:
  %name_at = getelementptr { ptr, ptr, ptr }, ptr %first_name, i64 %n
  %dict = load ptr, ptr %name_at
  %key_at = getelementptr ptr, ptr %name_at, i64 1
  %key = load ptr, ptr %key_at
  %value_at = getelementptr ptr, ptr %name_at, i64 2
  %value = load ptr, ptr %value_at
  %found = call ptr @PyDict_GetItem(ptr %dict, ptr %key)
  %is_name_same = icmp eq ptr %found, %value
  br i1 %is_name_same, label %name_same, label %changed
name_same:
  %n_next = add i64 %n, 1
  br label %next_name
renew:
  store i64 %have, ptr %word_at
  br label %same
changed:
  ret i32 0
"""


def text() -> str:
    """The LLVM text of what entries and Python's dictionaries call."""
    watches = pylayout.HAS_DICT_WATCHERS
    again, other = (_AGAIN_3_12, _OTHER_3_12) if watches else ("br label %pairs", _OTHER_3_11)
    result = _TEXT.replace("$AGAIN", again).replace("$OTHER", other)
    result += _WATCHER if watches else "declare ptr @PyDict_GetItem(ptr, ptr)\n"
    values = {
        "$VERSION": VERSION,
        "$WATCHED": _WATCHED,
        "$CALLBACK": _CALLBACK,
        "$IS_CURRENT": IS_CURRENT,
        "$FILTER": _FILTER,
        "$MASK": _FILTER - 1,
        "$TYPE": pylayout.TYPE,
        "$HASH": pylayout.TEXT_HASH,
        "$PAIR_COUNT": _PAIR_COUNT,
        "$PAIRS": _PAIRS,
        "$DICT_COUNT": _DICT_COUNT,
        "$NAME_COUNT": _NAME_COUNT,
        "$NAMES": _NAMES,
    }
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result


class Guard:
    """What one function's code depends on; `address` is that of the record for entries.

    `memory` is what entries look into: it must live as long as they may be called.
    """

    def __init__(self, content: Content, find: Callable[[str], int]) -> None:
        self.content = content
        self._version = ctypes.c_int64.from_address(find(VERSION))
        self._find = find
        self.record = (ctypes.c_uint64 * _SIZE)()
        self.memory: list[object] = [self.record]
        self.renew()

    @property
    def address(self) -> int:
        """Where the record lies."""
        return ctypes.addressof(self.record)

    def is_current(self) -> bool:
        """Whether nothing changed, as far as an entry sees."""
        return self._ask(self.address) != 0

    def find_change(self) -> Dependency | None:
        """A name that means something else now; None if all are as they were."""
        return self.content.find_change()

    def renew(self) -> None:
        """Take what is there now as what must be."""
        version = self._version.value
        cells = [d for d in self.content.dependencies if isinstance(d.namespace, CellType)]
        names = [d for d in self.content.dependencies if isinstance(d.namespace, dict)]
        pairs = [(id(d.namespace) + pylayout.CELL_VALUE, _word(d.value)) for d in cells]
        dicts = list({id(d.namespace): d.namespace for d in names}.values())
        record = self.record
        memory: list[Any] = [record]
        if pylayout.HAS_DICT_WATCHERS:
            _watch(names, self._find)
            record[_VERSION] = 0 if pairs else version
            record[_NAMES] = version
        else:
            tags = [id(d) + pylayout.DICT_VERSION for d in dicts]
            read = ctypes.c_uint64.from_address
            pairs = [*((tag, read(tag).value) for tag in tags), *pairs]
            keys = [(id(d.namespace), id(d.name), _word(d.value)) for d in names]
            memory.append(_words(keys))
            record[_DICT_COUNT], record[_NAME_COUNT] = len(tags), len(keys)
            record[_NAMES] = ctypes.addressof(memory[-1])
        memory.append(_words(pairs))
        record[_PAIRS], record[_PAIR_COUNT] = ctypes.addressof(memory[-1]), len(pairs)
        self.memory[:] = memory

    @property
    def _ask(self) -> Callable[[int], int]:
        return ctypes.PYFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(self._find(IS_CURRENT))


def _word(value: object) -> int:
    return 0 if value is ABSENT else id(value)


def _words(rows: Sequence[tuple[int, ...]]) -> ctypes.Array[ctypes.c_uint64]:
    flat = [word for row in rows for word in row]
    return (ctypes.c_uint64 * max(len(flat), 1))(*flat)


_MASK_64 = (1 << 64) - 1
_watcher: int | None = None


def _watch(names: Sequence[Dependency], find: Callable[[str], int]) -> None:
    """Have changes of these names noticed from now on."""
    global _watcher
    if not names:
        return
    api: Any = ctypes.pythonapi
    if _watcher is None:
        add = api.PyDict_AddWatcher
        add.argtypes, add.restype = (ctypes.c_void_p,), ctypes.c_int
        _watcher = add(find(_CALLBACK))
    api.PyDict_Watch.argtypes = (ctypes.c_int, ctypes.py_object)
    filter_ = (ctypes.c_uint8 * _FILTER).from_address(find(_WATCHED))
    for name in names:
        mixed = (hash(name.name) & _MASK_64) ^ (id(name.namespace) >> 4)
        filter_[mixed & (_FILTER - 1)] = 1
        api.PyDict_Watch(_watcher, name.namespace)
