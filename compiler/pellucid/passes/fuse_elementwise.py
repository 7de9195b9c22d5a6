"""Run elementwise array operations of one block as one loop.

    t = np.multiply(a, b)          kernel(x, y, z) = np.add(np.multiply(x, y), z)
    r = np.add(t, c)         ->    r = fused(kernel, (a, b, c))      (t is never allocated)

Needs:   typed IR before library calls are inlined; `PassContext.specialise`.
Keeps:   results to the last bit, and each array's dtype; exceptions and their order; the span of
         every operation, which its copy in the kernel has.
Refuses: an array that is used elsewhere too; one of fewer dimensions than the result (it would be
         computed again for each row); operations between which memory is written, or between which
         another operation may raise first; integer powers, which raise in the loop.
Reports: `fused`, and `not-fused` with the reason.

An in-place operation or a sum may end a group: then the kernel's results go into the array that is
there, or are added up without being stored.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from pellucid.base.diagnostics import CompileError
from pellucid.inference.constants import type_of_constant
from pellucid.inference.overloads import checked_key
from pellucid.ir.builder import Builder, Names
from pellucid.ir.callee import FunctionTarget, Ref
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function, Param
from pellucid.ir.ops import Call, Const, Convert, Op
from pellucid.ir.protocol import build_tuple, ref
from pellucid.ir.values import Value
from pellucid.ir.walk import use_counts
from pellucid.passes.calls import CallWriter
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.types import Array, Integer, Type, boolean, is_scalar

_POSITIONAL = 1  # inspect.Parameter.POSITIONAL_OR_KEYWORD


@dataclass(frozen=True)
class FuseElementwise(Pass):
    """Fuse elementwise operations."""

    name: ClassVar[str] = "fuse-elementwise"

    max_operands: int = 16

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        if ctx.specialise is None:
            return False
        changed = False
        for block in fn.blocks:
            steps = _find_steps(block)
            if len(steps) < 2:
                continue
            uses = use_counts(fn)
            for group in _find_groups(block, steps, uses, self.max_operands, fn, ctx):
                changed |= _fuse(fn, block, group, ctx)
        return changed


# ---- what is elementwise ----------------------------------------------------------------------

_OPERATORS: dict[str, np.ufunc] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide,
    "floordiv": np.floor_divide, "mod": np.remainder, "pow": np.power, "and_": np.bitwise_and,
    "or_": np.bitwise_or, "xor": np.bitwise_xor, "lshift": np.left_shift,
    "rshift": np.right_shift, "eq": np.equal, "ne": np.not_equal, "lt": np.less,
    "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "neg": np.negative,
    "pos": np.positive, "invert": np.invert,
}  # fmt: skip
_UFUNCS: dict[str, np.ufunc] = {f"operator.{name}": u for name, u in _OPERATORS.items()}
_UFUNCS["builtins.abs"] = np.absolute
_IN_PLACE: dict[str, np.ufunc] = {
    f"operator.i{name.strip('_')}": ufunc
    for name, ufunc in _OPERATORS.items()
    if hasattr(operator, f"i{name.strip('_')}") and name != "invert"
}


@dataclass(eq=False)
class _Step:
    """An operation on arrays that works item by item: `ufunc(*operands)`, at `place` in its block.

    `kind` is how the result comes out: "new", "into" (an array that is there) or "sum". `carriers`
    are the ops that only bring it its operand: the two of a method's receiver. Any: a ufunc.
    """

    op: Call
    place: int
    ufunc: Any
    operands: list[Value]
    kind: str = "new"
    carriers: tuple[Op, ...] = ()

    @property
    def arrays(self) -> list[Value]:
        """The operands that are arrays."""
        return [value for value in self.operands if isinstance(value.ty, Array)]

    @property
    def item_ty(self) -> Type:
        """The type of the items of the result; of a sum, that of what is summed."""
        ty = self.operands[0].typed if self.kind == "sum" else self.op.out.typed
        assert isinstance(ty, Array)
        return ty.dtype

    @property
    def ndim(self) -> int:
        """The dimensions of the loop."""
        return max(value.ty.ndim for value in self.arrays if isinstance(value.ty, Array))


def _find_steps(block: Block) -> dict[Value, _Step]:
    """The elementwise operations of a block by their results, in order."""
    constants = {op.out: op.value for op in block.ops if isinstance(op, Const)}
    converts = {op.out: op for op in block.ops if isinstance(op, Convert)}
    steps: dict[Value, _Step] = {}
    for place, op in enumerate(block.ops):
        if isinstance(op, Call) and isinstance(op.target, FunctionTarget):
            step = _find_step(op, place, constants, converts)
            if step is not None:
                steps[op.out] = step
    return steps


def _find_step(
    op: Call, place: int, constants: dict[Value, Any], converts: dict[Value, Convert]
) -> _Step | None:
    if isinstance(op.target, FunctionTarget) and (op.target.key or "").startswith(checked_key("")):
        return None  # it raises where the items of one loop for all would wrap
    path = op.callee.path if isinstance(op.callee, Ref) else ""
    pyobj = op.callee.pyobj if isinstance(op.callee, Ref) else None
    if path == "numpy.sum" or path == "sum":
        return _find_sum(op, place, constants, converts)
    ufunc = _UFUNCS.get(path) or _IN_PLACE.get(path)
    if ufunc is None and isinstance(pyobj, np.ufunc):
        ufunc = pyobj
    if ufunc is None:
        return None
    operands, rest = op.args[: ufunc.nin], op.args[ufunc.nin :]
    if any(constants.get(value, value) is not None for value in rest):
        return None
    ty = op.out.typed
    if not isinstance(ty, Array) or ty.ndim == 0 or not all(map(_is_operand, operands)):
        return None
    is_in_place = path in _IN_PLACE and isinstance(operands[0].ty, Array)
    if ufunc is np.power:
        if len(operands) == 2 and constants.get(operands[1]) == 2 and str(ty.dtype) != "bool":
            ufunc, operands = np.square, operands[:1]
        elif isinstance(ty.dtype, Integer):
            return None  # may raise in the loop
    return _Step(op, place, ufunc, operands, "into" if is_in_place else "new")


def _find_sum(
    op: Call, place: int, constants: dict[Value, Any], converts: dict[Value, Convert]
) -> _Step | None:
    """A sum over all axes, in the items' own way."""
    operand, *rest = op.args
    is_plain = all(constants.get(value, value) in (None, False) for value in rest)
    if not is_plain or not is_scalar(op.out.typed):
        return None
    carriers: list[Op] = []
    while operand in converts:
        carriers.append(converts[operand])
        operand = converts[operand].value
    if not isinstance(operand.ty, Array) or operand.ty.ndim == 0 or operand.ty.dtype == boolean:
        return None
    return _Step(op, place, np.sum, [operand], "sum", tuple(carriers))


def _is_operand(value: Value) -> bool:
    return isinstance(value.ty, Array) or is_scalar(value.typed)


# ---- groups -----------------------------------------------------------------------------------


@dataclass(eq=False)
class _Group:
    """Steps that become one loop: `root` gives the result, `inner` what only it needs, in order."""

    root: _Step
    inner: list[_Step] = field(default_factory=list[_Step])

    @property
    def steps(self) -> list[_Step]:
        """All steps, the root last."""
        return [*sorted(self.inner, key=lambda step: step.place), self.root]

    def leaves(self) -> list[Value]:
        """What the group reads from outside, each once, in order."""
        made = {step.op.out for step in self.inner}
        found: dict[Value, None] = {}
        for step in self.steps:
            found.update((v, None) for v in step.operands if v not in made)
        return list(found)


def _find_groups(
    block: Block,
    steps: dict[Value, _Step],
    uses: dict[Value, int],
    max_operands: int,
    fn: Function,
    ctx: PassContext,
) -> list[_Group]:
    """The groups of at least two steps, the last of the block first."""
    taken: set[_Step] = set()
    groups: list[_Group] = []
    for root in reversed(steps.values()):
        if root in taken:
            continue
        group = _Group(root)
        reasons: dict[_Step, str] = {}
        while True:
            found = _next_step(group, block, steps, uses, reasons)
            if found is None:
                break
            group.inner.append(found)
            if len(group.leaves()) > max_operands:
                group.inner.pop()
                reasons[found] = f"the loop would have more than {max_operands} operands"
            else:
                reasons = {s: r for s, r in reasons.items() if "more than" in r}
        taken.update(group.steps)
        for step, reason in reasons.items():
            if not fn.is_library and step not in group.inner:
                _report_kept(fn, step, reason, ctx)
        if group.inner:
            groups.append(group)
    return groups


def _next_step(
    group: _Group,
    block: Block,
    steps: dict[Value, _Step],
    uses: dict[Value, int],
    reasons: dict[_Step, str],
) -> _Step | None:
    """A step whose result the group alone uses, and that can run in the group's loop."""
    fixed = group.root.operands[0] if group.root.kind == "into" else None
    found = [steps[value] for value in group.leaves() if value in steps and value is not fixed]
    # The last first: then what lies between a step and the root has been taken in, if it can be.
    for step in sorted(found, key=lambda step: step.place, reverse=True):
        if step.kind != "new" or step in reasons:
            continue
        reason = _refusal(step, group, block, steps, uses)
        if not reason:
            return step
        reasons[step] = reason
    return None


def _refusal(
    step: _Step,
    group: _Group,
    block: Block,
    steps: dict[Value, _Step],
    uses: dict[Value, int],
) -> str:
    inside = sum(other.operands.count(step.op.out) for other in group.steps)
    carried = {op.out for op in group.root.carriers if isinstance(op, Convert)}
    if inside != uses.get(step.op.out, 0) or any(uses.get(value, 0) > 1 for value in carried):
        return "its result is used elsewhere too"
    if step.ndim < group.root.ndim:
        return "it has fewer dimensions than the result, so it would be computed several times"
    members = {each.op for each in group.steps}
    for op in block.ops[step.place + 1 : group.root.place]:
        if op in members:
            continue
        if _writes(op, steps):
            return "memory is written between it and its use"
        if len(step.arrays) > 1 and _may_raise(op, steps):
            return "another operation between it and its use may raise first"
    return ""


def _writes(op: Op, steps: dict[Value, _Step]) -> bool:
    """Whether executing `op` may change what an array of others holds."""
    result = op.result
    step = None if result is None else steps.get(result)
    if step is not None:
        return step.kind == "into"
    path = op.callee.path if isinstance(op, Call) and isinstance(op.callee, Ref) else ""
    return path not in _OWN_MEMORY and bool(op.effects & (Effects.WRITES | Effects.IO))


_OWN_MEMORY = frozenset(
    {"operator.getitem", "builtins.len"}
    | {
        f"numpy.{kind}{like}"
        for kind in ("empty", "zeros", "ones", "full")
        for like in ("", "_like")
    }
    | {
        f"numpy.{name}"
        for name in ("arange", "linspace", "sum", "mean", "min", "max", "dot", "prod")
    }
)
"""Calls that write no memory but that of their own result."""


def _may_raise(op: Op, steps: dict[Value, _Step]) -> bool:
    result = op.result
    step = None if result is None else steps.get(result)
    if step is not None:
        return len(step.arrays) > 1
    return op.effects.may_raise


# ---- rewriting --------------------------------------------------------------------------------


def _fused(kernel: Any, dtype: Any, layout: Any, joins: Any, root: Any, operands: Any) -> Any:
    raise NotImplementedError


def _fused_into(kernel: Any, out: Any, joins: Any, root: Any, operands: Any) -> Any:
    raise NotImplementedError


def _fused_sum(kernel: Any, dtype: Any, joins: Any, root: Any, operands: Any) -> Any:
    raise NotImplementedError


# The library implements these under the names of a module that does not exist for users.
for _function in (_fused, _fused_into, _fused_sum):
    _function.__module__ = "pellucid.numpy"
    _function.__qualname__ = _function.__name__.lstrip("_")


def _fuse(fn: Function, block: Block, group: _Group, ctx: PassContext) -> bool:
    assert ctx.specialise is not None
    root = group.root.op
    constants = {op.out: op.value for op in block.ops if isinstance(op, Const)}
    leaves = [leaf for leaf in group.leaves() if not _is_number(constants.get(leaf))]
    kernel = _make_kernel(fn, group, leaves, constants)
    item_tys = tuple(_item_type(leaf) for leaf in leaves)
    try:
        options = replace(fn.options_of(root), overflow="wrap")  # as arrays do one by one
        resolved = ctx.specialise(kernel, item_tys, root.span, options)
    except CompileError as problem:
        _report_kept(fn, group.root, f"the items cannot be combined: {problem}", ctx)
        return False
    target = resolved.target
    if not isinstance(target, FunctionTarget) or not _gives_same_types(target, group):
        _report_kept(fn, group.root, "its items would have another type in one loop", ctx)
        return False
    joins, last = _joins(group, leaves)
    builder = Builder(fn, Names(fn))
    builder.block = Block("fused")
    builder.span, builder.inlined_at = root.span, root.inlined_at
    _write_call(CallWriter(builder, ctx.specialise), group, kernel, leaves, joins, last)
    _replace(block, group, builder.block.ops)
    if not fn.is_library:
        _report_fused(fn, group, ctx)
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, complex)) and not isinstance(value, np.generic)


def _item_type(value: Value) -> Type:
    ty = value.typed
    return ty.dtype if isinstance(ty, Array) else ty.base


def _computing(group: _Group) -> list[_Step]:
    """The steps that the kernel computes: not the sum itself."""
    return [step for step in group.steps if step.kind != "sum"]


def _make_kernel(
    fn: Function, group: _Group, leaves: list[Value], constants: dict[Value, Any]
) -> Function:
    """The function of single items. Constants are in it, so that ints stay weak."""
    kernel = Function(f"{fn.name}.fused", [], span=group.root.op.span, file=fn.file)
    kernel.is_library = fn.is_library
    builder = Builder(kernel)
    builder.block = builder.new_block("entry")
    values: dict[Value, Value] = {}
    for leaf in leaves:
        values[leaf] = builder.param(builder.block, leaf.name)
        kernel.params.append(Param(values[leaf].name, _POSITIONAL))
    result = None
    for step in _computing(group):
        builder.span, builder.inlined_at = step.op.span, step.op.inlined_at
        args = [values.get(v) or builder.const(constants[v]) for v in step.operands]
        result = builder.call(ref(step.ufunc), *args, hint=step.op.out.name)
        values[step.op.out] = result
    assert result is not None
    builder.ret(result)
    return kernel


def _gives_same_types(target: FunctionTarget, group: _Group) -> bool:
    """Whether the kernel's operations give the types that the arrays have."""
    if target.fn is None:
        return False
    found = [
        op.out.typed.base
        for op in target.fn.entry.ops
        if isinstance(op, Call) and isinstance(op.callee, Ref) and op.callee.path[:6] == "numpy."
    ]
    wanted = [step.item_ty for step in _computing(group)]
    if group.root.kind == "into":
        return found[:-1] == wanted[:-1]
    return found == wanted


def _joins(group: _Group, leaves: list[Value]) -> tuple[tuple[tuple[int, int], ...], int]:
    """Which shapes are broadcast together, in the order of the operations, and the last shape.

    Shapes are numbered: those of the leaves, then one for each pair.
    """
    shapes = {leaf: place for place, leaf in enumerate(leaves) if isinstance(leaf.ty, Array)}
    holds = {place: {place} for place in shapes.values()}
    joins: list[tuple[int, int]] = []
    last = 0
    root = group.root
    # The output checks its own shape against that of what goes into it.
    steps = group.steps[:-1] if root.kind == "into" else _computing(group)
    for step in steps:
        last, *others = [shapes[value] for value in step.operands if value in shapes]
        for other in others:
            if holds[other] <= holds[last]:
                continue  # joined before, and found to fit
            if (last, other) not in joins:
                joins.append((last, other))
            number = len(leaves) + joins.index((last, other))
            holds[number] = holds[last] | holds[other]
            last = number
        shapes[step.op.out] = last
    if root.kind == "into":
        last = shapes[root.operands[1]]
    return tuple(joins), last


def _write_call(
    calls: CallWriter,
    group: _Group,
    kernel: Function,
    leaves: list[Value],
    joins: tuple[tuple[int, int], ...],
    last: int,
) -> None:
    builder, root = calls.builder, group.root.op
    code = builder.const(kernel, "kernel", ty=type_of_constant(kernel))
    pairs = builder.const(joins, "joins", ty=type_of_constant(joins))
    number = calls.literal(last)
    operands = calls.call(build_tuple, *leaves, hint="operands")
    if group.root.kind == "into":
        out = group.root.operands[0]
        result = calls.call(_fused_into, code, out, pairs, number, operands)
    elif group.root.kind == "sum":
        item = group.root.item_ty
        dtype = builder.const(item, "dtype", ty=type_of_constant(item))
        result = calls.call(_fused_sum, code, dtype, pairs, number, operands)
    else:
        ty = root.out.typed
        assert isinstance(ty, Array)
        dtype = builder.const(ty.dtype, "dtype", ty=type_of_constant(ty.dtype))
        layout = builder.const(ty.layout, "layout", ty=type_of_constant(ty.layout))
        result = calls.call(_fused, code, dtype, layout, pairs, number, operands)
    block = builder.block
    assert block is not None
    made = block.ops[-1]
    assert isinstance(made, Call)
    assert made.out is result
    if result.ty != root.out.ty:
        result = builder.convert(result, root.out.typed)
        made = block.ops[-1]
        assert isinstance(made, Convert)
    made.out = root.out


def _replace(block: Block, group: _Group, ops: list[Op]) -> None:
    """Put `ops` where the root was; the other steps go."""
    gone: set[Op] = {step.op for step in group.inner}
    gone.update(group.root.carriers)
    after: list[Op] = []
    for op in block.ops:
        if op is group.root.op:
            after.extend(ops)
        elif op not in gone:
            after.append(op)
    block.ops = after


# ---- reports ----------------------------------------------------------------------------------


def _report_fused(fn: Function, group: _Group, ctx: PassContext) -> None:
    names = ", ".join(_name(step) for step in group.steps)
    count = sum(step.kind == "new" for step in group.inner)
    arrays = "1 array is" if count == 1 else f"{count} arrays are"
    message = f"{names} run as one loop; {arrays} not allocated"
    ctx.report("fused", fn, group.root.op.span, message, operations=len(group.steps))


def _report_kept(fn: Function, step: _Step, reason: str, ctx: PassContext) -> None:
    message = f"{_name(step)} makes an array of its own"
    ctx.report("not-fused", fn, step.op.span, message, reason=reason)


def _name(step: _Step) -> str:
    return step.ufunc.__name__
