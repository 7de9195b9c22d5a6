"""Which exceptions may lead to a handler, as far as compiled code raises them itself.

The types of what an `except` clause reads (`e.args`) follow from that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pellucid.inference.resolution import Resolved
from pellucid.ir.callee import NOTHING_RAISED, FunctionTarget
from pellucid.ir.function import Block
from pellucid.ir.ops import Call, Guard, Leaving, Raise, Reraise
from pellucid.ir.protocol import EXCEPTION_RESTORE
from pellucid.ir.walk import predecessors
from pellucid.types import (
    CaughtException,
    ExceptionClass,
    ExceptionInstance,
    Optional,
    Raised,
    Type,
)

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame


class Raises:
    """What is raised in a function that is being inferred."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._predecessors: dict[Block, list[Block]] = {}
        self._clauses: dict[Block, dict[Block, None]] = {}

    def before(self, block: Block) -> Raised:
        """What is raised on the ways to the handler that leads to `block`, an `except` clause."""
        before = self._predecessors = self._predecessors or predecessors(self._frame.fn)
        handler = block
        while not any(_handler_of(b) is handler for b in before[handler]):
            handler = before[handler][0]
        self._clauses.setdefault(handler, {})[block] = None
        reached = self._frame.reached
        sources = [b for b in before[handler] if b in reached and _handler_of(b) is handler]
        return _join(map(self._at_end, sources))

    def clauses_of(self, handler: Block) -> Mapping[Block, None]:
        """The clauses to visit again when more is raised on the ways to a handler."""
        return self._clauses.get(handler, {})

    def everywhere(self) -> Raised:
        """What is raised anywhere in the function: at least all that comes out of it."""
        found: list[Raised] = []
        for block in self._frame.reached:
            if isinstance(block.terminator, Raise):
                found.append(self._at_end(block))
            found += [self._by_call(op) for op in block.ops if isinstance(op, Call)]
        return _join(found)

    def _at_end(self, block: Block) -> Raised:
        """What may come out of the end of a block."""
        match block.terminator:
            case Guard(call=call):
                return self._by_call(call)
            case Raise(value=value):
                return self._of(self._frame.types.get(value))
            case Reraise():
                return self.everywhere()
            case _:
                return NOTHING_RAISED

    def _by_call(self, call: Call) -> Raised:
        known = self._frame.resolutions.get(call)
        if known is None or not isinstance(known[2], Resolved):
            return NOTHING_RAISED
        if call.callee == EXCEPTION_RESTORE:
            return self._of(self._frame.types[call.args[0]])
        target = known[2].target
        return target.raises if isinstance(target, FunctionTarget) else NOTHING_RAISED

    def _of(self, ty: Type | None) -> Raised:
        """What raising a value raises."""
        match ty:
            case ExceptionClass():
                found: tuple[ExceptionInstance, ...] = (ExceptionInstance(ty, ()),)
            case ExceptionInstance():
                found = (ty,)
            case CaughtException(raised=raised):
                found = raised
            case Optional(value_ty=inner):
                return self._of(inner)
            case _:
                found = ()
        return Raised((), found) if self._frame.fn.is_library else Raised(found, ())


def _join(parts: Iterable[Raised]) -> Raised:
    own: dict[ExceptionInstance, None] = {}
    others: dict[ExceptionInstance, None] = {}
    for part in parts:
        own.update(dict.fromkeys(part.own))
        others.update(dict.fromkeys(part.others))
    return Raised(tuple(sorted(own, key=str)), tuple(sorted(others, key=str)))


def _handler_of(block: Block) -> Block | None:
    """Where an exception that ends a block goes."""
    end = block.terminator
    edge = end.handler if isinstance(end, (Guard, Leaving)) else None
    return None if edge is None else edge.block
