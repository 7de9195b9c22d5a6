"""gdb from compiled code: it stops in the function that calls, not in one of the runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.names import BREAKPOINT
from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import box
from pellucid.library.objects.calls import VOID, emit, own
from pellucid.library.objects.object_mode import call_object
from pellucid.runtime import gdb as runtime
from pellucid.types import Literal, Signature, Type, none, pyobject


@overload(runtime.gdb, inline=True)
def gdb(*args):
    """Start gdb, attach it, and stop here. Arguments are literal texts: gdb's command line."""
    _check(args)

    def impl(*args):
        call_object(attach_function(), box(args))
        runtime.gdb_breakpoint()

    return impl


@overload(runtime.gdb_init, inline=True)
def gdb_init(*args):
    """Start gdb and attach it. Arguments are literal texts: gdb's command line."""
    _check(args)

    def impl(*args):
        call_object(attach_function(), box(args))

    return impl


@overload(runtime.gdb_breakpoint)
def gdb_breakpoint():
    """Stop here if gdb is attached."""
    return _STOP


def _check(args: tuple[Type, ...]) -> None:
    for arg in args:
        if not (isinstance(arg, Literal) and isinstance(arg.value, str)):
            refuse(f"{arg.base} is not a literal text, as gdb's arguments must be")
    runtime.find_gdb()


def _lower_stop(cg: Any, _: Sequence[Any]) -> Any:
    ll_fn = cg.module.declare(BREAKPOINT, ll.FunctionType(VOID, []))
    cg.builder.call(ll_fn, [])
    return cg.zero(none)


_STOP = Primitive(
    "gdb_breakpoint",
    Signature(none, ()),
    _lower_stop,
    lambda: None,
    Effects.READS | Effects.WRITES | Effects.IO,
)


@intrinsic
def attach_function():
    """The Python function that starts gdb."""

    def body(cg: Any, objects: Any, _: Sequence[Any]) -> Any:
        return own(objects, cg.module.python_object(runtime.attach))

    return emit("attach_function", Signature(pyobject, ()), body, lambda: runtime.attach)
