# Every construct of the untyped text form, as it is printed.
func @"outer.<locals>.kinds"(a, b as B, /, c = 2, *args, d, e = 'x', **more) library {
entry:
  none = const None
  yes = const True
  unbound = const UNBOUND
  dots = const Ellipsis
  big = const -9223372036854775808
  real = const -0.0
  infinite = const inf
  undefined = const nan
  number = const complex(1.0, -0.0)
  text = const 'it\'s "quoted"\n'
  raw = const b'\x00a'
  scalar = const numpy.float32(1.5)
  kind = const numpy.dtype('<f8')
  pair = const (1, (2.0,), ())
  part = const slice(None, 3, None)
  counted = const range(0, 10, 2)
  np = const ref numpy
  pi = const ref math.pi
  "é" = call operator.add(a, b)
  called = call (c)(*args, a, key=d)
  is_true = call builtins.bool(called)
  branch is_true, next(a, "é"), done
next(x, y):
  jump done
done:
  unreachable
}

func @simple(*, a) {
entry:
  e = const ref ValueError
  raise e
}
