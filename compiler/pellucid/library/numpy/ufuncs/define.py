"""Make the overload of a ufunc from its kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.inference.overloads import Overload, Refused, refuse
from pellucid.ir.protocol import callable_path
from pellucid.library.numpy.elementwise import apply_once, elementwise, elementwise_into, pack
from pellucid.library.numpy.resolution import (
    Loop,
    can_cast,
    resolve,
    result_layout,
    result_rank,
)
from pellucid.library.numpy.scalars import as_type
from pellucid.types import Array, Boolean, Complex, Float, Integer, Type, is_none

# Any: kernels are intrinsics, or Python functions of the compiled language.
Kernel = Any

_KINDS: tuple[tuple[type[Type], str], ...] = (
    (Boolean, "bool"),
    (Integer, "int"),
    (Float, "float"),
    (Complex, "complex"),
)


@dataclass(frozen=True, eq=False)
class Ufunc(Overload):
    """The overload of a ufunc, with its kernels by the kind of its loop's last input."""

    ufunc: np.ufunc = np.add
    kernels: dict[str, Kernel] = field(default_factory=dict[str, Kernel])

    def operation(self, *operands: Type) -> Callable[..., Any]:
        """The function of just the operands that applies the ufunc to values of these types."""
        make = unary_operation if self.ufunc.nin == 1 else binary_operation
        return make(self.ufunc, self.kernels, *operands)


def definer(module: str) -> Callable[..., Ufunc]:
    """`define` for the module of that name, which is where the overloads are to be found."""

    def define(ufunc: np.ufunc, kernel: Kernel = None, **kernels: Kernel) -> Ufunc:
        """The overload of `ufunc`. `kernels` (bool, int, float, complex) go before `kernel`.

        The kind is that of the loop's last input: `ldexp` is chosen by its integer.
        """
        table = {name: kernels.get(name, kernel) for _, name in _KINDS}
        template = (_unary if ufunc.nin == 1 else _binary)(ufunc, table)
        template.__module__ = module
        template.__qualname__ = template.__name__ = ufunc.__name__
        template.__doc__ = f"NumPy's `{ufunc.__name__}`, item by item."
        return Ufunc(callable_path(ufunc), template, inline=True, ufunc=ufunc, kernels=table)

    return define


def _kernel(ufunc: np.ufunc, table: dict[str, Kernel], loop: Loop) -> Kernel:
    for cls, kind in _KINDS:
        if isinstance(loop.inputs[-1], cls) and table[kind] is not None:
            return table[kind]
    message = f"np.{ufunc.__name__} is not supported for {loop.inputs[-1]} yet"
    raise Refused(message)


def _check_out(ufunc: np.ufunc, loop: Loop, out: Type) -> None:
    if not isinstance(out, Array):
        refuse(f"out must be an array, not {out.base}")
    if out.readonly:
        refuse("output array is read-only")
    if not can_cast(loop.output, out.dtype):
        refuse(
            f"Cannot cast ufunc '{ufunc.__name__}' output from dtype('{loop.output}') "
            f"to dtype('{out.dtype}') with casting rule 'same_kind'"
        )


def unary_operation(ufunc: np.ufunc, table: dict[str, Kernel], x: Type) -> Callable[..., Any]:
    """The function of one operand that applies the ufunc to a value of this type."""
    loop = resolve(ufunc, x)
    kernel = _kernel(ufunc, table, loop)
    inputs, output, layout = loop.inputs, loop.output, result_layout(x)
    (first,) = inputs

    def scalar(x):
        return as_type(kernel(as_type(x, first)), output)

    def item(x):
        return apply_once(ufunc, pack(inputs, x))

    def array(x):
        return elementwise(ufunc, output, layout, pack(inputs, x))

    if not isinstance(x, Array):
        return scalar
    return array if x.ndim else item


def binary_operation(
    ufunc: np.ufunc, table: dict[str, Kernel], x1: Type, x2: Type
) -> Callable[..., Any]:
    """The function of two operands that applies the ufunc to values of these types."""
    loop = resolve(ufunc, x1, x2)
    kernel = _kernel(ufunc, table, loop)
    inputs, output, layout = loop.inputs, loop.output, result_layout(x1, x2)
    first, second = inputs

    def scalar(x1, x2):
        return as_type(kernel(as_type(x1, first), as_type(x2, second)), output)

    def item(x1, x2):
        return apply_once(ufunc, pack(inputs, x1, x2))

    def array(x1, x2):
        return elementwise(ufunc, output, layout, pack(inputs, x1, x2))

    if not isinstance(x1, Array) and not isinstance(x2, Array):
        return scalar
    return array if result_rank(x1, x2) else item


def _unary(ufunc: np.ufunc, table: dict[str, Kernel]) -> Callable[..., Any]:
    def template(x, /, out=None):
        operation = unary_operation(ufunc, table, x)
        if is_none(out):

            def impl(x, out=None):
                return operation(x)

            return impl
        loop = resolve(ufunc, x)
        inputs = loop.inputs
        _check_out(ufunc, loop, out)

        def into(x, out=None):
            elementwise_into(ufunc, out, pack(inputs, x))
            return out

        return into

    return template


def _binary(ufunc: np.ufunc, table: dict[str, Kernel]) -> Callable[..., Any]:
    def template(x1, x2, /, out=None):
        operation = binary_operation(ufunc, table, x1, x2)
        if is_none(out):

            def impl(x1, x2, out=None):
                return operation(x1, x2)

            return impl
        loop = resolve(ufunc, x1, x2)
        inputs = loop.inputs
        _check_out(ufunc, loop, out)

        def into(x1, x2, out=None):
            elementwise_into(ufunc, out, pack(inputs, x1, x2))
            return out

        return into

    return template
