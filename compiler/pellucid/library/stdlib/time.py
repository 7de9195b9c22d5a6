"""`time`: the clocks, by the C library, and a sleep that leaves Python to other threads."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import Overload, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import real
from pellucid.library.objects.calls import Gives, c_function
from pellucid.types import Literal, int64, none

_I32, _I64, _PTR = ll.IntType(32), ll.IntType(64), ll.PointerType()
BILLION = 1_000_000_000
SLICE = BILLION // 20
"""How long a sleep goes on before it asks whether a signal came: nanoseconds."""
NEGATIVE = error_text(time.sleep, -1)


def _require_posix() -> None:
    if sys.platform == "win32":
        refuse("compiled code asks clocks by clock_gettime, which this system lacks")


@intrinsic
def clock(number):
    """The nanoseconds of one of the system's clocks."""
    if not isinstance(number, Literal):
        refuse("the number of a clock is a constant")
    which = number.value

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        ll_fn = cg.declare("clock_gettime", ll.FunctionType(_I32, [_I32, _PTR]), "willreturn")
        place = cg.alloca(_I64, 2)
        cg.builder.call(ll_fn, [_I32(which), place])
        seconds = cg.builder.load(place, typ=_I64)
        rest = cg.builder.load(cg.offset(place, 8), typ=_I64)
        return cg.builder.add(cg.builder.mul(seconds, _I64(BILLION)), rest)

    def run(_: int) -> int:
        return time.clock_gettime_ns(which)

    # It reads what changes by itself: no two calls are the same.
    effects = Effects.READS | Effects.WRITES
    return Primitive("clock", int64(number), lower, run, effects)


def _clock(name: str, number: str, doc: str) -> tuple[Overload, Overload]:
    which = getattr(time, number, None)
    nanoseconds: Callable[..., Any] = getattr(time, f"{name}_ns")

    def impl():
        return clock(which) / 1e9

    def impl_ns():
        return clock(which)

    def template():
        _require_posix()
        return impl

    def template_ns():
        _require_posix()
        return impl_ns

    template.__qualname__, template_ns.__qualname__ = name, f"{name}_ns"
    template.__doc__, template_ns.__doc__ = f"{doc}, in seconds.", f"{doc}, in nanoseconds."
    seconds = overload(getattr(time, name))(template)
    return seconds, overload(nanoseconds)(template_ns)


perf_counter, perf_counter_ns = _clock(
    "perf_counter", "CLOCK_MONOTONIC", "A clock for measuring how long something takes"
)
monotonic, monotonic_ns = _clock(
    "monotonic", "CLOCK_MONOTONIC", "A clock that never goes backwards"
)
time_, time_ns = _clock("time", "CLOCK_REALTIME", "The time since 1970")
process_time, process_time_ns = _clock(
    "process_time", "CLOCK_PROCESS_CPUTIME_ID", "The processor time of this process"
)
if hasattr(time, "thread_time"):
    thread_time, thread_time_ns = _clock(
        "thread_time", "CLOCK_THREAD_CPUTIME_ID", "The processor time of this thread"
    )


@intrinsic
def pause(nanoseconds):
    """Let so much time pass, less than a second, while other threads may run Python."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        place = cg.alloca(_I64, 2)
        builder.store(_I64(0), place)
        builder.store(args[0], cg.offset(place, 8))
        ll_sleep = cg.declare("nanosleep", ll.FunctionType(_I32, [_PTR, _PTR]))
        nothing = ll.Constant(_PTR, None)
        with cg.python():
            ll_save = cg.declare("PyEval_SaveThread", ll.FunctionType(_PTR, []))
            ll_restore = cg.declare("PyEval_RestoreThread", ll.FunctionType(ll.VoidType(), [_PTR]))
            saved = builder.call(ll_save, [])
            builder.call(ll_sleep, [place, nothing])
            builder.call(ll_restore, [saved])
        return cg.zero(none)

    def run(count: int) -> None:
        time.sleep(count / BILLION)

    effects = Effects.READS | Effects.WRITES | Effects.IO
    return Primitive("pause", none(int64), lower, run, effects)


@intrinsic
def check_signals():
    """Raise what a signal's handler raises, if a signal came."""
    return c_function("PyErr_CheckSignals", Gives.STATUS, (), lambda: None)


@overload(time.sleep)
def sleep(secs, /):
    """Let time pass; Ctrl-C ends it."""
    _require_posix()
    real(secs)
    return _sleep


MONOTONIC = getattr(time, "CLOCK_MONOTONIC", 1)


def _sleep(secs, /):
    if secs < 0:
        raise ValueError(NEGATIVE)
    end = clock(MONOTONIC) + int(secs * 1e9)
    while True:
        left = end - clock(MONOTONIC)
        if left <= 0:
            return
        pause(min(left, SLICE))
        check_signals()
