def f(n):
    return f(n + 1)


ARGS = (1,)
