def f(n):
    name = "real" if n > 3 else "imag"
    return getattr(n, name)


ARGS = (5,)
