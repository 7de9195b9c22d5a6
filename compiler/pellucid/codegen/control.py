"""Jumps, branches, returns, and what follows a guarded call."""

from __future__ import annotations

from llvmlite import ir as ll

from pellucid.codegen.lowering import LIKELY, UNLIKELY
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.state import FunctionState
from pellucid.ir.ops import Branch, Edge, Guard, Jump, Return, Unreachable


def emit_jump(state: FunctionState, op: Jump) -> None:
    """Go on in another block."""
    pass_arguments(state, op.edge)
    _keep_plain(state, state.cg.builder.branch(state.ll_blocks[op.edge.block]), op.edge)


def emit_branch(state: FunctionState, op: Branch) -> None:
    """Go on in one of two blocks."""
    builder = state.cg.builder
    ll_cond = state.value(op.cond)
    pass_arguments(state, op.then)
    ll_else = state.ll_blocks[op.orelse.block]
    if op.then.block is op.orelse.block:
        # A phi takes one value for each block that leads to it: the second way gets its own block.
        ll_else = builder.append_basic_block("else")
        with builder.goto_block(ll_else):
            pass_arguments(state, op.orelse)
            builder.branch(state.ll_blocks[op.orelse.block])
    else:
        pass_arguments(state, op.orelse)
    ll_branch = builder.cbranch(ll_cond, state.ll_blocks[op.then.block], ll_else)
    if op.then.block.is_cold != op.orelse.block.is_cold and not state.block.is_cold:
        ll_branch.set_weights(UNLIKELY if op.then.block.is_cold else LIKELY)
    _keep_plain(state, ll_branch, op.then, op.orelse)


def _keep_plain(state: FunctionState, ll_branch: ll.Instruction, *edges: Edge) -> None:
    """Keep LLVM from unrolling or vectorising a cold loop that this jumps back in."""
    if any(edge.block.is_cold and edge.block in state.emitted for edge in edges):
        ll_branch.set_metadata("llvm.loop", state.cg.module.debug.plain_loop())


def emit_guard(state: FunctionState, op: Guard) -> None:
    """Go on after a call that gave its result; the other way went out while it was emitted."""
    pass_arguments(state, op.then)
    _keep_plain(state, state.cg.builder.branch(state.ll_blocks[op.then.block]), op.then)


def emit_return(state: FunctionState, op: Return) -> None:
    """Leave with a value."""
    state.leave(state.abi.ret.flatten(state.cg.builder, state.value(op.value)))


def emit_unreachable(state: FunctionState, op: Unreachable) -> None:
    """Control does not get here."""
    del op
    state.cg.builder.unreachable()


def pass_arguments(state: FunctionState, edge: Edge) -> None:
    """Give the parameters of an edge's block their arguments, on the way from here."""
    builder = state.cg.builder
    for arg, param, ll_phis in zip(
        edge.args, edge.block.params, state.phis[edge.block], strict=True
    ):
        ll_leaves = model_of(param.typed).flatten(builder, state.value(arg))
        for ll_phi, ll_leaf in zip(ll_phis, ll_leaves, strict=True):
            ll_phi.add_incoming(ll_leaf, builder.block)
