def f(n):
    if n > 3:
        raise n
    return n


ARGS = (5,)
