"""A compile error in a cell is the rendered message, not a traceback of the compiler.

IPython hands exceptions of registered classes to a handler, which shows lines of its own where the
traceback would stand: the cell still counts as failed, so "Run All" stops there.
"""

from __future__ import annotations

import traceback
from types import TracebackType

from IPython.core.interactiveshell import InteractiveShell

from pellucid.base.diagnostics import CompileError


def _call_line(shell: InteractiveShell, trace: TracebackType | None) -> str:
    """Where in a cell the failing compilation was asked for."""
    for frame in reversed(traceback.extract_tb(trace)):
        label = shell.compile.format_code_name(frame.filename)
        if label:
            kind, name = label
            return f"asked for by {kind} {name}, line {frame.lineno}: {frame.line}"
    return ""


def render_failure(
    shell: InteractiveShell,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,  # noqa: ARG001 (IPython passes it by name)
) -> list[str]:
    """Show a compile error, and give the lines that were shown."""
    lines = str(error).strip("\n").splitlines()
    where = _call_line(shell, trace)
    shown = [*lines, "", where] if where else lines
    # The handler displays; IPython has no public name for "show these lines as the error", and
    # ipykernel overrides this one to send them to the front end.
    shell._showtraceback(kind, error, shown)  # pyright: ignore[reportPrivateUsage]
    return shown


def install_failures(shell: InteractiveShell) -> None:
    """Render compile errors in this shell."""
    shell.set_custom_exc((CompileError,), render_failure)
