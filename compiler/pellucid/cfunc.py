"""The decorator `cfunc`: a Python function in, a function that C can call out.

@cfunc("float64(float64)")
def square(x): return x * x

scipy.integrate.quad(square.ctypes, 0, 1)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, Protocol, TypeVar

from pellucid.base.diagnostics import error
from pellucid.jit import COMPILER, check_function, make_options, read_signatures
from pellucid.runtime.cfunc import CFunc
from pellucid.types import Boolean, Float, Integer, NoneType, Pointer, Signature, Type

P = ParamSpec("P")
R = TypeVar("R")


class Decorator(Protocol):
    """What `cfunc(signature)` gives."""

    def __call__(self, function: Callable[P, R], /) -> CFunc[P, R]:
        """Decorate a function."""
        ...


def cfunc(
    sig: str | Signature,
    *,
    cache: bool = False,
    **options: Any,
) -> Decorator:
    """Compile a function now, for callers from C.

    An exception cannot leave it: it is printed, and the result is zero.
    """
    if options.pop("forceobj", False) or options.pop("nopython", True) is False:
        message = "C callbacks are compiled code: there is no object mode for them"
        raise NotImplementedError(message)
    signature = _read(sig)
    made = make_options({**options, "cache": True})

    def decorate(function: Any) -> CFunc[Any, Any]:
        check_function(function)
        return CFunc(function, signature, COMPILER, made, cache=cache)

    return decorate


def _read(given: Any) -> Signature:
    if isinstance(given, list) or not isinstance(given, (str, Signature, tuple)):
        message = f"invalid signature {given!r}: cfunc takes one, such as 'float64(int64)'"
        raise TypeError(message)
    (signature,) = read_signatures(given) or []
    if not isinstance(signature, Signature):
        message = f"cfunc needs an explicit return type, as in 'float64(int64)', not {given!r}"
        raise TypeError(message)
    for ty in signature.params:
        if not isinstance(ty, _PASSED):
            _refuse(ty)
    if not isinstance(signature.ret, (*_PASSED, NoneType)):
        _refuse(signature.ret)
    return signature


def _refuse(ty: Type) -> None:
    error(
        "unsupported-feature",
        f"a {ty} cannot be passed to or from C by value",
        help="use numbers, bools and pointers, as in `void(CPointer(float64), int64)`",
    )


_PASSED = (Boolean, Float, Integer, Pointer)
