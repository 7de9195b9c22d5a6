# A counting loop runs in chunks; one that does not count polls by a countdown.
# passes: interrupts
# run: @f(40000) == 40000
# run: @f(0) == 0
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop(zero)
loop(i: int64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, after
body:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1)
after:
  jump halve(i)
halve(k: int64):
  is_some: bool = call "compare>"(k, zero) for operator.gt
  branch is_some, less, done
less:
  two: int64 = const 2
  k.1: int64 = call @floordiv(k, two) for operator.floordiv
  jump halve(k.1)
done:
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
  more: bool = call "compare<"(i, n) for operator.lt
  below: bool = call "compare<"(i, limit)
  branch below, body, loop.chunk.end
body:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1)
loop.chunk.end:
  branch more, loop.chunk.poll, after
loop.chunk.poll:
  count.1: int64 = const 16384
  poll.1: none = call poll(count.1)
  jump loop.chunk(i)
after:
  jump halve(i)
halve(k: int64):
  is_some: bool = call "compare>"(k, zero) for operator.gt
  branch is_some, less, done
less:
  two: int64 = const 2
  k.1: int64 = call @"operator.floordiv(int64, int64)"(k, two)
  jump halve.turn(k.1)
halve.turn(k.2: int64):
  count: int64 = const 256
  poll: none = call poll(count)
  jump halve(k.2)
done:
  return i
}
