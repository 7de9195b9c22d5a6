# passes: inline-calls
# run: @f(5) == 5
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  is_done: bool = call "compare<="(n, zero) for operator.le
  branch is_done, done, more
done:
  return zero
more:
  one: int64 = const 1
  m: int64 = call sub(n, one) for operator.sub
  r: int64 = call @f(m)
  s: int64 = call add(r, one) for operator.add
  return s
}
---
# inlined the call of `f` stays a call: it is recursive
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  is_done: bool = call "compare<="(n, zero) for operator.le
  branch is_done, done, more
done:
  return zero
more:
  one: int64 = const 1
  m: int64 = call sub(n, one) for operator.sub
  r: int64 = call @f(m)
  s: int64 = call add(r, one) for operator.add
  return s
}
