"""What is known while one function is emitted: its values, blocks, and the one way out.

All returns and error exits jump to one block, where the leaves of the result and the status are
phis: after LLVM has inlined the function, they fold into the caller's code.
"""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir as ll

from pellucid.codegen.abi import Abi
from pellucid.codegen.debuginfo import Node
from pellucid.codegen.lowering import Lowering
from pellucid.codegen.models import context
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import LlBuilder, LlValue, ll_i32
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Op
from pellucid.ir.values import Value
from pellucid.types import Literal


class FunctionState:
    """The emission of one function."""

    def __init__(self, cg: Lowering, target: FunctionTarget, abi: Abi) -> None:
        assert target.fn is not None, f"{target.symbol} has no body"
        self.cg = cg
        self.target = target
        self.fn: Function = target.fn
        self.abi = abi
        self.ll_blocks: dict[Block, ll.Block] = {}
        self.phis: dict[Block, list[list[ll.PhiInstr]]] = {}
        self.scope: Node | None = cg.module.debug.subprogram(self.fn)
        self.block: Block = self.fn.entry
        self.emitted: set[Block] = set()
        self._values: dict[Value, LlValue] = {}
        self._exits: list[tuple[ll.Block, Sequence[LlValue], int]] = []
        self._ll_exit = cg.builder.append_basic_block("exit")

    def value(self, value: Value) -> LlValue:
        """The LLVM value of an IR value. A literal is its constant, wherever it came from."""
        ty = value.typed
        if isinstance(ty, Literal):
            return self.cg.constant(ty, ty.value)
        return self._values[value]

    def define(self, value: Value, ll_value: LlValue) -> None:
        """Give an IR value its LLVM value, which takes its name if it has none of its own."""
        self._values[value] = ll_value
        unnamed = isinstance(ll_value, ll.Instruction) and ll_value.name.startswith(".")
        if unnamed and ll_value.parent.parent is self.cg.builder.function:
            ll_value.name = value.name

    def place(self, op: Op) -> None:
        """Let what is emitted from here stand at the location of `op`."""
        self.cg.op_options = self.fn.options_of(op)
        self._place_at(self.cg.module.debug.location(op, self.scope))

    def place_nowhere(self) -> None:
        """Let what is emitted from here be the compiler's own."""
        self._place_at(self.cg.module.debug.nowhere(self.scope))

    def leave(self, ll_leaves: Sequence[LlValue]) -> None:
        """End the LLVM block: return the result with these leaves."""
        self._exit(ll_leaves, context.STATUS_OK)

    def leave_by_error(self) -> None:
        """End the LLVM block: return to the caller with the exception in the context."""
        assert self.abi.raises, f"{self.target.symbol} raises, and its effects say it does not"
        ll_leaves = [model_of(leaf.ty).zero() for leaf in self.abi.ret.leaves]
        self._exit(ll_leaves, context.STATUS_ERROR)

    def finish(self) -> None:
        """Emit the exit block; there may be none, in a function that does not end."""
        builder, ll_exit = self.cg.builder, self._ll_exit
        builder.position_at_end(ll_exit)
        self.place_nowhere()
        if not self._exits:
            builder.unreachable()
            return
        ll_phis = [builder.phi(leaf.ll_type) for leaf in self.abi.ret.leaves]
        ll_status = builder.phi(ll_i32, "status") if self.abi.raises else None
        for ll_from, ll_leaves, status in self._exits:
            for ll_phi, ll_leaf in zip(ll_phis, ll_leaves, strict=True):
                ll_phi.add_incoming(ll_leaf, ll_from)
            if ll_status is not None:
                ll_status.add_incoming(ll.Constant(ll_i32, status), ll_from)
        builder.ret(self.abi.result(builder, ll_phis, ll_status))

    def _place_at(self, location: Node | None) -> None:
        builder: LlBuilder = self.cg.builder
        builder.debug_metadata = location

    def _exit(self, ll_leaves: Sequence[LlValue], status: int) -> None:
        builder: LlBuilder = self.cg.builder
        self._exits.append((builder.block, ll_leaves, status))
        builder.branch(self._ll_exit)
