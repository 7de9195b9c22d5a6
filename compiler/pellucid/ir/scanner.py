"""Reads the parts of one line of IR text: names, constants, spans."""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np

from pellucid.base.spans import Span
from pellucid.ir.environment import Environment
from pellucid.ir.params import CapturedDefault
from pellucid.ir.protocol import UNBOUND
from pellucid.types.syntax import TypeScanner

# Any: constants are Python objects of every kind.

_NAME = re.compile(r'[A-Za-z_$][\w$]*(\.[\w$]+)*|"(\\.|[^"\\])*"', re.ASCII)
_NUMBER = re.compile(r"[-+]?(inf|nan|\d[\d_]*(\.\d*)?([eE][-+]?\d+)?)\b", re.ASCII)
_STRING = re.compile(r"b?('(\\.|[^'\\])*'|\"(\\.|[^\"\\])*\")")
_SPAN = re.compile(r"@(\d+):(\d+)(?:-(\d+):(\d+)(?:\^(\d+):(\d+))?)?")


class LineScanner(TypeScanner):
    """Reads one line of IR text."""

    def __init__(self, text: str, environment: Environment) -> None:
        super().__init__(text, find_object=environment.object)

    def name(self) -> str:
        """A name, quoted or not."""
        found = self.match(_NAME)
        if found is None:
            self.fail("expected a name")
        if not found.startswith('"'):
            return found
        escapes = {"n": "\n"}
        return re.sub(r"\\(.)", lambda m: escapes.get(m[1], m[1]), found[1:-1])

    def names(self) -> list[tuple[str, int]]:
        """`(a, b)` with the place of each name, or nothing."""
        found: list[tuple[str, int]] = []
        if not self.accept("("):
            return found
        while not self.accept(")"):
            self.skip()
            start = self.position
            found.append((self.name(), start))
            if not self.accept(","):
                self.expect(")")
                break
        return found

    def accept_word(self, word: str) -> bool:
        """Read `word` if it is the next whole word."""
        self.skip()
        found = re.compile(rf"{word}(?![\w.$])").match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found is not None

    def constant(self) -> tuple[Any, str | None]:
        """A constant's value, and the path by which it was named."""
        if self.accept_word("ref"):
            path = self.name()
            return self.object(path), path
        return self.pyobj(), None

    def pyobj(self) -> Any:
        """A constant's value, as `printer.object_text` writes it."""
        self.skip()
        string = self.match(_STRING)
        if string is not None:
            return ast.literal_eval(string)
        number = self.match(_NUMBER)
        if number is not None:
            return float(number) if re.search(r"[.eEn]", number) else int(number)
        if self.peek("("):
            return tuple(self._pyobjs())
        start = self.position
        word = self.name()
        if word in _CONSTANT_WORDS:
            return _CONSTANT_WORDS[word]
        if word in {"function", "ref", "object"}:
            return self.object(self.name())
        if word == "captured":
            return CapturedDefault(*self._pyobjs())
        if word in {"complex", "slice", "range"}:
            return {"complex": complex, "slice": slice, "range": range}[word](*self._pyobjs())
        module, _, member = word.rpartition(".")
        if module == "numpy":
            return getattr(np, member)(*self._pyobjs())
        return self.fail(f"`{word}` is no constant", start)

    def _pyobjs(self) -> list[Any]:
        self.expect("(")
        found: list[Any] = []
        while not self.accept(")"):
            found.append(self.pyobj())
            if not self.accept(","):
                self.expect(")")
                break
        return found

    def span(self, file: str) -> Span | None:
        """`@line:col-line:col^line:col`, with `in "file"` where it is another; parts may lack."""
        self.skip()
        found = _SPAN.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        numbers = [None if g is None else int(g) for g in found.groups()]
        line, col, end_line, end_col, anchor_line, anchor_col = numbers
        assert line is not None
        assert col is not None
        if self.accept_word("in"):
            file = self.name()
        return Span(
            file,
            line,
            col,
            line if end_line is None else end_line,
            col if end_col is None else end_col,
            line if anchor_line is None else anchor_line,
            col if anchor_col is None else anchor_col,
        )


_CONSTANT_WORDS: dict[str, Any] = {
    "None": None,
    "True": True,
    "False": False,
    "Ellipsis": ...,
    "UNBOUND": UNBOUND,
}
