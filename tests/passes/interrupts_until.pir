# A loop that ends by `if i >= n: break` counts as well: its test is turned.
# passes: interrupts
# run: @f(40000) == 40000
# run: @f(0) == 0
# run: @f(-3) == 0
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop(zero)
loop(i: int64):
  done: bool = call "compare>="(i, n) for operator.ge
  branch done, after, body
body:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1)
after:
  return i
}
---
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop.chunk(zero)
loop.chunk(i.2: int64):
  limit: int64 = call chunk_limit(n, i.2)
  jump loop(i.2)
loop(i: int64):
  done: bool = call "compare>="(i, n) for operator.ge
  t: bool = call less(i, n) for operator.lt
  below: bool = call less(i, limit)
  branch below, body, loop.chunk.end
body:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1)
loop.chunk.end:
  branch t, loop.chunk.poll, after
loop.chunk.poll:
  count: int64 = const 16384
  poll: none = call poll(count)
  jump loop.chunk(i)
after:
  return i
}
