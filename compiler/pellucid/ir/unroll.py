"""Unroll a loop over a tuple: each turn is written out, and its item is known by its place.

    for x in (1, 2.5):        jump turn           (x is (1, 2.5)[0], an int64)
        total += x            turn: ... jump turn.1
                      ->      turn.1: ...         (x is (1, 2.5)[1], a float64)
                              endfor:

So the items may have types of their own. `break`, `continue` and `else` lead where they did.
"""

from __future__ import annotations

from pellucid.ir.builder import Names
from pellucid.ir.clone import clone_function
from pellucid.ir.dominance import Loop, find_loops
from pellucid.ir.function import Block, Function
from pellucid.ir.loop_versions import LoopVersions
from pellucid.ir.ops import Call, Const, Edge, Jump
from pellucid.ir.protocol import GETITEM, ITER_NEXT, ITER_VALID, ITER_VALUE
from pellucid.ir.values import Value
from pellucid.ir.walk import reverse_postorder


def unroll(fn: Function, start: Call, count: int) -> Function | None:
    """A copy of the untyped `fn` where the loop that `start` begins makes `count` turns.

    None if `start` begins no loop that has the form of a `for` statement's.
    """
    index = next(i for i, op in enumerate(fn.ops()) if op is start)
    copied, _, _ = clone_function(fn)
    begin = next(op for i, op in enumerate(copied.ops()) if i == index)
    assert isinstance(begin, Call), "a clone has the same ops"
    found = _find_loop(copied, begin)
    if found is None:
        return None
    header, position = found.header, _state_position(found.header, begin.args[0])
    for turn in range(count):
        _peel(copied, header, position, begin.args[0], turn)
        copied.blocks[:] = reverse_postorder(copied)
    _replace(header, header.params[position], begin.args[0], None, Names(copied))
    for block in copied.blocks:
        if begin in block.ops:
            block.ops[block.ops.index(begin)] = Const(begin.out, 0, span=begin.span)
    return copied


def _find_loop(fn: Function, begin: Call) -> Loop | None:
    """The loop over what `begin` starts on, with the state that it gives."""
    for loop in find_loops(fn):
        for source in fn.blocks:
            for edge in source.terminator.edges():
                if edge.block is loop.header and begin.out in edge.args:
                    position = _state_position(loop.header, begin.args[0])
                    if position >= 0 and edge.args[position] is begin.out:
                        return loop
    return None


def _state_position(header: Block, iterable: Value) -> int:
    """Which parameter of a loop's header is the state of the iteration; -1 if none is."""
    for op in header.ops:
        if isinstance(op, Call) and op.callee is ITER_VALID and op.args[0] is iterable:
            return header.params.index(op.args[1]) if op.args[1] in header.params else -1
    return -1


def _peel(fn: Function, header: Block, position: int, iterable: Value, turn: int) -> None:
    """Write one turn before the loop."""
    names = Names(fn)
    loop = next(each for each in find_loops(fn) if each.header is header)
    known = set(fn.blocks)
    versions = LoopVersions(fn, names).split(loop)
    guard, first = versions.guard, versions.copy
    guard.terminator = Jump(Edge(first, list(guard.params)), span=header.terminator.span)
    state = first.params[position]
    for block in fn.blocks:
        if block not in known and block is not guard:
            block.is_cold = header.is_cold
            for edge in block.terminator.edges():
                if edge.block is first:
                    edge.block = header
            _replace(block, state, iterable, turn, names)


def _replace(block: Block, state: Value, iterable: Value, turn: int | None, names: Names) -> None:
    """Let the iteration's calls in `block` be those of one turn; None says that none is left."""
    ops = list(block.ops)
    block.ops.clear()
    for op in ops:
        is_own = isinstance(op, Call) and op.args[:2] == [iterable, state]
        if not is_own or not isinstance(op, Call):
            block.ops.append(op)
        elif op.callee is ITER_VALID:
            block.ops.append(Const(op.out, turn is not None, span=op.span))
        elif op.callee is ITER_VALUE:
            place = Value(names.fresh("place"))
            block.ops.append(Const(place, turn or 0, span=op.span))
            block.ops.append(Call(op.out, GETITEM, [iterable, place], span=op.span))
        elif op.callee is ITER_NEXT:
            block.ops.append(Const(op.out, (turn or 0) + 1, span=op.span))
        else:
            block.ops.append(op)
