"""The elementwise ufuncs of NumPy: each is one kernel on scalars, given to the elementwise engine.

    define.py        what a ufunc is here: `define(np.add, ...)` makes its overload
    arithmetic.py    add, subtract, multiply, division, powers, signs, gcd and lcm
    comparison.py    less, equal ..., logical_*, maximum and minimum
    bits.py          bitwise_*, shifts, bitwise_count
    floating.py      rounding, isnan, copysign, nextafter, spacing, ldexp
    exponential.py   exp, log, sqrt, cbrt, logaddexp
    trigonometric.py sin, arcsin, sinh, hypot, degrees
    complex_math.py  the kernels of complex exponentials, roots and trigonometry

A kernel gets operands of the loop's input types, and gives the loop's output type or what converts
to it. It is an intrinsic, or a function in the compiled language.
"""
