"""`pellucid.debug(f)`: run a function as compiled code would, under pdb.

    debug(f)(xs, 3)      # stops at `breakpoint()`, shows the typed variables, and asks pdb

The typed IR is interpreted before any optimisation: integers wrap at their width, types are those
of compiled code. At a stop `p x` prints, `n` or `s` goes on to the next line, `c` to the next stop.
"""

from __future__ import annotations

import bdb
import inspect
import pdb
from collections.abc import Callable
from types import FrameType
from typing import Any, TextIO

from pellucid.base.diagnostics import error
from pellucid.base.options import Options
from pellucid.compilation import FrontEnd, overload_table
from pellucid.inference.program import Program
from pellucid.inspection.why import source_of
from pellucid.ir.function import Block, Function
from pellucid.ir.interp import Interpreter
from pellucid.ir.interp_values import value_from_python, value_to_python
from pellucid.ir.ops import Call, Edge, Op
from pellucid.ir.values import Value
from pellucid.runtime.parameters import make_binder
from pellucid.types.typeof import typeof


def debug(
    function: Callable[..., Any], *, stdin: TextIO | None = None, stdout: TextIO | None = None
) -> Callable[..., Any]:
    """A function that interprets `function` with the types and the arithmetic of compiled code.

    It stops at `breakpoint()`. `stdin` and `stdout` are pdb's, by default the terminal.
    """
    pyfunc = getattr(function, "py_func", function)
    options = getattr(function, "options", Options())

    def run(*args: Any, **kwargs: Any) -> Any:
        values = make_binder(pyfunc)(*args, **kwargs)
        types = tuple(map(typeof, values))
        program = Program(options, overload_table(), FrontEnd())
        fn = program.specialise(pyfunc, types).fn
        assert fn is not None, "a user's function has a body"
        if fn.is_generator:
            error("unsupported-feature", "generators cannot be debugged yet", fn.span)
        interpreter = _Debugger(_Pdb(stdin, stdout))
        given = [value_from_python(v, ty) for v, ty in zip(values, types, strict=True)]
        return value_to_python(interpreter.run(fn, given), fn.ret_ty)

    return run


class _Pdb(pdb.Pdb):
    """Asks at one place; going on is the interpreter's."""

    def __init__(self, stdin: TextIO | None, stdout: TextIO | None) -> None:
        super().__init__(stdin=stdin, stdout=stdout, nosigint=True)
        self.is_stepping = False

    def ask(self, frame: FrameType) -> None:
        """Talk with the user; afterwards `is_stepping` says whether to stop at the next line."""
        self.is_stepping = False
        self.reset()
        self.interaction(frame, None)
        if self.quitting:
            raise bdb.BdbQuit

    def do_next(self, arg: str) -> bool:
        """Go on to the next line."""
        self.is_stepping = True
        return True

    do_n = do_s = do_step = do_next


class _Debugger(Interpreter):
    """Interprets, and stops where the user asks."""

    def __init__(self, shell: _Pdb) -> None:
        super().__init__()
        self.shell = shell
        self._functions: list[Function] = []
        self._time = 0
        self._written: dict[Value, int] = {}
        self._line = 0

    def run(self, fn: Function, args: Any) -> Any:
        """The result of `fn`."""
        self._functions.append(fn)
        try:
            return super().run(fn, args)
        finally:
            self._functions.pop()

    def _typed_op(self, op: Op, env: dict[Value, Any]) -> None:
        fn = self._functions[-1]
        if not fn.is_library and op.span.line:
            is_asked = isinstance(op, Call) and getattr(op.target, "name", "") == "breakpoint"
            if is_asked or (self.shell.is_stepping and op.span.line != self._line):
                self._stop(fn, op, env)
            self._line = op.span.line
        super()._typed_op(op, env)
        if op.result is not None:
            self._note(op.result)

    def _next(self, block: Block, env: dict[Value, Any]) -> Edge:
        edge = super()._next(block, env)
        for param in edge.block.params:
            self._note(param)
        return edge

    def _note(self, value: Value) -> None:
        self._time += 1
        self._written[value] = self._time

    def _variables(self, fn: Function, env: dict[Value, Any]) -> dict[str, Value]:
        """The value that each name stands for now: what was written last."""
        found = {
            param.name: value for param, value in zip(fn.params, fn.entry.params, strict=False)
        }
        for span, value in fn.uses:
            name = source_of(span)
            if value in env and name.isidentifier():
                old = found.get(name)
                if old is None or self._written.get(value, 0) >= self._written.get(old, 0):
                    found[name] = value
        return found

    def _stop(self, fn: Function, op: Op, env: dict[Value, Any]) -> None:
        variables = self._variables(fn, env)
        values = {n: value_to_python(env[v], v.typed) for n, v in variables.items() if v in env}
        out = self.shell.stdout
        for name, value in values.items():
            out.write(f"  {name}: {variables[name].typed.base} = {value!r}\n")
        names = getattr(fn.pyfunc, "__globals__", {})
        self.shell.ask(_frame_at(fn, op.span.line, names, values))


def _frame_at(fn: Function, line: int, names: dict[str, Any], values: dict[str, Any]) -> FrameType:
    """A Python frame at a line of the function, with these locals: what pdb looks at."""
    found: list[FrameType] = []

    def stop() -> None:
        here = inspect.currentframe()
        assert here is not None, "CPython has frames"
        assert here.f_back is not None, "the code calls this"
        found.append(here.f_back)

    source = "\n" * (line - 1) + "__pellucid_stop__()"
    code = compile(source, fn.file, "exec").replace(co_name=fn.name)
    exec(code, {**names, "__pellucid_stop__": stop}, values)
    return found[0]
