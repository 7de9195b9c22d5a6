"""Arrays of lists: `np.array([[f(i, j) for j in range(m)] for i in range(n)])`.

The lists are measured, compared in length, and copied. Unlike NumPy, the number of axes and the
dtype are known by type: an empty list of lists of int64 gives an int64 array of shape (0, 0).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.inference.overloads import Intrinsic, refuse
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.dtypes import dtype_argument
from pellucid.library.numpy.resolution import common_type
from pellucid.types import Array, List, Tuple, Type, is_scalar
from pellucid.types.kinds import static


def _ragged_text(axes: int) -> str:
    """NumPy's words, with holes for the lengths of the axes that are regular."""
    rows: Any = [[0], [0, 0]]
    for _ in range(axes - 1):
        rows = [rows]
    try:
        np.array(rows)
    except ValueError as problem:
        shape = str((*[1] * (axes - 1), 2))
        holes = str(("{}",) * axes).replace("'", "")
        return str(problem).replace(shape, holes)
    raise AssertionError("these rows differ in length")


RAGGED = tuple(_ragged_text(axes) for axes in range(1, 9))


def array_of_lists(ty: List, dtype: Type) -> Any:
    """The function that makes an array of a list of numbers, lists, tuples or arrays."""
    ndim = axes_of(ty)
    if ndim > len(RAGGED):
        refuse(f"np.array takes lists nested at most {len(RAGGED)} deep")
    item = dtype_argument(dtype, common_type(*_leaves(ty)))

    def impl(items):
        shape = lengths(items, 0, ndim)
        check_lengths(items, shape, 1, ndim)
        out = new_array(item, shape, "C")
        fill(out, items)
        return out

    return impl


def axes_of(ty: Type) -> int:
    """How many axes an array of values of a type has."""
    if isinstance(ty, List):
        return 1 + axes_of(ty.elem_ty)
    if isinstance(ty, Tuple):
        counts = {axes_of(elem) for elem in ty.elems}
        if len(counts) > 1:
            refuse(f"a {ty} has parts of different depth")
        return 1 + max(counts, default=0)
    return ty.ndim if isinstance(ty, Array) else 0


def _leaves(ty: Type) -> list[Type]:
    if isinstance(ty, List):
        return _leaves(ty.elem_ty)
    if isinstance(ty, Tuple):
        return [leaf for elem in ty.elems for leaf in _leaves(elem)]
    leaf = ty.dtype if isinstance(ty, Array) else ty
    return [leaf] if is_scalar(leaf) else refuse(f"np.array takes lists of numbers, not of {ty}")


@static
def is_sequence(x: Type) -> bool:
    """Whether a value is a list or tuple, whose items are to be looked at."""
    return isinstance(x, (List, Tuple))


def _lengths(items, axis, ndim):
    """The lengths of the first item, its first item, and so on."""
    if axis == ndim:
        return ()
    return (first_length(items, axis), *lengths(items, axis + 1, ndim))


def _first_length(items, axis):
    if not is_sequence(items):
        return items.shape[axis]
    if axis == 0:
        return len(items)
    for item in items:
        return first_length(item, axis - 1)
    return 0


def _check_lengths(items, shape, axis, ndim):
    """ValueError if not all lists at a depth are as long as the first."""
    if axis < ndim:
        if not have_length(items, axis, shape[axis]):
            raise format_error(ValueError, RAGGED[axis - 1], *shape[:axis])
        check_lengths(items, shape, axis + 1, ndim)


def _have_length(items, axis, length):
    if not is_sequence(items):
        return items.shape[axis] == length
    if axis == 0:
        return len(items) == length
    for item in items:  # noqa: SIM110 (unrolled over tuples)
        if not have_length(item, axis - 1, length):
            return False
    return True


def _fill(out, items):
    i = 0
    for item in items:
        if is_sequence(item):
            fill(out[i], item)
        else:
            out[i] = item
        i += 1  # noqa: SIM113 (unrolled over tuples)


def _lengths_template(items, axis, ndim):
    return _lengths


def _first_length_template(items, axis):
    return _first_length


def _check_lengths_template(items, shape, axis, ndim):
    return _check_lengths


def _have_length_template(items, axis, length):
    return _have_length


def _fill_template(out, items):
    return _fill


_AXES = frozenset({"axis", "ndim"})
lengths = Intrinsic("pellucid.library.lengths", _lengths_template, _AXES)
first_length = Intrinsic("pellucid.library.first_length", _first_length_template, _AXES)
check_lengths = Intrinsic("pellucid.library.check_lengths", _check_lengths_template, _AXES)
have_length = Intrinsic("pellucid.library.have_length", _have_length_template, _AXES)
fill = Intrinsic("pellucid.library.fill", _fill_template, frozenset())
