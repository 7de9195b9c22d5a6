"""Sums of products: dot, matmul, vdot, inner, outer, trace.

Products of matrices run over rows of the output, four rows of the right operand at a time, so that
the inner loop has unit strides. Sums may be taken in any order, as BLAS takes them.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from pellucid.inference.overloads import overload, overload_method, refuse
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.creation import fill
from pellucid.library.numpy.cursors import cursors, fetch_unit
from pellucid.library.numpy.elementwise import pack, run_loops
from pellucid.library.numpy.folds import row_piece
from pellucid.library.numpy.indexing import itself
from pellucid.library.numpy.lines import line_up
from pellucid.library.numpy.manipulation import in_rows
from pellucid.library.numpy.primitives import (
    array_shape,
    array_type,
    axis_length,
    keep_alive,
    load_item,
    store_item,
)
from pellucid.library.numpy.resolution import common_type, is_operand
from pellucid.library.numpy.scalars import (
    add,
    add_any_order,
    as_type,
    bit_and,
    bit_or,
    mul,
    mul_contracted,
)
from pellucid.library.numpy.views import at_index
from pellucid.types import Array, Type, boolean, is_complex, is_scalar
from pellucid.types.kinds import static
from pellucid.types.unify import unify

# Any: functions of the compiled language.


@static
def is_bool(ty: Type) -> bool:
    """Whether `ty` is bool."""
    return ty.base == boolean


def plus(x, y):
    """A sum whose order does not matter; of bools, whether one is true."""
    if is_bool(x):
        return bit_or(x, y)
    if is_complex(x):
        return add(x, y)
    return add_any_order(x, y)


def times(x, y):
    """A product that may be fused with a sum; of bools, whether both are true."""
    if is_bool(x):
        return bit_and(x, y)
    if is_complex(x):
        return mul(x, y)
    return mul_contracted(x, y)


def dot_run(left, right, count, dtype):
    """The sum of the products of two rows."""
    walked = cursors((left, right), (count,))
    total = as_type(0, dtype)
    step = row_piece(walked, count)
    first = 0
    while first < count:
        length = step if first + step < count else count - first
        line = line_up(walked, first, length)
        for i in range(length):
            x, y = fetch_unit(line, i)
            total = plus(total, times(as_type(x, dtype), as_type(y, dtype)))
        first += step
    keep_alive(left)
    keep_alive(right)
    return total


def typed_rows(a, dtype):
    """The array in C order with items of `dtype`: itself if it is so."""
    if is_of(a, dtype):
        return in_rows(a)
    return converted(a, dtype)


def converted(a, dtype):
    """A copy in C order with items of `dtype`."""
    out = new_array(dtype, array_shape(a), "C")
    run_loops(itself, out, pack((dtype,), a))
    return out


@static
def is_of(ty: Type, dtype: Type) -> bool:
    """Whether an array has items of that type."""
    return array_type(ty).dtype == getattr(dtype, "dtype", dtype)


# ---- products ---------------------------------------------------------------------------------


def vector_vector(a, b, dtype):
    """The sum of the products."""
    return dot_run(a, b, axis_length(a, 0), dtype)


def matrix_vector(a, b, dtype):
    """The product of each row with a vector."""
    out = new_array(dtype, (axis_length(a, 0),), "C")
    rows, vector = typed_rows(a, dtype), typed_rows(b, dtype)
    for i in range(axis_length(a, 0)):
        store_item(out, (i,), dot_run(at_index(rows, 0, i), vector, axis_length(a, 1), dtype))
    return out


def vector_matrix(a, b, dtype):
    """The sum of the rows of a matrix, each times an item of the vector."""
    out = new_array(dtype, (axis_length(b, 1),), "C")
    fill(out, 0)
    vector, matrix = typed_rows(a, dtype), typed_rows(b, dtype)
    for k in range(axis_length(a, 0)):
        add_row(out, load_item(vector, (k,)), at_index(matrix, 0, k))
    return out


def matrix_matrix(a, b, dtype):
    """The product of two matrices."""
    rows, depth, columns = axis_length(a, 0), axis_length(a, 1), axis_length(b, 1)
    out = new_array(dtype, (rows, columns), "C")
    fill(out, 0)
    left, right = typed_rows(a, dtype), typed_rows(b, dtype)
    for i in range(rows):
        target = at_index(out, 0, i)
        whole = depth & ~3
        for k in range(0, whole, 4):
            add_rows(target, left, right, i, k)
        for k in range(whole, depth):
            add_row(target, load_item(left, (i, k)), at_index(right, 0, k))
    return out


def add_row(target, factor, row):
    """`target += factor * row`."""
    for j in range(axis_length(target, 0)):
        product = times(factor, load_item(row, (j,)))
        store_item(target, (j,), plus(load_item(target, (j,)), product))


def add_rows(target, left, right, i, k):
    """`target += left[i, k:k+4] @ right[k:k+4]`."""
    a, b = load_item(left, (i, k)), load_item(left, (i, k + 1))
    c, d = load_item(left, (i, k + 2)), load_item(left, (i, k + 3))
    for j in range(axis_length(target, 0)):
        first = plus(times(a, load_item(right, (k, j))), times(b, load_item(right, (k + 1, j))))
        last = plus(times(c, load_item(right, (k + 2, j))), times(d, load_item(right, (k + 3, j))))
        store_item(target, (j,), plus(load_item(target, (j,)), plus(first, last)))


def _product(a: Array, b: Array) -> Any:
    """The function of two arrays that multiplies them, their lengths being checked."""
    dtype = common_type(a.dtype, b.dtype)
    kernels = {
        (1, 1): vector_vector,
        (2, 1): matrix_vector,
        (1, 2): vector_matrix,
        (2, 2): matrix_matrix,
    }
    kernel = kernels.get((a.ndim, b.ndim))
    if kernel is None:
        refuse("products of arrays with more than 2 dimensions are not supported yet")

    def impl(a, b):
        return kernel(a, b, dtype)

    return impl


@overload(np.dot)
def dot(a, b):
    """The product of two vectors, of matrices, or with a number."""
    if not is_operand(a) or not is_operand(b):
        refuse(f"np.dot takes arrays and numbers, not {a.base} and {b.base}")
    if is_scalar(a) or is_scalar(b) or 0 in (array_type(a).ndim, array_type(b).ndim):

        def scaled(a, b):
            return np.multiply(a, b)

        return scaled
    left, right = array_type(a), array_type(b)
    product = _product(left, right)
    last, first = left.ndim - 1, max(right.ndim - 2, 0)
    text = _not_aligned(left.ndim, right.ndim)

    def impl(a, b):
        have, want = axis_length(a, last), axis_length(b, first)
        if have != want:
            raise format_error(
                ValueError, text, *array_shape(a), *array_shape(b), have, last, want, first
            )
        return product(a, b)

    return impl


def _not_aligned(left: int, right: int) -> str:
    shapes = [f"({','.join(['{}'] * n)}{',' if n == 1 else ''})" for n in (left, right)]
    return f"shapes {shapes[0]} and {shapes[1]} not aligned: {{}} (dim {{}}) != {{}} (dim {{}})"


@overload(np.matmul)
def matmul(x1, x2, /):
    """The matrix product: of vectors and matrices."""
    left, right = array_type(x1), array_type(x2)
    for place, ty in enumerate((left, right)):
        if ty.ndim == 0:
            refuse(
                f"matmul: Input operand {place} does not have enough dimensions (has 0, gufunc "
                "core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            )
    product = _product(left, right)
    last, first = left.ndim - 1, max(right.ndim - 2, 0)

    def impl(x1, x2):
        have, want = axis_length(x1, last), axis_length(x2, first)
        if have != want:
            raise format_error(
                ValueError,
                "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc "
                "signature (n?,k),(k,m?)->(n?,m?) (size {} is different from {})",
                want,
                have,
            )
        return product(x1, x2)

    return impl


@overload(operator.matmul)
def matmul_operator(a, b):
    """`a @ b`."""
    return matmul.template(a, b)


@overload(operator.imatmul)
def imatmul(a, b):
    """`a @= b` of matrices: the product is written to `a`."""
    left, right = array_type(a), array_type(b)
    if left.ndim != 2 or right.ndim != 2:
        refuse(f"`@=` takes two matrices, not arrays of {left.ndim} and {right.ndim} dimensions")
    if left.readonly:
        refuse("output array is read-only")
    if unify(left.dtype, right.dtype) != left.dtype:
        refuse(f"the product does not fit in an array of {left.dtype}")
    return _imatmul


def _imatmul(a, b):
    product = a @ b
    have, want = axis_length(product, 1), axis_length(a, 1)
    if have != want:
        raise format_error(
            ValueError,
            "matmul: Output operand 0 has a mismatch in its core dimension 1, with gufunc "
            "signature (n?,k),(k,m?)->(n?,m?) (size {} is different from {})",
            want,
            have,
        )
    a[:] = product
    return a


@overload(np.vdot)
def vdot(a, b, /):
    """The sum of the products of all items, those of `a` conjugated."""
    left, _ = array_type(a), array_type(b)
    if is_complex(left.dtype):

        def conjugated(a, b):
            return np.dot(np.conjugate(np.ravel(a)), np.ravel(b))

        return conjugated

    def impl(a, b):
        return np.dot(np.ravel(a), np.ravel(b))

    return impl


@overload(np.inner)
def inner(a, b, /):
    """The product along the last axes."""
    if not isinstance(a, Array) or not isinstance(b, Array) or 0 in (a.ndim, b.ndim):
        return dot.template(a, b)
    if b.ndim == 1:
        return dot.template(a, b)

    def impl(a, b):
        return np.dot(a, b.T)

    return impl


@overload(np.outer)
def outer(a, b):
    """The products of each item of `a` with each of `b`."""
    array_type(a), array_type(b)

    def impl(a, b):
        return np.multiply(np.ravel(a)[:, None], np.ravel(b)[None, :])

    return impl


@overload(np.trace)
def trace(a):
    """The sum of the diagonal of a matrix."""
    if array_type(a).ndim != 2:
        refuse("np.trace takes a matrix")

    def impl(a):
        total = np.sum(a[:0, 0])
        for i in range(min(a.shape[0], a.shape[1])):
            total += load_item(a, (i, i))
        return total

    return impl


dot_method = overload_method(Array, "dot")(dot.template)
