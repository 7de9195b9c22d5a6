"""The commands, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pellucid import cli
from pellucid.cache.store import default_store
from pellucid.inspection.report import Bench

SCRIPT = """\
import sys
import numpy as np
from pellucid import njit

@njit
def total(xs):
    s = 0.0
    for x in xs:
        s += x
    return s

print(total(np.arange(float(sys.argv[1]))))
"""


@pytest.fixture
def script(tmp_path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


def test_version(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out.startswith("pellucid 0.")


def test_system_information(capsys):
    assert cli.main(["-s"]) == 0
    out = capsys.readouterr().out
    for word in ("LLVM", "NumPy", "Processor", "Code cache"):
        assert word in out


def test_no_command_is_help(capsys):
    assert cli.main([]) == 2
    assert "annotate" in capsys.readouterr().out


def test_annotate_prints_the_source_with_types(script, capsys):
    assert cli.main(["annotate", "--text", str(script), "4"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("6.0\n")
    assert "total(array(float64, 1d, C)) -> float64" in out
    assert "# s: float64" in out


def test_annotate_writes_one_page(script, capsys):
    pytest.importorskip("pellucid_widgets.workbench")
    assert cli.main(["annotate", str(script), "4"]) == 0
    page = script.with_suffix(".html").read_text()
    data = page.split('id="pellucid-bench">')[1].split("</script>")[0]
    bench = Bench.from_json(json.loads(data))
    assert bench.title == "script.py"
    assert [report.function.name for report in bench.reports] == ["total"]


def test_ir(script, capsys):
    assert cli.main(["ir", "--function", "total", str(script), "4"]) == 0
    assert "func @total(xs: array(float64, 1d, C)) -> float64" in capsys.readouterr().out
    assert cli.main(["ir", "--after", "passes", str(script), "4"]) == 0


def test_a_script_that_compiles_nothing(tmp_path, capsys):
    (tmp_path / "empty.py").write_text("pass\n")
    assert cli.main(["annotate", str(tmp_path / "empty.py")]) == 1
    assert "compiled no function" in capsys.readouterr().err


def test_a_script_that_is_not_there(tmp_path, capsys):
    assert cli.main(["annotate", str(tmp_path / "none.py")]) == 2
    assert "there is no" in capsys.readouterr().err


def test_cache_is_shown_and_emptied(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_CACHE_DIR", str(tmp_path / "code"))
    store = default_store()
    assert store.put("0" * 40, {}, {"object": b"code"})
    assert cli.main(["cache"]) == 0
    assert "entries  1\n" in capsys.readouterr().out
    assert cli.main(["cache", "--clear"]) == 0
    assert "entries  0\n" in capsys.readouterr().out
    assert store.get("0" * 40) is None
