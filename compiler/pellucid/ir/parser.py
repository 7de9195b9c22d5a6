"""IR from text: what `printer.py` prints, and what a person writes in a `.pir` file.

    parse(print(fn)) prints as fn does; print(parse(text)) is text, where that is canonical.

Text names Python objects and primitives; an `Environment` finds them: objects by import, primitives
by name and types, functions of other texts by symbol. Lines that begin with `#` are comments. A
mistake is a `CompileError` with a caret into the text.
"""

from __future__ import annotations

import dataclasses
import inspect
import linecache
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from pellucid.base.diagnostics import error
from pellucid.base.spans import NO_SPAN, InlineSite, Span
from pellucid.ir.callee import FunctionTarget, Ref, Target
from pellucid.ir.effects import Effects
from pellucid.ir.environment import Environment, environment_of
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Convert,
    Edge,
    Guard,
    Jump,
    Op,
    Raise,
    Release,
    Reraise,
    Retain,
    Return,
    Terminator,
    Unreachable,
)
from pellucid.ir.params import MISSING, Param
from pellucid.ir.scanner import LineScanner
from pellucid.ir.values import Value
from pellucid.ir.walk import effects_of_ops
from pellucid.types import Signature, Type
from pellucid.types.syntax import SyntaxProblem


def parse_function(
    text: str, environment: Environment | None = None, file: str = "<ir>"
) -> Function:
    """The one function in `text`."""
    functions = parse_functions(text, environment, file)
    assert len(functions) == 1, f"{len(functions)} functions in the text"
    return functions[0]


def parse_functions(
    text: str, environment: Environment | None = None, file: str = "<ir>"
) -> list[Function]:
    """The functions in `text`; they may call each other by symbol.

    A function that is defined inside another stands before it.
    """
    return _Parser(text, environment or Environment(), file).run()


@dataclass
class _PendingCall:
    """A call whose target is found when all types are known."""

    op: Call
    name: str
    is_function: bool
    line: int
    position: int


class _Parser:
    def __init__(self, text: str, environment: Environment, file: str) -> None:
        # A copy: the functions of the text are added to it.
        self.environment = dataclasses.replace(environment, objects=dict(environment.objects))
        self.file = file
        self.text = text
        self.lines = text.splitlines()
        self.number = 0  # of the line at hand, from 1
        self.pending: list[_PendingCall] = []

    def run(self) -> list[Function]:
        functions: list[Function] = []
        try:
            while (line := self._next_line()) is not None:
                functions.append(_FunctionParser(self, line).run())
            self._resolve(functions)
        except SyntaxProblem as problem:
            self._report(problem)
        return functions

    def _next_line(self) -> LineScanner | None:
        """The next line that is not empty or a comment."""
        while self.number < len(self.lines):
            text = self.lines[self.number]
            self.number += 1
            if text.strip() and not text.lstrip().startswith("#"):
                return LineScanner(text, self.environment)
        return None

    def line(self) -> LineScanner:
        """The next line, which must be there."""
        line = self._next_line()
        if line is None:
            message = "the function is not closed by `}`"
            raise SyntaxProblem(message, 0)
        return line

    def _report(self, problem: SyntaxProblem) -> NoReturn:
        number = max(self.number, 1)
        line = self.lines[number - 1] if self.lines else ""
        column = len(line[: problem.position].encode())
        if self.file.startswith("<"):  # text without a file: keep it where the renderer looks
            lines = self.text.splitlines(keepends=True)
            linecache.cache[self.file] = (len(self.text), None, lines, self.file)
        span = Span(self.file, number, column, number, column + 1, number, column)
        error("invalid-ir", "this is not IR text", span, problem.message)

    def _resolve(self, functions: list[Function]) -> None:
        targets: dict[str, FunctionTarget] = {}
        for fn in functions:
            if fn.sig is not None:
                symbol = fn.symbol or fn.name
                targets[symbol] = FunctionTarget(
                    symbol, fn.name, fn.sig, fn, Effects.PURE, fn.is_library
                )
        for call in self.pending:
            call.op.target = self._find_target(call, targets)
            if isinstance(call.op.callee, Ref) and call.op.callee.path == "":
                call.op.callee = Ref(call.op.target.name, None)
        _solve_effects([t for t in targets.values() if t.fn in functions])

    def _find_target(self, call: _PendingCall, functions: dict[str, FunctionTarget]) -> Target:
        self.number = call.line
        target: Target | None = functions.get(call.name) if call.is_function else None
        if target is None:
            sig = Signature(call.op.out.typed, tuple(arg.typed for arg in call.op.args))
            origin = call.op.callee.path if isinstance(call.op.callee, Ref) else ""
            target = self.environment.target(call.name, sig, origin, is_function=call.is_function)
        if target is None:
            kind = "function" if call.is_function else "primitive of these types"
            message = f"there is no {kind} `{call.name}`"
            raise SyntaxProblem(message, call.position)
        return target


def _solve_effects(targets: list[FunctionTarget]) -> None:
    """What each function may do, from its ops: the least solution."""
    changed = True
    while changed:
        changed = False
        for target in targets:
            assert target.fn is not None
            effects = effects_of_ops(target.fn)
            if effects != target.effects:
                target.effects = effects
                changed = True


_ATTRIBUTE = re.compile(r"(symbol|file|volatile)=")


class _FunctionParser:
    """One function: values and blocks by name, made when first mentioned."""

    def __init__(self, parser: _Parser, header: LineScanner) -> None:
        self.parser = parser
        self.header = header
        self.values: dict[str, Value] = {}
        self.defined: set[str] = set()
        self.blocks: dict[str, Block] = {}
        self.mentioned: list[tuple[str, int, int]] = []  # name, line, position: defined somewhere?
        self.targets: list[tuple[str, int, int]] = []

    def run(self) -> Function:
        self.fn = fn = self._header()
        entry_params = [self._definition_of(name, ty) for name, ty in self.entry]
        block: Block | None = None
        while not (line := self.parser.line()).accept("}"):
            if line.text.rstrip().endswith(":"):
                block = self._block_header(line)
                if len(fn.blocks) == 1:
                    block.params = entry_params
            elif block is None:
                line.fail("expected a block's name and `:`")
            else:
                self._op(line, block)
        self._check_names()
        return fn

    def _check_names(self) -> None:
        defined_blocks = {block.name for block in self.fn.blocks}
        for name, number, position in self.mentioned:
            if name not in self.defined:
                self._fail_at(f"`{name}` is not defined", number, position)
        for name, number, position in self.targets:
            if name not in defined_blocks:
                self._fail_at(f"there is no block `{name}`", number, position)

    def _fail_at(self, message: str, number: int, position: int) -> NoReturn:
        self.parser.number = number
        raise SyntaxProblem(message, position)

    # Header -------------------------------------------------------------------------------------

    def _header(self) -> Function:
        line = self.header
        line.expect("func")
        line.expect("@")
        fn = Function(line.name(), [])
        self.entry: list[tuple[str, Type | None]] = []
        self._params(line, fn)
        if line.accept("->"):
            tys = [ty for _, ty in self.entry if ty is not None]
            fn.sig = Signature(line.type(), tuple(tys))
        while not line.accept("{"):
            attribute = line.match(_ATTRIBUTE)
            if attribute is not None:
                setattr(fn, attribute[:-1], line.name())
            elif line.accept("captured="):
                fn.captured = line.number()
            elif line.accept_word("library"):
                fn.is_library = True
            else:
                fn.span = line.span(fn.file) or line.fail("expected `{`")
        line.end()
        if fn.symbol and fn.sig is None:  # one that is made inside another: text below may name it
            self.parser.environment.objects.setdefault(fn.symbol, fn)
        return fn

    def _params(self, line: LineScanner, fn: Function) -> None:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        line.expect("(")
        while not line.accept(")"):
            if line.accept("/"):
                fn.params = [
                    dataclasses.replace(p, kind=inspect.Parameter.POSITIONAL_ONLY)
                    for p in fn.params
                ]
            elif line.accept("**"):
                self._param(line, fn, inspect.Parameter.VAR_KEYWORD)
            elif line.accept("*"):
                kind = inspect.Parameter.KEYWORD_ONLY
                if not (line.peek(",") or line.peek(")")):
                    self._param(line, fn, inspect.Parameter.VAR_POSITIONAL)
            else:
                self._param(line, fn, kind)
            if not line.accept(","):
                line.expect(")")
                break

    def _param(self, line: LineScanner, fn: Function, kind: int) -> None:
        value_name = line.name()
        name = line.name() if line.accept_word("as") else value_name
        ty = line.type() if line.accept(":") else None
        default = line.pyobj() if line.accept("=") else MISSING
        fn.params.append(Param(name, int(kind), default))
        self.entry.append((value_name, ty))

    def _block_header(self, line: LineScanner) -> Block:
        block = self._block(line.name())
        if block in self.fn.blocks:
            line.fail(f"a second block `{block.name}`", 0)
        self.fn.blocks.append(block)
        if line.accept("("):
            while not line.accept(")"):
                block.params.append(self._definition(line))
                if not line.accept(","):
                    line.expect(")")
                    break
        block.is_cold = line.accept_word("cold")
        line.expect(":")
        line.end()
        return block

    # Names --------------------------------------------------------------------------------------

    def _block(self, name: str) -> Block:
        if name not in self.blocks:
            self.blocks[name] = Block(name)
        return self.blocks[name]

    def _definition(self, line: LineScanner) -> Value:
        start = line.position
        name = line.name()
        if name in self.defined:
            line.fail(f"a second `{name}`", start)
        return self._definition_of(name, line.type() if line.accept(":") else None)

    def _definition_of(self, name: str, ty: Type | None) -> Value:
        value = self.values.setdefault(name, Value(name))
        value.ty = ty
        self.defined.add(name)
        return value

    def _value(self, line: LineScanner) -> Value:
        line.skip()
        start = line.position
        return self._mention(line.name(), start)

    def _mention(self, name: str, position: int) -> Value:
        self.mentioned.append((name, self.parser.number, position))
        return self.values.setdefault(name, Value(name))

    def _values(self, line: LineScanner) -> list[Value]:
        return [self._mention(name, position) for name, position in line.names()]

    def _edge(self, line: LineScanner) -> Edge:
        line.skip()
        self.targets.append((line.name(), self.parser.number, line.position))
        return Edge(self._block(self.targets[-1][0]), self._values(line))

    # Ops ----------------------------------------------------------------------------------------

    def _op(self, line: LineScanner, block: Block) -> None:
        op = self._statement(line, block) or self._defining_op(line)
        op.span = line.span(self.fn.file) or NO_SPAN
        op.inlined_at = self._inline_site(line)
        line.end()
        if isinstance(op, Terminator):
            block.terminator = op
        else:
            block.ops.append(op)

    def _statement(self, line: LineScanner, block: Block) -> Op | None:
        """An op that defines nothing; None if the line defines a value."""
        start = line.position
        word = line.name()
        if line.peek(":") or line.peek("="):
            line.position = start
            return None
        match word:
            case "retain":
                return Retain(self._value(line))
            case "release":
                return Release(self._value(line))
            case "jump":
                return Jump(self._edge(line))
            case "branch":
                cond = self._value(line)
                line.expect(",")
                then = self._edge(line)
                line.expect(",")
                return Branch(cond, then, self._edge(line))
            case "return":
                return Return(self._value(line))
            case "raise":
                value, handler = self._value(line), self._handler(line)
                return Raise(value, handler=handler, cleanup=self._cleanup(line))
            case "reraise":
                is_raise, handler = line.accept_word("shown"), self._handler(line)
                return Reraise(is_raise, handler=handler, cleanup=self._cleanup(line))
            case "guard":
                call = block.ops[-1] if block.ops else None
                if not isinstance(call, Call):
                    return line.fail("a guard stands after a call", start)
                then = self._edge(line)
                line.expect(",")
                return Guard(call, then, self._edge(line))
            case "unreachable":
                return Unreachable()
            case _:
                return line.fail(f"`{word}` is not an op", start)

    def _defining_op(self, line: LineScanner) -> Op:
        out = self._definition(line)
        line.expect("=")
        line.skip()
        start = line.position
        match line.word():
            case "const":
                return Const(out, *line.constant())
            case "convert":
                return Convert(out, self._value(line))
            case "call":
                return self._call(line, out)
            case word:
                return line.fail(f"`{word}` is not an op", start)

    def _handler(self, line: LineScanner) -> Edge | None:
        return self._edge(line) if line.accept_word("to") else None

    def _cleanup(self, line: LineScanner) -> tuple[Value, ...]:
        return tuple(self._values(line)) if line.accept_word("cleanup") else ()

    def _call(self, line: LineScanner, out: Value) -> Call:
        line.skip()
        start = line.position
        is_function = line.accept("@")
        callee: Ref | Value
        if line.peek("("):
            callee, name = self._parenthesised(line), ""
        else:
            name = line.name()
            callee = Ref("", None)
        op = Call(out, callee, [])
        self._args(line, op)
        if is_function or (self.fn.sig is not None and name):
            pending = _PendingCall(op, name, is_function, self.parser.number, start)
            self.parser.pending.append(pending)
            if line.accept_word("for"):
                op.callee = self._origin(line)
        elif name:
            op.callee = Ref(name, self._object(line, name, start))
        op.cleanup = self._cleanup(line)
        return op

    def _parenthesised(self, line: LineScanner) -> Value:
        line.expect("(")
        value = self._value(line)
        line.expect(")")
        return value

    def _origin(self, line: LineScanner) -> Ref | Value:
        if line.peek("("):
            return self._parenthesised(line)
        path = line.name()
        try:
            return Ref(path, self.parser.environment.object(path))
        except LookupError:
            return Ref(path, None)  # a typed call knows its target; the origin is for people

    def _object(self, line: LineScanner, path: str, start: int) -> Any:
        try:
            return self.parser.environment.object(path)
        except LookupError:
            line.fail(f"there is no `{path}`", start)

    def _args(self, line: LineScanner, op: Call) -> None:
        stars: set[int] = set()
        kwnames: list[str] = []
        line.expect("(")
        while not line.accept(")"):
            if line.accept("*"):
                stars.add(len(op.args))
            line.skip()
            start = line.position
            name = line.name()
            if line.accept("="):
                kwnames.append(name)
                op.args.append(self._value(line))
            else:
                op.args.append(self._mention(name, start))
            if not line.accept(","):
                line.expect(")")
                break
        op.stars, op.kwnames = frozenset(stars), tuple(kwnames)

    def _inline_site(self, line: LineScanner) -> InlineSite | None:
        sites: list[tuple[str, Span]] = []
        while line.accept_word("inlined"):
            sites.append((line.name(), line.span(self.fn.file) or NO_SPAN))
        site: InlineSite | None = None
        for name, span in reversed(sites):
            site = InlineSite(name, span, site)
        return site


__all__ = [
    "Environment",
    "environment_of",
    "parse_function",
    "parse_functions",
]
