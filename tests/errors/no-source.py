names = {}
exec(compile("def f(x): return x + 1", "<made>", "exec"), names)
f = names["f"]

ARGS = (2.5,)
