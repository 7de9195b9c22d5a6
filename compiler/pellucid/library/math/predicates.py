"""Questions about floats: `isnan isinf isfinite isclose`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Constant, Overload, overload
from pellucid.library.builtins.arithmetic import primitive
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import real
from pellucid.types import Float, Integer, boolean

NEGATIVE_TOLERANCE = error_text(lambda: math.isclose(1, 1, rel_tol=-1.0))


def _question(function: Callable[[float], bool], classes: int, of_integers: bool) -> Overload:
    """`classes` are the bits of LLVM's `is.fpclass`: it answers even where fast-math assumes."""

    def template(x, /):
        ty = real(x)
        if isinstance(ty, Integer):
            return Constant(of_integers)
        assert isinstance(ty, Float), "real numbers are integers or floats"

        def emit(cg: Any, operand: Any) -> Any:
            mask = cg.ll_type(Integer(32, True))(classes)
            name = f"llvm.is.fpclass.f{ty.bits}"
            return cg.intrinsic(name, cg.ll_type(boolean), operand, mask)

        return primitive(function.__name__, boolean, (ty,), emit, function)

    template.__qualname__ = function.__name__
    template.__doc__ = f"`math.{function.__name__}(x)`; right under `fastmath` too."
    return overload(function)(template)


# Classes of LLVM's LangRef, "llvm.is.fpclass": NaNs 3, infinities 0x204, finite numbers 0x1f8.
isnan = _question(math.isnan, 0x003, of_integers=False)
isinf = _question(math.isinf, 0x204, of_integers=False)
isfinite = _question(math.isfinite, 0x1F8, of_integers=True)


@overload(math.isclose)
def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    """Whether two numbers are equal up to a relative or an absolute tolerance.

    >>> math.isclose(1.0, 1.0 + 1e-12)
    True
    """
    for ty in (a, b, rel_tol, abs_tol):
        real(ty)
    return _isclose


def _isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0 or abs_tol < 0:
        raise ValueError(NEGATIVE_TOLERANCE)
    x, y = float(a), float(b)
    if x == y:
        return True
    if math.isinf(x) or math.isinf(y):
        return False
    distance = math.fabs(y - x)
    return (
        distance <= math.fabs(rel_tol * y)
        or distance <= math.fabs(rel_tol * x)
        or distance <= abs_tol
    )
