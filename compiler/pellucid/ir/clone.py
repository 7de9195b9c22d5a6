"""Copies of functions and blocks, with a mapping from old values to new ones.

Inlining copies a callee's blocks into the caller; inference copies a function to type it. Constants
and callees are shared between original and copy, values and blocks never.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from pellucid.base.spans import InlineSite
from pellucid.ir.builder import Names
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Edge, Guard, Jump, Leaving, Op
from pellucid.ir.values import Value

T = TypeVar("T", bound=Op)


def clone_function(fn: Function) -> tuple[Function, dict[Value, Value], dict[Block, Block]]:
    """A copy of `fn` with the same names, and where its values and blocks went."""
    values: dict[Value, Value] = {value: Value(value.name, value.ty) for value in fn.values()}
    blocks = {block: Block(block.name, is_cold=block.is_cold) for block in fn.blocks}
    for block, new in blocks.items():
        fill_block(new, block, values, blocks)
    clone = replace(
        fn,
        params=list(fn.params),
        blocks=list(blocks.values()),
        mentions=list(fn.mentions),
        uses=[(span, values.get(value, value)) for span, value in fn.uses],
    )
    return clone, values, blocks


def clone_blocks(
    originals: Iterable[Block], values: dict[Value, Value], names: Names
) -> dict[Block, Block]:
    """Copies of `originals` with fresh names, in order; edges among them lead to the copies.

    `values` says what replaces the values that come from outside (a callee's parameters, say), and
    gains an entry for each value that is copied. A parameter that is in `values` already is left
    out of its block's copy. The inline sites of the ops stay as they are.
    """
    originals = list(originals)
    blocks = {block: Block(names.fresh(block.name), is_cold=block.is_cold) for block in originals}
    for block in originals:
        for param in block.params:
            if param not in values:
                values[param] = Value(names.fresh(param.name), param.ty)
                blocks[block].params.append(values[param])
        for op in block.ops:
            if op.result is not None:
                values[op.result] = Value(names.fresh(op.result.name), op.result.ty)
    for block, new in blocks.items():
        _fill_ops(new, block, values, blocks)
    return blocks


def fill_block(
    new: Block, block: Block, values: dict[Value, Value], blocks: dict[Block, Block]
) -> None:
    """Copy parameters, ops and terminator of `block` into the empty block `new`."""
    new.params = [values[param] for param in block.params]
    _fill_ops(new, block, values, blocks)


def _fill_ops(
    new: Block, block: Block, values: dict[Value, Value], blocks: dict[Block, Block]
) -> None:
    new.ops = [clone_op(op, values, blocks) for op in block.ops]
    new.terminator = clone_op(block.terminator, values, blocks)
    if isinstance(new.terminator, Guard):
        call = new.ops[-1]
        assert isinstance(call, Call), "a guard stands after its call"
        new.terminator.call = call


def clone_op(op: T, values: dict[Value, Value], blocks: dict[Block, Block]) -> T:
    """A copy of `op` in terms of the new values and blocks; those without an entry are kept."""
    new = copy.copy(op)
    if isinstance(new, Jump):
        new.edge = _edge(new.edge, blocks)
    elif isinstance(new, Branch):
        new.then, new.orelse = _edge(new.then, blocks), _edge(new.orelse, blocks)
    elif isinstance(new, Guard):
        new.then, new.handler = _edge(new.then, blocks), _edge(new.handler, blocks)
    elif isinstance(new, Leaving) and new.handler is not None:
        new.handler = _edge(new.handler, blocks)
    new.map_operands(values)
    if new.result is not None:
        new.out = values[new.result]  # type: ignore[attr-defined]  # ops with a result have `out`
    return new


def _edge(edge: Edge, blocks: dict[Block, Block]) -> Edge:
    return Edge(blocks.get(edge.block, edge.block), list(edge.args))


def nest_site(inner: InlineSite | None, outer: InlineSite) -> InlineSite:
    """The chain `inner` with `outer` beyond its end: an op inlined again keeps its own sites."""
    if inner is None:
        return outer
    return replace(inner, outer=nest_site(inner.outer, outer))
