"""Object mode: a function for the interpreter, with its loops lifted out.

    def f(n):                          def f(n, *, lifted):          def lifted(n, total):
        x = object()                       x = object()                  for i in range(n):
        total = 0                 ->       total = 0                         total += i
        for i in range(n):                 (total,) = lifted(n, total)   return (total,)
            total += i                     return x, total
        return x, total

A loop that is lifted is a function of the variables that it reads, and gives those that it sets
and that are read later; they must have a value before the loop, which may not run at all. What it
`return`s comes back with a mark. The outermost loops are lifted; whether one can be compiled is
found out when it is called (`runtime/lifted.py`).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from types import CellType, FunctionType
from typing import Any

from pellucid.frontend.python_code import cells_of, make_function, plain_arguments
from pellucid.frontend.reading import needed_names, read_all
from pellucid.frontend.scopes import bound_names, iter_parameters
from pellucid.frontend.source import Source, find_source

_KEEPS = (
    *(ast.Yield, ast.YieldFrom, ast.Await, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Lambda, ast.GeneratorExp, ast.Global, ast.Nonlocal, ast.Delete, ast.With, ast.AsyncWith),
    *(ast.AsyncFor, ast.Import, ast.ImportFrom),
)
"""What keeps a loop where it is: it has a meaning there only, or is for the interpreter."""

_FLAG, _VALUE = "has returned", "returned value"
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass
class Plan:
    """A function for the interpreter, of plain positional parameters, and its lifted loops."""

    pyfunc: Any
    source: Source
    node: ast.FunctionDef | ast.AsyncFunctionDef
    loops: list[FunctionType] = field(default_factory=list[FunctionType])

    def make(self, loops: Sequence[Callable[..., Any]]) -> FunctionType:
        """The function; these are asked, with a loop's arguments, for what to call in its place."""
        cells = cells_of(self.pyfunc)
        for index, loop in enumerate(loops):
            cells[_loop_name(index)] = CellType(loop)
        return make_function(self.node, self.pyfunc, self.source.file, self.source.offset, cells)


def plan_function(pyfunc: Any, *, lifts: bool) -> Plan:
    """How the interpreter runs a function."""
    source = find_source(pyfunc)
    node = copy.deepcopy(source.node)
    if isinstance(node, ast.Lambda):
        only = ast.copy_location(ast.Return(node.body), node.body)
        node = ast.copy_location(ast.FunctionDef("<lambda>", node.args, [only], []), node)
    params = [arg.arg for arg, _ in iter_parameters(node.args)]
    plan = Plan(pyfunc, source, node)
    if lifts and isinstance(node, ast.FunctionDef):
        node.body = _Lifter(plan, set(params)).statements(node.body, set(params), [])
    node.args, node.decorator_list, node.returns = plain_arguments(params), [], None
    for arg in node.args.args:
        ast.copy_location(arg, node)
    return plan


def _loop_name(index: int) -> str:
    return f"loop {index + 1}"


class _Lifter:
    """Walks a function's statements, and takes loops out."""

    def __init__(self, plan: Plan, params: Set[str]) -> None:
        self.plan = plan
        code = plan.pyfunc.__code__
        self.own = {*code.co_varnames, *params}
        self.shared = {*code.co_cellvars, *code.co_freevars}

    def statements(
        self, body: list[ast.stmt], known: set[str], rest: list[ast.stmt]
    ) -> list[ast.stmt]:
        """Statements with their loops replaced; `known` have values, `rest` comes after."""
        result: list[ast.stmt] = []
        for index, stmt in enumerate(body):
            after = [*body[index + 1 :], *rest]
            if isinstance(stmt, (ast.For, ast.While)):
                result.extend(self._loop(stmt, known, after))
            else:
                if isinstance(stmt, ast.If):
                    stmt.body = self.statements(stmt.body, set(known), after)
                    stmt.orelse = self.statements(stmt.orelse, set(known), after)
                result.append(stmt)
            read_all([stmt], known, {})
        return result

    def _loop(
        self, loop: ast.For | ast.While, known: Set[str], after: list[ast.stmt]
    ) -> list[ast.stmt]:
        """What stands in the place of a loop."""
        assigned = bound_names(loop)
        read = [name.id for name in needed_names([loop]) if name.id in self.own]
        outputs = sorted(assigned & {name.id for name in needed_names(after)})
        inputs = list(dict.fromkeys([*read, *outputs]))
        fits = set(inputs) <= known and not assigned & self.shared and _may_move(loop)
        if not fits or self.shared.intersection(inputs):
            return [loop]
        returns = any(isinstance(node, ast.Return) for node in ast.walk(loop))
        self._take_out(copy.deepcopy(loop), inputs, outputs, returns=returns)
        chooser = _name(_loop_name(len(self.plan.loops) - 1))
        call = ast.Call(ast.Call(chooser, _names(inputs), []), _names(inputs), [])
        marks = [_FLAG, _VALUE] if returns else []
        if not marks and not outputs:
            stands: list[ast.stmt] = [ast.Expr(call)]
        else:
            targets = [ast.Name(name, ast.Store()) for name in (*marks, *outputs)]
            stands = [ast.Assign([ast.Tuple([*targets], ast.Store())], call)]
        if returns:
            stands.append(ast.If(_name(_FLAG), [ast.Return(_name(_VALUE))], []))
        for stmt in stands:
            for node in ast.walk(stmt):
                ast.copy_location(node, loop)
        return stands

    def _take_out(
        self, loop: ast.stmt, inputs: list[str], outputs: list[str], *, returns: bool
    ) -> None:
        """Make the function of a loop."""
        plan = self.plan
        results = _names(outputs)
        body: list[ast.stmt] = [loop]
        if returns:
            body = [_Returns(outputs).visit(loop)]
            results = [ast.Constant(False), ast.Constant(None), *results]
        if results:
            body.append(ast.Return(ast.Tuple(results, ast.Load())))
        name = f"{plan.node.name} {_loop_name(len(plan.loops))}"
        node = ast.FunctionDef(name, plain_arguments(inputs), body, [])
        for part in (node, *node.args.args, *body[1:]):
            ast.copy_location(part, loop)
        ast.fix_missing_locations(node)
        source = plan.source
        made = make_function(
            copy.deepcopy(node), plan.pyfunc, source.file, source.offset, cells_of(plan.pyfunc)
        )
        made.__pellucid_source__ = replace(source, node=node)  # type: ignore[attr-defined]  # for `find_source`
        plan.loops.append(made)


def _may_move(loop: ast.AST) -> bool:
    return not any(isinstance(node, _KEEPS) for node in ast.walk(loop))


class _Returns(ast.NodeTransformer):
    """`return x` as `return (True, x, outputs...)`."""

    def __init__(self, outputs: Iterable[str]) -> None:
        self.outputs = list(outputs)

    def visit_Return(self, node: ast.Return) -> ast.Return:
        value = node.value or ast.Constant(None)
        items = [ast.Constant(True), value, *_names(self.outputs)]
        made = ast.Return(ast.Tuple(items, ast.Load()))
        return ast.fix_missing_locations(ast.copy_location(made, node))


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _names(names: Iterable[str]) -> list[ast.expr]:
    return [_name(name) for name in names]
