"""Compiled functions come from the disk in a later process, and only where that is right."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from fresh_process import run_python

from pellucid import njit
from pellucid.cache.elf import UnsupportedObject
from pellucid.cache.loader import ObjectCode
from pellucid.cache.store import default_store

PROGRAM = """
import sys
import numpy as np
from pellucid import njit
from helpers import helper

SCALE = {scale}

@njit
def f(x):
    return helper(x) * SCALE

@njit
def fill(n):
    out = np.zeros(n)
    for i in range(n):
        out[i] = f(float(i))
    return out

print(f(2.0), fill(4).tolist(), f.stats.cache_hits, fill.stats.cache_hits,
      "llvmlite.binding" in sys.modules)
"""


def write(folder: Path, *, scale: str = "3.0", helper: str = "x + 1.0") -> None:
    (folder / "program.py").write_text(PROGRAM.format(scale=scale))
    (folder / "helpers.py").write_text(f"# one more line\ndef helper(x):\n    return {helper}\n")


def run(folder: Path) -> str:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import program"
    return run_python(
        code,
        str(folder),
        PELLUCID_CACHE_DIR=str(folder / "cache"),
        PYTHONDONTWRITEBYTECODE="1",  # two edits within a second would share their bytecode
    ).strip()


@pytest.mark.slow
def test_second_process_compiles_nothing_and_loads_no_llvm(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(tmp_path) == "9.0 [3.0, 6.0, 9.0, 12.0] 0 0 True"
    assert run(tmp_path) == "9.0 [3.0, 6.0, 9.0, 12.0] 1 1 False"


@pytest.mark.slow
def test_changed_helper_or_global_is_compiled_anew(tmp_path: Path) -> None:
    write(tmp_path)
    run(tmp_path)
    write(tmp_path, helper="x + 2.0")
    assert run(tmp_path) == "12.0 [6.0, 9.0, 12.0, 15.0] 0 0 True"
    write(tmp_path, helper="x + 2.0", scale="10.0")
    assert run(tmp_path) == "40.0 [20.0, 30.0, 40.0, 50.0] 0 0 True"
    write(tmp_path)
    assert run(tmp_path) == "9.0 [3.0, 6.0, 9.0, 12.0] 1 1 False"


@pytest.mark.slow
def test_damaged_cache_is_no_error(tmp_path: Path) -> None:
    write(tmp_path)
    run(tmp_path)
    for file in (tmp_path / "cache").glob("*.entry"):
        file.write_bytes(file.read_bytes()[:-7])
    assert run(tmp_path) == "9.0 [3.0, 6.0, 9.0, 12.0] 0 0 True"
    assert run(tmp_path) == "9.0 [3.0, 6.0, 9.0, 12.0] 1 1 False"


@pytest.mark.slow
def test_without_a_place_for_the_cache_functions_work(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "cache").write_text("not a folder")
    assert run(tmp_path) == "9.0 [3.0, 6.0, 9.0, 12.0] 0 0 True"


def test_functions_made_by_one_function_keep_their_own_values() -> None:
    def make(n):
        @njit
        def f(x):
            return x + n

        return f

    assert [make(n)(1) for n in (1, 2, 3, 1)] == [2, 3, 4, 2]
    assert make(1.5)(1) == 2.5


def test_functions_as_arguments_are_told_apart_by_their_code() -> None:
    @njit
    def apply(g, x):
        return g(x)

    def make(n):
        @njit
        def g(x):
            return x * n

        return g

    assert [apply(make(n), 10) for n in (2, 3, 2)] == [20, 30, 20]


def test_what_has_no_key_works_and_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    njit(lambda: 1)()  # the runtime itself is kept, too
    monkeypatch.setenv("PELLUCID_CACHE_DIR", str(tmp_path))

    class Odd(Exception):  # no other process finds it by its name
        pass

    @njit
    def f(x):
        if x > 1000:
            raise Odd("too large")
        return x

    @njit
    def g(x):
        return x

    assert f(1) == 1
    with pytest.raises(Odd):
        f(1001)
    assert default_store().info().entries == 0
    assert g(1) == 1
    assert default_store().info().entries == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every test is of this")
def test_llvm_loads_what_the_loader_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(self: ObjectCode, resolve: object, **options: object) -> None:
        raise UnsupportedObject

    @njit
    def total(xs, start):
        result = start
        for x in xs:
            result += np.exp(x)
        if result > 100.0:
            raise ValueError("large")
        return result

    total(np.zeros(1), 1.0)  # the runtime is loaded in the ordinary way
    monkeypatch.setattr(ObjectCode, "load", load)

    @njit
    def other(xs, start):
        result = start
        for x in xs:
            result += np.exp(x)
        if result > 100.0:
            raise ValueError("large")
        return result

    assert other(np.zeros(3), 1.0) == 4.0
    with pytest.raises(ValueError, match="large"):
        other(np.full(3, 10.0), 1.0)
