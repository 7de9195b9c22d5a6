# A loop that tests the next value of what it counts is cut into chunks too.
# passes: interrupts
# run: @f(5) == 10
# run: @f(0) == 0
# run: @f(40000) == 799980000
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop(zero, zero)
loop(i: int64, total: int64):
  one: int64 = const 1
  sum: int64 = call add(total, i) for operator.add
  next: int64 = call add(i, one) for operator.add
  more: bool = call lt(next, n) for operator.lt
  branch more, again, done
again:
  jump loop(next, sum)
done:
  return sum
}
---
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop.chunk(zero, zero)
loop.chunk(i.1: int64, total.1: int64):
  limit: int64 = call chunk_limit(n, i.1)
  jump loop(i.1, total.1)
loop(i: int64, total: int64):
  one: int64 = const 1
  sum: int64 = call add(total, i) for operator.add
  next: int64 = call add(i, one) for operator.add
  more: bool = call "compare<"(next, n) for operator.lt
  below: bool = call "compare<"(next, limit)
  branch below, again, loop.chunk.end
again:
  jump loop(next, sum)
loop.chunk.end:
  branch more, loop.chunk.poll, done
loop.chunk.poll:
  count: int64 = const 16384
  poll: none = call poll(count)
  jump loop.chunk(i, total)
done:
  return sum
}
