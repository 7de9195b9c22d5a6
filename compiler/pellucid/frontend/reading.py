"""Which names a piece of source reads before it has certainly set them itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence


def needed_names(body: Sequence[ast.stmt]) -> list[ast.Name]:
    """Where statements first read each name that they may not have set before."""
    found: dict[str, ast.Name] = {}
    read_all(body, set(), found)
    return list(found.values())


def read_all(body: Iterable[ast.AST], known: set[str], found: dict[str, ast.Name]) -> None:
    """Note the names that `body` reads; `known` grows by what it certainly sets."""
    for node in body:
        _read(node, known, found)


def _read(node: ast.AST, known: set[str], found: dict[str, ast.Name]) -> None:
    """Note the names that `node` reads; `known` grows by what it certainly sets."""
    match node:
        case ast.Assign() | ast.AnnAssign():
            read_all([node.value] if node.value is not None else [], known, found)
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            read_all(targets, known, found)
        case ast.AugAssign(target=ast.Name() as target):
            _read_name(target, known, found)
            _read(node.value, known, found)
        case ast.For() | ast.AsyncFor():
            _read(node.iter, known, found)
            inner = set(known)
            _read(node.target, inner, found)
            read_all(node.body, inner, found)
            read_all(node.orelse, set(known), found)
        case ast.If() | ast.While():
            _read(node.test, known, found)
            read_all(node.body, set(known), found)
            read_all(node.orelse, set(known), found)
        case ast.Try() | ast.Match():
            for child in ast.iter_child_nodes(node):
                _read(child, set(known), found)
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            _read_inner(node, known, found)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            known.add(node.name)
            _read_inner(node, known, found)
        case ast.Name(ctx=ast.Load()):
            _read_name(node, known, found)
        case ast.Name(ctx=ast.Store()) | ast.Import() | ast.ImportFrom():
            known |= _set_by(node)
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() | ast.MatchMapping():
            _read_binder(node, known, found)
        case _:
            read_all(ast.iter_child_nodes(node), known, found)


def _set_by(node: ast.Name | ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}


def _read_binder(
    node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar | ast.MatchMapping,
    known: set[str],
    found: dict[str, ast.Name],
) -> None:
    """What binds a name that is no node of its own, before its body and behind its pattern."""
    bound = node.rest if isinstance(node, ast.MatchMapping) else node.name
    if isinstance(node, ast.ExceptHandler):
        read_all([node.type] if node.type is not None else [], known, found)
        known |= {bound} if bound is not None else set()
        read_all(node.body, known, found)
        return
    read_all(ast.iter_child_nodes(node), known, found)
    known |= {bound} if bound is not None else set()


def _read_inner(node: ast.AST, known: set[str], found: dict[str, ast.Name]) -> None:
    """A scope of its own: what it binds is its own, wherever that stands in it."""
    parts = list(ast.walk(node))
    own = {p.id for p in parts if isinstance(p, ast.Name) and not isinstance(p.ctx, ast.Load)}
    own |= {p.arg for p in parts if isinstance(p, ast.arg)}
    for part in parts:
        if isinstance(part, ast.Name) and part.id not in own:
            _read_name(part, known, found)


def _read_name(node: ast.Name, known: set[str], found: dict[str, ast.Name]) -> None:
    if node.id not in known:
        found.setdefault(node.id, node)
