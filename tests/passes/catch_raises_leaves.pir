# An exception that the handler lets go on is a raise as before.
# passes: catch-raises
# run: @g(3) == 4
# run: @g(-3) raises KeyError
func @g(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  low: bool = call lt(n, zero) for operator.lt
  branch low, bad, good
bad:
  e: Exception(builtins.KeyError) = call "exception[builtins.KeyError]"() for builtins.KeyError
  raise e to handler
handler:
  any: ExceptionClass(builtins.ValueError) = const ref builtins.ValueError
  matches: bool = call "exception_matches[builtins.ValueError]"(any) for pellucid.ir.protocol.exception_matches
  branch matches, caught, uncaught
caught:
  t: none = call exception_drop() for pellucid.ir.protocol.exception_drop
  return zero
uncaught:
  reraise
good:
  one: int64 = const 1
  more: int64 = call add(n, one) for operator.add
  return more
}
---
func @g(n: int64) -> int64 {
entry:
  zero: int64 = const 0
  low: bool = call "compare<"(n, zero) for operator.lt
  branch low, bad, good
bad:
  e: Exception(builtins.KeyError) = call "exception[KeyError]"() for builtins.KeyError
  raise e to handler
handler:
  any: ExceptionClass(builtins.ValueError) = const ref builtins.ValueError
  matches: bool = call "exception_matches[builtins.ValueError]"(any) for pellucid.ir.protocol.exception_matches
  branch matches, caught, uncaught
caught:
  t: none = call exception_drop() for pellucid.ir.protocol.exception_drop
  return zero
uncaught:
  reraise
good:
  one: int64 = const 1
  more: int64 = call add(n, one) for operator.add
  return more
}
