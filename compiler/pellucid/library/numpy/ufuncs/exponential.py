"""Exponentials, logarithms, roots."""

from __future__ import annotations

import numpy as np

from pellucid.library.numpy.scalars import (
    add,
    as_type,
    cbrt,
    eq,
    exp,
    exp2,
    expm1,
    gt,
    le,
    log,
    log1p,
    log2,
    log10,
    mul,
    neg,
    sqrt,
    sub,
)
from pellucid.library.numpy.ufuncs.complex_math import (
    cexp,
    clog,
    complex_exp2,
    complex_expm1,
    complex_log1p,
    complex_log2,
    complex_log10,
    csqrt,
)
from pellucid.library.numpy.ufuncs.define import definer

define = definer(__name__)


def logaddexp_kernel(x, y):
    """`log(exp(x) + exp(y))` without overflow."""
    if eq(x, y):
        return add(x, as_type(0.693147180559945309417232121458176568, x))
    difference = sub(x, y)
    if gt(difference, as_type(0, x)):
        return add(x, log1p(exp(neg(difference))))
    if le(difference, as_type(0, x)):
        return add(y, log1p(exp(difference)))
    return difference


def logaddexp2_kernel(x, y):
    """`log2(2**x + 2**y)` without overflow."""
    if eq(x, y):
        return add(x, as_type(1, x))
    difference = sub(x, y)
    if gt(difference, as_type(0, x)):
        return add(x, log2_1p(exp2(neg(difference))))
    if le(difference, as_type(0, x)):
        return add(y, log2_1p(exp2(difference)))
    return difference


def log2_1p(x):
    """`log2(1 + x)`."""
    return mul(as_type(1.442695040888963407359924681001892137, x), log1p(x))


exp_ = define(np.exp, float=exp, complex=cexp)
exp2_ = define(np.exp2, float=exp2, complex=complex_exp2)
expm1_ = define(np.expm1, float=expm1, complex=complex_expm1)
log_ = define(np.log, float=log, complex=clog)
log2_ = define(np.log2, float=log2, complex=complex_log2)
log10_ = define(np.log10, float=log10, complex=complex_log10)
log1p_ = define(np.log1p, float=log1p, complex=complex_log1p)
sqrt_ = define(np.sqrt, float=sqrt, complex=csqrt)
cbrt_ = define(np.cbrt, float=cbrt)
logaddexp = define(np.logaddexp, float=logaddexp_kernel)
logaddexp2 = define(np.logaddexp2, float=logaddexp2_kernel)
