"""IR from text: what `printer.py` prints, and what a person writes in a `.pir` file.

    parse(print(fn)) prints as fn does; print(parse(text)) is text, where that is canonical.

Text names Python objects and primitives; an `Environment` finds them: objects by import, primitives
by name and types, functions of other texts by symbol. `environment_of` takes all of that from
functions at hand. Lines that begin with `#` are comments. A mistake is a `CompileError` with a caret
into the text.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import linecache
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import numpy as np

from pellucid.base.diagnostics import error
from pellucid.base.spans import NO_SPAN, InlineSite, Span
from pellucid.ir.callee import FunctionTarget, Primitive, Ref, Target
from pellucid.ir.effects import Effects
from pellucid.ir.function import MISSING, Block, Function, Param
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Convert,
    Edge,
    Jump,
    Op,
    Raise,
    Release,
    Retain,
    Return,
    Terminator,
    Unreachable,
)
from pellucid.ir.printer import object_text
from pellucid.ir.protocol import UNBOUND
from pellucid.ir.values import Value
from pellucid.types import Signature, Type
from pellucid.types.functions import PyObjectType
from pellucid.types.syntax import SyntaxProblem, TypeScanner, import_object

# Any: constants are Python objects of every kind.


@dataclass
class Environment:
    """What names in the text stand for. `find_primitive` gets a name and the call's types."""

    objects: dict[str, Any] = field(default_factory=dict[str, Any])
    primitives: dict[tuple[str, Signature], Primitive] = field(
        default_factory=dict[tuple[str, Signature], Primitive]
    )
    functions: dict[str, FunctionTarget] = field(default_factory=dict[str, FunctionTarget])
    find_primitive: Callable[[str, Signature], Primitive | None] = lambda _name, _sig: None

    def object(self, path: str) -> Any:
        """The Python object with this path; LookupError if there is none."""
        if path in self.objects:
            return self.objects[path]
        try:
            return import_object(path)
        except ImportError:
            raise LookupError(path) from None

    def primitive(self, name: str, sig: Signature) -> Primitive | None:
        """The primitive with this name and these types."""
        return self.primitives.get((name, sig)) or self.find_primitive(name, sig)


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
    """The functions in `text`; they may call each other by symbol."""
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
        self.environment = environment
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

    def _next_line(self) -> _Line | None:
        """The next line that is not empty or a comment."""
        while self.number < len(self.lines):
            text = self.lines[self.number]
            self.number += 1
            if text.strip() and not text.lstrip().startswith("#"):
                return _Line(text, self.environment)
        return None

    def line(self) -> _Line:
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
        targets = dict(self.environment.functions)
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
        if call.is_function:
            target: Target | None = functions.get(call.name)
        else:
            sig = Signature(call.op.out.typed, tuple(arg.typed for arg in call.op.args))
            target = self.environment.primitive(call.name, sig)
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
            effects = Effects.PURE
            for op in target.fn.ops():
                effects |= op.effects
            if effects != target.effects:
                target.effects = effects
                changed = True


_NAME = re.compile(r'[A-Za-z_$][\w$]*(\.[\w$]+)*|"(\\.|[^"\\])*"', re.ASCII)
_NUMBER = re.compile(r"[-+]?(inf|nan|\d[\d_]*(\.\d*)?([eE][-+]?\d+)?)\b", re.ASCII)
_STRING = re.compile(r"b?('(\\.|[^'\\])*'|\"(\\.|[^\"\\])*\")")
_SPAN = re.compile(r"@(\d+):(\d+)(?:-(\d+):(\d+)(?:\^(\d+):(\d+))?)?")
_ATTRIBUTE = re.compile(r"(symbol|file)=")


class _Line(TypeScanner):
    """Reads one line."""

    def __init__(self, text: str, environment: Environment) -> None:
        super().__init__(text, find_object=environment.object)

    def name(self) -> str:
        found = self.match(_NAME)
        if found is None:
            self.fail("expected a name")
        if not found.startswith('"'):
            return found
        escapes = {"n": "\n"}
        return re.sub(r"\\(.)", lambda m: escapes.get(m[1], m[1]), found[1:-1])

    def names(self) -> list[tuple[str, int]]:
        """`(a, b)` with the place of each name, or nothing."""
        found: list[tuple[str, int]] = []
        if not self.accept("("):
            return found
        while not self.accept(")"):
            self.skip()
            start = self.position
            found.append((self.name(), start))
            if not self.accept(","):
                self.expect(")")
                break
        return found

    def accept_word(self, word: str) -> bool:
        """Read `word` if it is the next whole word."""
        self.skip()
        found = re.compile(rf"{word}(?![\w.$])").match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found is not None

    def constant(self) -> tuple[Any, str | None]:
        """A constant's value, and the path by which it was named."""
        if self.accept_word("ref"):
            path = self.name()
            return self.read_named(path), path
        return self.pyobj(), None

    def read_named(self, path: str) -> Any:
        """The object with the path that was just read."""
        return self.object(path)

    def pyobj(self) -> Any:
        """A constant's value, as `printer.object_text` writes it."""
        self.skip()
        string = self.match(_STRING)
        if string is not None:
            return ast.literal_eval(string)
        number = self.match(_NUMBER)
        if number is not None:
            return float(number) if re.search(r"[.eEn]", number) else int(number)
        if self.peek("("):
            return tuple(self._pyobjs())
        start = self.position
        word = self.name()
        if word in _CONSTANT_WORDS:
            return _CONSTANT_WORDS[word]
        if word in {"ref", "object"}:
            return self.object(self.name())
        if word in {"complex", "slice", "range"}:
            return {"complex": complex, "slice": slice, "range": range}[word](*self._pyobjs())
        module, _, member = word.rpartition(".")
        if module == "numpy":
            return getattr(np, member)(*self._pyobjs())
        return self.fail(f"`{word}` is no constant", start)

    def _pyobjs(self) -> list[Any]:
        self.expect("(")
        found: list[Any] = []
        while not self.accept(")"):
            found.append(self.pyobj())
            if not self.accept(","):
                self.expect(")")
                break
        return found

    def span(self, file: str) -> Span | None:
        """`@line:col-line:col^line:col`, with `in "file"` where it is another; parts may lack."""
        self.skip()
        found = _SPAN.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        numbers = [None if g is None else int(g) for g in found.groups()]
        line, col, end_line, end_col, anchor_line, anchor_col = numbers
        assert line is not None
        assert col is not None
        if self.accept_word("in"):
            file = self.name()
        return Span(
            file,
            line,
            col,
            line if end_line is None else end_line,
            col if end_col is None else end_col,
            line if anchor_line is None else anchor_line,
            col if anchor_col is None else anchor_col,
        )


_CONSTANT_WORDS: dict[str, Any] = {
    "None": None,
    "True": True,
    "False": False,
    "Ellipsis": ...,
    "UNBOUND": UNBOUND,
}


class _FunctionParser:
    """One function: values and blocks by name, made when first mentioned."""

    def __init__(self, parser: _Parser, header: _Line) -> None:
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
            elif line.accept_word("library"):
                fn.is_library = True
            else:
                fn.span = line.span(fn.file) or line.fail("expected `{`")
        line.end()
        return fn

    def _params(self, line: _Line, fn: Function) -> None:
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

    def _param(self, line: _Line, fn: Function, kind: int) -> None:
        value_name = line.name()
        name = line.name() if line.accept_word("as") else value_name
        ty = line.type() if line.accept(":") else None
        default = line.pyobj() if line.accept("=") else MISSING
        fn.params.append(Param(name, int(kind), default))
        self.entry.append((value_name, ty))

    def _block_header(self, line: _Line) -> Block:
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
        line.expect(":")
        line.end()
        return block

    # Names --------------------------------------------------------------------------------------

    def _block(self, name: str) -> Block:
        if name not in self.blocks:
            self.blocks[name] = Block(name)
        return self.blocks[name]

    def _definition(self, line: _Line) -> Value:
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

    def _value(self, line: _Line) -> Value:
        line.skip()
        start = line.position
        return self._mention(line.name(), start)

    def _mention(self, name: str, position: int) -> Value:
        self.mentioned.append((name, self.parser.number, position))
        return self.values.setdefault(name, Value(name))

    def _values(self, line: _Line) -> list[Value]:
        return [self._mention(name, position) for name, position in line.names()]

    def _edge(self, line: _Line) -> Edge:
        line.skip()
        self.targets.append((line.name(), self.parser.number, line.position))
        return Edge(self._block(self.targets[-1][0]), self._values(line))

    # Ops ----------------------------------------------------------------------------------------

    def _op(self, line: _Line, block: Block) -> None:
        op = self._statement(line) or self._defining_op(line)
        op.span = line.span(self.fn.file) or NO_SPAN
        op.inlined_at = self._inline_site(line)
        line.end()
        if isinstance(op, Terminator):
            block.terminator = op
        else:
            block.ops.append(op)

    def _statement(self, line: _Line) -> Op | None:
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
                return Raise(self._value(line), self._cleanup(line))
            case "unreachable":
                return Unreachable()
            case _:
                return line.fail(f"`{word}` is not an op", start)

    def _defining_op(self, line: _Line) -> Op:
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

    def _cleanup(self, line: _Line) -> tuple[Value, ...]:
        return tuple(self._values(line)) if line.accept_word("cleanup") else ()

    def _call(self, line: _Line, out: Value) -> Call:
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

    def _parenthesised(self, line: _Line) -> Value:
        line.expect("(")
        value = self._value(line)
        line.expect(")")
        return value

    def _origin(self, line: _Line) -> Ref | Value:
        if line.peek("("):
            return self._parenthesised(line)
        path = line.name()
        try:
            return Ref(path, self.parser.environment.object(path))
        except LookupError:
            return Ref(path, None)  # a typed call knows its target; the origin is for people

    def _object(self, line: _Line, path: str, start: int) -> Any:
        try:
            return self.parser.environment.object(path)
        except LookupError:
            line.fail(f"there is no `{path}`", start)

    def _args(self, line: _Line, op: Call) -> None:
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

    def _inline_site(self, line: _Line) -> InlineSite | None:
        sites: list[tuple[str, Span]] = []
        while line.accept_word("inlined"):
            sites.append((line.name(), line.span(self.fn.file) or NO_SPAN))
        site: InlineSite | None = None
        for name, span in reversed(sites):
            site = InlineSite(name, span, site)
        return site


# What functions at hand mention ----------------------------------------------------------------


def environment_of(functions: Iterable[Function]) -> Environment:
    """All that the text of `functions` names."""
    found = Environment()
    for fn in functions:
        for value in fn.values():
            if value.ty is not None:
                found.objects.update(_named_in_type(value.ty))
        if fn.sig is not None:
            found.objects.update(_named_in_type(fn.sig.ret))
        for param in fn.params:
            if param.default is not MISSING:
                _add_constant(found, param.default)
        for op in fn.ops():
            if isinstance(op, Const):
                if op.path is not None:
                    found.objects.setdefault(op.path, op.value)
                _add_constant(found, op.value)
            elif isinstance(op, Call):
                _add_call(found, op)
    return found


def _add_call(found: Environment, op: Call) -> None:
    if isinstance(op.callee, Ref) and op.callee.pyobj is not None:
        found.objects.setdefault(op.callee.path, op.callee.pyobj)
    if isinstance(op.target, FunctionTarget):
        found.functions[op.target.symbol] = op.target
    elif op.target is not None:
        found.primitives[op.target.name, op.target.sig] = op.target


def _add_constant(found: Environment, value: Any) -> None:
    if type(value) is tuple:
        for item in cast("tuple[Any, ...]", value):
            _add_constant(found, item)
        return
    kind, _, path = object_text(value).partition(" ")
    if kind in {"object", "ref"}:
        found.objects.setdefault(path.strip('"'), value)


def _named_in_type(ty: object) -> Iterator[tuple[str, Any]]:
    """The Python objects that a type's text names."""
    if isinstance(ty, PyObjectType):
        yield ty.path, ty.pyobj
    elif isinstance(ty, tuple):
        for item in cast("tuple[object, ...]", ty):
            yield from _named_in_type(item)
    elif isinstance(ty, Type) and dataclasses.is_dataclass(ty):
        code, name = getattr(ty, "code", None), getattr(ty, "name", None)
        if code is not None and isinstance(name, str):
            yield name, code
        for member in dataclasses.fields(ty):
            yield from _named_in_type(getattr(ty, member.name))


__all__ = [
    "Environment",
    "environment_of",
    "parse_function",
    "parse_functions",
]
