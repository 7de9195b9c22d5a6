def f(values):
    total += values[0]
    for value in values:
        total = total + value
    return total


ARGS = ((1.0, 2.0),)

# ruff: noqa: F821
