def f(n):
    return n % 100000000000000000000


ARGS = (5,)
