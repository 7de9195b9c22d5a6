"""What a compile error says, as tests compare it."""

import linecache

import pytest

from pellucid.base.diagnostics import CompileError
from pellucid.frontend import build_function


def mistakes(pyfunc, full=False):
    """The mistakes that the front end finds: (code, headline, source text under the carets)."""
    with pytest.raises(CompileError) as caught:
        build_function(pyfunc)
    found = caught.value.diagnostics
    return list(found) if full else [(d.code, d.headline, caret_text(d)) for d in found]


def caret_text(diagnostic):
    """The text under the primary label's carets, its first line."""
    span = diagnostic.primary.span
    line = linecache.getline(span.file, span.line).encode()
    end = span.end_col if span.end_line == span.line else len(line)
    return line[span.col : end].decode()
