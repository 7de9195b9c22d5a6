def f(n):
    total = 0
    scale = lambda x: x * factor
    factor = 2
    for i in range(n):
        if i > 0:
            total += shifted(i)
        shifted = lambda x: x + i
    return total + scale(n)


ARGS = (3,)

# ruff: noqa
