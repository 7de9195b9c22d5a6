"""Turn a level's text into the Report's form: one origin for each line, each origin once.

In:   LLVM IR or assembly as printed, or our IR with the chain of each line; the span table.
Out:  `Text`. Most lines of a level share few origins, so lines hold indices: a 3,000-line
      assembly costs about 9 kB instead of 200.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from pellucid.inspection.locations import TextLine, read_asm, read_llvm
from pellucid.inspection.report import Origin, Text
from pellucid.inspection.spans import SpanTable

_INSTRUCTION = re.compile(r"^\t([^\s.#]\S*)\t", re.MULTILINE)
_FAR_COMMENT = re.compile(r"^(.*?)[ ]{2,}((?:#|//|@|;) .*)$", re.MULTILINE)


@dataclass
class _Origins:
    """Origins in the order they first occur."""

    table: list[Origin] = field(default_factory=list[Origin])
    _numbers: dict[tuple[str, tuple[int, ...], bool, bool], int] = field(
        default_factory=dict[tuple[str, tuple[int, ...], bool, bool], int]
    )

    def number(self, origin: Origin) -> int:
        key = (origin.kind, tuple(origin.spans), origin.generated, origin.library)
        if key not in self._numbers:
            self._numbers[key] = len(self.table)
            self.table.append(origin)
        return self._numbers[key]


def text_from_origins(
    name: str,
    title: str,
    language: Literal["pellucid", "llvm", "asm"],
    text: str,
    lines: Iterable[Origin],
) -> Text:
    """A level whose origins are known line by line."""
    origins = _Origins()
    numbers = [origins.number(origin) for origin in lines]
    return Text(name, title, language, text, numbers, origins.table)


def _from_lines(
    lines: list[TextLine], table: SpanTable, is_own: Callable[[str], bool]
) -> Iterable[Origin]:
    for line in lines:
        library = bool(line.function) and not is_own(line.function)
        yield Origin(line.kind, table.chain(line.chain), line.generated, library)


def text_from_llvm(
    name: str, title: str, text: str, table: SpanTable, is_own: Callable[[str], bool]
) -> Text:
    """A level of LLVM IR; `is_own` tells which symbols are the reported function's."""
    return text_from_origins(name, title, "llvm", text, _from_lines(read_llvm(text), table, is_own))


def text_from_asm(
    name: str, title: str, text: str, table: SpanTable, is_own: Callable[[str], bool]
) -> Text:
    """A level of assembly; `is_own` tells which symbols are the reported function's."""
    # One column for mnemonics and one for operands, whatever width a viewer gives to tabs; comments
    # follow what they are about, where LLVM puts them in column 40.
    text = _INSTRUCTION.sub(lambda m: f"    {m[1]:<11} ", text).replace("\t", "    ")
    text = _FAR_COMMENT.sub(lambda m: f"{m[1]}  {m[2]}" if m[1] else f"    {m[2]}", text)
    return text_from_origins(name, title, "asm", text, _from_lines(read_asm(text), table, is_own))
