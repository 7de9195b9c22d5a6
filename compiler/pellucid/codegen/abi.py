"""How a typed function is called.

    @symbol(ptr %ctx, <leaves of each argument>) -> {T, i32}

The number is the status: 0, or 1 where an exception is recorded in the context; then T is zero. A
function whose effects lack RAISES returns plain T. Arguments are borrowed, the result is owned by
the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.codegen.attributes import add_attributes, add_param_attributes
from pellucid.codegen.models import context
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import Leaf, LlValue, Model, extract, ll_i32, ll_ptr
from pellucid.ir.callee import FunctionTarget

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

CONTEXT_ATTRIBUTES = (
    "noalias",
    "nonnull",
    "noundef",
    f"align {context.ALIGNMENT}",
    f"dereferenceable({context.SIZE})",
)
COUNT_RANGE = "range(i64 0, -9223372036854775808)"
"""An axis's length: 0 to 2**63 - 1."""


@dataclass(frozen=True)
class Abi:
    """The calling convention of one signature."""

    params: tuple[Model, ...]
    ret: Model
    raises: bool

    @staticmethod
    def of(target: FunctionTarget) -> Abi:
        """The convention of a target."""
        params = tuple(model_of(ty) for ty in target.sig.params)
        return Abi(params, model_of(target.sig.ret), target.effects.may_raise)

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The registers that the arguments take, without the context."""
        return tuple(leaf for model in self.params for leaf in model.leaves)

    @property
    def ll_function_type(self) -> ll.FunctionType:
        """The LLVM type of the function."""
        ll_params = [ll_ptr, *(leaf.ll_type for leaf in self.leaves)]
        return ll.FunctionType(self.ll_return_type, ll_params)

    @property
    def ll_return_type(self) -> ll.Type:
        """`{T, i32}`, or T."""
        if not self.raises:
            return self.ret.ll_type
        return ll.LiteralStructType([self.ret.ll_type, ll_i32])

    def declare(self, module: ModuleBuilder, symbol: str) -> ll.Function:
        """Declare a function that is called so."""
        ll_fn = ll.Function(module.ll_module, self.ll_function_type, symbol)
        add_attributes(ll_fn, "nounwind", *module.target.function_attributes)
        ll_ctx, *ll_args = ll_fn.args
        ll_ctx.name = "ctx"
        add_param_attributes(ll_ctx, *CONTEXT_ATTRIBUTES)
        for leaf, ll_arg in zip(self.leaves, ll_args, strict=True):
            if leaf.is_count:
                add_param_attributes(ll_arg, COUNT_RANGE)
        return ll_fn

    def arguments(self, builder: ll.IRBuilder, ll_fn: ll.Function) -> list[LlValue]:
        """The arguments of a function that is being defined, put together from their leaves."""
        values: list[LlValue] = []
        start = 1
        for model in self.params:
            stop = start + len(model.leaves)
            values.append(model.unflatten(builder, ll_fn.args[start:stop]))
            start = stop
        return values

    def call(
        self, builder: ll.IRBuilder, ll_fn: ll.Function, ll_ctx: LlValue, ll_args: Iterable[LlValue]
    ) -> tuple[LlValue, LlValue | None]:
        """Call; gives the result, and the status if the function may raise."""
        ll_leaves: list[LlValue] = [ll_ctx]
        for model, ll_arg in zip(self.params, ll_args, strict=True):
            ll_leaves.extend(model.flatten(builder, ll_arg))
        ll_result = builder.call(ll_fn, ll_leaves)
        if not self.raises:
            return ll_result, None
        return extract(builder, ll_result, 0), extract(builder, ll_result, 1)

    def result(
        self, builder: ll.IRBuilder, ll_leaves: Sequence[LlValue], ll_status: LlValue | None
    ) -> LlValue:
        """What the function returns for these leaves of its result."""
        ll_value = self.ret.unflatten(builder, ll_leaves)
        if not self.raises:
            return ll_value
        assert ll_status is not None
        ll_result: LlValue = ll.Constant(self.ll_return_type, ll.Undefined)
        if not self.ret.is_empty:
            ll_result = builder.insert_value(ll_result, ll_value, 0)
        return builder.insert_value(ll_result, ll_status, 1)
