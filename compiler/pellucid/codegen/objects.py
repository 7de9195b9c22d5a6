"""Read Python objects in generated code. `names.py` lists the symbols of known objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from llvmlite import ir as ll

from pellucid.codegen import pylayout
from pellucid.codegen.models.model import (
    LlValue,
    ll_i64,
    ll_ptr,
    offset_address,
)

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

LIKELY, UNLIKELY = (2000, 1), (1, 2000)


def number(ll_type: ll.Type, value: int) -> ll.Constant:
    """An integer constant."""
    return ll.Constant(ll_type, value)


class Objects:
    """The symbols that stand for Python objects, and small reads of their fields."""

    def __init__(self, module: ModuleBuilder, builder: ll.IRBuilder) -> None:
        self.module = module
        self.builder = builder

    def symbol(self, name: str) -> LlValue:
        """The address of an object of this process."""
        return self.module.symbol(name)

    def call(self, name: str, ll_ret: ll.Type, *ll_args: LlValue) -> LlValue:
        """Call a C function."""
        ll_type = ll.FunctionType(ll_ret, [a.type for a in ll_args])
        return self.builder.call(self.module.declare(name, ll_type), ll_args)

    def stack(self, count: int, ll_item: ll.Type = ll_i64, align: int = 8) -> LlValue:
        """Room for `count` items on the stack, for the whole entry."""
        with self.builder.goto_entry_block():
            ll_room: Any = self.builder.alloca(ll.ArrayType(ll_item, count))  # as llvmlite has it
            ll_room.align = align
            ll_room.type = ll_ptr  # llvmlite gives it a typed pointer, which refuses other types
            return ll_room

    def field(self, ll_obj: LlValue, offset: int, ll_type: ll.Type, align: int) -> LlValue:
        """A field of an object."""
        return self.builder.load(
            offset_address(self.builder, ll_obj, offset), typ=ll_type, align=align
        )

    def type_of(self, ll_obj: LlValue) -> LlValue:
        """`Py_TYPE(obj)`."""
        return self.field(ll_obj, pylayout.TYPE, ll_ptr, 8)

    def is_same(self, ll_a: LlValue, ll_b: LlValue) -> LlValue:
        """`a is b`."""
        return self.builder.icmp_unsigned("==", ll_a, ll_b)

    def any_of(self, ll_conditions: Sequence[LlValue]) -> LlValue:
        """Whether one of some conditions holds."""
        ll_result = ll_conditions[0]
        for ll_condition in ll_conditions[1:]:
            ll_result = self.builder.or_(ll_result, ll_condition)
        return ll_result

    def require(
        self, ll_condition: LlValue, ll_else: ll.Block, weights: tuple[int, int] = LIKELY
    ) -> None:
        """Go on where `ll_condition` holds, else in `ll_else`."""
        ll_next = self.builder.append_basic_block()
        self.builder.cbranch(ll_condition, ll_next, ll_else).set_weights(weights)
        self.builder.position_at_end(ll_next)

    def alternatives(
        self,
        ll_type: ll.Type,
        tries: Sequence[tuple[LlValue, Callable[[], LlValue]]],
        ll_miss: ll.Block,
    ) -> LlValue:
        """The value of the first alternative whose condition holds; `ll_miss` if none does."""
        ll_done = self.builder.append_basic_block()
        found: list[tuple[LlValue, ll.Block]] = []
        for index, (ll_condition, read) in enumerate(tries):
            is_last = index + 1 == len(tries)
            ll_then = self.builder.append_basic_block()
            ll_else = ll_miss if is_last else self.builder.append_basic_block()
            self.builder.cbranch(ll_condition, ll_then, ll_else).set_weights(LIKELY)
            self.builder.position_at_end(ll_then)
            ll_value = read()
            assert self.builder.block is not None
            found.append((ll_value, self.builder.block))
            self.builder.branch(ll_done)
            if not is_last:
                self.builder.position_at_end(ll_else)
        self.builder.position_at_end(ll_done)
        ll_phi = self.builder.phi(ll_type)
        for ll_value, ll_block in found:
            ll_phi.add_incoming(ll_value, ll_block)
        return ll_phi
