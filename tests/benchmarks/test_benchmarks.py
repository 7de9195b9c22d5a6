"""Every benchmark runs; nothing here looks at how long anything takes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # `benchmarks` is a package of the repository, not of the wheel

from benchmarks.cases import CASES, check  # noqa: E402
from benchmarks.engines import LANGUAGE, load_programs, write_programs  # noqa: E402
from benchmarks.measure import Goal, Row, Settings, interleave  # noqa: E402
from benchmarks.native import bind, compile_c  # noqa: E402

from benchmarks import calls, first_call, imports, kernels, language, report  # noqa: E402

QUICK = Settings.quick()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("programs")
    write_programs(made)
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_program_gives_what_numpy_gives_when_python_runs_it(folder: Path, case) -> None:
    programs = load_programs("python", folder)
    arguments = case.arguments(case.small_size)
    found = case.result(arguments, getattr(programs, case.name)(*arguments))
    arguments = case.arguments(case.small_size)
    check(case, found, case.result(arguments, case.numpy(*arguments)), "python")


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc")
@pytest.mark.parametrize("case", [case for case in CASES if case.has_c], ids=lambda case: case.name)
def test_c_gives_what_numpy_gives(tmp_path: Path, case) -> None:
    library = compile_c(tmp_path)
    assert not isinstance(library, str), library
    arguments = case.arguments(case.small_size)
    found = case.result(arguments, bind(library, case.name, arguments)())
    arguments = case.arguments(case.small_size)
    check(case, found, case.result(arguments, case.numpy(*arguments)), "c")


def test_wrong_result_is_noticed() -> None:
    case = CASES[0]
    with pytest.raises(AssertionError, match="add: c gives"):
        check(case, 1, 2, "c")
    with pytest.raises(AssertionError):
        check(case, np.zeros(2), np.zeros(3), "c")
    with pytest.raises(AssertionError):
        check(case, np.array([1.0]), np.array([1.1]), "c")


@pytest.mark.slow
def test_call_benchmark_runs(folder: Path) -> None:
    rows = calls.measure(QUICK, folder)
    assert [row.name for row in rows] == list(calls.CALLS)
    assert all("python" in row.times for row in rows)


@pytest.mark.slow
def test_import_benchmark_runs(folder: Path) -> None:
    rows = imports.measure(QUICK, folder)
    assert len(rows) == 2
    assert all({"numpy", "pellucid"} <= set(row.times) for row in rows)


@pytest.mark.slow
def test_first_call_benchmark_runs(folder: Path) -> None:
    rows = first_call.measure(QUICK, folder)
    assert len(rows) == 2 * sum(case.is_cold for case in CASES)
    assert {row.name: row.failures.get("pellucid") for row in rows} == {
        row.name: None for row in rows
    }


@pytest.mark.slow
def test_kernel_benchmark_runs_and_every_result_is_right(folder: Path) -> None:
    rows = kernels.measure(QUICK, folder, is_small=True)
    assert {row.name: row.failures.get("pellucid") for row in rows} == {
        row.name: None for row in rows
    }


@pytest.mark.slow
def test_command_prints_a_table_and_writes_results(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "run.py", "--quick", "imports", "--out", tmp_path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "## import" in done.stdout
    assert (tmp_path / "latest.md").read_text() in done.stdout
    rows = json.loads((tmp_path / "latest.json").read_text())["rows"]
    assert {row["group"] for row in rows} == {"import over numpy"}


def test_peer_that_is_missing_leaves_its_column_empty(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    found = load_programs("numba", folder)
    assert isinstance(found, str)
    row = Row("call", "f", {"pellucid": [1e-6, 2e-6]}, (Goal("numba", 0.5),), {"numba": found})
    text = report.as_markdown([row])
    assert "- call, f, numba: " in text
    assert "| f " in text


def test_ratio_is_taken_round_by_round() -> None:
    row = Row(
        "g", "f", {"pellucid": [1.0, 10.0, 3.0], "numba": [2.0, 20.0, 3.0]}, (Goal("numba", 0.6),)
    )
    ratio = row.ratio("numba")
    assert ratio is not None
    assert ratio[0] == 0.5
    assert row.ratio("c") is None
    text = report.as_markdown([row])
    assert "0.50 (0.50 to 0.75)" in text
    assert "0.60 of numba: yes" in text


def test_rounds_are_interleaved() -> None:
    order: list[str] = []

    def runner(name: str):
        def run(count: int) -> float:
            order.append(name)
            return 0.001 * count

        return run

    settings = Settings(rounds=4, batch_seconds=0.002)
    times = interleave({"a": runner("a"), "b": runner("b")}, settings)
    assert times == {"a": [0.001] * 4, "b": [0.001] * 4}
    rounds = order[-8:]
    assert all(set(rounds[at : at + 2]) == {"a", "b"} for at in range(0, 8, 2))


@pytest.mark.parametrize("program", language.PROGRAMS, ids=lambda program: program.name)
def test_language_program_gives_what_python_gives(folder: Path, program) -> None:
    ours = load_programs("pellucid", folder, LANGUAGE)
    python = load_programs("python", folder, LANGUAGE)
    arguments = program.arguments(language.SMALL_SIZE)
    found = getattr(ours, program.name)(*arguments)
    assert found == getattr(python, program.name)(*arguments)


@pytest.mark.slow
def test_first_call_of_every_language_program_is_measured(folder: Path) -> None:
    rows = language.first_calls_of_new_functions(QUICK, folder)
    assert [row.name for row in rows] == [program.name for program in language.PROGRAMS]
    assert all(row.times["pellucid"] for row in rows), rows[0].failures
