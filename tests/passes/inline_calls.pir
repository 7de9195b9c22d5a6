# A body with several returns goes into the middle of its caller.
# passes: inline-calls
# run: @f(3) == 4
# run: @f(-3) == 0
func @clamp(v: int64) -> int64 {
entry:
  zero: int64 = const 0
  low: bool = call "compare<"(v, zero) for operator.lt
  branch low, under, over
under:
  return zero
over:
  one: int64 = const 1
  more: int64 = call add(v, one) for operator.add
  return more
}
func @f(x: int64) -> int64 {
entry:
  y: int64 = call @clamp(x)
  z: int64 = call add(y, y) for operator.add
  w: int64 = call sub(z, y) for operator.sub
  return w
}
---
# inlined `clamp` inlined
func @f(x: int64) -> int64 {
entry:
  zero: int64 = const 0
  low: bool = call "compare<"(x, zero) for operator.lt
  branch low, under, over
under:
  jump entry.2(zero)
over:
  one: int64 = const 1
  more: int64 = call add(x, one) for operator.add
  jump entry.2(more)
entry.2(y: int64):
  z: int64 = call add(y, y) for operator.add
  w: int64 = call sub(z, y) for operator.sub
  return w
}
