# An unused pure call goes, with a variable that only feeds itself; the loop stays.
# passes: dead-code
# run: @f(3) == 3
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  unused: int64 = call add(n, zero) for operator.add
  jump loop(zero, zero)
loop(i: int64, junk: int64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, done
body:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  junk.1: int64 = call mul(junk, i) for operator.mul
  jump loop(i.1, junk.1)
done:
  return i
lost:
  jump lost
}
---
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop(zero)
loop(i: int64):
  more: bool = call "compare<"(i, n) for operator.lt
  branch more, body, done
body:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  jump loop(i.1)
done:
  return i
}
