def f(n):
    return n.size + 1


ARGS = (5,)
