SETTINGS = {"scale": 2}


def f(n):
    return SETTINGS["scale"] * n


ARGS = (5,)
