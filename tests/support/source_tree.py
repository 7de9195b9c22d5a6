"""Our own source files, with their room, syntax and imports: what `tests/structure` reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = {
    "pellucid": ROOT / "compiler",
    "pellucid_kernel": ROOT / "kernel_ext",
    "pellucid_widgets": ROOT / "widgets",
}

ROOMS = (
    "base",
    "types",
    "ir",
    "frontend",
    "inference",
    "passes",
    "codegen",
    "backend",
    "cache",
    "runtime",
    "library",
    "targets",
    "inspection",
    "api",
)


@dataclass(frozen=True)
class Import:
    """One imported module or name; `is_late` inside a function, `is_typing` under TYPE_CHECKING."""

    line: int
    module: str
    is_late: bool
    is_typing: bool


@dataclass(frozen=True)
class SourceFile:
    path: Path
    module: str
    tree: ast.Module
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        parts = self.module.split(".")
        is_in_room = len(parts) > 1 and parts[1] in ROOMS
        return parts[1] if is_in_room else "api"


@cache
def source_files(package: str = "pellucid") -> tuple[SourceFile, ...]:
    root = SOURCE_ROOTS[package]
    found = []
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text()
        found.append(SourceFile(path, module, ast.parse(text), text))
    return tuple(found)


@cache
def module_names() -> frozenset[str]:
    return frozenset(file.module for package in SOURCE_ROOTS for file in source_files(package))


def imports(file: SourceFile) -> Iterator[Import]:
    """Each import of the file, with `from a import b` as `a.b` where that is a module."""
    yield from _imports(file.tree, is_late=False, is_typing=False)


def _imports(node: ast.AST, *, is_late: bool, is_typing: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(node.lineno, alias.name, is_late, is_typing)
        return
    if isinstance(node, ast.ImportFrom):
        assert node.module is not None
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            module = inner if inner in module_names() else node.module
            yield Import(node.lineno, module, is_late, is_typing)
        return
    for child in ast.iter_child_nodes(node):
        in_typing = is_typing or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        )
        in_function = is_late or isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        )
        yield from _imports(child, is_late=in_function, is_typing=in_typing)


def functions(file: SourceFile) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(file.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
