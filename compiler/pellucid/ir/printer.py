"""IR as text: one op a line, types at the definition, the user's names.

    func @total(xs: array(float64, 1d, C)) -> float64 {
    entry:
      n: int64 = call len(xs)                                  @4:9-4:16^4:12
      jump loop(zero, start)
    loop(i: int64, acc: float64):
      ...
    }

The text depends on the function alone: no addresses, no counters shared between functions, no hash
order. `ir/README.md` holds the grammar, `parser.py` reads the text back. Spans are printed on
request; an op's inline chain follows its span.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pellucid.base.spans import NO_SPAN, InlineSite, Span
from pellucid.ir.callee import FunctionTarget, Ref
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Convert,
    Edge,
    Guard,
    Jump,
    Leaving,
    Op,
    Raise,
    Release,
    Reraise,
    Retain,
    Return,
    Unreachable,
)
from pellucid.ir.params import MISSING, CapturedDefault, Param
from pellucid.ir.protocol import UNBOUND, callable_path
from pellucid.ir.values import Value

_NAME = re.compile(r"[A-Za-z_$][\w$]*(\.[\w$]+)*", re.ASCII)
_SPAN_COLUMN = 58


def print_function(fn: Function, spans: bool = False) -> str:
    """The text of `fn`, ending in a newline."""
    lines = [_header(fn, spans)]
    for index, block in enumerate(fn.blocks):
        lines.append(_block_header(block, is_entry=index == 0))
        for op in block.all_ops():
            text = f"  {op_text(op)}"
            where = _where(op, fn) if spans else ""
            lines.append(f"{text:<{_SPAN_COLUMN}} {where}" if where else text)
    lines.append("}\n")
    return "\n".join(lines)


def print_functions(functions: Iterable[Function], spans: bool = False) -> str:
    """The texts of several functions, with an empty line between them."""
    return "\n".join(print_function(fn, spans) for fn in functions)


def op_text(op: Op) -> str:  # noqa: C901 (a list of kinds is one thing)
    """One op without its span, such as `x: int64 = call operator.add(a, b)`."""
    match op:
        case Const():
            return f"{_definition(op.out)} = const {_const_text(op)}"
        case Call():
            return f"{_definition(op.out)} = {_call_text(op)}"
        case Convert():
            return f"{_definition(op.out)} = convert {value_text(op.value)}"
        case Retain():
            return f"retain {value_text(op.value)}"
        case Release():
            return f"release {value_text(op.value)}"
        case Jump():
            return f"jump {_edge_text(op.edge)}"
        case Branch():
            ways = f"{_edge_text(op.then)}, {_edge_text(op.orelse)}"
            return f"branch {value_text(op.cond)}, {ways}"
        case Return():
            return f"return {value_text(op.value)}"
        case Raise():
            return f"raise {value_text(op.value)}{_leaving_text(op)}"
        case Reraise():
            return f"reraise{' shown' if op.is_raise else ''}{_leaving_text(op)}"
        case Guard():
            return f"guard {_edge_text(op.then)}, {_edge_text(op.handler)}"
        case Unreachable():
            return "unreachable"
        case _:
            message = f"no text form for {type(op).__name__}"
            raise TypeError(message)


def value_text(value: Value) -> str:
    """A value as it is used: its name."""
    return name_text(value.name)


def name_text(name: str) -> str:
    """A dotted name as it is; any other name as a quoted string."""
    return name if _NAME.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _definition(value: Value) -> str:
    name = value_text(value)
    return name if value.ty is None else f"{name}: {value.ty}"


def _edge_text(edge: Edge) -> str:
    name = name_text(edge.block.name)
    return f"{name}({_values(edge.args)})" if edge.args else name


def _values(values: Sequence[Value]) -> str:
    return ", ".join(map(value_text, values))


def _cleanup_text(cleanup: tuple[Value, ...]) -> str:
    return f" cleanup({_values(cleanup)})" if cleanup else ""


def _leaving_text(op: Leaving) -> str:
    handler = "" if op.handler is None else f" to {_edge_text(op.handler)}"
    return f"{handler}{_cleanup_text(op.cleanup)}"


def _call_text(op: Call) -> str:
    first_keyword = len(op.args) - len(op.kwnames)
    args: list[str] = []
    for index, arg in enumerate(op.args):
        text = value_text(arg)
        if index in op.stars:
            text = f"*{text}"
        if index >= first_keyword:
            text = f"{op.kwnames[index - first_keyword]}={text}"
        args.append(text)
    callee = op.callee.path if isinstance(op.callee, Ref) else None
    origin = name_text(callee) if callee is not None else f"({value_text(op.callee)})"  # type: ignore[arg-type]  # a Value
    if op.target is None:
        return f"call {origin}({', '.join(args)}){_cleanup_text(op.cleanup)}"
    if isinstance(op.target, FunctionTarget):
        target, known_as = f"@{name_text(op.target.symbol)}", op.target.name
    else:
        target, known_as = name_text(op.target.name), op.target.name
    reason = "" if callee == known_as else f" for {origin}"
    return f"call {target}({', '.join(args)}){reason}{_cleanup_text(op.cleanup)}"


# Constants ------------------------------------------------------------------------------------


def _const_text(op: Const) -> str:
    if op.path is not None:
        return f"ref {name_text(op.path)}"
    return object_text(op.value)


def object_text(pyobj: Any) -> str:
    """A constant's value. What has no literal form is `ref path`, or `object class` at worst.

    A function of the IR is printed by its symbol; its own text stands elsewhere.
    """
    if pyobj is UNBOUND:
        return "UNBOUND"
    if pyobj is None or isinstance(pyobj, (bool, int, str, bytes, type(...))):
        return _plain_text(pyobj)
    if isinstance(pyobj, (float, complex)) and type(pyobj) in (float, complex):
        return _plain_text(pyobj)
    if isinstance(pyobj, np.generic):
        return f"numpy.{type(pyobj).__name__}({_plain_text(pyobj.item())})"
    if isinstance(pyobj, np.dtype):
        return f"numpy.dtype({pyobj.str!r})"
    if type(pyobj) is tuple:
        inner = ", ".join(map(object_text, pyobj))
        return f"({inner},)" if len(pyobj) == 1 else f"({inner})"
    if isinstance(pyobj, slice):
        parts = (pyobj.start, pyobj.stop, pyobj.step)
        return f"slice({', '.join(map(object_text, parts))})"
    if isinstance(pyobj, range):
        return f"range({pyobj.start}, {pyobj.stop}, {pyobj.step})"
    if inspect.ismodule(pyobj):
        return f"ref {name_text(pyobj.__name__)}"
    if isinstance(pyobj, (Function, CapturedDefault)):
        return _inner_text(pyobj)
    if callable(pyobj) and getattr(pyobj, "__qualname__", None) is not None:
        return f"ref {name_text(callable_path(pyobj))}"
    return f"object {name_text(f'{type(pyobj).__module__}.{type(pyobj).__qualname__}')}"


def _inner_text(pyobj: Function | CapturedDefault) -> str:
    if isinstance(pyobj, CapturedDefault):
        return f"captured({pyobj.index})"
    return f"function {name_text(pyobj.symbol or pyobj.name)}"


def _plain_text(pyobj: Any) -> str:
    if isinstance(pyobj, complex):
        return f"complex({pyobj.real!r}, {pyobj.imag!r})"
    return repr(pyobj)


# Header and locations ---------------------------------------------------------------------------


def _header(fn: Function, spans: bool) -> str:
    ret = "" if fn.sig is None else f" -> {fn.sig.ret}"
    attributes = ""
    if fn.symbol and fn.symbol != fn.name:
        attributes += f" symbol={_quoted(fn.symbol)}"
    if fn.captured:
        attributes += f" captured={fn.captured}"
    if fn.volatile:
        attributes += f" volatile={_quoted(fn.volatile)}"
    if fn.is_library:
        attributes += " library"
    if spans and fn.file:
        attributes += f" file={_quoted(fn.file)}"
    where = f" {_span_text(fn.span, fn.file)}" if spans and fn.span != NO_SPAN else ""
    return f"func @{name_text(fn.name)}({_params_text(fn)}){ret}{attributes}{where} {{"


def _params_text(fn: Function) -> str:
    """As Python declares them, with `/` and `*` where kinds change."""
    parts: list[str] = []
    values = fn.blocks[0].params if fn.blocks else [Value(p.name) for p in fn.params]
    kinds = [p.kind for p in fn.params]
    bare_star_due = inspect.Parameter.VAR_POSITIONAL not in kinds
    for index, (param, value) in enumerate(zip(fn.params, values, strict=True)):
        if param.kind == inspect.Parameter.KEYWORD_ONLY and bare_star_due:
            parts.append("*")
            bare_star_due = False
        parts.append(_param_text(param, value))
        if param.kind == inspect.Parameter.POSITIONAL_ONLY and (
            index + 1 == len(kinds) or kinds[index + 1] != inspect.Parameter.POSITIONAL_ONLY
        ):
            parts.append("/")
    return ", ".join(parts)


def _param_text(param: Param, value: Value) -> str:
    stars: dict[int, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    # A value named otherwise than the parameter says so: `x.1 as x`.
    known_as = "" if param.name == value.name else f" as {name_text(param.name)}"
    ty = "" if value.ty is None else f": {value.ty}"
    default = "" if param.default is MISSING else f" = {object_text(param.default)}"
    return f"{stars.get(param.kind, '')}{value_text(value)}{known_as}{ty}{default}"


def _block_header(block: Block, *, is_entry: bool) -> str:
    # The entry's parameters are the function's, which the header shows.
    params = "" if is_entry else ", ".join(map(_definition, block.params))
    name, cold = name_text(block.name), " cold" if block.is_cold else ""
    return f"{name}({params}){cold}:" if params else f"{name}{cold}:"


def _where(op: Op, fn: Function) -> str:
    parts = [] if op.span == NO_SPAN else [_span_text(op.span, fn.file)]
    site: InlineSite | None = op.inlined_at
    while site is not None:
        call = f" {_span_text(site.call, fn.file)}" if site.call != NO_SPAN else ""
        parts.append(f"inlined {name_text(site.function)}{call}")
        site = site.outer
    return " ".join(parts)


def _span_text(span: Span, file: str) -> str:
    return f"@{span}" if span.file == file else f"@{span} in {_quoted(span.file)}"
