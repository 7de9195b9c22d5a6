"""Circular and hyperbolic functions, their inverses, and degrees."""

from __future__ import annotations

import numpy as np

from pellucid.library.numpy.scalars import (
    acos,
    acosh,
    as_type,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    div,
    hypot,
    mul,
    sin,
    sinh,
    tan,
    tanh,
)
from pellucid.library.numpy.ufuncs.complex_math import (
    cacos,
    cacosh,
    casin,
    casinh,
    catan,
    catanh,
    ccos,
    ccosh,
    csin,
    csinh,
    ctan,
    ctanh,
)
from pellucid.library.numpy.ufuncs.define import definer

define = definer(__name__)
PI = 3.14159265358979323846


def to_degrees(x):
    """Radians as degrees."""
    return mul(x, div(as_type(180, x), as_type(PI, x)))


def to_radians(x):
    """Degrees as radians."""
    return mul(x, div(as_type(PI, x), as_type(180, x)))


sin_ = define(np.sin, float=sin, complex=csin)
cos_ = define(np.cos, float=cos, complex=ccos)
tan_ = define(np.tan, float=tan, complex=ctan)
arcsin = define(np.arcsin, float=asin, complex=casin)
arccos = define(np.arccos, float=acos, complex=cacos)
arctan = define(np.arctan, float=atan, complex=catan)
sinh_ = define(np.sinh, float=sinh, complex=csinh)
cosh_ = define(np.cosh, float=cosh, complex=ccosh)
tanh_ = define(np.tanh, float=tanh, complex=ctanh)
arcsinh = define(np.arcsinh, float=asinh, complex=casinh)
arccosh = define(np.arccosh, float=acosh, complex=cacosh)
arctanh = define(np.arctanh, float=atanh, complex=catanh)
arctan2 = define(np.arctan2, float=atan2)
hypot_ = define(np.hypot, float=hypot)
degrees = define(np.degrees, float=to_degrees)
rad2deg = define(np.rad2deg, float=to_degrees)
radians = define(np.radians, float=to_radians)
deg2rad = define(np.deg2rad, float=to_radians)
