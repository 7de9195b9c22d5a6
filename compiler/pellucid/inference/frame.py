"""Forward inference over one function's SSA, for given argument types.

A frame visits blocks until nothing changes. A block is visited when an edge into it is feasible, so
the dead side of a branch on a literal is never typed. A value's type only widens (`types.unify`);
at loop headers literals are dropped at once, since one would be stale on the second turn.

A call whose callee is still being inferred and has returned nothing yet ends the visit of its
block, which is visited again when more is known (`program.py` drives that).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pellucid.base.diagnostics import CompileError, Diagnostic, Label, error_class
from pellucid.base.options import Options
from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments, Given, Omitted
from pellucid.inference.closures import closures_in
from pellucid.inference.constants import type_of_constant
from pellucid.inference.flow import is_only_returned, loop_headers, users_by_value
from pellucid.inference.generators import GeneratorCode
from pellucid.inference.raises import Raises
from pellucid.inference.resolution import Resolution, Resolved, plain_type, with_omitted
from pellucid.inference.variables import (
    PENDING,
    Binding,
    Variables,
    Widening,
    maker_of,
    makers_of,
    refused_item,
)
from pellucid.ir.callee import FunctionTarget, Ref
from pellucid.ir.function import Block, Function
from pellucid.ir.handling import RAISED
from pellucid.ir.ops import Branch, Call, Const, Guard, Op, Raise, Return
from pellucid.ir.protocol import (
    CHECK_BOUND,
    ITER_START,
    MAKE_CLOSURE,
    YIELD,
)
from pellucid.ir.unroll import unroll
from pellucid.ir.values import Value
from pellucid.types import (
    CaughtException,
    DType,
    ExceptionClass,
    ExceptionInstance,
    HeapType,
    Literal,
    PlainInstance,
    Signature,
    Type,
    boolean,
    int64,
    none,
)
from pellucid.types.containers import items_of
from pellucid.types.functions import Undefined
from pellucid.types.heap import equations, variables_in
from pellucid.types.unify import FUNCTIONS, join_results, unify

if TYPE_CHECKING:
    from pellucid.inference.program import Program


class ErrorType(Type):
    """The type of what could not be typed: an error was reported, and none follows from it."""

    def __str__(self) -> str:
        return "?"


ERROR = ErrorType()
LONGEST_UNROLLED = 64
"""Tuples of more items of several types are not iterated over: the code would be as long."""


class _Unrolled(Exception):
    """The function has become another one: `fn`, where a loop is written out."""

    def __init__(self, fn: Function) -> None:
        super().__init__()
        self.fn = fn


class _Widened(Exception):
    """A container holds more than was thought."""


class Frame:
    """One function being inferred for one tuple of argument types."""

    def __init__(
        self,
        program: Program,
        fn: Function,
        arg_tys: tuple[Type, ...],
        target: FunctionTarget,
        options: Options,
        wanted: Type | None = None,
    ) -> None:
        self.program = program
        self.wanted = wanted  # the type of what is returned, where a container makes its values
        self.arg_tys = arg_tys
        self.target = target
        self.options = options
        self.is_open = True
        self.is_recursive = False
        self._start(fn)

    def _start(self, fn: Function) -> None:
        """Know nothing but the types of the arguments."""
        self.fn = fn
        self.types: dict[Value, Type] = {}
        self.reached: dict[Block, None] = {}
        self.ret: Type | None = None
        self.open_ret: Type | None = None  # the same before what is unknown of it was settled
        self.errors: dict[Op, tuple[Diagnostic, ...]] = {}
        self.resolutions: dict[Op, tuple[Arguments, Type, Resolution]] = {}
        self.provisional: set[Block] = set()
        self.variables = Variables(self)
        self._maker_blocks: dict[Call, Block] = {}
        self.is_pending = False  # whether the types of arguments have variables: nothing is final
        self.generator = GeneratorCode(self) if fn.is_generator else None
        self._headers = loop_headers(fn)
        self.has_loops = bool(self._headers)
        self._users = users_by_value(fn)
        # What a function returns may be of several types; its variables have one.
        self._may_differ = not fn.is_library and not fn.is_generator
        self._work: dict[Block, None] = {}
        self.raises = Raises(self)
        for value, ty in zip(fn.entry.params, self.arg_tys, strict=True):
            self.types[value] = ty
        self.is_pending = next(variables_in(self.arg_tys), None) is not None
        self._work[fn.entry] = None

    def users_of(self, value: Value) -> list[Block]:
        """The blocks that read a value."""
        return self._users.get(value, [])

    def signature(self) -> Signature:
        """The types of the function that is written, when all are known."""
        if self.generator is not None:
            return self.generator.signature()
        return Signature(self.ret or none, self.arg_tys)

    def run(self) -> None:
        """Visit blocks until nothing changes."""
        while self._work:
            block = next(iter(self._work))
            del self._work[block]
            self.reached[block] = None
            self.provisional.discard(block)
            try:
                self._visit(block)
            except _Unrolled as unrolled:
                self._start(unrolled.fn)
            except _Widened:
                variables = self.variables
                self._start(self.fn)
                self.variables = variables

    def revisit_provisional(self) -> None:
        """Visit again every block that waits for, or trusted, the type of an unfinished callee."""
        for block in self.provisional:
            self._work[block] = None
        self.run()

    def bind_rest(self) -> bool:
        """Give the containers that nothing was put into a type; tells whether there were any."""
        open_ret = self.ret and self.variables.known(self.ret)
        if not self.variables.bind_rest(int64):
            return False
        self.open_ret = open_ret
        self._revisit_makers()
        self.run()
        return True

    def _bind(self, binding: Binding, op: Call) -> None:
        if not self.variables.bind(binding.variable, self.variables.own(binding)):
            self.errors[op] = (
                Diagnostic(
                    "cannot-unify",
                    "a container cannot hold itself",
                    Label(op.span, "it is put into itself here"),
                    help="compiled containers hold values of one type, known while compiling",
                ),
            )
            self._set(op.out, ERROR)
            return
        self._revisit_makers()

    def _widen(self, op: Call, widening: Widening) -> None:
        """Give the containers that come to a call a wider type; an error if they cannot have it."""
        makers = self.variables.made_here(op, widening.have) or makers_of(self, op, widening.have)
        if makers is None:
            raise widening  # it came as an argument: the caller may have made it
        widen = self.variables.widen
        if makers and all(widen(maker, widening.want) for maker in makers):
            # What was concluded from the narrower type does not hold: types only ever widen.
            raise _Widened
        self._report(op, CompileError(refused_item(widening, op.span)))
        self._set(op.out, ERROR)

    def _revisit_makers(self) -> None:
        for op, ty in self.variables.makers.items():
            if op not in self._maker_blocks:
                continue  # it is not reached again yet since a widening
            # What `__init__` has not assigned yet, nothing else shall tell.
            if isinstance(ty, PlainInstance) or self._set(op.out, self.variables.known(ty)):
                self._work[self._maker_blocks[op]] = None

    def raise_errors(self) -> None:
        """Raise all mistakes found in this function as one error."""
        diagnostics = list(dict.fromkeys(d for found in self.errors.values() for d in found))
        if diagnostics:
            raise error_class(diagnostics[0].code)(*diagnostics)

    def _visit(self, block: Block) -> None:
        terminator = block.terminator
        for op in block.ops:
            if not self._type_op(op, block):
                if isinstance(terminator, Guard) and terminator.call is op:
                    self._flow(terminator.handler.block, terminator.handler.args, terminator)
                    self._work.update(self.raises.clauses_of(terminator.handler.block))
                return
        match terminator:
            case Guard(call=call, then=then, handler=handler):
                self._flow(then.block, then.args, terminator)
                if self._may_raise(call):
                    self._flow(handler.block, handler.args, terminator)
                    self._work.update(self.raises.clauses_of(handler.block))
            case Return(value=value):
                self._type_return(value, terminator)
            case Raise(value=value):
                self._type_raise(value, terminator)
                for edge in terminator.edges():
                    self._flow(edge.block, edge.args, terminator)
                    self._work.update(self.raises.clauses_of(edge.block))
            case Branch():
                self._type_branch(terminator)
            case _:
                for edge in terminator.edges():
                    self._flow(edge.block, edge.args, terminator)

    def _may_raise(self, call: Call) -> bool:
        """Whether an exception may come out of a call, as far as is known."""
        if self.generator is not None and call.callee is YIELD:
            return self.generator.may_throw(call)
        if (known := self.resolutions.get(call)) is None:
            return True  # a mistake, which was reported
        resolution = known[2]
        if not isinstance(resolution, Resolved):
            return False
        if any(not isinstance(recipe, (Given, Omitted)) for recipe in resolution.recipes):
            return True  # an argument is made by a call of its own
        return resolution.target.effects.may_raise

    def _type_op(self, op: Op, block: Block) -> bool:
        """Type one op; tell whether control goes on after it, as far as is known."""
        match op:
            case Const(out=out, value=value) if value is RAISED:
                self._set(out, self.raises.before(block))
                return True
            case Const(out=out, value=value, path=path):
                try:
                    self._set(out, type_of_constant(value, path, op.span))
                except CompileError as problem:
                    self._report(op, problem)
                    self._set(out, ERROR)
                return True
            case Call() if op.callee is YIELD:
                return self._type_yield(op, block)
            case Call():
                return self._type_call(op, block)
            case _:
                message = f"{type(op).__name__} in untyped IR"
                raise AssertionError(message)

    def _type_call(self, op: Call, block: Block) -> bool:
        arg_tys = tuple(self.types[arg] for arg in op.args)
        callee_ty = self._callee_type(op)
        for unknown in (ERROR, PENDING):
            if callee_ty is unknown or unknown in arg_tys:
                self._set(op.out, unknown)
                return True
        if op.callee is ITER_START:
            self._unroll(op, arg_tys[0])
        made = self._made_empty(op, callee_ty, Arguments(arg_tys, op.kwnames, op.stars), block)
        if made is not None:
            if not isinstance(made, PlainInstance):  # of which `__init__` tells the type
                if next(variables_in(made), None) is not None:
                    self._set(op.out, made)
                    return True
                callee_ty = self.program.type_of_ref(maker_of(callee_ty), op.span)
            arg_tys = (DType(made), *arg_tys)
        stars = op.stars if made is None else frozenset(index + 1 for index in op.stars)
        resolution = self._resolve(op, callee_ty, Arguments(arg_tys, op.kwnames, stars), made)
        if resolution is None:
            return True
        return self._type_result(op, callee_ty, arg_tys, resolution, block)

    def _unroll(self, op: Call, ty: Type) -> None:
        """A loop over items of several types is written out, and inference begins again."""
        items = items_of(ty)
        if items is not None and not items.is_homogeneous and len(items.elems) <= LONGEST_UNROLLED:
            unrolled = unroll(self.fn, op, len(items.elems))
            if unrolled is not None:
                raise _Unrolled(unrolled)

    def _made_empty(
        self, op: Call, callee_ty: Type, arguments: Arguments, block: Block
    ) -> Type | None:
        """The type of the empty container that a call makes, as far as it is known."""

        def result(function: Type) -> Type | None:
            return self._open_result(op, function)

        made = self.variables.made_by(op, callee_ty, arguments, result)
        if made is not None:
            self._maker_blocks[op] = block
        return made

    def _open_result(self, op: Call, function: Type) -> Type | None:
        """What a function without parameters returns, with variables for what is unknown of it."""
        found = self.program.resolve(op, function, Arguments(()), self)
        frame = found.frame if isinstance(found, Resolved) else None
        ret = found.ret if frame is None else frame.open_ret or frame.ret
        return None if ret is None else self.variables.adopt(op, ret.base)

    def _resolve(
        self, op: Call, callee_ty: Type, arguments: Arguments, made: Type | None
    ) -> Resolution | None:
        """What a call does; None where its result is set: an error, or nothing is known yet."""
        known = self.resolutions.get(op)
        if known is not None and known[0] == arguments and known[1] == callee_ty:
            return known[2]
        self.errors.pop(op, None)
        try:
            resolution = self.program.resolve(op, callee_ty, arguments, self)
        except Binding as binding:
            if binding.variable.owner is not self:
                raise
            self._set(op.out, PENDING)
            self._bind(binding, op)
            return None
        except Widening as widening:
            self._widen(op, widening)
            return None
        except CompileError as problem:
            is_early = next(variables_in((callee_ty, arguments.types)), None) is not None
            if not is_early:
                self._report(op, problem)
            self._set(op.out, PENDING if is_early else ERROR)
            return None
        if made is not None:
            resolution = with_omitted(resolution, made)
        self.resolutions[op] = (arguments, callee_ty, resolution)
        return resolution

    def _type_result(
        self,
        op: Call,
        callee_ty: Type,
        arg_tys: tuple[Type, ...],
        resolution: Resolution,
        block: Block,
    ) -> bool:
        frame = resolution.frame if isinstance(resolution, Resolved) else None
        if frame is not None and frame.is_open:
            self.provisional.add(block)
        if frame is not None and frame.is_pending:
            self._set(op.out, resolution.ret or PENDING)
            return True
        if resolution.ret is None:
            # A finished callee without a return type only raises: nothing after it runs.
            return False
        if self.program.has_volatile:
            self._check_volatile(op, callee_ty, arg_tys, resolution.ret)
        self._set(op.out, resolution.ret)
        return not isinstance(resolution.ret, Undefined)

    def _check_volatile(
        self, op: Call, callee_ty: Type, arg_tys: tuple[Type, ...], ret: Type
    ) -> None:
        """A call that is given a function whose captured variable changes must not keep it.

        It may keep it in any function that it makes, such as one that reads the same variable.
        """
        held = tuple(ty for ty in arg_tys if isinstance(ty, HeapType))
        if op.callee in (MAKE_CLOSURE, CHECK_BOUND) or not any(closures_in((ret, held))):
            return  # the front end follows these
        codes = [ty.code for ty in closures_in((callee_ty, *arg_tys)) if ty.code.volatile]
        if codes:
            code = codes[0]
            self.errors[op] = (
                Diagnostic(
                    "captured-variable",
                    f"`{code.volatile}` changes while a function that reads it may be kept",
                    Label(op.span, "the result is or holds a function"),
                    (Label(code.span, f"this function reads `{code.volatile}`"),),
                    help=f"pass `{code.volatile}` as an argument",
                ),
            )

    def _type_yield(self, op: Call, block: Block) -> bool:
        generator = self.generator
        assert generator is not None, f"`yield` in {self.fn.name}, which is no generator"
        ty = self.types[op.args[0]]
        joined = None if ty is ERROR else self._join_result(generator.yield_ty, ty, op, "yields")
        if joined is not None:
            generator.yield_ty = joined
            self.ret = generator.step_ty
        self._set(op.out, generator.sent_by(op))
        self.provisional.add(block)  # what it is thrown may be of use to one not known yet
        return True

    def _callee_type(self, op: Call) -> Type:
        if isinstance(op.callee, Ref):
            return self.program.type_of_ref(op.callee, op.span)
        return self.types[op.callee]

    def _type_branch(self, op: Branch) -> None:
        cond_ty = self.types[op.cond]
        if cond_ty in (ERROR, PENDING):
            taken = (op.then, op.orelse)
        elif isinstance(cond_ty, Literal):
            taken = (op.then if cond_ty.value else op.orelse,)
        else:
            assert cond_ty == boolean, f"branch on {cond_ty}"
            taken = (op.then, op.orelse)
        for edge in taken:
            self._flow(edge.block, edge.args, op)

    def _type_return(self, value: Value, op: Op) -> None:
        ty = self.types[value]
        if ty in (ERROR, PENDING):
            return
        if self.generator is None:
            if self.wanted is not None:
                ty = self._solve(self.wanted, ty)[1]
            if self.ret is not None:
                self.ret = self.variables.known(self.ret)
                self.ret, ty = self._solve(self.ret, ty)
            self.ret = self._join_result(self.ret, ty, op, "returns") or self.ret
            return
        joined = self._join_result(self.generator.return_ty, ty, op, "returns")
        if joined is not None:
            self.generator.return_ty = joined
            self.ret = self.generator.step_ty

    def _join_result(self, old: Type | None, ty: Type, op: Op, verb: str) -> Type | None:
        """The type of what the function returns or yields; None, and an error, if there is none."""
        keeps_literals = self.fn.is_library and self.generator is None
        ty = ty if keeps_literals else plain_type(ty)
        if old is None:
            return ty
        joined = join_results(old, ty) if self._may_differ else unify(old, ty)
        if joined is None:
            others = [
                Label(other.span, f"{self.types[value].base} here")
                for other, value in self._results(verb)
                if other is not op and value in self.types
            ]
            self.errors[op] = (
                Diagnostic(
                    "cannot-unify",
                    f"`{self.fn.name}` {verb} {old.base} on one path and {ty.base} on another",
                    Label(op.span, f"{ty.base} here"),
                    tuple(others),
                    help=f"{verb[:-1]} one type on every path",
                ),
            )
            return None
        return joined if joined == old else plain_type(joined)

    def _results(self, verb: str) -> Iterator[tuple[Op, Value]]:
        """The ops that return or yield, with what they do so."""
        for block in self.reached:
            if verb == "returns" and isinstance(block.terminator, Return):
                yield block.terminator, block.terminator.value
            elif verb == "yields":
                for op in block.ops:
                    if isinstance(op, Call) and op.callee is YIELD:
                        yield op, op.args[0]

    def _type_raise(self, value: Value, op: Op) -> None:
        ty = self.types[value]
        if ty not in (ERROR, PENDING) and not isinstance(ty, _RAISED):
            self.errors[op] = (
                Diagnostic(
                    "invalid-raise",
                    "exceptions must derive from BaseException",
                    Label(op.span, f"this is {ty.base}"),
                ),
            )

    def _flow(self, block: Block, args: list[Value], source: Op) -> None:
        """Join the types of edge arguments into the parameters of `block`, and visit it."""
        changed = block not in self.reached
        for param, arg in zip(block.params, args, strict=True):
            ty = self.types[arg]
            if block in self._headers and ty is not ERROR:
                ty = plain_type(ty)
            before = self.types.get(param)
            old = None if before is None else self.variables.known(before)
            if old is None or old is ERROR or old is PENDING:
                new = ty
            elif ty is ERROR or ty is PENDING:
                new = old
            else:
                old, ty = self._solve(old, ty)
                new = unify(old, ty)
                if new is None and self._may_differ and is_only_returned(param, self._users):
                    new = join_results(plain_type(old), plain_type(ty))
                if new is None:
                    self._report_join(param, old, arg, ty, source)
                    new = ERROR
            if new != before and self._set(param, new):
                changed = True
        if changed:
            self._work[block] = None

    def _solve(self, left: Type, right: Type) -> tuple[Type, Type]:
        """Two types after what must be bound for them to join: containers do not convert."""
        for variable, ty in equations(left, right):
            if variable.owner is not self:
                raise Binding(variable, ty)
            if self.variables.bind(variable, ty):
                self._revisit_makers()
        return self.variables.known(left), self.variables.known(right)

    def _report_join(self, param: Value, old: Type, arg: Value, ty: Type, source: Op) -> None:
        name = param.name.split(".")[0]
        here = self._definition_span(arg) or source.span
        labels = [
            Label(span, f"{self.types[other].base} here")
            for other in self.incoming(param)
            if other is not arg
            and self.types.get(other) not in (None, ERROR)
            and (span := self._definition_span(other)) is not None
        ]
        if isinstance(old, FUNCTIONS) and isinstance(ty, FUNCTIONS):
            labels = [Label(label.span, "another function here") for label in labels]
            self.errors[source] = (
                Diagnostic(
                    "cannot-unify",
                    f"`{name}` may be ever more functions",
                    Label(here, "one function here"),
                    tuple(labels),
                    notes=("the functions that a variable may be are counted while compiling",),
                    help="keep what the functions capture in an array, and call one function",
                ),
            )
            return
        self.errors[source] = (
            Diagnostic(
                "cannot-unify",
                f"`{name}` is {old.base} on one path and {ty.base} on another",
                Label(here, f"{ty.base} here"),
                tuple(labels),
                help=f"give `{name}` one type, or use two names",
            ),
        )

    def incoming(self, param: Value) -> list[Value]:
        """What the jumps that can be taken pass for a block's parameter."""
        for block in self.fn.blocks:
            if param in block.params:
                position = block.params.index(param)
                return [
                    edge.args[position]
                    for source in self.reached
                    for edge in source.terminator.edges()
                    if edge.block is block
                ]
        return []

    def _definition_span(self, value: Value) -> Span | None:
        return next((op.span for op in self.fn.ops() if op.result is value), None)

    def _set(self, value: Value, ty: Type) -> bool:
        if self.types.get(value) == ty:
            return False
        # An op's result is recomputed from its operands, which only widen: the newest type counts.
        self.types[value] = ty
        for user in self._users.get(value, ()):
            if user in self.reached:
                self._work[user] = None
        return True

    def _report(self, op: Op, problem: CompileError) -> None:
        self.errors[op] = problem.diagnostics


_RAISED = (ExceptionClass, ExceptionInstance, CaughtException)
