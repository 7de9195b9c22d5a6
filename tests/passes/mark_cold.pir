# A block is cold if every way from it ends in an exception.
# passes: mark-cold
# run: @f(3) == 3
# run: @f(-1) raises ValueError
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  bad: bool = call "compare<"(n, zero) for operator.lt
  branch bad, wrong, fine
wrong:
  worse: bool = call "compare<"(n, n) for operator.lt
  branch worse, first, second
first:
  c: ExceptionClass(builtins.KeyError) = const ref builtins.KeyError
  raise c
second:
  c.1: ExceptionClass(builtins.ValueError) = const ref builtins.ValueError
  raise c.1
fine:
  return n
}
---
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  bad: bool = call "compare<"(n, zero) for operator.lt
  branch bad, wrong, fine
wrong cold:
  worse: bool = call "compare<"(n, n) for operator.lt
  branch worse, first, second
first cold:
  c: ExceptionClass(builtins.KeyError) = const ref builtins.KeyError
  raise c
second cold:
  c.1: ExceptionClass(builtins.ValueError) = const ref builtins.ValueError
  raise c.1
fine:
  return n
}
