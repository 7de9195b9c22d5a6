"""Measure and report: `python -m benchmarks [group ...]` or `python benchmarks/run.py`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT, ROOT / "compiler"):  # run as a file, or without an installation
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

for library in ("OPENBLAS", "MKL", "OMP"):  # one thread for every engine; before NumPy is loaded
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from benchmarks import calls, first_call, imports, kernels, language, report  # noqa: E402 (needs the path)
from benchmarks.engines import write_programs  # noqa: E402
from benchmarks.measure import Row, Settings  # noqa: E402

GROUPS = ("calls", "imports", "first", "kernels", "language")


def measure(groups: Sequence[str], settings: Settings, folder: Path, is_small: bool) -> list[Row]:
    """Measure the groups in a fixed order, fresh processes first."""
    write_programs(folder)
    rows: list[Row] = []
    if "imports" in groups:
        rows += imports.measure(settings, folder)
    if "first" in groups:
        rows += first_call.measure(settings, folder)
    if "calls" in groups:
        rows += calls.measure(settings, folder)
    if "kernels" in groups:
        rows += kernels.measure(settings, folder, is_small=is_small)
    if "language" in groups:
        rows += language.measure(settings, folder, is_small=is_small)
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="group", help=f"of: {', '.join(GROUPS)}")
    parser.add_argument("--quick", action="store_true", help="few rounds on little data")
    parser.add_argument("--rounds", type=int, help="rounds of each comparison")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results", help="where results go"
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    settings = Settings.quick() if options.quick else Settings()
    if options.rounds:
        settings = Settings(options.rounds, settings.batch_seconds, options.rounds)
    with tempfile.TemporaryDirectory(prefix="pellucid-benchmarks-") as folder:
        os.environ["PELLUCID_CACHE_DIR"] = str(Path(folder) / "cache")
        os.environ["NUMBA_CACHE_DIR"] = str(Path(folder) / "numba")
        groups = options.groups or GROUPS
        rows = measure(groups, settings, Path(folder), is_small=options.quick)
    text = report.as_markdown(rows)
    print(text)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "latest.md").write_text(text)
    (options.out / "latest.json").write_text(json.dumps(report.as_json(rows), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
