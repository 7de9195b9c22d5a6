"""What a name means in a function: a local variable, or a Python object known while compiling.

Globals, builtins and the cells of enclosing functions are constants: they resolve to the object
that they hold now. So do attributes of modules, link by link: `np.random.rand`.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.ir.protocol import callable_path

_LITERAL = (int, float, complex, str, bytes, tuple, np.generic, np.dtype, type(None), type(...))
Import = tuple[ast.Import | ast.ImportFrom, ast.alias]
"""The statement, and the name in it."""

_LOOPS = (ast.For, ast.While, ast.AsyncFor)
_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Known:
    """A Python object that the source refers to. `path` is None where its value is its own text."""

    pyobj: Any  # any Python object
    path: str | None
    text: str


@dataclass(frozen=True)
class Names:
    """The names that a function's body binds, by where it does so first.

    `by_loop` has the names bound or deleted anywhere in each loop statement, `imports` those that
    one import binds and nothing else.
    """

    bound: dict[str, ast.AST] = field(default_factory=dict[str, ast.AST])
    rebound: set[str] = field(default_factory=set[str])
    deleted: set[str] = field(default_factory=set[str])
    outer: dict[str, ast.stmt] = field(default_factory=dict[str, ast.stmt])
    by_loop: dict[ast.AST, set[str]] = field(default_factory=dict[ast.AST, set[str]])
    imports: dict[str, Import] = field(default_factory=dict[str, Import])


def collect_names(body: list[ast.stmt], has_walrus: bool) -> Names:
    """Walk a function's body, not the functions and classes in it."""
    names = Names()
    _Collector(names, has_walrus).visit_all(body)
    for name in names.outer:
        names.bound.pop(name, None)
    return names


def bound_names(node: ast.AST) -> set[str]:
    """The names that one statement binds or deletes."""
    names = Names()
    _Collector(names, has_walrus=True).visit(node)
    return set(names.bound)


def walrus_names(node: ast.AST) -> set[str]:
    """The names that `:=` binds in an expression."""
    names = Names()
    _Collector(names, has_walrus=True).walruses(node, in_comprehension=False)
    return set(names.bound)


def target_names(targets: Iterable[ast.expr]) -> set[str]:
    """The names that assignment targets bind."""
    return {
        part.id
        for target in targets
        for part in ast.walk(target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


class _Collector:
    def __init__(self, names: Names, has_walrus: bool) -> None:
        self.names = names
        self.has_walrus = has_walrus
        self.loops: list[set[str]] = []

    def visit_all(self, body: list[ast.stmt]) -> None:
        for stmt in body:
            self.visit(stmt)

    def visit(self, node: ast.AST) -> None:
        is_loop = isinstance(node, _LOOPS)
        if is_loop:
            names: set[str] = set()
            self.names.by_loop[node] = names
            self.loops.append(names)
        self._visit_one(node)
        if is_loop:
            self.loops.pop()

    def _visit_one(self, node: ast.AST) -> None:
        if isinstance(node, _OWN_SCOPE):
            self.bind(node.name, node)
            return
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            self.names.outer.update(dict.fromkeys(node.names, node))
            return
        if isinstance(node, ast.With):
            # An `objmode` block leaves no value in what it sets and does not list.
            self.names.deleted.update(bound_names(ast.If(ast.Constant(True), node.body, [])))
        if isinstance(node, ast.ExceptHandler) and node.name:
            self.bind(node.name, node)
            self.names.deleted.add(node.name)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                self.bind_import(node, alias)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.expr, ast.pattern)):
                self.expression(child)
            elif not isinstance(child, ast.expr_context):
                self.visit(child)

    def expression(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                self.bind(node.id, node)
                if isinstance(node.ctx, ast.Del):
                    self.names.deleted.add(node.id)
        elif isinstance(node, (ast.Tuple, ast.List)):
            for element in node.elts:
                self.expression(element)
        elif isinstance(node, ast.Starred):
            self.expression(node.value)
        elif isinstance(node, ast.pattern):
            for part in ast.walk(node):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if name:
                    self.bind(name, part)
        elif self.has_walrus:
            self.walruses(node, in_comprehension=False)

    def walruses(self, node: ast.AST, in_comprehension: bool) -> None:
        if isinstance(node, ast.Lambda):
            return
        if isinstance(node, ast.NamedExpr):
            self.bind(node.target.id, node.target)
        inner = in_comprehension or isinstance(node, _COMPREHENSIONS)
        for child in ast.iter_child_nodes(node):
            self.walruses(child, inner)

    def bind_import(self, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> None:
        name = imported_name(alias)
        is_first = name not in self.names.bound
        self.bind(name, alias)
        if is_first:
            self.names.imports[name] = (node, alias)

    def bind(self, name: str, node: ast.AST) -> None:
        self.names.imports.pop(name, None)
        if name in self.names.bound:
            self.names.rebound.add(name)
        self.names.bound.setdefault(name, node)
        for names in self.loops:
            names.add(name)


def imported_name(alias: ast.alias) -> str:
    """The name that an import binds: the first part of a dotted one."""
    return (alias.asname or alias.name).partition(".")[0]


@dataclass(frozen=True)
class Scope:
    """How one function's names resolve."""

    pyfunc: Callable[..., Any]
    locals: Mapping[str, ast.AST | None]  # None: a parameter
    overrides: Mapping[str, Any]

    def find(self, name: str) -> Known | None:
        """The object that a name which is no local variable stands for; None if unknown."""
        if name in self.overrides:
            return known_object(self.overrides[name], name, name)
        code = self.pyfunc.__code__
        if name in code.co_freevars:
            cell = (self.pyfunc.__closure__ or ())[code.co_freevars.index(name)]
            try:
                return known_object(cell.cell_contents, name, name)
            except ValueError:  # an empty cell: nothing was assigned yet
                return self._itself(name)
        module_names = self.pyfunc.__globals__
        if name in module_names:
            module = module_names.get("__name__", "?")
            return known_object(module_names[name], f"{module}.{name}", name)
        if name == self.pyfunc.__name__:
            return self._itself(name)
        found = _builtins_of(self.pyfunc)
        return known_object(found[name], f"builtins.{name}", name) if name in found else None

    def has_empty_cell(self, name: str) -> bool:
        """Whether the name is an enclosing function's variable without a value."""
        return name in self.pyfunc.__code__.co_freevars

    def suggestion(self, name: str) -> str:
        """What may be meant by a name that means nothing; empty if there is no idea."""
        near = [*self.locals, *self.pyfunc.__code__.co_freevars]
        module_names = self.pyfunc.__globals__
        for module_name, module in module_names.items():
            if inspect.ismodule(module) and hasattr(module, name):
                return f"{module_name}.{name}"
        far = [*module_names, *_builtins_of(self.pyfunc)]
        return closest(name, near) or closest(name, far)

    def _itself(self, name: str) -> Known | None:
        """A function refers to itself before anything was assigned to its name."""
        return known_object(self.pyfunc, name, name) if name == self.pyfunc.__name__ else None


def find_attribute(base: Known, name: str) -> Known | None:
    """An attribute of a module; None if there is none."""
    found = getattr(base.pyobj, name, _NONE)
    if found is _NONE:
        return None
    return known_object(found, f"{base.pyobj.__name__}.{name}", f"{base.text}.{name}")


def closest(name: str, candidates: list[str]) -> str:
    """The candidate most like `name`; empty if none is."""
    found = difflib.get_close_matches(name, candidates, n=1, cutoff=0.75)
    return found[0] if found else ""


_NONE = object()


def known_object(pyobj: Any, path: str, text: str) -> Known:
    """A Python object as the source refers to it."""
    if isinstance(pyobj, _LITERAL):
        return Known(pyobj, None, text)
    if inspect.ismodule(pyobj):
        return Known(pyobj, pyobj.__name__, text)
    if callable(pyobj) and (hasattr(pyobj, "__qualname__") or isinstance(pyobj, np.ufunc)):
        return Known(pyobj, callable_path(pyobj), text)
    return Known(pyobj, path, text)


def _builtins_of(pyfunc: Callable[..., Any]) -> Mapping[str, Any]:
    return getattr(pyfunc, "__builtins__", None) or vars(builtins)


def iter_parameters(args: ast.arguments) -> Iterator[tuple[ast.arg, int]]:
    """A function's parameters in the order of its code object's variables, `*args` in its place."""
    kinds = inspect.Parameter
    for arg in args.posonlyargs:
        yield arg, kinds.POSITIONAL_ONLY
    for arg in args.args:
        yield arg, kinds.POSITIONAL_OR_KEYWORD
    if args.vararg is not None:
        yield args.vararg, kinds.VAR_POSITIONAL
    for arg in args.kwonlyargs:
        yield arg, kinds.KEYWORD_ONLY
    if args.kwarg is not None:
        yield args.kwarg, kinds.VAR_KEYWORD
