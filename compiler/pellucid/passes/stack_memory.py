"""Take memory that does not leave a function from its stack.

    block = call allocate(24)                  block = call allocate_on_stack()
    p = call make_array(block, ...)     ->     p = call make_array(block, ...)
    x = call load_item(p, 0)                   x = call load_item(p, 0)

A block leaves if something other than the ops that confine it (`Primitive.confines`) uses it, or
what was made of it: a call, a return, an edge to another block, an exception, or a store into what
may hold it. So it is never used past the turn of a loop that made it, and the next turn may have
its place. What an op gives may be the block again, if its type can refer to it. A list's items go
with the list, if their number is a constant, and nothing makes room for more. Nothing destroys a
block on the stack: its count starts too high, which LLVM sees, and then removes what counts it.

Needs:   typed IR without retain and release; sizes that are constants.
Keeps:   everything else.
Refuses: blocks that leave; those too large for the stack; objects that own something themselves.
Reports: nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.function import Function
from pellucid.ir.interp_values import convert
from pellucid.ir.ops import Call, Const, Convert, Op
from pellucid.ir.values import Value
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.types import Array, HeapType, Integer, MemoryBlock, Pointer, Tuple, Type

_DEPTH = 6
_QUIET = Effects.READS | Effects.WRITES


@dataclass(frozen=True)
class UseStack(Pass):
    """Put small blocks and objects that do not leave onto the stack, `most` in one function."""

    name: ClassVar[str] = "stack-memory"

    most: int = 16

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        makers = [op for op in fn.ops() if _maker(op) is not None]
        if not makers:
            return False
        search = _Search(fn)
        count = 0
        for op in makers:
            assert isinstance(op, Call)
            moves = search.moves(op) if count < self.most else None
            for moved, target in moves or ():
                moved.target = target
                count += 1
        return count > 0


def _maker(op: Op) -> Call | None:
    """The op, if it gives new memory that might be taken from the stack."""
    if isinstance(op, Call) and isinstance(op.target, Primitive):
        return op if op.target.on_stack is not None else None
    return None


class _Search:
    def __init__(self, fn: Function) -> None:
        self._made = {op.result: op for op in fn.ops() if op.result is not None}
        self._uses = _uses(fn)

    def moves(self, maker: Call) -> list[tuple[Call, Primitive]] | None:
        """What is to be put in place of `maker`, and of what makes room for items of it.

        None: it cannot be. Something that makes room for a list is no maker by itself.
        """
        if any(_refers(arg.typed) for arg in maker.args[:1]):
            return None
        target = self._on_stack(maker)
        if target is None:
            return None
        found = [(maker, target)]
        own, todo, ops = {maker.out}, [maker.out], dict[Call | Convert, None]()
        while todo:
            for op in self._uses[todo.pop()]:
                if not isinstance(op, (Call, Convert)):
                    return None
                ops[op] = None
                if op.out not in own and _refers(op.out.typed):
                    own.add(op.out)
                    todo.append(op.out)
        is_object = isinstance(maker.out.typed, HeapType)
        for op in ops:
            if is_object and isinstance(op, Call) and _maker(op) is not None:
                target = self._on_stack(op)
                if target is None or len(found) > 1:
                    return None
                found.append((op, target))
            elif not _confines(op, own, is_object=is_object):
                return None
        return found

    def _on_stack(self, op: Op) -> Primitive | None:
        maker = _maker(op)
        if maker is None or not isinstance(maker.target, Primitive):
            return None
        assert maker.target.on_stack is not None
        return maker.target.on_stack(*(_constant(arg, self._made, _DEPTH) for arg in maker.args))


def _uses(fn: Function) -> dict[Value, list[Op | None]]:
    """What reads each value; None stands for the end of a block."""
    uses: dict[Value, list[Op | None]] = defaultdict(list)
    for block in fn.blocks:
        for op in block.ops:
            for value in op.operands():
                uses[value].append(op)
        for value in block.terminator.operands():
            uses[value].append(None)
    return uses


def _confines(op: Call | Convert, own: set[Value], *, is_object: bool) -> bool:
    """Whether a block that is in `own` values only is so after an op that uses one of them."""
    if isinstance(op, Convert):
        return isinstance(op.out.typed, (Array, MemoryBlock, Pointer))
    if not isinstance(op.target, Primitive) or not op.target.confines:
        return False
    if (op.effects | _QUIET) != _QUIET:
        return False
    others = [arg.typed for arg in op.args if arg not in own]
    if any(map(_can_hold, others)):
        return False
    if is_object and op.effects & Effects.WRITES and any(isinstance(ty, Pointer) for ty in others):
        return False  # it would own other memory, and not give it back
    result = op.out.typed
    return not result.is_managed or isinstance(result, (Array, MemoryBlock))


def _refers(ty: Type) -> bool:
    return ty.is_managed or isinstance(ty, Pointer)


def _can_hold(ty: Type) -> bool:
    """Whether a reference could be stored into a value of a type."""
    if isinstance(ty, Pointer):
        return _refers(ty.elem_ty)
    return ty.is_managed and not isinstance(ty, (Array, MemoryBlock))


def _constant(value: Value, made: dict[Value, Op], depth: int) -> Any:
    """The value, if it is computed of constants; None if it is not. Any: what the IR holds."""
    op = made.get(value)
    if isinstance(op, Const):
        return op.value
    if isinstance(op, Convert) and depth > 0 and isinstance(op.out.typed, (Integer, Tuple)):
        known = _constant(op.value, made, depth - 1)
        return None if known is None else convert(known, op.value.typed, op.out.typed)
    if depth == 0 or not isinstance(op, Call) or not isinstance(op.target, Primitive):
        return None
    if op.target.effects != Effects.PURE or not op.args:
        return None
    args = [_constant(arg, made, depth - 1) for arg in op.args]
    return None if None in args else op.target.run(*args)
