"""One shape for every message to the user, and the exception that carries it.

A `Diagnostic` says what is wrong in the user's names and types; `base/render.py` is the only code
that turns one into text. Raise through `error(...)` at the first room that knows enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from pellucid.base.records import Record, record
from pellucid.base.spans import Span


@record(frozen=True)
class Label(Record):
    """A range of source with a few words under its carets; the words may be empty."""

    span: Span
    text: str = ""


@record(frozen=True)
class Diagnostic(Record):
    """What is wrong (`headline`), where (`primary`, `labels`), why (`notes`), what to do (`help`).

    `code` is a kebab-case name that the error reference documents, such as `cannot-unify`.
    """

    code: str
    headline: str
    primary: Label | None = None
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""


class CompileError(Exception):
    """A function cannot be compiled; `diagnostics` says why, one entry for each mistake.

    The public subclasses (`TypingError`, `UnsupportedError`, ...) are chosen from the code.
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*(d.headline for d in diagnostics))
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        # Loaded late: rendering reads source files, which a caught error never needs.
        from pellucid.base.render import render

        return "\n" + "\n\n".join(render(d) for d in self.diagnostics)

    def with_label(self, label: Label) -> CompileError:
        """The same error with one more label (the call that led here)."""
        first, *rest = self.diagnostics
        return type(self)(replace(first, labels=(*first.labels, label)), *rest)


class TypingError(CompileError):
    """Types could not be inferred or do not fit."""


class UnsupportedError(CompileError):
    """The source uses something that Pellucid cannot compile."""


class UnknownNameError(TypingError, NameError):
    """A name that nothing defines."""


class InternalError(CompileError):
    """The compiler itself is wrong; the message says where its evidence was written."""


_CLASS_BY_CODE: dict[str, type[CompileError]] = {
    "unsupported-syntax": UnsupportedError,
    "unsupported-feature": UnsupportedError,
    "no-source": UnsupportedError,
    "internal-error": InternalError,
    "unknown-name": UnknownNameError,
}


def compile_error(diagnostics: Sequence[Diagnostic]) -> CompileError:
    """The `CompileError` that carries these mistakes; its class follows the first one's code."""
    return _CLASS_BY_CODE.get(diagnostics[0].code, TypingError)(*diagnostics)


def error(
    code: str,
    headline: str,
    span: Span | None = None,
    text: str = "",
    *,
    labels: tuple[Label, ...] = (),
    notes: tuple[str, ...] = (),
    help: str = "",  # noqa: A002 (the word that the message prints)
) -> NoReturn:
    """Raise the `CompileError` of this code with one diagnostic."""
    primary = None if span is None else Label(span, text)
    diagnostic = Diagnostic(code, headline, primary, labels, notes, help)
    raise error_class(code)(diagnostic)


def error_class(code: str) -> type[CompileError]:
    """The exception class of a diagnostic's code."""
    return _CLASS_BY_CODE.get(code, TypingError)
