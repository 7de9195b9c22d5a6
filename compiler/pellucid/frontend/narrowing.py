"""Where a test has told that a variable is not None, its uses read the value inside.

A value has one type in all of a function, so that of an optional variable does not change where
`if x is not None` has been passed. But where such a test decides the way into a block, all that
the block dominates may read another value in its place, which inference gives the narrower type:
the sigma functions of Bodik, Gupta and Sarkar, "ABCD: eliminating array bounds checks on demand"
(PLDI 2000), for a fact about types. Of a value that cannot be None, the new one is the same.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator

from pellucid.base.spans import Span
from pellucid.ir.builder import Names
from pellucid.ir.callee import Ref
from pellucid.ir.dominance import Dominators
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Const
from pellucid.ir.protocol import BOOL, NOT_NONE
from pellucid.ir.values import Value
from pellucid.ir.walk import definitions, predecessors


def narrow_optionals(fn: Function, names: Names) -> None:
    """Let the uses of variables that were compared with None know the outcome."""
    found = list(_tests(fn))
    if not found:
        return
    before = predecessors(fn)
    dominators = Dominators(fn)
    for value, block, span in found:
        if len(before[block]) == 1 and dominators.is_reachable(block):
            narrowed = Value(names.fresh(value.name))
            if _narrow(fn, dominators, block, value, narrowed):
                block.ops.insert(0, Call(narrowed, NOT_NONE, [value], span=span))


def _tests(fn: Function) -> Iterator[tuple[Value, Block, Span]]:
    """What is compared with None by the tests of the function, and where it is not None."""
    made = definitions(fn)
    for block in fn.blocks:
        end = block.terminator
        if not isinstance(end, Branch) or end.then.block is end.orelse.block:
            continue
        truth = made.get(end.cond)
        if not isinstance(truth, Call) or truth.callee != BOOL:
            continue
        test = made.get(truth.args[0])
        if not isinstance(test, Call) or not isinstance(test.callee, Ref):
            continue
        holds = test.callee.pyobj is operator.is_not
        if not holds and test.callee.pyobj is not operator.is_:
            continue
        value, other = (made.get(arg) for arg in test.args)
        if isinstance(other, Const) and other.value is None and not isinstance(value, Const):
            yield test.args[0], (end.then if holds else end.orelse).block, test.span


def _narrow(fn: Function, dominators: Dominators, start: Block, old: Value, new: Value) -> bool:
    """Replace the uses of a value that `start` dominates; whether there are any."""
    mapping = {old: new}
    is_used = False
    for block in fn.blocks:
        if not dominators.is_reachable(block) or not dominators.dominates(start, block):
            continue
        for op in block.all_ops():
            if old in op.operands():
                op.map_operands(mapping)
                is_used = True
    return is_used
