"""Python's `math` and `cmath` in the compiled language.

    elementary.py    exp, log, the circular and hyperbolic functions, powers: C's library
    parts.py         floor, ceil, trunc, modf, frexp, ldexp, remainders, neighbours
    predicates.py    isnan, isinf, isfinite, isclose
    integers.py      gcd, lcm, factorial, comb, perm, isqrt
    sums.py          hypot, dist, prod, sumprod, fsum
    complex_functions.py   cmath

Functions of floats never raise, as in Numba: outside its domain `math.sqrt` is NaN, and `math.log`
of zero is negative infinity. Functions of integers raise as in Python. float32 stays float32.
"""
