# Each path ends what it owns: by a release, or by giving it to the caller or a block.
# passes: ownership
# run: @f(np.arange(3.0), True) == np.array([1.0, 3.0, 5.0])
# run: @f(np.arange(3.0), False) == np.arange(3.0)
func @f(a: array(float64, 1d, C), flag: bool) -> array(float64, 1d, C) {
entry:
  b: array(float64, 1d, C) = call @add1(a, a) for operator.add
  branch flag, use, skip(a)
use:
  c: array(float64, 1d, C) = call @add2(b, b) for operator.sub
  d: array(float64, 1d, C) = call @add1(b, c) for operator.add
  one: int64 = const 1
  e: array(float64, 1d, C) = call @ones(d, one) for operator.add
  jump skip(e)
skip(r: array(float64, 1d, C)):
  return r
}
---
func @f(a: array(float64, 1d, C), flag: bool) -> array(float64, 1d, C) {
entry:
  b: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(a, a)
  branch flag, use, skip.1
use:
  c: array(float64, 1d, C) = call @"operator.sub(array(float64, 1d, C), array(float64, 1d, C))"(b, b) cleanup(b)
  d: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(b, c) cleanup(b, c)
  release b
  release c
  one: int64 = const 1
  e: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), int64)"(d, one) cleanup(d)
  release d
  jump skip(e)
skip.1:
  retain a
  release b
  jump skip(a)
skip(r: array(float64, 1d, C)):
  return r
}
