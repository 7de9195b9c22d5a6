def f(x):
    pair = (x, x)
    return pair - 1


ARGS = (2.5,)
