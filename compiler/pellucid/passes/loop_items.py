"""What the items of a loop are, over ranges, arrays, `enumerate` and `zip`, also in each other.

    for i, (u, v) in enumerate(zip(x, y)):      i is the count of enumerate over zip(x, y)

The IR is that before library calls are inlined: an item is a call of ITER_VALUE, taken apart by
UNPACK and GETITEM; what is iterated comes from calls of `enumerate`, `zip` and `range`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pellucid.ir.callee import Ref
from pellucid.ir.function import Block
from pellucid.ir.ops import Call, Const, Op
from pellucid.ir.protocol import BUILD_TUPLE, GETITEM, ITER_VALUE, UNPACK
from pellucid.ir.values import Value
from pellucid.types import Range


@dataclass(frozen=True)
class LoopItem:
    """An item of the range `iterable`; with a start, the count of `enumerate(iterable, start)`."""

    iterable: Value
    start: Value | None = None


class LoopItems:
    """Answers for one function, by what defines its values."""

    def __init__(self, definitions: Mapping[Value, Op | Block]) -> None:
        self.definitions = definitions

    def find(self, op: Call) -> LoopItem | None:
        """What the result of `op` is an item of, if it is one that counts."""
        places: list[int] = []
        made: object = op
        while _path(made) in (GETITEM.path, UNPACK.path):
            assert isinstance(made, Call)
            if _path(made) == GETITEM.path:
                place = self.definitions.get(made.args[1])
                if not isinstance(place, Const) or type(place.value) is not int:
                    return None
                places.append(place.value)
            made = self.definitions.get(made.args[0])
        if not isinstance(made, Call) or _path(made) != ITER_VALUE.path:
            return None
        return self._item_at(made.args[0], places)

    def _item_at(self, iterable: Value, places: list[int]) -> LoopItem | None:
        """`places` lead from the item of `iterable` to the part asked for, the last one first."""
        while places:
            made, place = self.definitions.get(iterable), places.pop()
            if not isinstance(made, Call):
                return None
            if _path(made) == "builtins.enumerate" and place in (0, 1):
                if place == 0:
                    return None if places else LoopItem(made.args[0], made.args[1])
                iterable = made.args[0]
            elif _path(made) == "builtins.zip":
                parts = self._parts(made.args[0])
                if not 0 <= place < len(parts):
                    return None
                iterable = parts[place]
            else:
                return None
        return LoopItem(iterable) if isinstance(iterable.ty, Range) else None

    def side_by_side(self, iterable: Value) -> Iterator[Value]:
        """What is iterated along with `iterable`: the loop is no longer than any of it."""
        made = self.definitions.get(iterable)
        if isinstance(made, Call) and _path(made) == "builtins.enumerate":
            yield from self.side_by_side(made.args[0])
        elif isinstance(made, Call) and _path(made) == "builtins.zip":
            for part in self._parts(made.args[0]):
                yield from self.side_by_side(part)
        else:
            yield iterable

    def _parts(self, made_by: Value) -> list[Value]:
        made = self.definitions.get(made_by)
        if isinstance(made, Call) and _path(made) == BUILD_TUPLE.path:
            return made.args
        return []


def _path(op: object) -> str:
    return op.callee.path if isinstance(op, Call) and isinstance(op.callee, Ref) else ""
