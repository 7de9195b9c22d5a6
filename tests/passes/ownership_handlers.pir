# On the way to a handler, what it does not need is released; what it needs it owns.
# passes: ownership
# run: @f(np.arange(3.0), np.arange(3.0)) == 6.0
# run: @f(np.arange(3.0), np.arange(2.0)) == 2.0
func @f(a: array(float64, 1d, C), b: array(float64, 1d, C)) -> float64 {
entry:
  c: array(float64, 1d, C) = call @add(a, a) for operator.add
  d: array(float64, 1d, C) = call @add(a, a) for operator.add
  e: array(float64, 1d, C) = call @add(d, b) for operator.add
  guard good, failed
good:
  i: int64 = const 2
  x: float64 = call @getitem(e, i) for operator.getitem
  return x
failed:
  j: int64 = const 1
  y: float64 = call @getitem(c, j) for operator.getitem
  return y
}
---
func @f(a: array(float64, 1d, C), b: array(float64, 1d, C)) -> float64 {
entry:
  c: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(a, a)
  d: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(a, a) cleanup(c)
  e: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(d, b)
  guard good.1, failed.1
good.1:
  release c
  release d
  jump good
good:
  i: int64 = const 2
  x: float64 = call @"operator.getitem(array(float64, 1d, C), int64)"(e, i) cleanup(e)
  release e
  return x
failed.1 cold:
  release d
  jump failed
failed:
  j: int64 = const 1
  y: float64 = call @"operator.getitem(array(float64, 1d, C), int64)"(c, j) cleanup(c)
  release c
  return y
}
