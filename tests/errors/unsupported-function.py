import os


def f(n):
    return n + os.getpid()


ARGS = (5,)
