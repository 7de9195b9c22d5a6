"""One typed function: its blocks, the parameters of blocks as phis, its ops in order.

Blocks are emitted so that definitions come before uses. A block parameter that is a record becomes
one phi for each leaf, put together again at the start of the block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from llvmlite import ir as ll

from pellucid.codegen.abi import Abi
from pellucid.codegen.attributes import add_attributes
from pellucid.codegen.calls import emit_call
from pellucid.codegen.control import (
    emit_branch,
    emit_guard,
    emit_jump,
    emit_return,
    emit_unreachable,
)
from pellucid.codegen.exceptions import emit_raise, emit_reraise, emit_stack_check, release_by_call
from pellucid.codegen.lowering import Lowering
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.state import FunctionState
from pellucid.codegen.variables import show_variables
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Convert,
    Guard,
    Jump,
    Op,
    Raise,
    Release,
    Reraise,
    Retain,
    Return,
    Unreachable,
)
from pellucid.ir.walk import predecessors, reverse_postorder

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

TINY = 12
"""A library function of one block with at most so many ops is always inlined."""


def emit_function(module: ModuleBuilder, target: FunctionTarget, *, is_recursive: bool) -> None:
    """Define the LLVM function of a target."""
    ll_fn = module.function(target)
    assert not ll_fn.blocks, f"{target.symbol} is defined twice"
    builder = ll.IRBuilder(ll_fn.append_basic_block("start"))
    cg = Lowering(module, builder, ll_fn.args[0])
    state = FunctionState(cg, target, Abi.of(target))
    _describe(state, ll_fn)
    show_variables(state, ll_fn)
    state.place(Op(span=state.fn.span))
    if is_recursive and state.abi.raises:
        emit_stack_check(state)
    _make_blocks(state, ll_fn)
    for block in reverse_postorder(state.fn):
        _emit_block(state, block)
    state.finish()
    _move_exit_last(ll_fn)
    _drop_unused(ll_fn)


def _describe(state: FunctionState, ll_fn: ll.Function) -> None:
    """Attributes and the debug scope."""
    if state.scope is not None:
        ll_fn.set_metadata("dbg", state.scope)
    if not state.target.effects & Effects.LOOPS:
        add_attributes(ll_fn, "willreturn")
    if state.target.is_library:
        add_attributes(ll_fn, "alwaysinline" if _is_tiny(state.fn) else "inlinehint")


def _is_tiny(fn: Function) -> bool:
    return len(fn.blocks) == 1 and len(fn.entry.ops) <= TINY


def _make_blocks(state: FunctionState, ll_fn: ll.Function) -> None:
    """LLVM blocks with their phis. The parameters of an entry that nothing jumps to need none."""
    builder, fn = state.cg.builder, state.fn
    ll_args = state.abi.arguments(builder, ll_fn)
    ll_start = builder.block
    is_loop = bool(predecessors(fn)[fn.entry])
    for block in reverse_postorder(fn):
        state.ll_blocks[block] = ll_fn.append_basic_block(block.name)
        state.phis[block] = []
        if block is not fn.entry or is_loop:
            _make_phis(state, block)
    builder.position_at_end(ll_start)
    if is_loop:
        for ll_phis, model, ll_arg in zip(
            state.phis[fn.entry], state.abi.params, ll_args, strict=True
        ):
            for ll_phi, ll_leaf in zip(ll_phis, model.flatten(builder, ll_arg), strict=True):
                ll_phi.add_incoming(ll_leaf, builder.block)
    else:
        for param, ll_arg in zip(fn.entry.params, ll_args, strict=True):
            state.define(param, ll_arg)
    builder.branch(state.ll_blocks[fn.entry])


def _make_phis(state: FunctionState, block: Block) -> None:
    builder = state.cg.builder
    builder.position_at_end(state.ll_blocks[block])
    for param in block.params:
        leaves = model_of(param.typed).leaves
        state.phis[block].append([builder.phi(leaf.ll_type, param.name) for leaf in leaves])


def _emit_block(state: FunctionState, block: Block) -> None:
    builder = state.cg.builder
    builder.position_at_end(state.ll_blocks[block])
    state.block = block
    state.emitted.add(block)
    state.place_nowhere()
    # An entry without phis has its parameters already.
    for param, ll_phis in zip(block.params, state.phis[block], strict=False):
        state.define(param, model_of(param.typed).unflatten(builder, ll_phis))
    for op in block.all_ops():
        state.place(op)
        _EMITTERS[type(op)](state, op)


def _emit_const(state: FunctionState, op: Const) -> None:
    state.define(op.out, state.cg.constant(op.out.typed, op.value))


def _emit_convert(state: FunctionState, op: Convert) -> None:
    ll_value = state.value(op.value)
    state.define(op.out, state.cg.convert(op.value.typed, op.out.typed, ll_value))


def _emit_retain(state: FunctionState, op: Retain) -> None:
    state.cg.retain(op.value.typed, state.value(op.value))


def _emit_release(state: FunctionState, op: Release) -> None:
    if state.block.is_cold:
        release_by_call(state, op.value)
    else:
        state.cg.release(op.value.typed, state.value(op.value))


def _move_exit_last(ll_fn: ll.Function) -> None:
    """Only for the reader: the exit is made before the blocks that jump to it."""
    exits = [b for b in ll_fn.blocks if b.name == "exit"]
    for ll_exit in exits:
        ll_fn.blocks.remove(ll_exit)
        ll_fn.blocks.append(ll_exit)


def _drop_unused(ll_fn: ll.Function) -> None:
    """Take out records that were put together and never used whole: most of them are not."""
    used: set[int] = set()
    records: list[ll.Instruction] = []
    for ll_block in ll_fn.blocks:
        for ll_op in ll_block.instructions:
            if isinstance(ll_op, ll.instructions.InsertValue):
                records.append(ll_op)
            else:
                used.update(map(id, ll_op.operands))
                if isinstance(ll_op, ll.PhiInstr):
                    used.update(id(ll_value) for ll_value, _ in ll_op.incomings)
    pending = [ll_op for ll_op in records if id(ll_op) in used]
    while pending:
        inner = [o for o in pending.pop().operands if id(o) not in used]
        used.update(map(id, inner))
        pending += (o for o in inner if isinstance(o, ll.instructions.InsertValue))
    if any(id(ll_op) not in used for ll_op in records):
        dropped = {id(ll_op) for ll_op in records if id(ll_op) not in used}
        for ll_block in ll_fn.blocks:
            kept = [ll_op for ll_op in ll_block.instructions if id(ll_op) not in dropped]
            ll_block.instructions[:] = kept


# Any: each emitter takes the op class that is its key.
_EMITTERS: dict[type[Op], Callable[[FunctionState, Any], None]] = {
    Branch: emit_branch,
    Call: emit_call,
    Const: _emit_const,
    Convert: _emit_convert,
    Guard: emit_guard,
    Jump: emit_jump,
    Raise: emit_raise,
    Reraise: emit_reraise,
    Release: _emit_release,
    Retain: _emit_retain,
    Return: emit_return,
    Unreachable: emit_unreachable,
}
