"""Files and functions stay small, except those listed with their size: the lists only shrink."""

from __future__ import annotations

import pytest
from source_tree import functions, source_files

PACKAGES = ("pellucid", "pellucid_kernel", "pellucid_widgets")

FILE_LINES = 600
FUNCTION_LINES = 60
PARAMETERS = 8
LINE_COLUMNS = 100

GENERATED = ("index_data.py",)
"""Data, which nobody reads from top to bottom."""

LARGE_FILES: dict[str, int] = {}
"""A file and its lines, where it is one thing."""

LARGE_FUNCTIONS: dict[str, int] = {}
"""`file:function` and its lines, where one thing is that long."""


def measured_files() -> dict[str, int]:
    return {
        file.name: file.text.count("\n")
        for package in PACKAGES
        for file in source_files(package)
        if file.text.count("\n") > FILE_LINES and not file.name.endswith(GENERATED)
    }


def measured_functions() -> dict[str, int]:
    """Lines of code and comment, without the docstring: that is read on its own."""
    found = {}
    for package in PACKAGES:
        for file in source_files(package):
            for node in functions(file):
                lines = (node.end_lineno or 0) - node.lineno + 1
                first = node.body[0]
                if _is_docstring(first):
                    lines -= (first.end_lineno or 0) - first.lineno + 1
                if lines > FUNCTION_LINES:
                    found[f"{file.name}:{node.name}"] = lines
    return found


def _is_docstring(stmt: object) -> bool:
    value = getattr(stmt, "value", None)
    return isinstance(getattr(value, "value", None), str)


@pytest.mark.parametrize(
    ("measured", "listed"),
    [(measured_files, LARGE_FILES), (measured_functions, LARGE_FUNCTIONS)],
    ids=["files", "functions"],
)
def test_size_is_within_the_budget(measured, listed) -> None:
    found = measured()
    assert {name: size for name, size in found.items() if size > listed.get(name, 0)} == {}


@pytest.mark.parametrize(
    ("measured", "listed"),
    [(measured_files, LARGE_FILES), (measured_functions, LARGE_FUNCTIONS)],
    ids=["files", "functions"],
)
def test_listed_exception_is_still_needed(measured, listed) -> None:
    found = measured()
    assert {name: size for name, size in listed.items() if name not in found} == {}


def test_median_file_is_short() -> None:
    sizes = sorted(file.text.count("\n") for file in source_files())
    assert sizes[len(sizes) // 2] < 250


def test_functions_take_few_parameters() -> None:
    """Library functions mirror the signatures of Python and NumPy."""
    wrong = []
    for package in PACKAGES:
        for file in source_files(package):
            if file.room == "library":
                continue
            for node in functions(file):
                count = len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)
                if count > PARAMETERS:
                    wrong.append(f"{file.name}:{node.lineno}: {node.name} takes {count}")
    assert wrong == []
