import math


def f(angle):
    radius = math.squrt(angle)
    return radius * cosine(angel) + sqrt(radius)


ARGS = (0.5,)

# ruff: noqa: F821
