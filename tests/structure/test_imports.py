"""A room imports only from rooms before it; there are no cycles and no star imports."""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Mapping

import pytest
from fresh_process import run_python
from source_tree import ROOMS, imports, module_names, source_files

PACKAGES = ("pellucid", "pellucid_kernel", "pellucid_widgets")

ALLOWED_THIRD_PARTY = {"numpy", "llvmlite"}

LATE_CYCLES = {
    # `str(error)` renders; what is rendered is defined beside the error.
    frozenset({"pellucid.base.diagnostics", "pellucid.base.render"}),
    frozenset({"pellucid.inspection.report", "pellucid.inspection.render_text"}),
    # A type is called to make a signature, and indexed to make an array type: `int64[:](float64)`.
    frozenset({"pellucid.types.kinds", "pellucid.types.signature"}),
    frozenset({"pellucid.types.kinds", "pellucid.types.arrays"}),
}
"""Cycles inside a room that are closed by an import in a function. May only shrink."""

NO_LLVM_ROOMS = {"base", "types", "ir", "frontend", "inference", "passes", "cache", "inspection"}


def test_room_imports_only_from_rooms_before_it() -> None:
    wrong = []
    for file in source_files():
        for found in imports(file):
            parts = found.module.split(".")
            if parts[0] != "pellucid" or len(parts) == 1:
                continue
            room = parts[1] if parts[1] in ROOMS else "api"
            if ROOMS.index(room) > ROOMS.index(file.room):
                wrong.append(f"{file.name}:{found.line}: {file.room} imports {found.module}")
    assert wrong == []


def test_compiler_knows_nothing_of_the_workbench() -> None:
    wrong = [
        f"{file.name}:{found.line}"
        for file in source_files()
        for found in imports(file)
        if found.module.partition(".")[0] in {"pellucid_kernel", "pellucid_widgets", "IPython"}
        and not (file.room == "api" and found.is_late)
    ]
    assert wrong == []


def test_compiler_needs_only_numpy_and_llvmlite() -> None:
    wrong = []
    for file in source_files():
        for found in imports(file):
            name = found.module.partition(".")[0]
            known = name in sys.stdlib_module_names or name in ALLOWED_THIRD_PARTY
            if not (known or name in PACKAGES or name in {"_blake2"} or found.is_late):
                wrong.append(f"{file.name}:{found.line}: {name}")
    assert wrong == []


def test_rooms_that_produce_no_code_do_not_import_llvm() -> None:
    wrong = [
        f"{file.name}:{found.line}"
        for file in source_files()
        for found in imports(file)
        if file.room in NO_LLVM_ROOMS
        and found.module.partition(".")[0] == "llvmlite"
        and not found.is_typing
    ]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_star_import_and_no_relative_import(package: str) -> None:
    wrong = [
        f"{file.name}:{node.lineno}"
        for file in source_files(package)
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ImportFrom)
        and (node.level > 0 or any(alias.name == "*" for alias in node.names))
    ]
    assert wrong == []


def test_imports_have_no_cycle() -> None:
    """Also counting imports in functions, except those listed; annotations do not count."""
    graph: dict[str, set[str]] = {}
    for file in source_files():
        edges = graph.setdefault(file.module, set())
        for found in imports(file):
            module = found.module
            is_listed = any({file.module, module} <= pair for pair in LATE_CYCLES)
            is_own = module == file.module or file.module.startswith(f"{module}.")
            is_excused = found.is_typing or is_own or (found.is_late and is_listed)
            if module in module_names() and not is_excused:
                edges.add(module)
    assert _find_cycle(graph) is None


def _find_cycle(graph: Mapping[str, set[str]]) -> list[str] | None:
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        path: list[str] = []
        stack = [(start, iter(sorted(graph[start])))]
        path.append(start)
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other in path:
                    return [*path[path.index(other) :], other]
                if other not in done:
                    path.append(other)
                    stack.append((other, iter(sorted(graph.get(other, ())))))
                    break
            else:
                stack.pop()
                path.pop()
                done.add(node)
    return None


def test_cycle_is_found() -> None:
    assert _find_cycle({"a": {"b"}, "b": {"c"}, "c": set()}) is None
    assert _find_cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert _find_cycle({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) is None


ALLOWED_BY_IMPORT = {"pellucid"}
"""Modules of ours that `import pellucid` loads, and the prefixes of those it must not."""

NEVER_BY_IMPORT = (
    "llvmlite",
    "IPython",
    "ipywidgets",
    "pellucid_kernel",
    "pellucid_widgets",
    "pellucid.frontend",
    "pellucid.inference",
    "pellucid.passes",
    "pellucid.codegen",
    "pellucid.backend",
    "pellucid.library",
    "pellucid.inspection",
)

LOADED = """
import sys, numpy
before = set(sys.modules)
import pellucid
print(*sorted(set(sys.modules) - before))
"""


def test_import_loads_little() -> None:
    loaded = run_python(LOADED).split()
    assert "pellucid" in loaded
    heavy = [
        name
        for name in loaded
        if any(name == bad or name.startswith(f"{bad}.") for bad in NEVER_BY_IMPORT)
    ]
    assert heavy == []
    assert len(loaded) < 40, loaded


def test_the_decorator_loads_no_compiler() -> None:
    """A process whose functions are all in the cache pays for what it loads, and for no more."""
    loaded = run_python(LOADED.replace("import pellucid", "from pellucid import njit")).split()
    unneeded = ("llvmlite", "hashlib", "tempfile", "pellucid.frontend", "pellucid.inference")
    assert [name for name in loaded if name.startswith(unneeded)] == []


@pytest.mark.slow
def test_import_costs_little_over_numpy() -> None:
    """The aim is 1.15 of NumPy's own; here only that nothing heavy crept in."""

    def seconds(code: str) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            run_python(code)
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds("import numpy, pellucid") < 1.8 * seconds("import numpy")
