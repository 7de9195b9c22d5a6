# A raise that is caught here is a jump to what comes after the exception is dropped.
# passes: catch-raises, simplify-control, dead-code
# run: @f(3) == 4
# run: @f(-3) == -6
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  low: bool = call lt(n, zero) for operator.lt
  double: int64 = call add(n, n) for operator.add
  branch low, bad, good
bad:
  e: Exception(builtins.ValueError) = call "exception[builtins.ValueError]"() for builtins.ValueError
  raise e to handler(double)
handler(v: int64):
  key: ExceptionClass(builtins.KeyError) = const ref builtins.KeyError
  is_key: bool = call "exception_matches[builtins.KeyError]"(key) for pellucid.ir.protocol.exception_matches
  branch is_key, wrong, other
wrong:
  t: none = call exception_drop() for pellucid.ir.protocol.exception_drop
  return zero
other:
  any: ExceptionClass(builtins.Exception) = const ref builtins.Exception
  is_any: bool = call "exception_matches[builtins.Exception]"(any) for pellucid.ir.protocol.exception_matches
  branch is_any, caught, uncaught
caught:
  t.1: none = call exception_drop() for pellucid.ir.protocol.exception_drop
  return v
uncaught:
  reraise
good:
  one: int64 = const 1
  more: int64 = call add(n, one) for operator.add
  return more
}
---
func @f(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  low: bool = call "compare<"(n, zero) for operator.lt
  double: int64 = call add(n, n) for operator.add
  branch low, bad, good
bad:
  return double
good:
  one: int64 = const 1
  more: int64 = call add(n, one) for operator.add
  return more
}
