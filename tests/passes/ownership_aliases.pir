# A value under another type that only calls read needs no reference of its own.
# passes: ownership
# run: @f(np.arange(3.0)) == 3.0
func @f(a: array(float64, 1d, C)) -> float64 {
entry:
  b: array(float64, 1d, C) = call @add(a, a) for operator.add
  c: array(float64, 1d, A) = convert b
  i: int64 = const 1
  x: float64 = call @getitem(c, i) for operator.getitem
  d: array(float64, 1d, A) = convert a
  y: float64 = call @getitem(d, i) for operator.getitem
  z: float64 = call add(x, y) for operator.add
  return z
}
---
func @f(a: array(float64, 1d, C)) -> float64 {
entry:
  b: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(a, a)
  c: array(float64, 1d, A) = convert b
  i: int64 = const 1
  x: float64 = call @"operator.getitem(array(float64, 1d, A), int64)"(c, i) cleanup(b)
  release b
  d: array(float64, 1d, A) = convert a
  y: float64 = call @"operator.getitem(array(float64, 1d, A), int64)"(d, i)
  z: float64 = call add(x, y) for operator.add
  return z
}
