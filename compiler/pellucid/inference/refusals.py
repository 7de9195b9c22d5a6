"""What a call or a function is refused for, or warned of, beside what its overloads say."""

from __future__ import annotations

import functools
import types as pytypes
from typing import TYPE_CHECKING, NoReturn

from pellucid.base.diagnostics import Label, error
from pellucid.base.options import Options
from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments, BindError, Recipe, bind
from pellucid.inference.candidates import did_you_mean, display_types
from pellucid.inference.closures import closures_in
from pellucid.ir.function import Function
from pellucid.ir.ops import Call, Return
from pellucid.types import Literal, PyObjectType, Type
from pellucid.types.convert import can_convert

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame


def check_returned(frame: Frame) -> None:
    """A function that is made in compiled code is given to Python as a Python function."""
    if frame.ret is None or all(made.code.pycode for made in closures_in(frame.ret)):
        return
    ends = (block.terminator for block in frame.reached)
    span = next((end.span for end in ends if isinstance(end, Return)), frame.fn.span)
    error(
        "unsupported-feature",
        f"`{frame.fn.name}` returns a function that was made in compiled code",
        span,
        "which of the functions of the Python code this is cannot be told",
        help="give each function that stands on one line a line of its own",
    )


def no_base_case(frame: Frame) -> None:
    """A function that only ever calls itself has no type."""
    error(
        "endless-recursion",
        f"`{frame.fn.name}` has no path that returns without calling itself",
        frame.fn.span,
        "its return type cannot be known",
        help="return a value on some path that does not recurse",
    )


def check_compilable(pyfunc: pytypes.FunctionType, op: Call) -> None:
    """Functions of other packages are not compiled where an overload is missing."""
    if pyfunc in (functools.lru_cache, functools.cache):
        error(
            "unsupported-function",
            f"`functools.{pyfunc.__name__}` is not supported in compiled code",
            op.span,
            help="keep the results in a dict: `if k not in known: known[k] = ...`",
        )
    root = (pyfunc.__module__ or "").partition(".")[0]
    if root in {"numpy", "scipy", "pandas"}:
        name = f"{pyfunc.__module__}.{pyfunc.__qualname__}"
        error(
            "unsupported-function",
            f"`{name}` is not supported in compiled code yet",
            op.span,
            help="the reference of supported functions lists what is",
        )


def bind_arguments(fn: Function, arguments: Arguments, op: Call) -> list[Recipe]:
    """How arguments reach the parameters of a user's function."""
    try:
        return bind(fn.params[fn.captured :], arguments)
    except BindError as problem:
        defined = () if fn.is_library else (Label(fn.span, "defined here"),)
        error(
            "wrong-arguments",
            f"{fn.name.rpartition('.')[2]}() {problem}",
            op.span,
            f"called with ({display_types(arguments)})",
            labels=defined,
        )


def attribute_name(arguments: Arguments, span: Span) -> str:
    """The name that `getattr` is asked for, which must be known."""
    name_ty = arguments.types[1]
    if not isinstance(name_ty, Literal) or not isinstance(name_ty.value, str):
        error("unsupported-feature", "getattr() takes a constant name in compiled code", span)
    return name_ty.value


def check_member(owner: PyObjectType, name: str, span: Span) -> None:
    """Refuse a module that has no such member."""
    if not hasattr(owner.pyobj, name):
        error(
            "unknown-attribute",
            f"module `{owner.path}` has no attribute `{name}`",
            span,
            help=did_you_mean(name, dir(owner.pyobj)),
        )


def no_attribute(owner: Type, name: str, span: Span) -> NoReturn:
    """Refuse an attribute that values of a type do not have."""
    error(
        "unknown-attribute",
        f"{owner.base} has no attribute `{name}` in compiled code",
        span,
        f"this is {owner.base}",
    )


FLOAT_TESTS = {
    f"{module}.{name}": flag
    for name, flag in (("isnan", "nnan"), ("isinf", "ninf"), ("isfinite", "nnan"))
    for module in ("math", "numpy", "cmath")
}
"""Questions that a flag of `fastmath` makes pointless, with the flag."""


def warn_of_float_test(path: str, options: Options, span: Span) -> dict[str, None]:
    """A warning where `fastmath` says that there is no NaN, and the function asks for one."""
    flags = options.fastmath & {FLOAT_TESTS[path], "fast"}
    if not flags:
        return {}
    name, (flag, *_) = path.rpartition(".")[2], sorted(flags)
    what = "infinities" if flag == "ninf" else "NaN"
    message = (
        f"{span.file}:{span.line}: {name}() is asked under fastmath={{{flag!r}}}, which says that "
        f"there are no {what}: the answer may be wrong; fastmath=True keeps it right"
    )
    return {message: None}


def declare_ret(frame: Frame, ret_ty: Type) -> None:
    """Let a function return what its signature says, if what it returns converts to that."""
    if frame.ret is not None and not can_convert(frame.ret, ret_ty):
        error(
            "signature-mismatch",
            f"`{frame.fn.name}` returns {frame.ret}, its signature says {ret_ty}",
            frame.fn.span,
            help="change the signature, or leave the return type out of it",
        )
    frame.ret = ret_ty
