"""From a Python function and argument types to LLVM IR: the rooms composed, in the order of data.

    front end -> inference -> passes -> code generation

`Compilation` keeps what each stage made, for the dispatcher, the cache and the Report.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pellucid.base.events import EventSink, NullSink
from pellucid.base.options import Options
from pellucid.codegen import emit_module
from pellucid.frontend import build_function
from pellucid.inference.overloads import OverloadTable
from pellucid.inference.program import Program, code_key
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.function import Function
from pellucid.library.index import get_index
from pellucid.passes.pass_base import PassContext
from pellucid.passes.pipeline import run_pipeline
from pellucid.types import Signature, Type


@dataclass(eq=False)
class Compilation:
    """One function compiled for one tuple of argument types, up to LLVM IR.

    `target` is the function itself, `functions` all that were compiled with it, callees first;
    `stages` holds the text of the function's IR after each stage, if it was asked for.
    """

    pyfunc: Any
    options: Options
    untyped: Function
    target: FunctionTarget
    functions: list[FunctionTarget]
    stages: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def sig(self) -> Signature:
        """The inferred signature."""
        return self.target.sig

    def llvm_text(self) -> str:
        """The LLVM module as generated: the function is exported, the others are internal."""
        return emit_module(
            self.functions, exported={self.target.symbol}, options=self.options, name=self.target.name
        )


@cache
def overload_table() -> OverloadTable:
    """The overloads of this process: the library's, and those that users registered."""
    return OverloadTable(get_index())


class FrontEnd:
    """Builds untyped IR, once for each function."""

    def __init__(self) -> None:
        self._built: dict[object, Function] = {}

    def __call__(self, pyfunc: Any, is_library: bool) -> Function:
        key = code_key(pyfunc)
        fn = self._built.get(key)
        if fn is None:
            fn = build_function(pyfunc, is_library=is_library)
            self._built[key] = fn
        return fn


def compile_function(
    pyfunc: Any, arg_tys: tuple[Type, ...], options: Options, events: EventSink | None = None
) -> Compilation:
    """Compile `pyfunc` for arguments of these types; a `CompileError` says what is wrong."""
    events = events or NullSink()
    front_end = FrontEnd()
    with _phase(events, "front end"):
        untyped = front_end(pyfunc, False)
    program = Program(options, overload_table(), front_end, events)
    with _phase(events, "inference"):
        target = program.specialise(pyfunc, arg_tys)
    with _phase(events, "passes"):
        functions = run_pipeline(target, PassContext(options, events, program.specialise_callable))
    return Compilation(pyfunc, options, untyped, target, functions)


@contextmanager
def _phase(events: EventSink, name: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    finally:
        events.phase(name, time.perf_counter() - start)
