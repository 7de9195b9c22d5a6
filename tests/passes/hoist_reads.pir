# What a loop reads in its header moves before it if no turn writes, and not otherwise.
# passes: hoist-invariants
func @f(xs: list(int64)) -> int64 {
entry:
  zero: int64 = const 0
  jump quiet(zero)
quiet(i: int64):
  n: int64 = call len(xs) for builtins.len
  one: int64 = const 1
  more: bool = call lt(i, n) for operator.lt
  branch more, quiet.body, loud(zero, i)
quiet.body:
  i.1: int64 = call add(i, one) for operator.add
  jump quiet(i.1)
loud(j: int64, s: int64):
  m: int64 = call len(xs) for builtins.len
  again: bool = call lt(j, m) for operator.lt
  branch again, loud.body, done
loud.body:
  t: none = call @setitem(xs, j, zero) for operator.setitem
  two: int64 = const 2
  s.1: int64 = call add(s, two) for operator.add
  j.1: int64 = call add(j, one) for operator.add
  jump loud(j.1, s.1)
done:
  return s
}
---
func @f(xs: list(int64)) -> int64 {
entry:
  zero: int64 = const 0
  n: int64 = call @"len(list(int64))"(xs) for builtins.len
  jump quiet(zero)
quiet(i: int64):
  one: int64 = const 1
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, quiet.body, loud(zero, i)
quiet.body:
  i.1: int64 = call add(i, one) for operator.add
  jump quiet(i.1)
loud(j: int64, s: int64):
  m: int64 = call @"len(list(int64))"(xs) for builtins.len
  again: bool = call "compare<"(j, m) for operator.lt
  branch again, loud.body, done
loud.body:
  t: none = call @"operator.setitem(list(int64), int64, int64)"(xs, j, zero)
  two: int64 = const 2
  s.1: int64 = call add(s, two) for operator.add
  j.1: int64 = call add(j, one) for operator.add
  jump loud(j.1, s.1)
done:
  return s
}
