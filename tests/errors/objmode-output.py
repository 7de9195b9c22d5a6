from pellucid import objmode


def f(x):
    with objmode():
        y = x + 1
    return y * 2


ARGS = (5,)
