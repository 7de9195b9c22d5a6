"""Lowers `with objmode(...)`: the block goes to Python's interpreter (`ir/object_mode.py`).

The block is compiled by Python itself, as a function in the place where it stands: so names,
tracebacks and what may be written there are Python's. The variables that it reads are inputs;
those that it sets and that are used later must be listed, with their types.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Sequence
from types import FunctionType
from typing import Any

from pellucid.base.diagnostics import CompileError, Diagnostic, Label
from pellucid.frontend.context import Context
from pellucid.frontend.python_code import cells_of, make_function, plain_arguments
from pellucid.frontend.reading import needed_names
from pellucid.frontend.scopes import collect_names
from pellucid.ir.object_mode import PythonBlock, objmode
from pellucid.ir.protocol import BUILD_TUPLE, GETITEM, RUN_BLOCK
from pellucid.types import Type, pyobject
from pellucid.types.syntax import type_from_text

_LEAVING = (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)
_LOOPS = (ast.For, ast.While, ast.AsyncFor)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def find_block(cx: Context, node: ast.With) -> ast.Call | None:
    """The call of `objmode`, if the statement is such a block."""
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call):
            known = cx.find_static(call.func)
            if known is not None and known.pyobj is objmode:
                return call
    return None


def lower_block(cx: Context, node: ast.With, call: ast.Call) -> None:
    """Run the block by the interpreter."""
    if not _check_form(cx, node, call):
        return
    set_names = collect_names(node.body, has_walrus=True).bound
    outputs = _outputs(cx, call, set_names)
    span = cx.positions.span(call)
    wanted = [
        n
        for n in needed_names(node.body)
        if cx.is_variable(n.id) and not _is_only_read_by(cx, n.id)
    ]
    values = [cx.load(name) for name in wanted]
    inputs = tuple(name.id for name in wanted)
    function = _make_function(cx, node, inputs, [name for name, _ in outputs])
    block = PythonBlock(function, inputs, tuple(outputs))
    given = cx.call(span, BUILD_TUPLE, *values, hint="inputs")
    results = cx.call(span, RUN_BLOCK, cx.const(span, block, "block"), given, hint="outputs")
    listed = {keyword.arg: keyword for keyword in call.keywords}
    for index, (name, _) in enumerate(outputs):
        value = cx.call(span, GETITEM, results, cx.const(span, index), hint=name)
        target = ast.copy_location(ast.Name(name, ast.Store()), listed[name])
        cx.store(target, value)
    for name in sorted(set_names):
        if name not in listed and cx.is_local(name):
            cx.unbind(name, call)
            cx.unlisted.setdefault(name, call)


def _is_only_read_by(cx: Context, name: str) -> bool:
    """Whether a captured variable is read in blocks only: Python itself has it, from its cell."""
    if cx.is_local(name):
        return False
    if cx.parent is not None:
        return _is_only_read_by(cx.parent, name)
    if name not in cx.cells or name in cx.shared_cells:
        return False
    return name not in _names_outside_blocks(cx, cx.node)


def _names_outside_blocks(cx: Context, node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Name):
        yield node.id
    if not isinstance(node, ast.With) or find_block(cx, node) is None:
        for child in ast.iter_child_nodes(node):
            yield from _names_outside_blocks(cx, child)


def _check_form(cx: Context, node: ast.With, call: ast.Call) -> bool:
    """Note what such a block cannot be."""
    before = len(cx.diagnostics)
    if len(node.items) > 1 or node.items[0].optional_vars is not None:
        cx.refuse(node, "`with objmode` blocks with `as` or with other context managers", "")
    if call.args or any(keyword.arg is None for keyword in call.keywords):
        help_text = "name what the block sets, with its type: objmode(y='float64')"
        cx.refuse(call, "positional arguments of `objmode`", help_text)
    for part, what in _leaving(node.body, in_loop=False):
        cx.refuse(part, f"{what} in an `objmode` block", "move it behind the block")
    for part in ast.walk(ast.Module(node.body, [])):
        if isinstance(part, ast.With) and find_block(cx, part) is not None:
            cx.refuse(part, "`objmode` blocks inside `objmode` blocks", "take the inner one away")
        if isinstance(part, ast.Nonlocal):
            cx.refuse(part, "`nonlocal` declarations in an `objmode` block")
    return len(cx.diagnostics) == before


def _leaving(body: Iterable[ast.AST], *, in_loop: bool) -> Iterable[tuple[ast.AST, str]]:
    """The statements by which control would leave the block."""
    for node in body:
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, _LEAVING):
            yield node, f"`{type(node).__name__.lower().removesuffix('from')}`"
        if isinstance(node, (ast.Break, ast.Continue)) and not in_loop:
            yield node, f"a `{type(node).__name__.lower()}` of a loop outside"
        if isinstance(node, _LOOPS):
            yield from _leaving([*node.body], in_loop=True)
            yield from _leaving(node.orelse, in_loop=in_loop)
        else:
            yield from _leaving(ast.iter_child_nodes(node), in_loop=in_loop)


# -- what goes in and out ---------------------------------------------------------------------


def _outputs(cx: Context, call: ast.Call, set_names: Iterable[str]) -> list[tuple[str, Type]]:
    found: list[tuple[str, Type]] = []
    for keyword in call.keywords:
        assert keyword.arg is not None
        if keyword.arg not in set_names:
            cx.note(
                Diagnostic(
                    "objmode-output",
                    f"`{keyword.arg}` is a non-outgoing variable: the block does not set it",
                    Label(cx.positions.span(keyword.value), "listed here"),
                    help="take it out of the list",
                )
            )
            continue
        ty = _output_type(cx, keyword.value)
        if ty is not None:
            found.append((keyword.arg, ty))
    return found


def _output_type(cx: Context, node: ast.expr) -> Type | None:
    """The type that an annotation names: text, or an expression that Python evaluates."""
    label = Label(cx.positions.span(node))
    try:
        value = _evaluate(cx, node)
        ty = type_from_text(value) if isinstance(value, str) else value
    except CompileError as problem:
        found = problem.diagnostics[0]
        cx.note(Diagnostic("unknown-name", found.headline, label, (), found.notes, found.help))
        return None
    except Exception as problem:
        cx.note(Diagnostic("unknown-name", f"{type(problem).__name__}: {problem}", label))
        return None
    if ty is ...:  # whatever it is: an object
        return pyobject
    if isinstance(ty, Type):
        return ty
    headline = f"{ty!r} is not a type"
    help_text = "write a type, or its name: 'float64[:, :]'"
    cx.note(Diagnostic("objmode-output", headline, label, help=help_text))
    return None


def _evaluate(cx: Context, node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    code = compile(ast.Expression(node), cx.fn.file, "eval")
    pyfunc = cx.scope.pyfunc
    cells = cells_of(pyfunc)
    names = {name: cells[name].cell_contents for name in code.co_names if name in cells}
    return eval(code, pyfunc.__globals__, names)


# -- the function -----------------------------------------------------------------------------


def _make_function(
    cx: Context, node: ast.With, inputs: Sequence[str], outputs: Sequence[str]
) -> FunctionType:
    """The block as a Python function, at the place where the block stands."""
    names = [ast.Name(name, ast.Load()) for name in outputs]
    ends: list[ast.stmt] = [ast.Return(ast.Tuple([*names], ast.Load()))]
    outer = [name for name, stmt in cx.outer.items() if isinstance(stmt, ast.Global)]
    starts: list[ast.stmt] = [ast.Global(outer)] if outer else []
    inner = ast.FunctionDef(
        cx.fn.name.rpartition(".")[2],
        plain_arguments(inputs),
        [*starts, *copy.deepcopy(node.body), *ends],
        [],
    )
    for made in (inner, *ends, *starts):
        ast.copy_location(made, node)
    pyfunc = cx.scope.pyfunc
    return make_function(inner, pyfunc, cx.fn.file, cx.positions.offset, cells_of(pyfunc))
