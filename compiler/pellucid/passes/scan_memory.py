"""Whether what a scan reads ahead is what the loop will read: which arrays must not share memory.

for i in ...: c[i] = 1.0 / b[i]         c and b are apart, or the same array: each turn reads
                                        its own item before it assigns that
for i in ...: c[i + 1] = 1.0 / b[i]     c and b are apart
for i in ...: b[i + 1] = 1.0 / b[i]     refused: turns read what turns before assigned
"""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.base.options import Options
from pellucid.ir.callee import Primitive
from pellucid.ir.ops import Call, Convert
from pellucid.ir.protocol import ITER_VALUE
from pellucid.ir.values import Value
from pellucid.passes.loop_slices import LOADS, STORES, LoopSlice, Refusal
from pellucid.passes.same_values import SameValues, library_name
from pellucid.passes.scan_operations import apart, apart_or_same, is_spread
from pellucid.types import Array, int64

# Reads whose index the bounds of the loop keep in range, whatever earlier turns did.
_TRUSTED = frozenset({"pellucid.numpy.getitem_unchecked", ITER_VALUE.path})


@dataclass(frozen=True, eq=False)
class Overlap:
    """A test on arrays that must hold."""

    primitive: Primitive
    args: list[Value]


def overlap_tests(found: LoopSlice, same: SameValues, options: Options) -> list[Overlap]:
    """What must hold of the arrays; a `Refusal` if no test would do."""
    loads = [op for op in found.ops(LOADS) if op.out in found.needed]
    # A read may be made though an earlier turn would have raised.
    if not all(_is_within(op, options) for op in loads):
        raise Refusal("an index that is not checked cannot be read ahead of time")
    stores = found.ops(STORES)
    pairs = dict.fromkeys((store.args[0], load.args[0]) for store in stores for load in loads)
    tests: list[Overlap] = []
    for stored, loaded in pairs:
        is_aligned = all(
            _is_own_item(load, store, found, same)
            for load in loads
            if load.args[0] is loaded
            for store in stores
            if store.args[0] is stored
        )
        tests.extend(_tests_of(stored, loaded, is_aligned=is_aligned))
    return tests


def _is_within(op: Call, options: Options) -> bool:
    """Whether what bounds the loop bounds the index: it was proven, or the loop iterates."""
    site = op.inlined_at
    if site is None or site.function not in _TRUSTED:
        return False
    return (site.options or options).boundscheck


def _tests_of(stored: Value, loaded: Value, *, is_aligned: bool) -> list[Overlap]:
    """`is_aligned` says that each turn uses items of its own, at the same index in both arrays."""
    ty, other = stored.ty, loaded.ty
    assert isinstance(ty, Array)
    assert isinstance(other, Array)
    is_aligned = is_aligned and (ty.layout != "A" or ty.ndim == 1)
    if stored is loaded:
        if not is_aligned:
            raise Refusal("the loop assigns to the array that its checks read")
        return [Overlap(is_spread(ty), [stored])] if ty.layout == "A" else []
    if is_aligned and ty.dtype == other.dtype and ty.ndim == other.ndim:
        return [Overlap(apart_or_same(ty, other), [stored, loaded])]
    return [Overlap(apart(ty, other), [stored, loaded])]


def _is_own_item(load: Call, store: Call, found: LoopSlice, same: SameValues) -> bool:
    """Whether each turn reads, and after that assigns, an item that no other turn does."""
    if not same.is_same(load.args[1], store.args[1]):
        return False
    return _is_counted(load.args[1], found, same) and same.comes_before(load, store)


def _is_counted(index: Value, found: LoopSlice, same: SameValues) -> bool:
    """Whether an index is another one on every turn."""
    if index is found.counter:
        return True
    op = same.definitions.get(index)
    if isinstance(op, Convert):
        is_tuple = library_name(same.definitions.get(op.value)) == "tuple"
        is_exact = is_tuple or op.value.typed.base == int64
        return is_exact and _is_counted(op.value, found, same)
    if not isinstance(op, Call):
        return False
    match library_name(op):
        case "tuple":
            return any(_is_counted(arg, found, same) for arg in op.args)
        case "as_type" | "convert":
            return op.args[0].ty == int64 and _is_counted(op.args[0], found, same)
        case "range.item":
            return op.args[1] is found.counter and op.out.ty == int64
        case _:
            return False
