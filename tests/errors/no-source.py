names = {}
exec("def f(x): return x + 1", names)
f = names["f"]

ARGS = (2.5,)
