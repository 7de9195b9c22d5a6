# The bound and what it is made of leave both loops; a float stays in the body.
# passes: hoist-invariants
# run: @f(np.arange(3.0), 2.0) == 9.0
func @f(a: array(float64, 1d, C), x: float64) -> float64 {
entry:
  zero: int64 = const 0
  start: float64 = const 0.0
  jump outer(zero, start)
outer(i: int64, s: float64):
  shape: Tuple(int64) = call array_shape(a) for pellucid.library.numpy.primitives.array_shape
  first: Literal[int64](0) = const 0
  n: int64 = call item0(shape, first) for operator.getitem
  more: bool = call "compare<"(i, n) for operator.lt
  one: int64 = const 1
  branch more, inner(zero, s), done
inner(j: int64, t: float64):
  last: int64 = call sub(n, one) for operator.sub
  again: bool = call "compare<"(j, last) for operator.lt
  branch again, body, next
body:
  half: float64 = const 0.25
  y: float64 = call mul(x, half) for operator.mul
  k: int64 = call sub(last, i) for operator.sub
  u: float64 = call add(t, y) for operator.add
  two: int64 = call add(one, one) for operator.add
  j.1: int64 = call add(j, one) for operator.add
  z: float64 = convert two
  v: float64 = call add(u, z) for operator.add
  w: float64 = call sub(v, z) for operator.sub
  c: float64 = const 1.0
  q: float64 = call add(w, c) for operator.add
  jump inner(j.1, q)
next:
  i.1: int64 = call add(i, one) for operator.add
  jump outer(i.1, t)
done:
  return s
}
---
func @f(a: array(float64, 1d, C), x: float64) -> float64 {
entry:
  zero: int64 = const 0
  start: float64 = const 0.0
  shape: Tuple(int64) = call array_shape(a) for pellucid.library.numpy.primitives.array_shape
  first: Literal[int64](0) = const 0
  n: int64 = call item0(shape, first) for operator.getitem
  one: int64 = const 1
  last: int64 = call sub(n, one) for operator.sub
  two: int64 = call add(one, one) for operator.add
  jump outer(zero, start)
outer(i: int64, s: float64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, before(zero, s), done
before(j.2: int64, t.1: float64):
  k: int64 = call sub(last, i) for operator.sub
  jump inner(j.2, t.1)
inner(j: int64, t: float64):
  again: bool = call "compare<"(j, last) for operator.lt
  branch again, body, next
body:
  half: float64 = const 0.25
  y: float64 = call mul(x, half) for operator.mul
  u: float64 = call add(t, y) for operator.add
  j.1: int64 = call add(j, one) for operator.add
  z: float64 = convert two
  v: float64 = call add(u, z) for operator.add
  w: float64 = call sub(v, z) for operator.sub
  c: float64 = const 1.0
  q: float64 = call add(w, c) for operator.add
  jump inner(j.1, q)
next:
  i.1: int64 = call add(i, one) for operator.add
  jump outer(i.1, t)
done:
  return s
}
