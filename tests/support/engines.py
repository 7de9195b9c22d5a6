"""Runs one function several ways and says what came out: for comparing engines.

An `Outcome` is everything a caller can see: the result, or the exception's type and arguments, and
the text printed. Two outcomes are equal if CPython could not tell them apart: NaN equals NaN, 0.0
does not equal -0.0, 1 does not equal 1.0 or True.
"""

import contextlib
import functools
import io
import itertools
import linecache
from dataclasses import dataclass

import numpy as np

from pellucid.frontend import build_function
from pellucid.ir.interp import Interpreter, OutOfSteps

_numbers = itertools.count()


@dataclass(frozen=True)
class Outcome:
    result: str
    error: str
    printed: str


def outcome_of(function, *args):
    """Call the function and note what happens."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
            result = function(*args)
    except OutOfSteps:
        raise
    except Exception as error:
        told = f"{type(error).__name__}{tuple(map(describe, error.args))}"
        return Outcome("", told, printed.getvalue())
    return Outcome(describe(result), "", printed.getvalue())


def describe(value):
    """A text that differs wherever Python could tell two values apart."""
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(describe, value))
        return f"{type(value).__name__}({inner})"
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}({', '.join(sorted(map(describe, value)))})"
    if isinstance(value, dict):
        inner = ", ".join(f"{describe(k)}: {describe(v)}" for k, v in value.items())
        return f"{type(value).__name__}({inner})"
    if isinstance(value, np.ndarray):
        return f"array({value.dtype}, {value.shape}, {describe(value.tolist())})"
    return f"{type(value).__name__} {value!r}"


def interpreted(pyfunc, steps=1_000_000):
    """A function that runs `pyfunc`'s untyped IR; called functions run as Python."""
    fn = build_function(pyfunc)

    def run(*args):
        return Interpreter(steps=steps).run(fn, bind(pyfunc, args))

    return run


def bind(pyfunc, args):
    """Positional arguments as the IR function takes them: defaults filled in, `*args` a tuple."""
    import inspect

    bound = inspect.signature(pyfunc).bind(*args)
    bound.apply_defaults()
    return list(bound.arguments.values())


def define(text, name=None, **names):
    """Run Python source as a module of its own that linecache knows; the function `name` of it.

    Without a name, the last function that the text defines.
    """
    file = f"<test source {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = {"__name__": "test_source", **names}
    exec(compile(text, file, "exec", dont_inherit=True), module)
    functions = [n for n, f in module.items() if getattr(f, "__code__", None) is not None]
    return module[name or functions[-1]]


def inferred(pyfunc, optimise=False, options=None):
    """A function that runs `pyfunc`'s typed IR, specialised for the types of the arguments.

    With `optimise`, after all passes.
    """
    # Loaded here: most tests of the lower rooms need no compiler.
    from pellucid.base.events import NullSink
    from pellucid.base.options import Options
    from pellucid.compilation import FrontEnd, overload_table
    from pellucid.inference.program import Program
    from pellucid.ir.interp_values import value_from_python, value_to_python
    from pellucid.passes.pass_base import PassContext
    from pellucid.passes.pipeline import run_pipeline
    from pellucid.types.typeof import typeof

    options = options or Options()
    events = NullSink()

    @functools.cache
    def target_for(*tys):
        program = Program(options, overload_table(), FrontEnd(), events, None)
        target = program.specialise(pyfunc, tys)
        if optimise:
            run_pipeline(target, PassContext(options, events, program.specialise_callable))
        return target

    def run(*args):
        args = bind(pyfunc, args)
        target = target_for(*map(typeof, args))
        values = [value_from_python(a, ty) for a, ty in zip(args, target.sig.params, strict=True)]
        result = Interpreter(steps=1_000_000).run(target.fn, values)
        return value_to_python(result, target.sig.ret)

    run.target_for = target_for
    return run
