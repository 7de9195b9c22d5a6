"""Where in the user's source an operation stands.

A span is the half-open range of one expression or statement plus its *anchor*: the position of the
operation's own token (the operator of `a + b`, the `(` of a call, the `[` of a subscript, the `.`
of an attribute, the keyword of a statement, the name of a load). `(file, line, anchor)` is unique
per operation, so the anchor is the key that joins source, IR, LLVM and assembly.

Lines count from 1. Columns count UTF-8 bytes from 0, as `ast` counts them; LLVM's columns are
`anchor + 1`. The text itself is found through `linecache`, which also holds notebook cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pellucid.base.options import Options


@dataclass(frozen=True, slots=True)
class Span:
    """The range `[start, end)` of an operation in `file`, and its anchor token."""

    file: str
    line: int
    col: int
    end_line: int
    end_col: int
    anchor_line: int
    anchor_col: int

    @property
    def key(self) -> tuple[str, int, int]:
        """The location key that joins every level of a compilation."""
        return (self.file, self.anchor_line, self.anchor_col)

    def __str__(self) -> str:
        start = f"{self.line}:{self.col}"
        end = f"{self.end_line}:{self.end_col}"
        return f"{start}-{end}^{self.anchor_line}:{self.anchor_col}"


@dataclass(frozen=True, slots=True)
class InlineSite:
    """Why an op stands in a function that is not its own: the call that was replaced by its body.

    `function` is the inlined function's qualified name, `call` the span of the replaced call in
    the function that holds it, `outer` the site of that function, if it was inlined itself.
    `options` are those of the inlined function: its arithmetic means what it meant there.
    """

    function: str
    call: Span
    outer: InlineSite | None = None
    options: Options | None = field(default=None, compare=False)


NO_SPAN = Span("", 0, 0, 0, 0, 0, 0)
"""The compiler made this operation; it stands nowhere in the source."""
