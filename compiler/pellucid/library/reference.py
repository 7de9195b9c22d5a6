"""The page of everything that compiled code may call, made from the library itself.

    python -m pellucid.library.reference --update

A row is a callable, method or attribute; its sentence is the first of the overloads' docstrings.
What differs from the original is what the docstring says after "Unlike".
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pellucid.inference.overloads import Overload
from pellucid.library.index import overloads

PAGE = Path(__file__).parents[3] / "docs" / "supported.md"
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
    text = render()
    if parser.parse_args().update:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    return 0 if PAGE.read_text(encoding="utf-8") == text else 1


if __name__ == "__main__":
    sys.exit(main())
