"""Which values are the same: made alike of the same values, or read from unchanged memory.

    x: float64 = call load_item(b, t)
    bad: bool = call "compare=="(x, zero)
    ...                                        y is the same as x, unless something is written
    y: float64 = call load_item(b, u)          between the two (t and u being the same)

Nothing is merged here: who asks learns that what is known of one value holds for the other.
"""

from __future__ import annotations

from collections.abc import Hashable

from pellucid.ir.callee import Primitive, Ref
from pellucid.ir.dominance import Dominators
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Call, Const, Convert, Op
from pellucid.ir.values import Value
from pellucid.ir.walk import definitions, predecessors

DEPTH = 8

# Two primitives of one of these names, parameters and result do the same. Of the library's names
# only: a user's intrinsic may have the same.
_COMPARABLE = frozenset(
    {
        "abs", "add", "array_shape", "as_type", "axis_length", "convert", "div", "fabs", "item0",
        "item1", "item2", "item3", "load_at", "load_item", "mul", "neg", "range.item", "sqrt",
        "sub", "tuple",
    }
)  # fmt: skip
_LIBRARY = ("operator.", "math.", "builtins.", "numpy.", "pellucid.")


def library_name(op: Op | Block | None) -> str:
    """The name of the library's primitive that `op` calls; empty if it is another op."""
    if not isinstance(op, Call) or not isinstance(op.target, Primitive):
        return ""
    path = op.callee.path if isinstance(op.callee, Ref) else ""
    return op.target.name if path == op.target.name or path.startswith(_LIBRARY) else ""


class SameValues:
    """Compares values of one function, which must not change meanwhile."""

    def __init__(self, fn: Function, dominators: Dominators) -> None:
        self.fn = fn
        self.dominators = dominators
        self.definitions = definitions(fn)
        self.before = predecessors(fn)
        self._places: dict[Op, tuple[Block, int]] = {}
        self._writes: dict[Block, list[int]] = {}
        for block in fn.blocks:
            for index, op in enumerate(block.ops):
                self._places[op] = (block, index)
                if op.effects & Effects.WRITES:
                    self._writes.setdefault(block, []).append(index)
        self._keys: dict[Value, Hashable] = {}

    def key(self, value: Value, depth: int = 0) -> Hashable:
        """Equal for values that are the same; those with equal keys may still differ in memory."""
        if depth > DEPTH:
            return value
        if value not in self._keys:
            op = self.definitions.get(value)
            found: Hashable = value
            if isinstance(op, Const):
                is_number = isinstance(op.value, (int, float))
                found = (value.typed.base, repr(op.value) if is_number else id(op.value))
            elif isinstance(op, Convert):
                found = (value.ty, self.key(op.value, depth + 1))
            elif isinstance(op, Call) and library_name(op) in _COMPARABLE:
                args = tuple(self.key(arg, depth + 1) for arg in op.args)
                found = (library_name(op), value.ty, *args)
            self._keys[value] = found
        return self._keys[value]

    def is_same(self, first: Value, second: Value, depth: int = 0) -> bool:
        """Whether `second` holds what `first` holds, wherever both are defined."""
        if first is second:
            return True
        if depth > DEPTH or first.ty != second.ty:
            return False
        one, other = self.definitions.get(first), self.definitions.get(second)
        match one, other:
            case Const(), Const():
                return self.key(first) == self.key(second)
            case Convert(), Convert():
                return self.is_same(one.value, other.value, depth + 1)
            case Call(), Call():
                return self._is_same_call(one, other, depth)
            case _:
                return False

    def comes_before(self, one: Op, other: Op) -> bool:
        """Whether every way to `other` passes `one` first."""
        first, second = self._places[one], self._places[other]
        if first[0] is second[0]:
            return first[1] < second[1]
        return self.dominators.dominates(first[0], second[0])

    def _is_same_call(self, one: Call, other: Call, depth: int) -> bool:
        name = library_name(one)
        if name not in _COMPARABLE or name != library_name(other):
            return False
        if len(one.args) != len(other.args) or not all(
            self.is_same(a, b, depth + 1) for a, b in zip(one.args, other.args, strict=True)
        ):
            return False
        return not one.effects or self._is_unchanged(one, other)

    def _is_unchanged(self, one: Call, other: Call) -> bool:
        """Whether nothing is written on any way from the one op to the other."""
        first, second = self._places[one], self._places[other]
        if not all(self.dominators.is_reachable(block) for block in (first[0], second[0])):
            return False
        if first[0] is second[0]:
            low, high = sorted((first[1], second[1]))
            return not any(low < at < high for at in self._writes.get(first[0], ()))
        if not self.dominators.dominates(first[0], second[0]):
            first, second = second, first
        if not self.dominators.dominates(first[0], second[0]):
            return False
        between: set[Block] = set()
        todo = list(self.before[second[0]])
        while todo:
            block = todo.pop()
            if block is not first[0] and block not in between:
                between.add(block)
                todo.extend(self.before[block])
        if any(block in self._writes for block in between):
            return False
        return not (
            any(at > first[1] for at in self._writes.get(first[0], ()))
            or any(at < second[1] for at in self._writes.get(second[0], ()))
        )
