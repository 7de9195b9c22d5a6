"""`build_function`: the front end as a whole, in the order in which it works."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from pellucid.base.diagnostics import Diagnostic, Label, compile_error
from pellucid.base.spans import Span
from pellucid.frontend.closures import lower_inner
from pellucid.frontend.context import Context
from pellucid.frontend.functions import Setting, lower_function, new_context
from pellucid.frontend.positions import Positions
from pellucid.frontend.scopes import iter_parameters
from pellucid.frontend.sharing import SharingPlan
from pellucid.frontend.source import Source, find_source
from pellucid.ir.function import Function
from pellucid.ir.params import MISSING, Param

_NO_OVERRIDES: Mapping[str, Any] = {}


def build_function(
    pyfunc: Callable[..., Any],
    *,
    is_library: bool = False,
    source: str | None = None,
    overrides: Mapping[str, Any] = _NO_OVERRIDES,
    cells: Sequence[str] = (),
    shared_cells: Set[str] = frozenset(),
    shows_variables: bool = False,
) -> Function:
    """The untyped IR of a Python function; `CompileError` with every mistake found in it.

    `source` is the executed text that made the function, where no file has it. `overrides` gives
    names that mean something else than Python would find now: a function's own name, say, while
    its decorator runs. `cells` are the captured variables whose values come as leading parameters,
    or they themselves where they are `shared_cells`; all others are constants. With
    `shows_variables` debuggers are told of each binding.
    """
    found = find_source(pyfunc, source)
    node = found.node
    positions = Positions(found.file, found.lines, found.offset)
    plan = SharingPlan()
    setting = Setting(pyfunc, overrides, positions, ":=" in found.text, lower_inner, plan)
    while True:
        fn = _new_function(pyfunc, node, setting, found.file, cells)
        fn.is_library = is_library
        cx = new_context(fn, node, setting, own_name=_own_cell(pyfunc) if cells else "")
        cx.shows_variables = shows_variables and not is_library
        cx.shared_cells = shared_cells
        _lower(cx, node, cells)
        if not plan.renew():
            break
    if cx.diagnostics:
        raise compile_error(sorted(cx.diagnostics, key=_place))
    return cx.fn


def _new_function(
    pyfunc: Callable[..., Any],
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    setting: Setting,
    file: str,
    cells: Sequence[str],
) -> Function:
    positions = setting.positions
    return Function(
        pyfunc.__code__.co_name,
        [*map(_cell_param, cells), *_params(pyfunc, node.args, positions)],
        span=positions.function_span(node),
        file=file,
        is_uninterrupted=getattr(pyfunc, "__pellucid_uninterrupted__", False),
        pyfunc=pyfunc,
        is_generator=bool(pyfunc.__code__.co_flags & inspect.CO_GENERATOR),
        captured=len(cells),
        home=pyfunc,
        pycode=pyfunc.__code__,
    )


def _lower(
    cx: Context,
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    cells: Sequence[str],
) -> None:
    cx.cells.update(zip(cells, cx.fn.entry.params, strict=False))
    try:
        lower_function(cx, node)
    except RecursionError:
        _note_too_deep(cx)


def _cell_param(name: str) -> Param:
    return Param(name, inspect.Parameter.POSITIONAL_ONLY)


def _own_cell(pyfunc: Callable[..., Any]) -> str:
    """The captured variable that holds the function itself; empty if none does."""
    for name, cell in zip(pyfunc.__code__.co_freevars, pyfunc.__closure__ or (), strict=True):
        try:
            value = cell.cell_contents
        except ValueError:  # assigned later
            continue
        if getattr(value, "py_func", value) is pyfunc:
            return name
    return ""


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    assert diagnostic.primary is not None, "every mistake of the front end has a place"
    return diagnostic.primary.span.line, diagnostic.primary.span.col


def parameters_of_source(pyfunc: Callable[..., Any], found: Source) -> tuple[list[Param], Span]:
    """The parameters of a Python function, and where it stands."""
    positions = Positions(found.file, found.lines, found.offset)
    return _params(pyfunc, found.node.args, positions), positions.function_span(found.node)


def _params(pyfunc: Callable[..., Any], args: ast.arguments, positions: Positions) -> list[Param]:
    positional = [a.arg for a in (*args.posonlyargs, *args.args)]
    values = pyfunc.__defaults__ or ()
    defaults = dict(zip(positional[len(positional) - len(values) :], values, strict=True))
    defaults |= pyfunc.__kwdefaults__ or {}
    return [
        Param(arg.arg, kind, defaults.get(arg.arg, MISSING), positions.span(arg))
        for arg, kind in iter_parameters(args)
    ]


def _note_too_deep(cx: Context) -> None:
    headline = "expressions or statements nested this deeply are not supported yet"
    cx.note(
        Diagnostic(
            "unsupported-syntax",
            headline,
            Label(cx.fn.span),
            help="split the expression over several statements",
        )
    )
