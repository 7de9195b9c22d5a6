# A variable that holds a new array on every turn owns one at a time.
# passes: ownership
# run: @f(np.arange(3.0), 3) == np.array([0.0, 8.0, 16.0])
# run: @f(np.arange(3.0), 0) == np.arange(3.0)
func @f(a: array(float64, 1d, C), n: int64) -> array(float64, 1d, C) {
entry:
  zero: int64 = const 0
  jump loop(zero, a)
loop(i: int64, b: array(float64, 1d, C)):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, done
body:
  c: array(float64, 1d, C) = call @add(b, b) for operator.add
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1, c)
done:
  return b
}
---
func @f(a: array(float64, 1d, C), n: int64) -> array(float64, 1d, C) {
entry:
  zero: int64 = const 0
  retain a
  jump loop(zero, a)
loop(i: int64, b: array(float64, 1d, C)):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, done
body:
  c: array(float64, 1d, C) = call @"operator.add(array(float64, 1d, C), array(float64, 1d, C))"(b, b) cleanup(b)
  release b
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1, c)
done:
  return b
}
