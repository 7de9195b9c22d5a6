"""Small laws of the tree: docstrings, no prints, no notes to fix later, no hidden skips."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from source_tree import ROOT, SourceFile, source_files

PACKAGES = ("pellucid", "pellucid_kernel", "pellucid_widgets")
ALL_FILES = [file for package in PACKAGES for file in source_files(package)]
PRINTERS = {"compiler/pellucid/cli.py", "kernel_ext/pellucid_kernel/magics.py"}
NOTE = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d+)")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "misc", "common", "manager"}


def wrong_nodes(is_wrong, files: list[SourceFile] = ALL_FILES) -> list[str]:
    return [
        f"{file.name}:{node.lineno}"
        for file in files
        for node in ast.walk(file.tree)
        if is_wrong(node)
    ]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        file.name for file in ALL_FILES if file.text.strip() and not ast.get_docstring(file.tree)
    ]
    assert silent == []


def test_every_room_says_what_comes_in_and_goes_out() -> None:
    rooms = [file for file in source_files() if file.path.name == "__init__.py"]
    long = {
        file.name: len((ast.get_docstring(file.tree) or "").splitlines())
        for file in rooms
        if len((ast.get_docstring(file.tree) or "").splitlines()) > 40
    }
    assert long == {}


def test_only_the_command_line_and_the_magics_print() -> None:
    def is_print(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"print", "breakpoint"}
        )

    # Library code is in the compiled language: there, `print` is what is implemented.
    files = [file for file in ALL_FILES if file.name not in PRINTERS and file.room != "library"]
    assert wrong_nodes(is_print, files) == []


def test_no_note_without_an_issue_number() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("compiler", "kernel_ext", "widgets", "tests", "benchmarks", "tutorials")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, row in enumerate(path.read_text().splitlines(), start=1)
        if NOTE.search(row) and path != Path(__file__)
    ]
    assert wrong == []


def test_no_error_is_swallowed() -> None:
    def is_swallowing(node: ast.AST) -> bool:
        if not isinstance(node, ast.ExceptHandler):
            return False
        is_bare = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
        is_empty = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
        return node.type is None or (is_bare and is_empty)

    assert wrong_nodes(is_swallowing) == []


def test_no_module_is_named_for_no_subject() -> None:
    wrong = [file.name for file in ALL_FILES if file.path.stem.strip("_") in FORBIDDEN_NAMES]
    assert wrong == []


def test_no_test_is_skipped_without_a_reason() -> None:
    wrong = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, (ast.Call, ast.Attribute)):
                continue
            text = ast.unparse(node.func if isinstance(node, ast.Call) else node)
            if text in {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}:
                wrong.append((path, node))
    without = []
    called = {id(node.func) for _, node in wrong if isinstance(node, ast.Call)}
    for path, node in wrong:
        has_reason = isinstance(node, ast.Call) and any(k.arg == "reason" for k in node.keywords)
        if not has_reason and id(node) not in called:
            without.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert without == []


def test_importing_changes_no_global_of_another_module() -> None:
    """No module-level statement calls into a registry: decorators that define data are enough."""

    wrong = []
    for file in source_files():
        classes = {node.name for node in file.tree.body if isinstance(node, ast.ClassDef)}
        for node in file.tree.body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                args = node.value.args
                is_own = bool(args) and isinstance(args[0], ast.Name) and args[0].id in classes
                if not is_own:  # what completes a class of this module is part of its definition
                    wrong.append(f"{file.name}:{node.lineno}")
    assert wrong == []
