def f(n):
    return getattr(n, "real", 0)


ARGS = (5,)
