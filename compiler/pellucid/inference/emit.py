"""Write the typed IR of a solved frame: the same function with types, targets and conversions.

Every call gets its target, its arguments in the target's order (defaults as constants, stars
spread) and converted to the target's parameter types; edges convert to the block parameters' types;
blocks that no feasible edge reaches are not written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pellucid.inference.binding import (
    Arguments,
    Boxed,
    Captured,
    Given,
    Omitted,
    Packed,
    PackedKeywords,
    Receiver,
    Recipe,
    Unwrapped,
)
from pellucid.inference.closures import captured_value
from pellucid.inference.constants import type_of_constant
from pellucid.inference.exceptions import make_exception
from pellucid.inference.first_class import needs_code
from pellucid.inference.generators import divide, yield_primitive
from pellucid.inference.resolution import Bound, Folded, Resolution, Resolved, plain_type
from pellucid.ir.builder import Builder
from pellucid.ir.callee import Ref
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.guards import guard_calls
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Edge,
    Guard,
    Jump,
    Op,
    Raise,
    Reraise,
    Return,
    Unreachable,
)
from pellucid.ir.protocol import (
    BOX,
    BUILD_KEYWORDS,
    BUILD_TUPLE,
    EXCEPTION_ENTER,
    EXCEPTION_LEAVE,
    EXCEPTION_RESTORE,
    GETITEM,
    TO_FUNCTION,
    UNWRAP_OPTIONAL,
    YIELD,
)
from pellucid.ir.values import Value
from pellucid.ir.walk import effects_of_ops
from pellucid.types import (
    Boolean,
    BoundMethod,
    Callable,
    CaughtException,
    Closure,
    Complex,
    DType,
    ExceptionClass,
    ExceptionInstance,
    Float,
    FunctionType,
    FunctionUnion,
    Instance,
    Integer,
    Literal,
    Optional,
    PyObject,
    Signature,
    Struct,
    Tuple,
    Type,
    none,
)
from pellucid.types.enums import is_enum_class
from pellucid.types.functions import Undefined

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame


_HANDLING = (EXCEPTION_ENTER, EXCEPTION_LEAVE)


def emit(frame: Frame) -> Function:
    """Write `frame`'s typed function into its target, with its effects."""
    fn = _Emitter(frame).run()
    if frame.generator is not None and frame.ret is not None:
        divide(fn, frame.generator, frame.program)
    frame.target.fn = fn
    frame.target.effects = _effects(fn, frame)
    frame.target.raises = frame.raises.everywhere()
    return fn


class _Emitter:
    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        source = frame.fn
        self.ret_ty: Type = (frame.generator.return_ty if frame.generator else frame.ret) or none
        self.fn = Function(
            frame.target.name,
            source.params,
            span=source.span,
            file=source.file,
            sig=Signature(self.ret_ty, frame.arg_tys),
            symbol=frame.target.symbol,
            is_library=source.is_library,
            options=frame.options,
            pyfunc=source.pyfunc,
            mentions=source.mentions,
            captured=source.captured,
            is_uninterrupted=source.is_uninterrupted,
        )
        self.builder = Builder(self.fn)
        self.values: dict[Value, Value] = {}
        self.constants: dict[Value, Any] = {}
        self.blocks: dict[Block, Block] = {}

    def run(self) -> Function:
        order = _reverse_postorder(self.frame)
        for block in order:
            typed = self.builder.new_block(block.name)
            self.blocks[block] = typed
            for param in block.params:
                ty = self.frame.types[param]
                self.values[param] = self.builder.param(typed, param.name, ty)
        for block in order:
            self.builder.block = self.blocks[block]
            self._emit_block(block)
        uses = self.frame.fn.uses
        self.fn.uses = [(span, self.values[v]) for span, v in uses if v in self.values]
        return self.fn

    def _emit_block(self, block: Block) -> None:
        for op in block.ops:
            self.builder.span, self.builder.inlined_at = op.span, op.inlined_at
            if isinstance(op, Const):
                self._emit_const(op)
                continue
            assert isinstance(op, Call)
            if op.callee is YIELD:
                start = len(self.builder.block.ops) if self.builder.block is not None else 0
                self._emit_yield(op)
                end = block.terminator
                if isinstance(end, Guard) and end.call is op:
                    self._emit_guard(end, start, does_return=True)
                    return
                continue
            if (
                isinstance(op.callee, Ref)
                and op.callee in _HANDLING
                and self.frame.program.asks_handled
            ):
                args = [self.values[arg] for arg in op.args]
                self.values[op.out] = self._call(op.callee, *args)
                continue
            known = self.frame.resolutions.get(op)
            if known is None:
                break  # an earlier call does not return
            arguments, callee_ty, resolution = known
            receiver = self._receiver(op.callee, callee_ty)
            args = [self.values[arg] for arg in op.args]
            arguments = _with_receiver(arguments, callee_ty)
            assert self.builder.block is not None
            start = len(self.builder.block.ops)
            out = self._apply(resolution, arguments, args, receiver, op.out.name, op.callee)
            does_return = out is not None and not isinstance(out.ty, Undefined)
            if out is not None:
                self.values[op.out] = out
            end = block.terminator
            if isinstance(end, Guard) and end.call is op:
                self._emit_guard(end, start, does_return=does_return)
                return
            if not does_return:
                break
        else:
            self.builder.span = block.terminator.span
            self.builder.inlined_at = block.terminator.inlined_at
            self._emit_terminator(block.terminator)
            return
        assert self.builder.block is not None
        self.builder.block.terminator = Unreachable(span=self.builder.span)

    def _emit_guard(self, guard: Guard, start: int, *, does_return: bool) -> None:
        """End the block after a guarded call, whose ops begin at `start`."""
        builder = self.builder
        block = builder.block
        assert block is not None
        if guard.handler.block in self.blocks:
            handler = self._handler_edge(guard.handler)
            builder.block = guard_calls(block, start, handler, builder.new_block)
        if does_return:
            builder.jump(self.blocks[guard.then.block], *self._edge_args(guard.then))
        else:
            assert builder.block is not None
            builder.block.terminator = Unreachable(span=builder.span)

    def _handler_edge(self, edge: Edge) -> Edge:
        """The way to a handler; a block that converts lies on it if need be."""
        builder = self.builder
        here, pad = builder.block, builder.new_block("raised")
        builder.block = pad
        args = self._edge_args(edge)
        if pad.ops:
            builder.jump(self.blocks[edge.block], *args)
            args, block = [], pad
        else:
            self.fn.blocks.remove(pad)
            block = self.blocks[edge.block]
        builder.block = here
        return Edge(block, args)

    def _receiver(self, callee: Ref | Value, callee_ty: Type) -> Value | None:
        """What is called, where it is a value: a bound method, or a type known by its name."""
        if isinstance(callee, Value):
            return self.values.get(callee)
        is_enum = isinstance(callee_ty, Callable) and is_enum_class(callee_ty.pyobj)
        if is_enum or isinstance(callee_ty, DType):
            return self.builder.const(callee.pyobj, "dtype", path=callee.path, ty=callee_ty)
        return None

    def _emit_const(self, op: Const) -> None:
        ty = self.frame.types[op.out]
        value = self.builder.const(op.value, op.out.name, path=op.path, ty=ty)
        self.values[op.out] = value
        self.constants[value] = op.value

    def _emit_yield(self, op: Call) -> None:
        assert self.frame.generator is not None
        value = self._convert(self.values[op.args[0]], self.frame.generator.yield_ty or none)
        target = yield_primitive(self.frame.generator, value.typed)
        self.values[op.out] = self.builder.call(YIELD, value, target=target, hint=op.out.name)

    def _emit_terminator(self, op: Op) -> None:
        builder = self.builder
        match op:
            case Return(value=value):
                builder.ret(self._convert(self.values[value], self.ret_ty))
            case Raise(value=value):
                handler = None if op.handler is None else self._handler_edge(op.handler)
                self._emit_raise(self.values[value], handler)
            case Reraise(is_raise=is_raise, handler=way):
                handler = None if way is None else self._handler_edge(way)
                builder.reraise(handler, is_raise=is_raise)
            case Branch(cond=cond, then=then, orelse=orelse):
                ty = self.frame.types[cond]
                if isinstance(ty, Literal):
                    taken = then if ty.value else orelse
                    builder.jump(self.blocks[taken.block], *self._edge_args(taken))
                else:
                    branch = Branch(
                        self.values[cond],
                        Edge(self.blocks[then.block], self._edge_args(then)),
                        Edge(self.blocks[orelse.block], self._edge_args(orelse)),
                        span=builder.span,
                        inlined_at=builder.inlined_at,
                    )
                    assert builder.block is not None
                    builder.block.terminator = branch
            case Jump(edge=edge):
                builder.jump(self.blocks[edge.block], *self._edge_args(edge))
            case _:
                assert builder.block is not None
                builder.block.terminator = Unreachable(span=op.span)

    def _edge_args(self, edge: Edge) -> list[Value]:
        return [
            self._convert(self.values[arg], self.frame.types[param])
            for arg, param in zip(edge.args, edge.block.params, strict=True)
        ]

    def _emit_raise(self, value: Value, handler: Edge | None) -> None:
        if isinstance(value.typed, CaughtException):
            self._call(EXCEPTION_RESTORE, value)
            self.builder.reraise(handler, is_raise=True)
        else:
            self.builder.raise_(self._exception(value), handler)

    def _exception(self, value: Value) -> Value:
        ty = value.typed
        if isinstance(ty, ExceptionInstance):
            return value
        assert isinstance(ty, ExceptionClass)
        target = make_exception(ty, ())
        return self.builder.call(Ref(ty.path, ty.pyobj), target=target, hint="exc")

    # -- calls ----------------------------------------------------------------------------------

    def _apply(
        self,
        resolution: Resolution,
        arguments: Arguments,
        args: list[Value],
        receiver: Value | None,
        hint: str,
        callee: Ref | Value,
    ) -> Value | None:
        """Write a resolved call; None if it does not return."""
        match resolution:
            case Folded(value=value, ret=ret, path=path):
                out = self.builder.const(value, hint, path=path, ty=ret)
                self.constants[out] = value
                return out
            case Bound(ret=ret, index=index):
                plain = self._convert(args[index], plain_type(args[index].typed))
                return self.builder.convert(plain, ret)
            case Resolved(target=target, recipes=recipes):
                params = target.sig.params
                values = [
                    self._convert(self._make(recipe, arguments, args, receiver), ty)
                    for recipe, ty in zip(recipes, params, strict=True)
                ]
                path = callee if isinstance(callee, Ref) else Ref(target.name, None)
                out = self.builder.call(path, *values, target=target, hint=hint)
                return None if resolution.ret is None else out

    def _make(
        self, recipe: Recipe, arguments: Arguments, args: list[Value], receiver: Value | None
    ) -> Value:
        match recipe:
            case Given(index, None):
                return args[index]
            case Given(index, item):
                ty = arguments.types[index]
                if isinstance(ty, Struct):
                    name = ty.fields[item or 0][0]
                    return self._call(GETITEM, args[index], self._literal(name))
                return self._call(GETITEM, args[index], self._literal(item or 0))
            case Omitted(value):
                return self._literal(value)
            case Packed(items):
                made = [self._make(item, arguments, args, receiver) for item in items]
                return self._call(BUILD_TUPLE, *made)
            case PackedKeywords(names, items):
                texts = [self._literal(name) for name in names]
                made = [self._make(item, arguments, args, receiver) for item in items]
                pairs = [part for pair in zip(texts, made, strict=True) for part in pair]
                return self._call(BUILD_KEYWORDS, *pairs)
            case Receiver():
                assert receiver is not None
                assert arguments.receiver is not None
                return self.builder.convert(receiver, arguments.receiver)
            case Captured(index):
                assert receiver is not None
                assert arguments.closure is not None
                target = captured_value(arguments.closure, index)
                return self.builder.call(Ref(target.name, None), receiver, target=target)
            case Boxed(inner):
                return self._call(BOX, self._make(inner, arguments, args, receiver))
            case Unwrapped(inner):
                return self._call(UNWRAP_OPTIONAL, self._make(inner, arguments, args, receiver))

    def _literal(self, value: Any) -> Value:
        out = self.builder.const(value, "c", ty=type_of_constant(value))
        self.constants[out] = value
        return out

    def _call(self, ref: Ref, *args: Value) -> Value:
        """Write a call that the source does not spell."""
        program = self.frame.program
        arguments = Arguments(tuple(arg.typed for arg in args))
        op = Call(args[0] if args else Value("none"), ref, list(args), span=self.builder.span)
        callee_ty = program.type_of_ref(ref, self.builder.span)
        resolution = program.resolve(op, callee_ty, arguments, self.frame)
        out = self._apply(resolution, arguments, list(args), None, "t", ref)
        assert out is not None
        return out

    def _convert(self, value: Value, ty: Type) -> Value:
        """`value` as `ty`: a constant is written as a constant of that type."""
        have = value.typed
        if have == ty:
            return value
        if isinstance(have, Literal) and isinstance(have.value, (int, bool)):
            made = _literal_as(have.value, ty)
            if made is not None:
                return self.builder.const(made, value.name, ty=ty)
        if needs_code(have, ty):
            return self._with_code(value, ty)
        return self.builder.convert(value, ty)

    def _with_code(self, value: Value, ty: Type) -> Value:
        """A known function as one with a signature; a value as an object."""
        if isinstance(ty, PyObject):
            return self._call(BOX, value)
        if isinstance(ty, FunctionType):
            return self._call(TO_FUNCTION, value, self._literal(ty))
        if isinstance(ty, Optional):
            return self.builder.convert(self._with_code(value, ty.value_ty), ty)
        assert isinstance(ty, Tuple)
        parts = [
            self._convert(self._call(GETITEM, value, self._literal(index)), elem_ty)
            for index, elem_ty in enumerate(ty.elems)
        ]
        return self._call(BUILD_TUPLE, *parts)


def _literal_as(value: int | bool, ty: Type) -> Any:
    match ty:
        case Boolean():
            return bool(value)
        case Integer():
            return int(value) if ty.min <= value <= ty.max else None
        case Float():
            return float(value)
        case Complex():
            return complex(value)
        case _:
            return None


_RECEIVERS = (Callable, DType, FunctionType, FunctionUnion, Instance, Optional, PyObject)
"""The types of what a call may take as its first argument."""


def _with_receiver(arguments: Arguments, callee_ty: Type) -> Arguments:
    if isinstance(callee_ty, BoundMethod):
        receiver: Type = callee_ty.receiver
    elif isinstance(callee_ty, _RECEIVERS):
        receiver = callee_ty
    elif isinstance(callee_ty, Closure):
        return replace(arguments, receiver=callee_ty, closure=callee_ty)
    else:
        return arguments
    return Arguments(arguments.types, arguments.kwnames, arguments.stars, receiver)


def _reverse_postorder(frame: Frame) -> list[Block]:
    """The reached blocks so that definitions come before uses."""
    seen: set[Block] = set()
    order: list[Block] = []
    stack: list[tuple[Block, int]] = [(frame.fn.entry, 0)]
    seen.add(frame.fn.entry)
    while stack:
        block, position = stack.pop()
        # The last successor is visited first, so that blocks come out in source order.
        successors = [s for s in reversed(block.successors()) if s in frame.reached]
        if position == len(successors):
            order.append(block)
            continue
        stack.append((block, position + 1))
        target = successors[position]
        if target not in seen:
            seen.add(target)
            stack.append((target, 0))
    return order[::-1]


def _effects(fn: Function, frame: Frame) -> Effects:
    """What a call of the function may do: all that its ops may do, and what its loops add."""
    if frame.is_recursive:
        return Effects.ANY
    effects = effects_of_ops(fn)
    if frame.has_loops and frame.program.options.interrupt and not fn.is_uninterrupted:
        effects |= Effects.RAISES  # a loop can be interrupted
    return effects
