"""Variables as debuggers see them: each has a place on the stack, written where it is assigned.

The values of compiled code are in SSA form, so a variable is many values and no place. In code for
debuggers the front end tells of each binding (`ir/protocol.py: show_variable`), and this writes the
value to the variable's place. Before its first assignment a variable is all zero.

A variable is shown in the type that it has where ways join: what starts as an integer and becomes a
float in a loop is a float from the start. Values of other types make variables of their own: `x`,
`x$1`, `x$2` in the order of the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llvmlite import ir as ll

from pellucid.codegen.lowering import Lowering
from pellucid.codegen.models import block
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import (
    LlBuilder,
    LlValue,
    extract,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)
from pellucid.codegen.state import FunctionState
from pellucid.ir.callee import Ref
from pellucid.ir.function import Function
from pellucid.ir.ops import Call, Op
from pellucid.ir.protocol import SHOW_VARIABLE
from pellucid.ir.values import Value
from pellucid.types import Array, Literal, Type
from pellucid.types.unify import unify

DECLARE = "llvm.dbg.declare"


@dataclass(eq=False)
class Variable:
    """One variable of the source: the types of its values, and one that holds them all."""

    name: str
    tys: list[Type]
    ty: Type
    position: int = 0


def find_variables(fn: Function) -> list[Variable]:
    """The variables of a function, parameters first, in the order of their assignments."""
    joins = _joins(fn)
    found: list[Variable] = []
    for position, (param, value) in enumerate(zip(fn.params, fn.entry.params, strict=False), 1):
        ty = value.typed.base
        found.append(Variable(param.name, [ty], _widened(ty, joins.get(param.name, [])), position))
    for op in fn.ops():
        shown = _shown(op)
        if shown is None:
            continue
        name, value = shown
        ty = value.typed.base
        wide = _widened(ty, joins.get(name, []))
        for variable in found:
            if variable.name == name and variable.ty == wide:
                if ty not in variable.tys:
                    variable.tys.append(ty)
                break
        else:
            found.append(Variable(name, [ty], wide))
    _tell_apart(found)
    return found


def _joins(fn: Function) -> dict[str, list[Type]]:
    """The types that variables have where ways join: a block's parameter is named after its one."""
    found: dict[str, list[Type]] = {}
    for block_ in fn.blocks:
        for param in block_.params:
            found.setdefault(param.name.partition(".")[0], []).append(param.typed.base)
    return found


def _widened(ty: Type, joins: list[Type]) -> Type:
    """The type of a join at which a value of type `ty` may arrive; its own if there is none."""
    return next((wide for wide in joins if unify(ty, wide) == wide), ty)


def _tell_apart(variables: list[Variable]) -> None:
    counts: dict[str, int] = {}
    for variable in variables:
        count = counts[variable.name] = counts.get(variable.name, -1) + 1
        if count:
            variable.name = f"{variable.name}${count}"


def _shown(op: Op) -> tuple[str, Value] | None:
    """The variable's name and the value, of an op that tells of a binding in this function."""
    if not isinstance(op, Call) or op.inlined_at is not None or not isinstance(op.callee, Ref):
        return None
    if op.callee.path != SHOW_VARIABLE.path:
        return None
    name = op.args[0].typed
    assert isinstance(name, Literal), "the front end names the variable"
    return str(name.value), op.args[1]


def show_variables(state: FunctionState, ll_fn: ll.Function) -> None:
    """Give the variables of a user's function their places; parameters get their values."""
    if state.scope is None or not state.cg.module.debug.for_debuggers:
        return
    places: dict[tuple[str, Type], tuple[Type, LlValue]] = {}
    for variable in find_variables(state.fn):
        address = _declare(state, variable)
        if address is not None:
            own = variable.name.partition("$")[0]
            places.update(((own, ty), (variable.ty, address)) for ty in variable.tys)
    cg = state.cg

    def show(name: str, ty: Type, ll_value: LlValue) -> None:
        place = places.get((name, ty))
        if place is not None:
            _write(cg, place[0], cg.convert(ty, place[0], ll_value), place[1])

    cg.show_variable = show
    # Parameters have their values before the first line: what has no location comes before it.
    params = zip(state.fn.params, state.fn.entry.params, strict=False)
    ll_args = state.abi.arguments(cg.builder, ll_fn)
    for (param, value), ll_arg in zip(params, ll_args, strict=False):
        ty = value.typed
        is_known = isinstance(ty, Literal)
        show(param.name, ty.base, cg.constant(ty.base, ty.value) if is_known else ll_arg)


def _declare(state: FunctionState, variable: Variable) -> LlValue | None:
    """Room for a variable, of which debuggers know; None if values of its type hold nothing."""
    cg, debug, scope = state.cg, state.cg.module.debug, state.scope
    assert scope is not None
    if model_of(variable.ty).is_empty:
        return None
    builder: LlBuilder = cg.builder
    builder.debug_metadata = None
    ll_type = _ll_place(variable.ty)
    address = builder.alloca(ll_type)
    address.type = ll_ptr  # not llvmlite's pointer to one type
    builder.store(ll.Constant(ll_type, None), address)
    described = debug.variable(
        variable.name, state.fn, scope, cg.module.debug_types.of(variable.ty), variable.position
    )
    ll_declare = cg.module.declare(DECLARE, ll.FunctionType(ll_void, [ll.MetaDataType()] * 3))
    builder.debug_metadata = debug.start_of(state.fn, scope)
    ll_args = [address, _Metadata(described.reference), _Metadata("!DIExpression()")]
    builder.call(ll_declare, ll_args)
    builder.debug_metadata = None
    return address


class _Metadata(ll.Value):
    """A metadata node as an argument."""

    def __init__(self, reference: str) -> None:
        self.type = ll.MetaDataType()
        self._reference = reference

    def get_reference(self) -> str:
        """As llvmlite spells it."""
        return self._reference


def _ll_place(ty: Type) -> ll.Type:
    """What a variable's place holds: the value as it lies in memory, or what shows an array."""
    if not isinstance(ty, Array):
        return model_of(ty).ll_storage
    ll_axes = ll.ArrayType(ll_i64, ty.ndim)
    return ll.LiteralStructType([ll_ptr, ll_ptr, ll_i64, ll_i64, ll_ptr, ll_axes, ll_axes])


def _write(cg: Lowering, ty: Type, ll_value: LlValue, address: LlValue) -> None:
    if not isinstance(ty, Array):
        model_of(ty).store(cg.builder, ll_value, address)
        return
    for index, ll_part in enumerate(_shown_array(cg, ty, ll_value)):
        cg.builder.store(ll_part, offset_address(cg.builder, address, 8 * index))


def _shown_array(cg: Lowering, ty: Array, ll_value: LlValue) -> Iterator[LlValue]:
    """The values of an array's members for debuggers, each of 8 bytes."""
    builder = cg.builder
    ll_owner = cg.field(ty, ll_value, "owner")
    yield ll_owner
    # Of constant data there is no block: its parent is read from a null pointer of our own.
    ll_nothing = cg.alloca(ll_ptr)
    builder.store(ll.Constant(ll_ptr, None), ll_nothing)
    ll_missing = builder.icmp_unsigned("==", ll_owner, ll.Constant(ll_ptr, None))
    ll_from = builder.select(ll_missing, ll_nothing, offset_address(builder, ll_owner, block.PYOBJ))
    yield builder.load(ll_from, typ=ll_ptr)
    ll_shape, ll_strides = cg.field(ty, ll_value, "shape"), cg.field(ty, ll_value, "strides")
    axes = [extract(builder, ll_shape, axis) for axis in range(ty.ndim)]
    ll_count: LlValue = ll.Constant(ll_i64, 1)
    for ll_axis in axes:
        ll_count = builder.mul(ll_count, ll_axis)
    yield ll_count
    yield ll.Constant(ll_i64, cg.size_of(ty.dtype))
    yield cg.field(ty, ll_value, "data")
    yield from axes
    yield from (extract(builder, ll_strides, axis) for axis in range(ty.ndim))
