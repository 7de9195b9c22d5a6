"""The command line: `pellucid annotate`, `ir`, `cache`, `-s`, `--version`.

A script is run as it is; what it compiled is then shown. Nothing in it needs to change.
"""

from __future__ import annotations

import argparse
import os
import platform
import runpy
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pellucid


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit status."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.sysinfo:
        sys.stdout.write(system_information())
        return 0
    if options.command is None:
        parser.print_help()
        return 2
    result: int = options.run(options)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pellucid", description=_about())
    parser.add_argument("--version", action="version", version=f"pellucid {pellucid.__version__}")
    parser.add_argument(
        "-s", "--sysinfo", action="store_true", help="print system information, for bug reports"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    annotate = commands.add_parser(
        "annotate", help="run a script and show what became of the functions that it compiled"
    )
    annotate.add_argument("script", type=Path)
    annotate.add_argument("arguments", nargs="*", help="the script's own arguments")
    annotate.add_argument("-o", "--output", type=Path, help="HTML file (default: SCRIPT.html)")
    annotate.add_argument("--text", action="store_true", help="print instead of writing HTML")
    annotate.set_defaults(run=_annotate)
    ir = commands.add_parser("ir", help="print the IR of what a script compiled")
    ir.add_argument("script", type=Path)
    ir.add_argument("arguments", nargs="*", help="the script's own arguments")
    ir.add_argument("--function", help="only the function of this name")
    ir.add_argument(
        "--after",
        choices=("inference", "passes"),
        default="inference",
        help="the stage to print (default: inference)",
    )
    ir.set_defaults(run=_ir)
    cache = commands.add_parser("cache", help="look at or empty the folder of compiled code")
    cache.add_argument("--clear", action="store_true", help="forget all compiled code")
    cache.set_defaults(run=_cache)
    return parser


def _about() -> str:
    return (pellucid.__doc__ or "").splitlines()[0]


# Scripts ----------------------------------------------------------------------------------------


def compiled_by(script: Path, arguments: Sequence[str]) -> list[Any]:
    """Run a script as `__main__`; the dispatchers (a lower room's class) in its namespace."""
    before = sys.argv, sys.path[:]
    sys.argv = [str(script), *arguments]
    sys.path.insert(0, str(script.resolve().parent))
    try:
        namespace = runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.argv, sys.path[:] = before
    found: dict[int, Any] = {}
    for value in namespace.values():
        if hasattr(value, "py_func") and hasattr(value, "explain") and value.signatures:
            found[id(value)] = value
    return list(found.values())


def _reports(script: Path, arguments: Sequence[str]) -> Iterator[Any]:
    """The Report of each function and signature that a script compiled."""
    for dispatcher in compiled_by(script, arguments):
        for signature in dispatcher.signatures:
            yield dispatcher.explain(*signature)


def _refuse(script: Path) -> int:
    sys.stderr.write(f"pellucid: {script} compiled no function\n")
    return 1


def _annotate(options: argparse.Namespace) -> int:
    if not options.script.exists():
        sys.stderr.write(f"pellucid: there is no {options.script}\n")
        return 2
    from pellucid.inspection.render_text import render_bench
    from pellucid.inspection.report import Bench

    reports = list(_reports(options.script, options.arguments))
    if not reports:
        return _refuse(options.script)
    bench = Bench(options.script.name, reports)
    if options.text:
        sys.stdout.write(render_bench(bench))
        return 0
    output = bench.save(options.output or options.script.with_suffix(".html"))
    sys.stdout.write(f"wrote {output}: {len(reports)} compilations\n")
    return 0


def _ir(options: argparse.Namespace) -> int:
    if not options.script.exists():
        sys.stderr.write(f"pellucid: there is no {options.script}\n")
        return 2
    stage = {"inference": "typed", "passes": "passes"}[options.after]
    texts = [
        text.text
        for report in _reports(options.script, options.arguments)
        if options.function in (None, report.function.name)
        for text in report.ir
        if text.name == stage
    ]
    if not texts:
        return _refuse(options.script)
    sys.stdout.write("\n".join(texts))
    return 0


def _cache(options: argparse.Namespace) -> int:
    from pellucid.cache.store import default_store

    store = default_store()
    if options.clear:
        sys.stdout.write(f"forgot {store.clear()} entries\n")
    sys.stdout.write(f"{store.info()}\n")
    return 0


# System information -----------------------------------------------------------------------------


def system_information() -> str:
    """What a bug report needs: versions, processor, settings."""
    import llvmlite
    import numpy
    from llvmlite import binding

    from pellucid.base import options as settings
    from pellucid.targets.cpu.target import host

    target = host()
    enabled = [name[1:] for name in target.features.split(",") if name.startswith("+")]
    rows = {
        "Pellucid": pellucid.__version__,
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "NumPy": numpy.__version__,
        "llvmlite": llvmlite.__version__,
        "LLVM": ".".join(map(str, binding.llvm_version_info)),
        "System": platform.platform(),
        "Processor": target.cpu,
        "Target": target.triple,
        "Features": " ".join(enabled),
        "Processors": str(os.cpu_count()),
        "Code cache": settings.cache_dir() if settings.cache_enabled() else "off",
    }
    given = {name: value for name, value in os.environ.items() if name.startswith("PELLUCID_")}
    width = max(map(len, (*rows, *given)))
    return "".join(f"{name:<{width}}  {value}\n" for name, value in {**rows, **given}.items())


if __name__ == "__main__":
    sys.exit(main())
