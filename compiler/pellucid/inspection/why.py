"""Why a variable has its type: the chain of expressions and lines that gave it.

    found = explain_types(frame)       # of an inferred function, or of one that inference refused
    found.variables["z"]               # one `Reason` for each assignment
    print(found.render("z"))

    z: float64 ← z = x / y (line 4) ← int64 / int64
    ├─ x: int64 ← argument
    └─ y: int64 ← y = len(xs) (line 3) ← len(array(int64, 1d, C))
       └─ xs: array(int64, 1d, C) ← argument

The records hold text and numbers only; nothing here decides a type.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from dataclasses import dataclass, field

from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments
from pellucid.inference.candidates import OPERATORS, did_you_mean, display_types
from pellucid.inference.frame import ERROR, Frame
from pellucid.inspection.type_text import shown_type
from pellucid.ir.callee import Ref
from pellucid.ir.function import Block
from pellucid.ir.ops import Call, Const, Op, Return
from pellucid.ir.protocol import BUILD_TUPLE, ITER_START, ITER_VALUE
from pellucid.ir.values import Value
from pellucid.types import BoundMethod, Literal, Type
from pellucid.types.unify import unify

DEPTH = 8
WIDTH = 60
RETURN = "return"
"""The name under which the return value is asked for."""


@dataclass(frozen=True)
class Reason:
    """`name` (a variable, or the text of an expression) has the type `type` because of `rule`.

    `text` is the source that says so, on `line`; `causes` are why the operands have their types.
    """

    name: str
    type: str
    line: int
    text: str
    rule: str
    causes: tuple[Reason, ...] = ()

    def render(self) -> str:
        """The tree as text; what was told before is not told again."""
        return "\n".join(self._lines("", "", set()))

    def _lines(self, first: str, rest: str, told_before: set[Reason]) -> Iterator[str]:
        told = f" ← {self.text}" if self.text and self.text != self.name else ""
        place = f" (line {self.line})" if self.line else ""
        rule = f" ← {self.rule}" if self.rule else ""
        if self.causes and self in told_before:
            rule = " (as above)"
        yield f"{first}{self.name}: {self.type}{told}{place}{rule}"
        if self in told_before:
            return
        told_before.add(self)
        for cause in self.causes:
            is_last = cause is self.causes[-1]
            yield from cause._lines(
                rest + ("└─ " if is_last else "├─ "),
                rest + ("   " if is_last else "│  "),
                told_before,
            )


@dataclass(frozen=True)
class TypeReasons:
    """The variables of one function for one tuple of argument types.

    `mistakes` are what inference refused, where it did.
    """

    function: str
    arguments: tuple[str, ...]
    variables: dict[str, tuple[Reason, ...]]
    mistakes: tuple[str, ...] = field(default=())

    def render(self, name: str | None = None) -> str:
        """Why `name` has its type; without a name, the types of all variables."""
        if name is None:
            lines = [f"{self.function}({', '.join(self.arguments)})"]
            for each, reasons in self.variables.items():
                types = " or ".join(dict.fromkeys(reason.type for reason in reasons))
                places = sorted({reason.line for reason in reasons if reason.line})
                where = f"  line {', '.join(map(str, places))}" if places else ""
                lines.append(f"  {each}: {types}{where}")
            return "\n".join([*lines, *self.mistakes])
        if name not in self.variables:
            hint = did_you_mean(name, list(self.variables))
            known = hint or f"there are {', '.join(self.variables) or 'none'}"
            message = f"{self.function} has no variable {name!r}: {known}"
            raise KeyError(message)
        return "\n".join([*(r.render() for r in self.variables[name]), *self.mistakes])


def explain_types(frame: Frame) -> TypeReasons:
    """The reasons for the types of all variables that inference got to."""
    reader = _Reader(frame)
    variables: dict[str, tuple[Reason, ...]] = {}
    for name, values in reader.variables().items():
        reasons = [reader.reason(value, name, frozenset(), 0) for value in values]
        variables[name] = tuple(dict.fromkeys(r for r in reasons if r is not None))
    returned = [
        block.terminator.value for block in frame.reached if isinstance(block.terminator, Return)
    ]
    reasons = [reader.reason(value, RETURN, frozenset(), 0) for value in returned]
    variables[RETURN] = tuple(dict.fromkeys(r for r in reasons if r is not None))
    mistakes = tuple(d.headline for found in frame.errors.values() for d in found)
    types = tuple(str(ty) for ty in frame.arg_tys)
    found = {name: reasons for name, reasons in variables.items() if reasons}
    return TypeReasons(frame.fn.name, types, found, tuple(dict.fromkeys(mistakes)))


class _Reader:
    """Follows values of a frame back to where their types come from."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        fn = frame.fn
        self.makers: dict[Value, Op] = {op.result: op for op in fn.ops() if op.result is not None}
        self.homes: dict[Value, Block] = {p: block for block in fn.blocks for p in block.params}
        self.names: dict[Value, str] = {}
        for value, param in zip(fn.entry.params, fn.params, strict=False):
            self.names[value] = param.name
        for span, value in fn.uses:
            text = source_of(span)
            if text.isidentifier():
                self.names.setdefault(value, text)

    def variables(self) -> dict[str, list[Value]]:
        """The values that each name in the source stands for, in order."""
        found: dict[str, list[Value]] = {}
        for value, name in self.names.items():
            if value in self.frame.types:
                found.setdefault(name, []).append(value)
        return found

    def reason(self, value: Value, name: str, seen: frozenset[Value], depth: int) -> Reason | None:
        """Why `value`, which the source calls `name`, has its type; None if nothing is known."""
        ty = self.frame.types.get(value)
        if ty is None:
            return None
        seen = seen | {value}
        shown, op = _type_text(ty), self.makers.get(value)
        if op is not None:
            return self._made(op, name, shown, seen, depth)
        home = self.homes.get(value)
        if home is None or home is self.frame.fn.entry:
            return Reason(name, shown, 0, "", "argument")
        return self._joined(value, home, name, shown, seen, depth)

    def _made(self, op: Op, name: str, shown: str, seen: frozenset[Value], depth: int) -> Reason:
        text = source_of(op.span)
        line = op.span.line
        if isinstance(op, Const):
            told = _statement(op.span) if name == self.names.get(op.out) else ""
            rule = f"the constant {_cut(repr(op.value))}" if op.path is None else op.path
            return Reason(name, shown, line, told, rule)
        assert isinstance(op, Call), "untyped functions have constants and calls"
        is_named = name in (self.names.get(op.out), RETURN)
        told = _statement(op.span) if is_named else text
        causes = self._causes(op, seen, depth) if depth < DEPTH else ()
        return Reason(name, shown, line, told, self._rule(op), causes)

    def _causes(self, op: Call, seen: frozenset[Value], depth: int) -> tuple[Reason, ...]:
        found: dict[Reason, None] = {}
        for arg in op.args:
            maker = self.makers.get(arg)
            if arg in seen or isinstance(maker, Const):
                continue
            if isinstance(maker, Call) and maker.callee in (ITER_START,):
                continue
            name = self.names.get(arg) or (_cut(source_of(maker.span)) if maker else "")
            if not name and maker is None:
                continue  # a parameter of the compiler's own: a position in a loop
            reason = self.reason(arg, name or "it", seen, depth + 1)
            if reason is not None:
                found[reason] = None
        return tuple(found)

    def _rule(self, op: Call) -> str:
        """The operation on the types of its operands."""
        known = [self.frame.types.get(arg) for arg in op.args]
        types = tuple(ty for ty in known if ty is not None)
        if len(types) < len(known):
            return ""
        shown = [_type_text(ty) for ty in types]
        if not isinstance(op.callee, Ref):
            callee = self.frame.types.get(op.callee)
            inside = ", ".join(shown)
            if isinstance(callee, BoundMethod):
                return f"{callee.receiver.base}.{callee.name}({inside})"
            return f"{callee}({inside})"
        path = op.callee.path
        symbol = OPERATORS.get(path, "").removesuffix("=") if path not in _COMPARE else ""
        symbol = symbol or OPERATORS.get(path, "")
        if symbol and len(shown) == 2:
            return f"{shown[0]} {symbol} {shown[1]}"
        if symbol:
            return f"{symbol} {shown[0]}" if symbol.isalpha() else f"{symbol}{shown[0]}"
        if path == BUILD_TUPLE.path:
            return f"({', '.join(shown)}{',' * (len(shown) == 1)})"
        if path == ITER_VALUE.path:
            return f"an item of {shown[0]}"
        if path == "operator.getitem" and len(shown) == 2:
            return f"{shown[0]}[{shown[1]}]"
        if path == "builtins.getattr" and isinstance(types[1], Literal):
            return f"{shown[0]}.{types[1].value}"
        name = path.rpartition("protocol.")[2].removeprefix("builtins.")
        return f"{name}({display_types(Arguments(types, op.kwnames, op.stars))})"

    def _joined(
        self, value: Value, home: Block, name: str, shown: str, seen: frozenset[Value], depth: int
    ) -> Reason | None:
        """A variable that several ways lead to: why it has its type on each."""
        position = home.params.index(value)
        found: dict[Reason, None] = {}
        joined: Type | None = None
        for source in self.frame.reached:
            for edge in source.terminator.edges():
                if edge.block is not home or edge.args[position] in seen:
                    continue
                arg = edge.args[position]
                ty = self.frame.types.get(arg, ERROR)
                joined = ty if joined is None else unify(joined, ty) or ERROR
                reason = self.reason(arg, self.names.get(arg, name), seen, depth + 1)
                if reason is not None and depth < DEPTH:
                    found[reason] = None
        if len(found) == 1:
            (only,) = found
            return only if only.type == shown else Reason(name, shown, 0, "", "", (only,))
        types = dict.fromkeys(reason.type for reason in found)
        rule = f"{' and '.join(types)} meet" if len(types) > 1 else "the same on every path"
        if joined is ERROR:
            shown = _NO_TYPE
            rule = f"{' and '.join(types)} have no type in common"
        return Reason(name, shown, 0, "", rule, tuple(found))


_NO_TYPE = "no type"
_COMPARE = frozenset({"operator.eq", "operator.ne", "operator.le", "operator.ge"})


def _type_text(ty: Type) -> str:
    if ty is ERROR:
        return _NO_TYPE
    return shown_type(ty.base_ty if isinstance(ty, Literal) else ty.base)


def source_of(span: Span) -> str:
    """The text of a span on one line; of more lines, the first."""
    line = linecache.getline(span.file, span.line).encode()
    end = span.end_col if span.end_line == span.line else len(line)
    return line[span.col : end].decode(errors="replace").strip()


def _statement(span: Span) -> str:
    """The line that holds a span."""
    return _cut(linecache.getline(span.file, span.line).strip())


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
