"""The same function in NumPy, in the typed interpreter and in machine code, on arrays.

    check(lambda a, b: a + b, a, b)

runs the function three ways, each on copies of the arguments that keep strides, order and sharing
of memory, and compares results (value, dtype, shape), exceptions (class and message) and what
became of the arguments. Scalars come out of compiled code as Python's own numbers.
"""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
from hypothesis import strategies as st

from pellucid import njit
from pellucid.base.options import Options
from pellucid.compilation import FrontEnd, overload_table
from pellucid.inference.program import Program
from pellucid.ir import interp
from pellucid.types.typeof import typeof

INTS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float32", "float64")
COMPLEXES = ("complex64", "complex128")
REALS = ("bool", *INTS, *FLOATS)
ALL = (*REALS, *COMPLEXES)
COMMON = ("bool", "int64", "uint8", "float32", "float64", "complex128")

FLOAT_VALUES = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 7.0, 1e-5, -1e10, np.inf, -np.inf, np.nan)


def values(dtype):
    """The items that implementations get wrong."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return [False, True]
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        near = {info.min, info.min + 1, info.max, info.max - 1, *range(-4, 8), 63, 64}
        return sorted(v for v in near if info.min <= v <= info.max)
    if dtype.kind == "f":
        return list(FLOAT_VALUES)
    parts = (0.0, -0.0, 1.0, -2.5, np.inf, np.nan)
    return [complex(re, im) for re in parts for im in parts]


def vector(dtype):
    """All awkward items."""
    return np.array(values(dtype), dtype)


def pairs(left, right, most=None):
    """Two vectors with every pair of awkward items; of at most so many items of each."""
    a, b = np.meshgrid(_thinned(vector(left), most), _thinned(vector(right), most))
    return np.ascontiguousarray(a.ravel()), np.ascontiguousarray(b.ravel())


def _thinned(items, most):
    return items if most is None else items[:: -(-len(items) // most)]


# ---- strategies -------------------------------------------------------------------------------

LAYOUTS = ("C", "F", "strided", "reversed", "repeated", "readonly")


def laid_out(array, layout):
    """The same items in other memory."""
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "readonly":
        array = array.copy()
        array.flags.writeable = False
        return array
    if array.ndim == 0 or layout == "C":
        return array
    if layout == "strided":
        wide = np.zeros([2 * n for n in array.shape], array.dtype)
        view = wide[(slice(None, None, 2),) * array.ndim]
        view[...] = array
        return view
    if layout == "reversed":
        return np.ascontiguousarray(array[::-1])[::-1]
    return np.broadcast_to(array[:1], array.shape)


@st.composite
def arrays(draw, dtypes=COMMON, ndim=(0, 3), layouts=LAYOUTS, shape=None, side=4):
    """An array of awkward items; `shape` if it is given."""
    dtype = draw(st.sampled_from(dtypes))
    if shape is None:
        rank = draw(st.integers(*ndim))
        shape = tuple(draw(st.lists(st.integers(0, side), min_size=rank, max_size=rank)))
    count = int(np.prod(shape))
    known = values(dtype)
    chosen = draw(st.lists(st.sampled_from(known), min_size=count, max_size=count))
    return laid_out(np.array(chosen, dtype).reshape(shape), draw(st.sampled_from(layouts)))


# ---- comparing --------------------------------------------------------------------------------


@cache
def native(pyfunc):
    """The function compiled."""
    return njit(pyfunc)


def interpreted(pyfunc, args):
    """What the typed IR gives, before any pass."""
    program = Program(Options(), overload_table(), FrontEnd(), None, None)
    target = program.specialise(pyfunc, tuple(map(typeof, args)))
    return interp.run(target.fn, args)


def cloned(args):
    """Copies of the arguments: the same strides and order, and memory shared where it was."""
    bases = {}
    return tuple(_clone(arg, bases) if isinstance(arg, np.ndarray) else arg for arg in args)


def _clone(array, bases):
    base = array
    while isinstance(base.base, np.ndarray):
        base = base.base
    if id(base) not in bases:
        copy = np.ndarray(base.shape, base.dtype, strides=base.strides)
        copy[...] = base
        bases[id(base)] = copy
    start = array.ctypes.data - base.ctypes.data
    memory = bases[id(base)]
    view = np.ndarray(array.shape, array.dtype, memory, start, array.strides)
    view.flags.writeable = array.flags.writeable
    return view


def outcome_of(function, *args):
    """The result, or the class and message of the exception, and the arguments afterwards."""
    args = cloned(args)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = function(*args)
    except Exception as raised:
        return f"{type(raised).__name__}: {raised}", args
    return result, args


def check(pyfunc, *args, ulps=0, engines=("interpreter", "machine code"), dtype=None, rtol=0.0):
    """Assert that compiled code does what NumPy does; `dtype` if it means to differ there."""
    wanted, after = outcome_of(pyfunc, *args)
    if dtype is not None:
        wanted = np.asarray(wanted).astype(dtype)
    for engine in engines:
        run = native(pyfunc) if engine == "machine code" else _interpreter(pyfunc)
        got, changed = outcome_of(run, *args)
        problem = difference(wanted, got, ulps, rtol) or difference(after, changed, ulps, rtol)
        shown = ", ".join(map(_shown, args))
        assert not problem, f"{engine} on ({shown}): {problem}{_operands(args, problem)}"


def _shown(arg):
    text = repr(arg) if np.size(arg) < 10 else f"shape {arg.shape}"
    return f"{typeof(arg)} {text}"


def _operands(args, problem):
    """The items of the arguments where an elementwise result differs."""
    if not problem.startswith("item"):
        return ""
    place = int(problem.removeprefix("item ").partition(":")[0])
    flat = [np.ravel(a) for a in args if isinstance(a, np.ndarray)]
    return f" (from {[a[place] for a in flat if place < len(a)]})"


def _interpreter(pyfunc):
    def run(*args):
        return interpreted(pyfunc, args)

    return run


def difference(wanted, got, ulps=0, rtol=0.0):
    """What differs, in words; empty if nothing does."""
    if isinstance(wanted, (tuple, list)) and isinstance(got, (tuple, list)):
        if len(wanted) != len(got):
            return f"expected {wanted!r}, got {got!r}"
        found = (difference(w, g, ulps, rtol) for w, g in zip(wanted, got, strict=True))
        return next((problem for problem in found if problem), "")
    if isinstance(wanted, str) or isinstance(got, str):
        same = isinstance(wanted, str) and isinstance(got, str) and wanted == got
        return "" if same else f"expected {wanted!r}, got {got!r}"
    if isinstance(got, np.ndarray) != isinstance(wanted, np.ndarray):
        return f"expected a {type(wanted).__name__} {wanted!r}, got a {type(got).__name__} {got!r}"
    if isinstance(wanted, np.generic) and not isinstance(got, np.generic):
        if wanted.dtype.kind != np.asarray(got).dtype.kind and wanted.dtype.kind not in "iu":
            return f"expected a {wanted.dtype}, got {got!r}"
        got = np.asarray(got).astype(wanted.dtype)
    left, right = np.asarray(wanted), np.asarray(got)
    if left.dtype != right.dtype or left.shape != right.shape:
        return f"expected {left.dtype} {left.shape}, got {right.dtype} {right.shape}"
    if _same_items(left, right, ulps, rtol):
        return ""
    for place, (w, g) in enumerate(zip(left.ravel(), right.ravel(), strict=True)):
        if not _same_items(np.array([w]), np.array([g]), ulps, rtol):
            return f"item {place}: expected {w!r}, got {g!r}"
    raise AssertionError


def _same_items(left, right, ulps, rtol):
    if left.dtype.kind == "c" and rtol:
        scale = np.abs(left)
        ends = [np.where(np.isfinite(scale), x.real, 0) for x in (left, right)]
        tips = [np.where(np.isfinite(scale), x.imag, 0) for x in (left, right)]
        room = (rtol * np.where(np.isfinite(scale), scale, 0)).astype("f8")
        near = [np.abs(a.astype("f8") - b) <= room for a, b in (ends, tips)]
        rest = ~np.isfinite(scale)
        return bool(np.all(near)) and _same_items(left[rest], right[rest], 4, 0.0)
    if left.dtype.kind == "c":
        return _same_items(left.real, right.real, ulps, rtol) and _same_items(
            left.imag, right.imag, ulps, rtol
        )
    if left.dtype.kind != "f":
        return np.array_equal(left, right)
    nans = np.isnan(left)
    if not np.array_equal(nans, np.isnan(right)):
        return False
    left, right = left[~nans], right[~nans]
    if not ulps and not rtol:
        return np.array_equal(left, right) and np.array_equal(np.signbit(left), np.signbit(right))
    finite = np.isfinite(left)
    if not np.array_equal(left[~finite], right[~finite]):
        return False
    left, right = left[finite], right[finite]
    room = ulps * np.spacing(np.abs(left)) + rtol * np.abs(left)
    return bool(np.all(np.abs(left.astype("f8") - right.astype("f8")) <= room))
