"""Generator functions: their calls make an object; their bodies become functions that go on.

    def count(n):                 func @count(generator, sent) -> step {
        for i in range(n):        resume:
            yield i                 state = get_field(generator, "state")
                                    put_field(generator, "state", -1)
                                    branch to the block of the state: start, yield.1, or none

A suspended generator is a heap object whose fields hold the parameters, and every value that is
still needed after some `yield`. `state` says where to go on: 0 at the start, k after the k-th
`yield`, -1 nowhere: the function has ended, is running, or has raised. What the function gives its
caller is a *step*: a record of whether there is an item, the item, and what `return` gave.

References: a field owns what it holds. A value that needs to be counted is put into its field where
it is defined, and out of it where nothing needs it any more, so that a loop lets go of a generator
when it ends; others are put there at each `yield` after which they are needed.
"""

from __future__ import annotations

import collections.abc
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pellucid.inference.binding import Arguments, Given, Recipe
from pellucid.inference.resolution import Resolved
from pellucid.inference.writing import Writer
from pellucid.ir.builder import Builder, Names
from pellucid.ir.callee import FunctionTarget, Part, Primitive, Ref
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.interp_values import StructValue
from pellucid.ir.liveness import liveness
from pellucid.ir.ops import Branch, Call, Const, Edge, Guard, Jump, Op, Return
from pellucid.ir.params import Param
from pellucid.ir.protocol import (
    ITER_RESULT,
    ITER_SEND,
    ITER_START,
    ITER_THROW,
    ITER_VALID,
    ITER_VALUE,
    NEW_OBJECT,
    RECEIVE,
    YIELD,
)
from pellucid.ir.repair import repair
from pellucid.ir.values import Value
from pellucid.types import (
    CaughtException,
    DType,
    ExceptionClass,
    Generator,
    Optional,
    Signature,
    Struct,
    Type,
    boolean,
    complex128,
    float64,
    int64,
    none,
    undefined,
)
from pellucid.types.containers import optional
from pellucid.types.unify import unify

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame
    from pellucid.inference.program import Program

THROWN = CaughtException((ExceptionClass("builtins.BaseException", BaseException),))
"""What is thrown at a `yield`."""

STATE = ".state"  # no variable is called so
ENDED = -1
_POSITIONAL_ONLY = 0


class GeneratorCode:
    """What a generator function yields, is sent and returns, for one tuple of argument types.

    The types grow while the function is inferred. `fields` are complete when it is written.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.type = Generator(frame.target.symbol, self)
        self.yield_ty: Type | None = None
        self.return_ty: Type | None = None
        declared = _declared_send_type(frame.fn.pyfunc)
        self.send_ty: Type = none if declared is None else optional(declared)
        self._is_declared = declared is not None
        self._read = _read_yields(frame.fn)
        self._passes_on = False
        # Whether what is thrown at a `yield` is caught there, or passed on.
        self.has_handlers = any(_is_handled(block.terminator) for block in frame.fn.blocks)
        self.fields: dict[str, Type] = {STATE: int64}
        # Not called as any other value that is kept: those have the names of variables.
        self.parameters = [f"arg.{param.name}" for param in frame.fn.entry.params]
        self.fields.update(zip(self.parameters, frame.arg_tys, strict=True))
        self.next_object: FunctionTarget | None = None  # what Python calls, where it gets one
        self._maker: FunctionTarget | None = None

    @property
    def step_ty(self) -> Struct | None:
        """The type of a step; None while nothing is known of it."""
        if self.yield_ty is None and self.return_ty is None:
            return None
        value_ty, result_ty = self.yield_ty or undefined, self.return_ty or none
        return Struct("step", (("valid", boolean), ("value", value_ty), ("result", result_ty)))

    @property
    def reads_sent(self) -> bool:
        """Whether the function uses the value of any `yield`, or passes it on to one that does."""
        return bool(self._read) or self._passes_on

    def sent_by(self, op: Call) -> Type:
        """The type of the value of a `yield`: unless it is declared, that of what is yielded."""
        if op in self._read and not self._is_declared and self.yield_ty not in (None, none):
            assert self.yield_ty is not None
            self.send_ty = optional(self.yield_ty)
        for user in self.frame.fn.ops():
            if isinstance(user, Call) and user.callee is ITER_SEND and user.args[2] is op.out:
                self._pass_on(self.frame.types.get(user.args[0]))
        return self.send_ty

    def _pass_on(self, inner: Type | None) -> None:
        """What `yield from` is sent goes to the inner generator."""
        if isinstance(inner, Generator) and inner.code.reads_sent and not self._is_declared:
            joined = unify(self.send_ty, inner.code.send_ty)
            self.send_ty = self.send_ty if joined is None else joined
            self._passes_on = True

    def may_throw(self, op: Call) -> bool:
        """Whether what is thrown at a `yield` has a way to go there.

        That of `yield from` has, if the generator that it is passed on to has handlers, or may be
        used by others, for whom it has ended then. Library code stands for iterators of Python that
        nothing can be thrown into.
        """
        if len(op.args) == 1 or self.frame.fn.is_library:
            return len(op.args) == 1
        inner = self.frame.types.get(op.args[1])
        passes_on = isinstance(inner, Generator) and (
            inner.code.has_handlers or not self._is_fresh(op.args[1], inner)
        )
        self.has_handlers |= passes_on
        return self.has_handlers

    def _is_fresh(self, iterable: Value, ty: Generator) -> bool:
        """Whether a generator is made for one `yield from`, which alone uses it."""
        users = (op for op in self.frame.fn.ops() if iterable in op.operands())
        if any(not isinstance(op, Call) or op.callee not in _ITERATION for op in users):
            return False
        made = next((op for op in self.frame.fn.ops() if op.result is iterable), None)
        known = self.frame.resolutions.get(made) if isinstance(made, Call) else None
        resolution = None if known is None else known[2]
        return isinstance(resolution, Resolved) and ty.code.is_maker(resolution.target)

    def is_maker(self, target: object) -> bool:
        """Whether a function makes a new generator of this code."""
        return target is self._maker

    @property
    def may_stop(self) -> bool:
        """Whether StopIteration may come out of the body, which nobody but `next` may raise."""
        raised = self.frame.raises.everywhere()
        found = (*raised.own, *raised.others)
        return any(issubclass(each.cls.pyobj, StopIteration) for each in found)

    def signature(self) -> Signature:
        """The types of the function that goes on."""
        return Signature(self.step_ty or none, (self.type, self.send_ty, Optional(THROWN)))

    def maker(self, program: Program) -> FunctionTarget:
        """The function that makes the object from the arguments."""
        if self._maker is None:
            self._maker = self._make_maker(program)
        return self._maker

    def _make_maker(self, program: Program) -> FunctionTarget:
        frame = self.frame
        sig = Signature(self.type, frame.arg_tys)
        fn = Function(
            frame.fn.name,
            frame.fn.params,
            span=frame.fn.span,
            file=frame.fn.file,
            sig=sig,
            symbol=f"{frame.target.symbol}.make",
            is_library=frame.fn.is_library,
            pyfunc=frame.fn.pyfunc,
            mentions=frame.fn.mentions,
            captured=frame.fn.captured,
        )
        builder = Builder(fn)
        builder.block = builder.new_block("entry")
        builder.span = fn.span
        writer = Writer(program, builder)
        names = zip(self.parameters, frame.arg_tys, strict=True)
        params = [builder.param(fn.entry, name, ty) for name, ty in names]
        made = writer.call(
            NEW_OBJECT, builder.const(self.type, "dtype", ty=DType(self.type)), hint="generator"
        )
        for name, param in zip(self.parameters, params, strict=True):
            writer.put(made, name, param)
        builder.ret(made)
        effects = fn.ops()
        target = FunctionTarget(fn.symbol, fn.name, sig, fn, is_library=fn.is_library)
        target.effects = _joined(effects)
        return target


_ITERATION = (*(ITER_START, ITER_VALID, ITER_VALUE, ITER_SEND, ITER_RESULT, ITER_THROW, YIELD),)


def _is_handled(end: Op) -> bool:
    """Whether a block ends in a `try` statement by a `yield`, or what a `yield from` passes on."""
    if not isinstance(end, Guard):
        return False
    is_yield = end.call.callee is YIELD and len(end.call.args) == 1
    return is_yield or end.call.callee is ITER_THROW


def _read_yields(fn: Function) -> set[Call]:
    """The `yield`s whose values are used; `yield from` only passes them on."""
    used = {
        value
        for op in fn.ops()
        if not (isinstance(op, Call) and op.callee is ITER_SEND)
        for value in op.operands()
    }
    found = (op for op in fn.ops() if isinstance(op, Call) and op.callee is YIELD)
    return {op for op in found if op.out in used}


def _declared_send_type(pyfunc: Any) -> Type | None:
    """What `-> Generator[item, sent, result]` says is sent."""
    declared = getattr(pyfunc, "__annotations__", {}).get("return")
    if get_origin(declared) is not collections.abc.Generator:
        return None
    _, sent, *_ = get_args(declared)
    return sent if isinstance(sent, Type) else _PYTHON_TYPES.get(sent)


_PYTHON_TYPES: dict[Any, Type] = {
    bool: boolean, int: int64, float: float64, complex: complex128
}  # fmt: skip


def _joined(ops: Any) -> Any:
    effects = Effects.PURE
    for op in ops:
        effects |= op.effects
    return effects


def call_of(frame: Frame, recipes: tuple[Recipe, ...]) -> Resolved:
    """A call of a function that was inferred; that of a generator function only makes one."""
    if frame.generator is None:
        return Resolved(frame.target, recipes, frame)
    return Resolved(frame.generator.maker(frame.program), recipes)


def resumed_by(arguments: Arguments) -> Resolved:
    """What `go_on(generator, sent, thrown)` calls."""
    generator_ty = arguments.types[0]
    assert isinstance(generator_ty, Generator)
    frame: Frame = generator_ty.code.frame
    return Resolved(frame.target, (Given(0), Given(1), Given(2)), frame)


# The primitives --------------------------------------------------------------------------------


def yield_primitive(code: GeneratorCode, ty: Type) -> Primitive:
    """`yield`, in a body that is typed and not yet divided."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        message = f"{len(args)} yielded in code that {cg} was to divide"
        raise AssertionError(message)

    def run(item: Any) -> Any:
        message = f"{item} yielded in code that was to be divided"
        raise AssertionError(message)

    effects = Effects.RAISES if code.has_handlers else Effects.PURE
    return Primitive("yield", code.send_ty(ty), lower, run, effects)


def _make_step(ty: Struct) -> Primitive:
    names = [name for name, _ in ty.fields]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        made = cg.make(ty, **dict(zip(names, args, strict=True)))
        cg.retain(ty, made)
        return made

    def run(*values: Any) -> StructValue:
        return StructValue(zip(names, values, strict=True))

    sig = Signature(ty, tuple(field_ty for _, field_ty in ty.fields))
    return Primitive("step", sig, lower, run, parts=tuple(map(Part, range(len(names)))))


def _is_state(state: int) -> Primitive:
    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_signed("==", args[0], cg.constant(int64, state))

    def run(found: int) -> bool:
        return found == state

    return Primitive(f"is_state[{state}]", boolean(int64), lower, run)


def _sent(ty: Type) -> Primitive:
    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(ty, args[0])
        return args[0]

    def run(sent: Any) -> Any:
        return sent

    return Primitive("sent", ty(ty), lower, run, part=Part(0))


# The body divided ------------------------------------------------------------------------------


def divide(fn: Function, code: GeneratorCode, program: Program) -> None:
    """Rewrite a typed body, in place, as the function that goes on after each `yield`."""
    _Divider(fn, code, program).run()


class _Yield:
    """One `yield`: the block that it ends, what it yields, and the block that goes on."""

    def __init__(self, block: Block, op: Call, after: Block) -> None:
        self.block = block
        self.op = op
        self.after = after
        self.saved: list[Value] = []


class _Divider:
    def __init__(self, fn: Function, code: GeneratorCode, program: Program) -> None:
        self.fn = fn
        self.code = code
        self.names = Names(fn)
        self.builder = Builder(fn, self.names)
        self.writer = Writer(program, self.builder)
        step_ty = code.step_ty
        assert step_ty is not None, f"{fn.name} neither yields nor returns"
        self.step_ty = step_ty
        self.generator = Value(self.names.fresh("generator"), code.type)
        self.sent = Value(self.names.fresh("sent"), code.send_ty)
        self.inputs = [self.sent, Value(self.names.fresh("thrown"), Optional(THROWN))]
        self.live: Mapping[Block, Set[Value]] = {}  # before blocks, as they are at first
        self.constants: dict[Value, Const] = {}  # which the first block makes for all
        self.definitions: dict[Value, dict[Block, Value]] = {}
        # Which are in their fields from the start.
        self.parameters = dict(zip(fn.entry.params, code.parameters, strict=True))

    def run(self) -> None:
        fn = self.fn
        body = fn.entry
        yields = self._split()
        self._find_saved(yields)
        saved = {v: None for y in yields for v in y.saved if v not in self.parameters}
        managed = {value: None for value in saved if value.typed.is_managed}
        self.code.fields.update((value.name, value.typed) for value in saved)
        dead = self._find_dead(managed)
        self._keep_managed(managed)
        for block, values in dead.items():
            self._let_go(block, values)
        for block in list(fn.blocks):
            if isinstance(block.terminator, Return):
                self._return(block, block.terminator)
        for index, y in enumerate(yields):
            self._suspend(y, index + 1)
            self._go_on(y)
        self._enter(body, yields)
        fn.sig = self.code.signature()
        names = ("generator", "sent", "thrown")
        fn.params = [Param(name, _POSITIONAL_ONLY) for name in names]
        fn.captured = 0
        repair(fn, self.definitions, self.names)

    def _split(self) -> list[_Yield]:
        """End blocks at each `yield`; for now, they jump to the blocks that go on."""
        found: list[_Yield] = []
        blocks: list[Block] = []
        for block in self.fn.blocks:
            blocks.append(block)
            rest, ops = block, block.ops
            rest.ops = []
            for op in ops:
                if isinstance(op, Call) and op.callee is YIELD:
                    after = Block(self.names.fresh("yield"), is_cold=rest.is_cold)
                    self._start(after, op)
                    received = self._receive()
                    received.out = op.out
                    after.terminator = rest.terminator
                    if isinstance(after.terminator, Guard) and after.terminator.call is op:
                        after.terminator.call = received
                    rest.terminator = Jump(Edge(after), span=op.span)
                    found.append(_Yield(rest, op, after))
                    blocks.append(after)
                    rest = after
                else:
                    rest.ops.append(op)
        self.fn.blocks[:] = blocks
        return found

    def _receive(self) -> Call:
        """The value of a `yield`, or the exception that was thrown there."""
        if self.code.has_handlers:
            self.writer.call(RECEIVE, *self.inputs)
        else:
            self.builder.call(Ref("sent", None), self.sent, target=_sent(self.code.send_ty))
        assert self.builder.block is not None
        made = self.builder.block.ops[-1]
        assert isinstance(made, Call)
        return made

    def _find_saved(self, yields: list[_Yield]) -> None:
        for y in yields:  # what is yielded again in a loop is needed after the `yield`
            y.block.ops.append(y.op)
        live = self.live = liveness(self.fn).live_in
        for y in yields:
            y.block.ops.pop()
        order = {value: index for index, value in enumerate(self.fn.values())}
        needed = {value for y in yields for value in live[y.after]}
        for block in self.fn.blocks:
            for op in block.ops:
                if isinstance(op, Const) and op.out in needed:
                    self.constants[op.out] = op
            block.ops = [op for op in block.ops if op.result not in self.constants]
        for y in yields:
            saved = live[y.after] - {*self.inputs} - self.constants.keys()
            y.saved = sorted(saved, key=order.__getitem__)

    def _find_dead(self, managed: dict[Value, None]) -> dict[Block, list[Value]]:
        """The values that no way from a block needs any more, where one before it did."""
        found: dict[Block, list[Value]] = {}
        if not managed:
            return found
        for source in self.fn.blocks:
            made = {op.result for op in source.ops}
            held = [v for v in managed if v in self.live[source] or v in source.params or v in made]
            for block in source.successors():
                dead = found.setdefault(block, [])
                kept = {*self.live[block], *block.params, *dead}
                dead += (value for value in held if value not in kept)
        return found

    def _let_go(self, block: Block, values: list[Value]) -> None:
        """Let the fields of values hold nothing from the start of a block on."""
        ops, block.ops = block.ops, []
        self._start(block, block.terminator)
        for value in values:
            self.writer.put(self.generator, value.name, self.writer.zero(value.typed))
        block.ops += ops

    def _keep_managed(self, managed: dict[Value, None]) -> None:
        for block in list(self.fn.blocks):
            end = block.terminator
            if isinstance(end, Guard) and end.call.out in managed:
                # The result is only there on one way.
                between = Block(self.names.fresh("kept"), is_cold=block.is_cold)
                self._start(between, end.call)
                self.writer.put(self.generator, end.call.out.name, end.call.out)
                between.terminator = Jump(Edge(end.then.block, end.then.args), span=end.span)
                end.then = Edge(between)
                self.fn.blocks.insert(self.fn.blocks.index(block) + 1, between)
            if any(v in managed for v in block.params) or any(
                op.result in managed for op in block.ops
            ):
                ops, block.ops = block.ops, []
                self._start(block, block.terminator)
                for param in block.params:
                    if param in managed:
                        self.writer.put(self.generator, param.name, param)
                for op in ops:
                    block.ops.append(op)
                    is_guarded = isinstance(end, Guard) and end.call is op
                    if op.result is not None and op.result in managed and not is_guarded:
                        self.builder.span = op.span
                        self.writer.put(self.generator, op.result.name, op.result)

    def _start(self, block: Block, op: Op) -> None:
        self.builder.block = block
        self.builder.span, self.builder.inlined_at = op.span, op.inlined_at

    def _return(self, block: Block, end: Return) -> None:
        self._start(block, end)
        for name, ty in self.code.fields.items():
            if ty.is_managed:
                self.writer.put(self.generator, name, self.writer.zero(ty))
        self._step(False, self.writer.zero(self.step_ty.fields[1][1]), end.value)

    def _step(self, valid: bool, value: Value, result: Value) -> None:
        builder, primitive = self.builder, _make_step(self.step_ty)
        flag = builder.const(valid, "valid", ty=boolean)
        made = builder.call(Ref("step", None), flag, value, result, target=primitive, hint="step")
        builder.ret(made)

    def _suspend(self, y: _Yield, state: int) -> None:
        self._start(y.block, y.op)
        for value in y.saved:
            if not value.typed.is_managed and value not in self.parameters:
                self.writer.put(self.generator, value.name, value)
        self.writer.put(self.generator, STATE, self.writer.number(state))
        value = self.builder.convert(y.op.args[0], self.step_ty.fields[1][1])
        self._step(True, value, self.writer.zero(self.step_ty.fields[2][1]))

    def _go_on(self, y: _Yield) -> None:
        ops, y.after.ops = y.after.ops, []
        self._start(y.after, y.op)
        for value in y.saved:
            field = self.parameters.get(value, value.name)
            copy = self.writer.get(self.generator, field, value.name)
            self.definitions.setdefault(value, {})[y.after] = copy
        mapping = {value: self.definitions[value][y.after] for value in y.saved}
        for op in (*ops, y.after.terminator):
            op.map_operands(mapping)
        y.after.ops.extend(ops)

    def _enter(self, body: Block, yields: list[_Yield]) -> None:
        """The blocks that lead to where the function goes on."""
        builder, writer, span = self.builder, self.writer, self.fn.span
        first = Block(self.names.fresh("resume"), [self.generator, *self.inputs])
        start, ended = Block(self.names.fresh("start")), Block(self.names.fresh("ended"))
        places = [start, *(y.after for y in yields)]
        tests = [first, *(Block(self.names.fresh("resume")) for _ in places[1:])]
        builder.block, builder.span, builder.inlined_at = first, span, None
        first.ops.extend(self.constants.values())
        state = writer.get(self.generator, STATE, "state")
        writer.put(self.generator, STATE, writer.number(ENDED))
        for index, (test, place) in enumerate(zip(tests, places, strict=True)):
            builder.block = test
            is_here = builder.call(
                Ref("is_state", None), state, target=_is_state(index), hint="is_here"
            )
            otherwise = tests[index + 1] if index + 1 < len(tests) else ended
            test.terminator = Branch(is_here, Edge(place), Edge(otherwise), span=span)
        builder.block = start
        names = self.parameters.items()
        builder.jump(body, *(writer.get(self.generator, f, p.name) for p, f in names))
        builder.block = ended
        value_ty, result_ty = self.step_ty.fields[1][1], self.step_ty.fields[2][1]
        self._step(False, writer.zero(value_ty), writer.zero(result_ty))
        self.fn.blocks[:0] = [*tests, start]
        self.fn.blocks.append(ended)
