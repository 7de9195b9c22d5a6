# A block that calls its own function again takes from the budget first.
# passes: interrupts
func @f(n: int64) -> int64 {
entry:
  one: int64 = const 1
  is_some: bool = call "compare>"(n, one) for operator.gt
  branch is_some, more, done(n)
more:
  m: int64 = call sub(n, one) for operator.sub
  a: int64 = call @f(m)
  b: int64 = call @f(m)
  s: int64 = call add(a, b) for operator.add
  jump done(s)
done(r: int64):
  return r
}
---
func @f(n: int64) -> int64 {
entry:
  one: int64 = const 1
  is_some: bool = call "compare>"(n, one) for operator.gt
  branch is_some, more, done(n)
more:
  m: int64 = call sub(n, one) for operator.sub
  count: int64 = const 4
  poll: none = call poll(count)
  a: int64 = call @f(m)
  b: int64 = call @f(m)
  s: int64 = call add(a, b) for operator.add
  jump done(s)
done(r: int64):
  return r
}
