"""The pages of what compiled code may call, made from the library itself.

    python -m pellucid.library.reference --update

`docs/supported.md` has a row for each callable, method and attribute in the library; its
sentence is the first of the overloads' docstrings.
What differs from the original is what the docstring says after "Unlike".
`docs/python.md` has a row for each builtin, method and standard function of Python, with its state
(`coverage.py`).
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pellucid.inference.overloads import Overload
from pellucid.library import coverage
from pellucid.library.index import overloads

PAGE = Path(__file__).parents[3] / "docs" / "supported.md"
PYTHON_PAGE = PAGE.with_name("python.md")
_UNLIKE = re.compile(r"^Unlike (\w+): (.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)

_SECTIONS = (
    ("Operators", "operator."),
    ("Built-in functions", "builtins."),
    ("`math`", "math."),
    ("`cmath`", "cmath."),
    ("NumPy", "numpy."),
    ("Methods", "method:"),
    ("Attributes", "attribute:"),
)
_INTRODUCTION = """# What compiled code may call

Made from the library by `python -m pellucid.library.reference --update`. A call of anything else is
refused with `unsupported-function` or `unknown-attribute`; argument types that no overload takes
are refused with `no-matching-overload` and each overload's reason.
"""
_PYTHON_INTRODUCTION = """# Python's builtins, methods and modules

What compiled code may use of them, made from the library by
`python -m pellucid.library.reference --update` with Python 3.13; a sample of each is compiled by
`tests/library/test_coverage.py`. *Compiled* says *yes*, *partly* (then the text says of what), or
*no* (then it says what to do instead). [What compiled code may call](supported.md) has the
parameters, and NumPy; [the language](language.md) has the statements, and where answers differ from
Python's.
"""


def render() -> str:
    """The page's text."""
    by_key: dict[str, list[Overload]] = {}
    for declared in overloads():
        by_key.setdefault(declared.key, []).append(declared)
    parts = [_INTRODUCTION]
    for title, prefix in _SECTIONS:
        rows = [_row(key, prefix, found) for key, found in by_key.items() if key.startswith(prefix)]
        if rows:
            parts.append(f"## {title}\n\n| name | parameters | |\n| --- | --- | --- |")
            parts.append("\n".join(sorted(rows)) + "\n")
    return "\n".join(parts)


def render_python() -> str:
    """The text of the page of Python's names, for the Python that runs."""
    parts = [_PYTHON_INTRODUCTION]
    for group, found in groupby(coverage.rows(), key=lambda row: row.group):
        listed = list(found)
        title = "Built-in functions" if group == "builtins" else f"`{group}`"
        states = [row.state for row in listed]
        counts = f"{states.count('yes')} supported, {states.count('partly')} partly, "
        parts.append(f"## {title}\n\n{counts}{states.count('no')} not.\n")
        parts.append("| name | compiled | |\n| --- | --- | --- |")
        parts.append("\n".join(map(python_row, listed)) + "\n")
    return "\n".join(parts)


def python_row(row: coverage.Row) -> str:
    """One line of a table of Python's names."""
    text = row.text.replace("|", "\\|")
    return f"| `{row.name}` | {row.state} | {text[0].upper()}{text[1:].removesuffix('.')}. |"


def _row(key: str, prefix: str, found: list[Overload]) -> str:
    name = key.removeprefix(prefix)
    sentences = list(dict.fromkeys(_sentences(found))) or ["As in Python."]
    return f"| `{name}` | `{_parameters(found[0])}` | {' '.join(sentences)} |"


def _parameters(declared: Overload) -> str:
    text = ", ".join(
        str(p.replace(annotation=p.empty)) for p in declared.signature.parameters.values()
    )
    return f"({text})".replace("|", "\\|")


def _sentences(found: list[Overload]) -> Iterator[str]:
    for declared in found:
        doc = inspect.getdoc(declared.template)
        if doc:
            yield " ".join(doc.split("\n\n")[0].split()).replace("|", "\\|")
            for match in _UNLIKE.finditer(doc):
                yield f"*Unlike {match[1]}:* {' '.join(match[2].split())}".replace("|", "\\|")


def main() -> int:
    """Write the page, or say whether it is as it would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the page")
    texts = {PAGE: render(), PYTHON_PAGE: render_python()}
    if parser.parse_args().update:
        for page, text in texts.items():
            page.write_text(text, encoding="utf-8")
        return 0
    return int(any(page.read_text(encoding="utf-8") != text for page, text in texts.items()))


if __name__ == "__main__":
    sys.exit(main())
