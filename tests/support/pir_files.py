"""IR file tests: `*.pir` holds functions as text, passes to run, and the text that must come out.

    # passes: fold-constants, dead-code
    # run: @f(2, 3) == 8
    # run: @f(2, 0) raises ZeroDivisionError
    func @f(...) { ... }
    ---
    func @f(...) { ... }

A `run:` line evaluates the function in the interpreter before and after the passes; after
`ownership`, nothing may leak. In the expected text a line `...` stands for any lines. Without
`---`, the text must print as it is, unless the file has a `problem:` line: then the verifier must
say that. `--update` rewrites what is expected.
"""

import difflib
import re

import numpy as np
import pytest

from pellucid.base import NO_SPAN, Options
from pellucid.compilation import FrontEnd, overload_table
from pellucid.inference.program import Program
from pellucid.ir.environment import Environment
from pellucid.ir.interp import run, run_counting
from pellucid.ir.parser import parse_functions
from pellucid.ir.printer import print_functions
from pellucid.ir.verifier import find_problems
from pellucid.passes.ownership import CountReferences
from pellucid.passes.pass_base import PassContext, callees
from pellucid.passes.pipeline import STAGES, reachable, run_passes
from pellucid.types.syntax import import_object

PASSES = {each.name: each for stage in STAGES for each in stage}
DIRECTIVE = re.compile(r"# (passes|run|problem): (.*)")
RUN = re.compile(r"@([\w.]+)\((.*)\) (==|raises) (.*)")


class Events:
    """Keeps what passes report."""

    def __init__(self):
        self.lines = []

    def emit(self, event):
        reason = f": {event.reason}" if event.reason else ""
        self.lines.append(f"# {event.kind} {event.message}{reason}")

    def phase(self, name, seconds):
        pass


class PirFile(pytest.File):
    def collect(self):
        yield PirItem.from_parent(self, name=self.path.stem)


class Mismatch(Exception):
    """The text is not what was expected."""


class PirItem(pytest.Item):
    def runtest(self):
        text = self.path.read_text()
        source, mark, expected = text.partition("\n---\n")
        directives = [m.groups() for m in map(DIRECTIVE.fullmatch, source.splitlines()) if m]
        passes = [rest for kind, rest in directives if kind == "passes"]
        names = [name.strip() for rest in passes for name in rest.split(",")]
        problems = [rest for kind, rest in directives if kind == "problem"]
        runs = [rest for kind, rest in directives if kind == "run"]
        functions, ctx = read(source)
        found = [p for fn in functions for p in find_problems(fn)]
        assert found == problems, f"the verifier says {found}"
        if problems:
            return
        printed = print_functions(functions)
        for line in runs:
            evaluate(functions, line, counting=False)
        run_passes([PASSES[n] for n in names], functions[-1], ctx, check=True)
        if "ownership" in names:
            count_in_callees(functions[-1])
        for line in runs:
            evaluate(functions, line, counting="ownership" in names)
        if not mark:
            body = "\n".join(x for x in source.splitlines() if not x.startswith("#")).strip()
            compare(body, printed)
            return
        after = normalised("\n".join([*ctx.events.lines, print_functions(functions[-1:])]))
        if self.config.getoption("--update") and "\n...\n" not in expected:
            self.path.write_text(f"{source}\n---\n{after}\n")
        else:
            compare(expected, after)

    def repr_failure(self, excinfo):
        if excinfo.errisinstance(Mismatch):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, 0, self.name


def read(source):
    """The functions in the text, and a context for passes."""
    program = Program(Options(), overload_table(), FrontEnd())

    def find_target(name, sig, origin):
        try:
            pyobj = import_object(origin or name)
        except LookupError:
            return None
        found = program.specialise_callable(pyobj, sig.params, NO_SPAN, Options()).target
        return found if found.sig == sig else None

    functions = parse_functions(source, Environment(find_target=find_target))
    return functions, PassContext(Options(), Events(), program.specialise_callable)


def count_in_callees(fn):
    """Let the functions that `fn` calls count references too."""
    targets = {target: None for callee in callees(fn) for target in reachable(callee)}
    for target in targets:
        run_passes([CountReferences()], target.fn, PassContext(), check=True)


def evaluate(functions, line, counting):
    """Check one `run:` line."""
    name, args, relation, expected = RUN.fullmatch(line).groups()
    fn = next(fn for fn in functions if fn.name == name)
    values = eval(f"({args},)" if args else "()", {"np": np})
    if relation == "raises":
        with pytest.raises(eval(expected.partition("(")[0])) as caught:
            run_counting(fn, values) if counting else run(fn, values)
        assert getattr(caught.value, "leaked", []) == []
        return
    result, leaked = run_counting(fn, values) if counting else (run(fn, values), [])
    np.testing.assert_equal(result, eval(expected, {"np": np}))
    assert leaked == []


def normalised(text):
    """Without what changes from one version of the library to the next."""
    return re.sub(r"~[0-9a-f]{6,}", "", text).strip()


def compare(expected, text):
    """Equal, where a line `...` in `expected` matches any lines."""
    text, expected = normalised(text), normalised(expected)
    parts = [re.escape(part) for part in re.split(r"^ *\.\.\.\n", expected, flags=re.MULTILINE)]
    if re.fullmatch(r"(?:.*\n)*?".join(parts), text) is None:
        lines = difflib.unified_diff(
            expected.splitlines(), text.splitlines(), "expected", "printed", lineterm=""
        )
        raise Mismatch("\n".join(lines))
