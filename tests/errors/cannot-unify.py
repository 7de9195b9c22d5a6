def f(fast, x):
    if fast:
        scale = 1
    else:
        scale = "auto"
    return scale * x


ARGS = (True, 2.5)
