def f(n):
    return n(3)


ARGS = (5,)
