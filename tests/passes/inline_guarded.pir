# What leaves an inlined callee by an exception goes to the handler of its call.
# passes: inline-calls
# run: @f(3) == 4
# run: @f(0) == -1
# run: @f(-2) == 5
func @half(v: int64) -> int64 {
entry:
  zero: int64 = const 0
  low: bool = call "compare<"(v, zero) for operator.lt
  branch low, bad, good
bad:
  e: ExceptionClass(builtins.ValueError) = const ref builtins.ValueError
  raise e
good:
  t: int64 = const 12
  q: int64 = call @floordiv(t, v) for operator.floordiv
  return q
}
func @f(x: int64) -> int64 {
entry:
  y: int64 = call @half(x)
  guard done, failed(x)
done:
  return y
failed(z: int64):
  zero: int64 = const 0
  low: bool = call "compare<"(z, zero) for operator.lt
  branch low, one, two
one:
  five: int64 = const 5
  return five
two:
  minus: int64 = const -1
  return minus
}
---
# inlined `half` inlined
func @f(x: int64) -> int64 {
entry:
  zero.1: int64 = const 0
  low.1: bool = call "compare<"(x, zero.1) for operator.lt
  branch low.1, bad, good
bad:
  e: ExceptionClass(builtins.ValueError) = const ref builtins.ValueError
  raise e to failed(x)
good:
  t: int64 = const 12
  q: int64 = call @"operator.floordiv(int64, int64)"(t, x)
  guard good.1, failed(x)
good.1:
  jump entry.2
entry.2:
  jump done
done:
  return q
failed(z: int64):
  zero: int64 = const 0
  low: bool = call "compare<"(z, zero) for operator.lt
  branch low, one, two
one:
  five: int64 = const 5
  return five
two:
  minus: int64 = const -1
  return minus
}
