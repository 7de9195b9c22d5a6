# A value that goes on under another type takes the reference over.
# passes: ownership
# run: @g(np.arange(3.0)) == 2.0
func @g(a: array(float64, 1d, C)) -> float64 {
entry:
  b: array(float64, 1d, C) = call @add(a, a) for operator.add
  c: array(float64, 1d, A) = convert b
  jump next(c)
next(d: array(float64, 1d, A)):
  i: int64 = const 1
  x: float64 = call @getitem(d, i) for operator.getitem
  return x
}
---
func @g(a: array(float64, 1d, C)) -> float64 {
entry:
  b: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(a, a)
  c: array(float64, 1d, A) = convert b
  jump next(c)
next(d: array(float64, 1d, A)):
  i: int64 = const 1
  x: float64 = call @"operator.getitem(array(float64, 1d, A), int64)"(d, i) cleanup(d)
  release d
  return x
}
