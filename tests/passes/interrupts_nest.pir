# A loop that holds another takes from the budget on each turn; the inner one only after a chunk.
# passes: interrupts
# run: @f(40) == 1600
# run: @f(0) == 0
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  one: int64 = const 1
  jump outer(zero, zero)
outer(i: int64, s: int64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, enter, done
enter:
  jump inner(zero, s)
inner(j: int64, t: int64):
  again: bool = call "compare<"(j, n) for operator.lt
  branch again, body, next
body:
  t.1: int64 = call add(t, one) for operator.add
  j.1: int64 = call add(j, one) for operator.add
  jump inner(j.1, t.1)
next:
  i.1: int64 = call add(i, one) for operator.add
  jump outer(i.1, t)
done:
  return s
}
---
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  one: int64 = const 1
  jump outer(zero, zero)
outer(i: int64, s: int64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, enter, done
enter:
  jump inner.chunk(zero, s)
inner.chunk(j.2: int64, t.2: int64):
  limit: int64 = call chunk_limit(n, j.2)
  jump inner(j.2, t.2)
inner(j: int64, t: int64):
  again: bool = call "compare<"(j, n) for operator.lt
  below: bool = call "compare<"(j, limit)
  branch below, body, inner.chunk.end
body:
  t.1: int64 = call add(t, one) for operator.add
  j.1: int64 = call add(j, one) for operator.add
  jump inner(j.1, t.1)
inner.chunk.end:
  branch again, inner.chunk.poll, next
inner.chunk.poll:
  count: int64 = const 16384
  poll: none = call poll(count)
  jump inner.chunk(j, t)
next:
  i.1: int64 = call add(i, one) for operator.add
  jump outer.turn(i.1, t)
outer.turn(i.2: int64, s.1: int64):
  turn: none = call turn()
  jump outer(i.2, s.1)
done:
  return s
}
