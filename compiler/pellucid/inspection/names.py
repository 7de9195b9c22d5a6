"""Types of names: what stands written in the source, and what pointing at a variable tells.

The IR has no operation for reading a variable; a name is where its operation's operand came from.
So the type of a name is that of the operand of the smallest operation around it that carries the
name, and a binding's is that of the operation on its right side. Where two candidates of different
types remain, nothing is said: a hint is never a guess.

    def f(xs: array(float64, 1d, C)):         (arguments: the signature's types)
        s: float64 = 0.0                      (first binding of each name)
        for x: float64 in xs:
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pellucid.base.spans import Span
from pellucid.ir.function import Function
from pellucid.ir.ops import Convert, Op
from pellucid.ir.values import Value

_BASE = "."
"""The printer's names: the user's variable, then `.1`, `.2` from the second value on."""


@dataclass(frozen=True)
class Binding:
    """The first place where a name is bound, in file lines and byte columns: its end."""

    name: str
    line: int
    end_col: int
    col: int
    ty: str


def base_name(value: Value) -> str:
    """The user's variable that a value holds (a temporary's own name otherwise)."""
    return value.name.split(_BASE, 1)[0]


def _range(span: Span) -> tuple[int, int, int, int]:
    return (span.line, span.col, span.end_line, span.end_col)


def _node_range(node: ast.expr | ast.stmt, offset: int) -> tuple[int, int, int, int]:
    last = node.end_lineno or node.lineno
    return (node.lineno + offset, node.col_offset, last + offset, node.end_col_offset or 0)


class NameTypes:
    """The names of one function, against its IR as inference left it."""

    def __init__(self, node: ast.AST, offset: int, fn: Function) -> None:
        self.node = node
        self.offset = offset
        self.fn = fn
        self.own = [op for op in fn.ops() if op.span.file == fn.file and op.inlined_at is None]

    def arguments(self) -> Iterator[Binding]:
        """Each parameter that has a type, where it is declared."""
        types = {p.name: v.ty for p, v in zip(self.fn.params, self.fn.entry.params, strict=True)}
        if not isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        args = self.node.args
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs):
            ty = types.get(arg.arg)
            # An annotation says what the user meant; the mark after it says what it is.
            if ty is not None and arg.end_col_offset is not None:
                line = (arg.end_lineno or arg.lineno) + self.offset
                yield Binding(arg.arg, line, arg.end_col_offset, arg.col_offset, str(ty))

    def bindings(self) -> Iterator[Binding]:
        """The first binding of each local name whose type is certain."""
        seen = {param.name for param in self.fn.params}
        for target, right in self._targets():
            if target.id in seen:
                continue
            seen.add(target.id)
            ty = self._bound_type(target.id, right)
            if ty is not None:
                line, col, _, end_col = _node_range(target, self.offset)
                yield Binding(target.id, line, end_col, col, ty)

    def loads(self) -> Iterator[tuple[Span, str]]:
        """Each reading of a variable whose type is certain, as a span anchored at the name."""
        for node in ast.walk(self.node):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                line, col, end_line, end_col = _node_range(node, self.offset)
                ty = self._operand_type(node.id, line, col)
                if ty is not None:
                    yield Span(self.fn.file, line, col, end_line, end_col, line, col), ty

    def _targets(self) -> Iterator[tuple[ast.Name, ast.expr | None]]:
        """Names that are bound, in source order, with the expression that is bound to each."""
        found: list[tuple[ast.Name, ast.expr | None]] = []
        for node in ast.walk(self.node):
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    single = isinstance(target, ast.Name)
                    names = [n for n in ast.walk(target) if isinstance(n, ast.Name)]
                    found += [(name, node.value if single else None) for name in names]
            elif isinstance(node, (ast.For, ast.AsyncFor)):
                names = [n for n in ast.walk(node.target) if isinstance(n, ast.Name)]
                found += [(name, None) for name in names]
        found = [pair for pair in found if isinstance(pair[0].ctx, ast.Store)]
        return iter(sorted(found, key=lambda pair: (pair[0].lineno, pair[0].col_offset)))

    def _bound_type(self, name: str, right: ast.expr | None) -> str | None:
        if right is not None:
            where = _node_range(right, self.offset)
            results = [op.result for op in self.own if _range(op.span) == where]
        else:
            results = [op.result for op in self.own if not isinstance(op, Convert)]
        values = [v for v in results if v is not None and base_name(v) == name]
        # Of a name bound again and again, the first value is the one at its first binding.
        return str(values[0].ty) if values and values[0].ty is not None else None

    def _operand_type(self, name: str, line: int, col: int) -> str | None:
        inside = [op for op in self.own if _holds(op.span, line, col)]
        if not inside:
            return None
        smallest = min((_extent(op.span) for op in inside), default=None)
        readers = [op for op in inside if _extent(op.span) == smallest]
        types = {str(v.ty) for op in readers for v in _reads(op) if base_name(v) == name}
        return types.pop() if len(types) == 1 else None


def _reads(op: Op) -> list[Value]:
    return [value for value in op.operands() if value.ty is not None]


def _holds(span: Span, line: int, col: int) -> bool:
    return (span.line, span.col) <= (line, col) < (span.end_line, span.end_col)


def _extent(span: Span) -> tuple[int, int]:
    return (span.end_line - span.line, span.end_col - span.col)
