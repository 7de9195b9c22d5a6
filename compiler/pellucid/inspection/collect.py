"""From a compilation to its Report: the only reader of compiler objects.

In:   `Evidence`: what the stages of one compilation left behind, as far as it got.
Out:  a `Report`. Every level is joined by the location of operations; see `spans.py`.

Nothing is decided here, and a failed compilation gives a Report too: its message, and the source
as far as it was understood.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from pellucid.backend.remarks import Remark
from pellucid.base import diagnostics as base
from pellucid.base.events import Event as CompilerEvent
from pellucid.base.options import Options
from pellucid.base.render import render
from pellucid.base.spans import NO_SPAN
from pellucid.base.spans import Span as CompilerSpan
from pellucid.frontend.source import Source as FoundSource
from pellucid.inspection.ir_text import graph_from_function, text_from_function
from pellucid.inspection.names import Binding, NameTypes
from pellucid.inspection.python_operations import REASONS, PythonOperation, python_operations
from pellucid.inspection.recorder import Recorder
from pellucid.inspection.report import (
    Argument,
    Call,
    Diagnostic,
    Event,
    Function,
    Hint,
    Label,
    Report,
    Scalar,
    Source,
    Stats,
    Text,
)
from pellucid.inspection.spans import SpanTable, build_table, read_tokens, utf16_column
from pellucid.inspection.texts import text_from_asm, text_from_llvm
from pellucid.inspection.type_text import shown_type
from pellucid.inspection.why import TypeReasons
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.function import Function as IrFunction
from pellucid.ir.ops import Call as CallOp
from pellucid.ir.ops import Const, Convert
from pellucid.types import Generator, Type

_REPORT_NUMBERS = count(1)
_WHY_LINES = 8


@dataclass
class Evidence:
    """What one compilation left behind; what it did not reach is empty.

    `stages` are (name, title, function) in order: as inference left it, then after our passes; of a
    generator function, those of its body, and then what a call does. `inner` are the functions
    defined inside it, as inference left them; `called` is what a call of a generator function does,
    `reasons` why its variables have their types, `symbols` what machine code is its own.
    """

    pyfunc: Any  # the user's function: any Python callable
    source: FoundSource
    arg_tys: tuple[Type, ...]
    options: Options
    recorder: Recorder
    untyped: IrFunction | None = None
    stages: list[tuple[str, str, IrFunction]] = field(
        default_factory=list[tuple[str, str, IrFunction]]
    )
    inner: list[IrFunction] = field(default_factory=list[IrFunction])
    called: IrFunction | None = None
    reasons: TypeReasons | None = None
    symbols: set[str] = field(default_factory=set[str])
    generated: str = ""
    optimised: str = ""
    assembly: str = ""
    remarks: Sequence[Remark] = ()
    processor: str = ""
    diagnostics: Sequence[base.Diagnostic] = ()
    stats: Stats = field(default_factory=Stats)
    cell: str | None = None
    cell_offset: int = 0


def collect(evidence: Evidence) -> Report:
    """The Report of one compilation."""
    inferred = evidence.called or (evidence.stages[0][2] if evidence.stages else None)
    names = _names(evidence, inferred)
    typed = [] if inferred is None else [inferred, *evidence.inner]
    operations = python_operations(
        evidence.pyfunc, evidence.source, evidence.untyped, typed, evidence.options
    )
    spans = _all_spans(evidence, names, operations)
    table = build_table(spans, evidence.source.file, _lines_of)
    if inferred is not None and inferred.span.key in table.ids:
        table.heads[inferred.file, inferred.span.line] = table.ids[inferred.span.key]
    first = evidence.source.node.lineno + evidence.source.offset
    text = evidence.source.text
    return Report(
        id=f"{evidence.pyfunc.__name__}-{next(_REPORT_NUMBERS)}",
        status="failed" if evidence.diagnostics else "ok",
        function=_function(evidence, inferred),
        files=table.files,
        source=Source(
            text,
            first,
            evidence.cell_offset,
            evidence.cell,
            read_tokens(text, first, table.spans),
            _hints(names, table, evidence.reasons),
        ),
        spans=table.spans,
        ir=[text_from_function(name, title, fn, table) for name, title, fn in evidence.stages],
        llvm=list(_llvm(evidence, table)),
        asm=list(_asm(evidence, table)),
        cfg=[graph_from_function(name, fn) for name, _, fn in evidence.stages],
        calls=list(_calls(evidence, table)),
        events=[
            *_events(evidence, table, inferred),
            *(_python_event(found, table) for found in operations),
            *filter(None, (_loop_event(remark, table) for remark in evidence.remarks)),
        ],
        timings=evidence.recorder.timings(),
        options=_options(evidence.options),
        diagnostics=[_diagnostic(found, table) for found in evidence.diagnostics],
        stats=evidence.stats,
    )


def _names(evidence: Evidence, inferred: IrFunction | None) -> NameTypes | None:
    if inferred is None:
        return None
    source = evidence.source
    return NameTypes(source.node, source.offset, inferred, evidence.inner)


def inner_functions(untyped: IrFunction, typed: IrFunction) -> list[IrFunction]:
    """The typed functions that were made from functions inside `untyped`, as far as called."""
    places = {fn.span.key for fn in _with_inner(untyped)}
    found: dict[IrFunction, None] = {}
    todo = [typed]
    while todo:
        caller = todo.pop()
        bodies = [body for value in caller.values() if (body := generator_body(value.ty))]
        for fn in (*(target.fn for _, target in _user_targets(caller)), *bodies):
            if fn is not None and fn not in found and fn.span.key in places:
                found[fn] = None
                todo.append(fn)
    return list(found)


def generator_body(ty: Type | None) -> IrFunction | None:
    """The function that goes on, of a generator's type: the body of what was called."""
    return ty.code.frame.target.fn if isinstance(ty, Generator) else None


def _with_inner(untyped: IrFunction) -> list[IrFunction]:
    """A function and those that are defined inside it."""
    found = {untyped: None}
    todo = [untyped]
    while todo:
        for op in todo.pop().ops():
            code = op.value if isinstance(op, Const) else None
            if isinstance(code, IrFunction) and code not in found:
                found[code] = None
                todo.append(code)
    return list(found)


def _lines_of(file: str) -> list[str]:
    return linecache.getlines(file)


# Spans ------------------------------------------------------------------------------------------


def _all_spans(
    evidence: Evidence, names: NameTypes | None, operations: Sequence[PythonOperation]
) -> Iterator[tuple[CompilerSpan, str | None]]:
    """Every operation of every stage, typed where that was done; names; the interpreter's part."""
    types = _types_by_key(evidence)
    functions = [*evidence.inner, *(fn for _, _, fn in evidence.stages)]
    if evidence.untyped is not None:
        functions[:0] = _with_inner(evidence.untyped)
    for fn in functions:
        yield fn.span, None
        for op in fn.ops():
            yield op.span, types.get(op.span.key)
            site = op.inlined_at
            while site is not None:
                yield site.call, types.get(site.call.key)
                site = site.outer
    if names is not None:
        yield from names.names()
    yield from ((found.span, None) for found in operations)


def _inferred(evidence: Evidence) -> list[IrFunction]:
    """The function and those inside it, as inference left them."""
    called = [] if evidence.called is None else [evidence.called]
    return [evidence.stages[0][2], *called, *evidence.inner]


def _types_by_key(evidence: Evidence) -> dict[tuple[str, int, int], str]:
    """The type of each location at which exactly one value is made.

    A `for` makes several (its state, the test, the item) and has no type of its own.
    """
    if evidence.untyped is None or not evidence.stages:
        return {}
    made: dict[tuple[str, int, int], int] = {}
    for fn in _with_inner(evidence.untyped):
        for op in fn.ops():
            if op.result is not None:
                made[op.span.key] = made.get(op.span.key, 0) + 1
    types: dict[tuple[str, int, int], set[str]] = {}
    for fn in _inferred(evidence):
        own: dict[tuple[str, int, int], str] = {}
        for op in fn.ops():
            # A conversion stands at the operation that wanted it, and has that one's type to show.
            # Conversions of arguments come first, and the operation itself last.
            if op.result is not None and not isinstance(op, Convert) and made.get(op.span.key) == 1:
                own[op.span.key] = shown_type(op.result.typed)
        for key, ty in own.items():
            types.setdefault(key, set()).add(ty)
    # A store gives None, which is no type that anyone would look for.
    return {key: ty for key, (ty, *more) in types.items() if not more and ty != "none"}


def _hints(names: NameTypes | None, table: SpanTable, reasons: TypeReasons | None) -> list[Hint]:
    if names is None:
        return []
    return [_hint(found, table, reasons) for found in (*names.arguments(), *names.bindings())]


def _hint(binding: Binding, table: SpanTable, reasons: TypeReasons | None) -> Hint:
    lines = _lines_of(table.files[0])
    line = lines[binding.line - 1] if binding.line <= len(lines) else ""
    span = table.find(table.files[0], binding.line, binding.col)
    column = utf16_column(line, binding.end_col)
    return Hint(binding.name, binding.line, column, binding.ty, span, _why(binding.name, reasons))


def _why(name: str, reasons: TypeReasons | None) -> str:
    """Why a name has its type, in lines enough to see it; nothing for what the caller gave."""
    found = () if reasons is None else reasons.variables.get(name, ())
    lines: list[str] = []
    for reason in found:
        if reason.line:
            lines += reason.render().removeprefix(f"{name}: {reason.type}").strip().splitlines()
    rest = ["…"] if len(lines) > _WHY_LINES else []
    return "\n".join([*lines[:_WHY_LINES], *rest])


# What was compiled ------------------------------------------------------------------------------


def _function(evidence: Evidence, inferred: IrFunction | None) -> Function:
    source = evidence.source
    types = [str(ty) for ty in evidence.arg_tys]
    sig = None if inferred is None else inferred.sig
    returns = None if sig is None else shown_type(sig.ret)
    fn = evidence.untyped
    names = [p.name for p in fn.params[fn.captured :]] if fn is not None else []
    arrow = f" -> {returns}" if returns else ""
    return Function(
        name=evidence.pyfunc.__name__,
        module=evidence.pyfunc.__module__ or "",
        file=source.file,
        line=source.node.lineno + source.offset,
        signature=f"({', '.join(types)}){arrow}",
        arguments=[Argument(name, ty) for name, ty in zip(names, types, strict=False)],
        returns=returns,
    )


def _options(options: Options) -> dict[str, Scalar]:
    return {
        name: " ".join(sorted(value)) if isinstance(value, frozenset) else value
        for name, value in vars(options).items()
    }


# Levels -----------------------------------------------------------------------------------------


def _llvm(evidence: Evidence, table: SpanTable) -> Iterator[Text]:
    def is_own(symbol: str) -> bool:
        return symbol in evidence.symbols

    if evidence.generated:
        yield text_from_llvm("generated", "generated", evidence.generated, table, is_own)
    if evidence.optimised:
        yield text_from_llvm("optimised", "optimised", evidence.optimised, table, is_own)


def _asm(evidence: Evidence, table: SpanTable) -> Iterator[Text]:
    def is_own(symbol: str) -> bool:
        return symbol in evidence.symbols

    if evidence.assembly:
        yield text_from_asm("asm", evidence.processor, evidence.assembly, table, is_own)


# Calls and decisions ----------------------------------------------------------------------------


def _user_targets(fn: IrFunction) -> Iterator[tuple[CallOp, FunctionTarget]]:
    for op in fn.ops():
        target = op.target if isinstance(op, CallOp) else None
        if isinstance(op, CallOp) and isinstance(target, FunctionTarget) and not target.is_library:
            yield op, target


def _calls(evidence: Evidence, table: SpanTable) -> Iterator[Call]:
    if not evidence.stages:
        return
    after = next((fn for name, _, fn in evidence.stages if name == "passes"), None)
    left = {target.symbol for _, target in _user_targets(after or evidence.stages[-1][2])}
    for op, target in _user_targets(evidence.stages[0][2]):
        how = "direct" if target.symbol in left else "inlined"
        yield Call(target.name, table.ids.get(op.span.key), str(target.sig), how, None)


def _events(evidence: Evidence, table: SpanTable, inferred: IrFunction | None) -> list[Event]:
    """The decisions about this function, each said once.

    That a piece of the library became part of its caller is how the library is made, not news.
    """
    own = {target.symbol for _, target in _user_targets(inferred)} if inferred else set[str]()
    found: list[Event] = []
    for event in evidence.recorder.events:
        about_library = event.kind == "inlined" and event.data.get("callee") not in own
        elsewhere = inferred is not None and event.function not in ("", inferred.name)
        made = _event(event, table)
        if not about_library and not elsewhere and made not in found:
            found.append(made)
    return found


def _python_event(found: PythonOperation, table: SpanTable) -> Event:
    """That the interpreter does an operation; the source panel colours it by its cost."""
    span, data = table.ids.get(found.span.key), {"cost": found.cost}
    reason = REASONS[found.cost]
    return Event("python-object", span, found.what, reason, "warning", True, {**data})


def _loop_event(remark: Remark, table: SpanTable) -> Event | None:
    """What LLVM says of a loop of the user's; None of the library's."""
    span = table.find(remark.file, remark.line, remark.column - 1)
    if span is None:
        return None
    severity = "good" if remark.is_packed else "missed"
    message, reason = remark.text, remark.reason
    return Event("vectorised", span, message, reason, severity, remark.is_packed, {})


def _event(event: CompilerEvent, table: SpanTable) -> Event:
    span = None if event.span == NO_SPAN else table.ids.get(event.span.key)
    data: dict[str, Scalar] = {
        name: value if isinstance(value, (str, int, float, bool)) else str(value)
        for name, value in event.data.items()
    }
    severity = "good" if event.acted else "missed"
    return Event(event.kind, span, event.message, event.reason, severity, event.acted, data)


def _diagnostic(found: base.Diagnostic, table: SpanTable) -> Diagnostic:
    def label(one: base.Label) -> Label:
        lines = _lines_of(one.span.file)
        if one.span.file not in table.files:
            table.files.append(one.span.file)

        def position(line: int, column: int) -> tuple[int, int]:
            text = lines[line - 1] if 0 < line <= len(lines) else ""
            return (line, utf16_column(text, column))

        return Label(
            table.files.index(one.span.file),
            position(one.span.line, one.span.col),
            position(one.span.end_line, one.span.end_col),
            one.text,
        )

    return Diagnostic(
        found.code,
        found.headline,
        label(found.primary) if found.primary is not None else None,
        [label(one) for one in found.labels],
        list(found.notes),
        found.help,
        render(found),
    )
