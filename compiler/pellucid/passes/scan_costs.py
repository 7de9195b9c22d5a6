"""Whether a scan pays: what it costs, and what packing the loop behind it saves."""

from __future__ import annotations

from pellucid.ir.function import Block
from pellucid.ir.ops import Call, Const, Convert, Op
from pellucid.ir.values import Value
from pellucid.passes.loop_slices import LOADS, STORES, LoopSlice, Refusal
from pellucid.passes.same_values import SameValues, library_name
from pellucid.types import Array

# Measured on loops of the length of a chunk, in the time of a sum.
_COSTS = {"div": 4, "sqrt": 5, "cos": 20, "exp": 20, "log": 20, "pow": 30, "sin": 20}
_UNPACKED = frozenset({"floordiv", "mod", "rem", "power"})
_FREE = frozenset(
    {"tuple", "as_type", "convert", "range.item", "range.next", "range.valid", "below"}
)
_PLAIN = frozenset(
    {
        "abs", "add", "and", "ceil", "choose", "copysign", "fabs", "floor", "fma", "in_bounds",
        "invert", "maximum", "minimum", "mul", "neg", "or", "rint", "roundeven", "shl", "shr",
        "sub", "trunc", "truth", "xor", "zero",
    }
)  # fmt: skip


def require_worth(found: LoopSlice, same: SameValues) -> None:
    """Refuse where the scan costs what packing the loop saves."""
    packed = before = scan = 0.0
    for block in found.loop.blocks[1:]:
        for op in block.ops:
            after, now = _cost(op, found, same)
            packed, before = packed + after, before + now
            if op.result in found.needed:
                scan += after
    if packed + scan > 0.8 * before:
        raise Refusal("checking ahead would cost about as much as it saves")


def _cost(op: Op, found: LoopSlice, same: SameValues) -> tuple[float, float]:
    """What an op costs in a loop that is packed, and in one that is not."""
    name = library_name(op)
    if not isinstance(op, Call) or name in _FREE:
        return 0, 0
    if name in LOADS:
        return (1 / 4 if _is_dense(op, found, same) else 3 / 2), 1
    if name in STORES:
        return (1 / 4 if _is_dense(op, found, same) else 2), 1
    if name in _PLAIN or name.startswith(("compare", "to_", "item")):
        return 1 / 4, 1
    if name in _COSTS:
        return _COSTS[name] / 4, _COSTS[name]
    return (20, 20) if name in _UNPACKED else (30, 30)


def _is_dense(op: Call, found: LoopSlice, same: SameValues) -> bool:
    """Whether turns one after the other use items side by side, or one and the same."""
    array, index = op.args[0].ty, op.args[1]
    assert isinstance(array, Array)
    if index not in found.varying:
        return True
    if found.step != 1 or array.layout == "A":
        return False
    made = same.definitions.get(index)
    while isinstance(made, Convert):
        made = same.definitions.get(made.value)
    if not isinstance(made, Call) or library_name(made) != "tuple":
        return library_name(op) in ("load_at", "store_at")
    unit = made.args[-1] if array.layout == "C" else made.args[0]
    return all(arg is unit or arg not in found.varying for arg in made.args) and _is_unit(
        unit, same
    )


def _is_unit(index: Value, same: SameValues) -> bool:
    """Whether an index grows or falls by one where the counter grows by one, as far as seen."""
    op = same.definitions.get(index)
    if isinstance(op, Convert):
        return _is_unit(op.value, same)
    if isinstance(op, Block):
        return True
    match library_name(op):
        case "as_type" | "convert" | "add" | "sub":
            assert isinstance(op, Call)
            return any(_is_unit(arg, same) for arg in op.args)
        case "range.item":
            assert isinstance(op, Call)
            return _is_step_one(op.args[0], same)
        case _:
            return False


def _is_step_one(items: Value, same: SameValues) -> bool:
    made = same.definitions.get(items)
    if not isinstance(made, Call) or library_name(made) != "range":
        return False
    step = same.definitions.get(made.args[-1])
    return isinstance(step, Const) and step.value in (1, -1)
