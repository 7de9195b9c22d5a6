"""Types of names: what stands written in the source, and what pointing at a variable tells.

Reading a variable makes no operation; the front end keeps each name with the value that it stands
for (`Function.uses`), and inference gives that value its type. A name in a function that is defined
inside another may have several types, one for each way in which it is called: then nothing is said.

    def f(xs: array(float64, 1d, C)):         (arguments: the signature's types)
        s: float64 = 0.0                      (first binding of each name)
        for x: float64 in xs:
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pellucid.base.spans import Span
from pellucid.inspection.type_text import shown_type
from pellucid.ir.function import Function
from pellucid.types import Undefined

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Binding:
    """The first place where a name is bound, in file lines and byte columns: its end."""

    name: str
    line: int
    end_col: int
    col: int
    ty: str


class NameTypes:
    """The names of one function, and of `inner` ones in it, as inference typed them."""

    def __init__(
        self, node: ast.AST, offset: int, fn: Function, inner: Sequence[Function] = ()
    ) -> None:
        self.node = node
        self.offset = offset
        self.fn = fn
        self._types = _types_of_uses([fn, *inner])

    def arguments(self) -> Iterator[Binding]:
        """Each parameter that has a type, where it is declared."""
        types = {p.name: v.ty for p, v in zip(self.fn.params, self.fn.entry.params, strict=True)}
        if not isinstance(self.node, _FUNCTIONS):
            return
        args = self.node.args
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs):
            ty = types.get(arg.arg)
            # An annotation says what the user meant; the mark after it says what it is.
            if ty is not None and arg.end_col_offset is not None:
                line = (arg.end_lineno or arg.lineno) + self.offset
                yield Binding(arg.arg, line, arg.end_col_offset, arg.col_offset, shown_type(ty))
        yield from self._inner_arguments()

    def _inner_arguments(self) -> Iterator[Binding]:
        """The parameters of functions inside it, whose types are those of where they are read."""
        for node in ast.walk(self.node):
            if node is self.node or not isinstance(node, (ast.FunctionDef, ast.Lambda)):
                continue
            body = node.body if isinstance(node.body, list) else [node.body]
            reads = [n for part in body for n in ast.walk(part) if isinstance(n, ast.Name)]
            args = node.args
            for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs):
                places = ((n.lineno + self.offset, n.col_offset) for n in reads if n.id == arg.arg)
                ty = next((self._types[at][1] for at in places if at in self._types), None)
                if ty is not None and arg.end_col_offset is not None:
                    line = (arg.end_lineno or arg.lineno) + self.offset
                    yield Binding(arg.arg, line, arg.end_col_offset, arg.col_offset, ty)

    def bindings(self) -> Iterator[Binding]:
        """The first binding of each local name, where its type is known."""
        yield from self._bindings_in(self.node, {param.name for param in self.fn.params})
        for node in ast.walk(self.node):
            if node is not self.node and isinstance(node, ast.FunctionDef):
                args = node.args
                own = (*args.posonlyargs, *args.args, *args.kwonlyargs)
                outer = [n for n in node.body if isinstance(n, (ast.Nonlocal, ast.Global))]
                seen = {arg.arg for arg in own} | {name for n in outer for name in n.names}
                yield from self._bindings_in(node, seen)

    def _bindings_in(self, scope: ast.AST, seen: set[str]) -> Iterator[Binding]:
        for target in _targets(scope):
            line = target.lineno + self.offset
            ty = self._types.get((line, target.col_offset))
            if target.id not in seen and ty is not None:
                seen.add(target.id)
                end = target.end_col_offset or target.col_offset
                yield Binding(target.id, line, end, target.col_offset, ty[1])

    def names(self) -> Iterator[tuple[Span, str]]:
        """Each name whose type is known, read or bound, as a span anchored at it."""
        return iter(self._types.values())


def _targets(scope: ast.AST) -> list[ast.Name]:
    """Names that a function itself binds, in source order."""
    found: list[ast.Name] = []
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node)
        if not isinstance(node, _FUNCTIONS):
            todo.extend(ast.iter_child_nodes(node))
    return sorted(found, key=lambda name: (name.lineno, name.col_offset))


def _types_of_uses(functions: Sequence[Function]) -> dict[tuple[int, int], tuple[Span, str]]:
    """By line and column of each name: its span, and the type of what it stands for."""
    found: dict[tuple[int, int], tuple[Span, str]] = {}
    unclear: set[tuple[int, int]] = set()
    for fn in functions:
        # `x += 1` reads and binds one name: what it holds afterwards counts.
        own = {
            (s.line, s.col): (s, shown_type(v.typed.base)) for s, v in fn.uses if _has_type(v.ty)
        }
        unclear |= {key for key in own.keys() & found.keys() if own[key] != found[key]}
        found |= own
    return {key: use for key, use in found.items() if key not in unclear}


def _has_type(ty: object) -> bool:
    return ty is not None and not isinstance(ty, Undefined)
