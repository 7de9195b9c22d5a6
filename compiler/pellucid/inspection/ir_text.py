"""Our IR as a level of the Report: its text, the origin of each line, its control flow.

In:   a function, printed by `ir/printer.py`: a header, then for each block its name and its ops,
      one line each. The lines are walked in step with the ops, so nothing is parsed back.
Out:  `Text` and `Graph`.

A library function's symbol holds its types and a hash, which the reader of a panel does not need:

    call @"pellucid.ir.protocol.iter_start(array(float64, 1d, C))~d2b2"(xs)
    call @iter_start(xs)

Long types are shortened too (`type_text.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pellucid.base.spans import NO_SPAN
from pellucid.inspection.report import Block, Graph, Loop, Origin, Text
from pellucid.inspection.spans import SpanTable
from pellucid.inspection.texts import text_from_origins
from pellucid.inspection.type_text import shown_type
from pellucid.ir.dominance import find_loops
from pellucid.ir.function import Function
from pellucid.ir.ops import Guard, Leaving, Op
from pellucid.ir.printer import print_function

_SYMBOL = re.compile(r'@"(?:[\w.]*\.)?([\w$<>]+)\([^"]*\)(?:~\w+)?"')
_FOR = re.compile(r" for (?:[\w.]+|\"[^\"]*\")$")


def chain_of(op: Op, table: SpanTable) -> list[int]:
    """The inline chain of an op as span ids, the user's call first."""
    spans = [op.span]
    site = op.inlined_at
    while site is not None:
        spans.insert(0, site.call)
        site = site.outer
    found = [table.ids.get(span.key) for span in spans]
    return [span for span in found if span is not None]


def readable(line: str) -> str:
    """A line of IR with symbols shortened to the names that they stand for."""
    if line.startswith("func"):
        return re.sub(r' symbol="[^"]*"', "", line)
    return _FOR.sub("", _SYMBOL.sub(r"@\1", line))


def text_from_function(name: str, title: str, fn: Function, table: SpanTable) -> Text:
    """One stage of a function."""
    shorter = _shorter_types(fn)
    lines: list[str] = []
    for line in print_function(fn).splitlines():
        for long, short in shorter:
            line = line.replace(long, short)
        lines.append(readable(line))
    text = "\n".join(lines) + "\n"
    return text_from_origins(name, title, "pellucid", text, _origins(fn, table))


def _shorter_types(fn: Function) -> list[tuple[str, str]]:
    """The types of a function whose text is not the one to show, the longest first."""
    types = {value.ty for value in fn.values()} | ({fn.sig.ret} if fn.sig is not None else set())
    texts = {str(ty): shown_type(ty) for ty in types if ty is not None}
    found = [(long, short) for long, short in texts.items() if long != short]
    return sorted(found, key=lambda pair: (-len(pair[0]), pair[0]))


def _origins(fn: Function, table: SpanTable) -> Iterator[Origin]:
    head = table.ids.get(fn.span.key)
    yield Origin("code", [] if head is None else [head], generated=False, library=False)
    for block in fn.blocks:
        yield Origin("label", [], generated=False, library=False)
        for op in block.all_ops():
            chain = chain_of(op, table)
            made = not chain and op.span == NO_SPAN
            yield Origin("code", chain, generated=made, library=False)
    yield Origin("code", [], generated=False, library=False)


def graph_from_function(level: str, fn: Function) -> Graph:
    """The control flow of a function, as it is printed at this level."""
    blocks: list[Block] = []
    line = 2  # the header is line 1
    for block in fn.blocks:
        last = line + len(block.ops) + 1
        blocks.append(Block(block.name, line, last))
        line = last + 1
    numbers = {block: number for number, block in enumerate(fn.blocks)}
    edges = [
        (number, numbers[successor])
        for block, number in numbers.items()
        for successor in dict.fromkeys(block.successors())
    ]
    handlers: list[tuple[int, int]] = []
    for block, number in numbers.items():
        end = block.terminator
        if isinstance(end, (Guard, Leaving)) and end.handler is not None:
            handlers.append((number, numbers[end.handler.block]))
    loops = [
        Loop(numbers[loop.header], sorted(numbers[block] for block in loop.blocks), loop.depth)
        for loop in find_loops(fn)
    ]
    return Graph(level, blocks, edges, loops, handlers)
