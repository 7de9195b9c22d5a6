# What is made on every way into a block and only taken apart there comes in parts.
# passes: forward-parts
# run: @f(5) == 15
# run: @f(0) == 0
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  first: UniTuple(int64, 2) = call tuple(zero, zero) for pellucid.ir.protocol.build_tuple
  jump loop(first)
loop(state: UniTuple(int64, 2)):
  c: Literal[int64](0) = const 0
  i: int64 = call item0(state, c) for operator.getitem
  c.1: Literal[int64](1) = const 1
  total: int64 = call item1(state, c.1) for operator.getitem
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, after
body:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  total.1: int64 = call add(total, i.1) for operator.add
  next: UniTuple(int64, 2) = call tuple(i.1, total.1) for pellucid.ir.protocol.build_tuple
  jump loop(next)
after:
  return total
}
---
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  first: UniTuple(int64, 2) = call tuple(zero, zero) for pellucid.ir.protocol.build_tuple
  jump loop(zero, zero)
loop(state.1: int64, state.2: int64):
  c: Literal[int64](0) = const 0
  c.1: Literal[int64](1) = const 1
  more: bool = call "compare<"(state.1, n) for operator.lt
  branch more, body, after
body:
  one: int64 = const 1
  i.1: int64 = call add(state.1, one) for operator.add
  total.1: int64 = call add(state.2, i.1) for operator.add
  next: UniTuple(int64, 2) = call tuple(i.1, total.1) for pellucid.ir.protocol.build_tuple
  jump loop(i.1, total.1)
after:
  return state.2
}
