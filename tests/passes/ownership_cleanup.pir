# A call that may raise releases what is owned at that point, its own arguments included.
# passes: ownership
# run: @f(np.arange(3.0), np.arange(3.0)) == 4.0
# run: @f(np.arange(3.0), np.arange(2.0)) raises ValueError
# run: @f(np.arange(0.0), np.arange(0.0)) raises IndexError
func @f(a: array(float64, 1d, C), b: array(float64, 1d, C)) -> float64 {
entry:
  c: array(float64, 1d, C) = call @add(a, b) for operator.add
  d: array(float64, 1d, C) = call @add(c, a) for operator.add
  i: int64 = const 1
  x: float64 = call @getitem(c, i) for operator.getitem
  y: float64 = call @getitem(d, i) for operator.getitem
  z: float64 = call sub(y, x) for operator.sub
  w: float64 = call add(z, y) for operator.add
  return w
}
---
func @f(a: array(float64, 1d, C), b: array(float64, 1d, C)) -> float64 {
entry:
  c: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(a, b)
  d: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(c, a) cleanup(c)
  i: int64 = const 1
  x: float64 = call @"operator.getitem(array(float64, 1d, C), int64)"(c, i) cleanup(c, d)
  release c
  y: float64 = call @"operator.getitem(array(float64, 1d, C), int64)"(d, i) cleanup(d)
  release d
  z: float64 = call sub(y, x) for operator.sub
  w: float64 = call add(z, y) for operator.add
  return w
}
