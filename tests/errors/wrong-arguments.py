def helper(a, b, *, scale=1.0):
    return (a + b) * scale


def f(x):
    return helper(x, factor=2)


ARGS = (2.5,)
