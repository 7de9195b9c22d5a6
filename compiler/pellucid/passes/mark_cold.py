"""Mark blocks that can only end in an exception as cold.

    bad:                                 bad cold:
      e = call ValueError(...)     ->      e = call ValueError(...)
      raise e                              raise e

Code generation then says that branches to them are unlikely, and releases references there by a
call: a function has many such blocks, and what each holds would be released in each.

Needs:   typed IR after inlining.
Keeps:   every op.
Refuses: nothing.
Reports: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.function import Function
from pellucid.ir.ops import Leaving, Terminator, Unreachable
from pellucid.ir.walk import predecessors
from pellucid.passes.pass_base import Pass, PassContext


@dataclass(frozen=True)
class MarkCold(Pass):
    """Find the blocks from which no way leads to a return."""

    name: ClassVar[str] = "mark-cold"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        todo = [b for b in fn.blocks if _never_returns(b.terminator)]
        before = predecessors(fn) if todo else {}
        ending = set(todo)
        while todo:
            for block in before[todo.pop()]:
                if block not in ending and all(after in ending for after in block.successors()):
                    ending.add(block)
                    todo.append(block)
        found = [block for block in ending if not block.is_cold and block is not fn.entry]
        for block in found:
            block.is_cold = True
        return bool(found)


def _never_returns(end: Terminator) -> bool:
    return isinstance(end, Unreachable) or (isinstance(end, Leaving) and end.handler is None)
