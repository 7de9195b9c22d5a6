def f(n):
    total = 0
    for i in range(n):

        def make():
            return lambda: i

        g = make()
        total += g()
    return total


ARGS = (3,)

# ruff: noqa
