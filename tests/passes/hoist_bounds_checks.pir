# passes: hoist-bounds-checks, dead-code
# run: @f(np.arange(5), 5) == 10
# run: @f(np.arange(5), 0) == 0
# run: @f(np.arange(5), 6) raises IndexError
func @f(a: array(int64, 1d, C), n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop(zero, zero)
loop(i: int64, s: int64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, done
body:
  x: int64 = call @getitem(a, i) for operator.getitem
  s.1: int64 = call add(s, x) for operator.add
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1, s.1)
done:
  return s
}
---
# bounds-check-removed the index is checked once, before the loop
func @f(a: array(int64, 1d, C), n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump guard(zero, zero)
guard(i.2: int64, s.2: int64):
  c.1: int64 = const 1099511627776
  fits: bool = call "compare<"(n, c.1) for operator.lt
  c.2: int64 = const -1099511627776
  fits.1: bool = call "compare>"(n, c.2) for operator.gt
  fits.2: bool = call and(fits, fits.1) for operator.and_
  c.3: int64 = const -1
  t: int64 = call add(n, c.3) for operator.add
  shape: Tuple(int64) = call array_shape(a) for builtins.getattr
  c.5: Literal[int64](0) = const 0
  length: int64 = call item0(shape, c.5) for operator.getitem
  fits.3: bool = call "compare<"(t, length) for operator.lt
  fits.4: bool = call and(fits.2, fits.3) for operator.and_
  branch fits.4, loop(i.2, s.2), loop.1(i.2, s.2)
loop(i: int64, s: int64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, done(s)
body:
  x: int64 = call @"pellucid.numpy.getitem_unchecked(array(int64, 1d, C), int64)"(a, i) for operator.getitem
  s.1: int64 = call add(s, x) for operator.add
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1, s.1)
loop.1(i.3: int64, s.3: int64) cold:
  more.1: bool = call "compare<"(i.3, n) for operator.lt
  branch more.1, body.1, done(s.3)
body.1 cold:
  x.1: int64 = call @"operator.getitem(array(int64, 1d, C), int64)"(a, i.3)
  s.4: int64 = call add(s.3, x.1) for operator.add
  one.1: int64 = const 1
  i.4: int64 = call add(i.3, one.1) for operator.add
  jump loop.1(i.4, s.4)
done(s.5: int64):
  return s.5
}
