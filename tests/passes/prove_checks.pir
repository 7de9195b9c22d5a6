# passes: prove-checks, simplify-control, dead-code
# run: @f(2.0) == 0.5
# run: @f(-1.0) == 0.5
func @f(x: float64) -> float64 {
entry:
  one: float64 = const 1.0
  size: float64 = call fabs(x) for builtins.abs
  d: float64 = call add(one, size) for operator.add
  none: float64 = const 0.0
  bad: bool = call "compare=="(d, none) for operator.eq
  branch bad, fails, goes
fails:
  message: Literal[str]('float division by zero') = const 'float division by zero'
  e: Exception(builtins.ZeroDivisionError, Literal[str]('float division by zero')) = call "exception[ZeroDivisionError]"(message) for builtins.ZeroDivisionError
  raise e
goes:
  positive: bool = call "compare>"(x, none) for operator.gt
  branch positive, yes, no
yes:
  badly: bool = call "compare=="(x, none) for operator.eq
  branch badly, raises, divides
raises:
  message.1: Literal[str]('float division by zero') = const 'float division by zero'
  e.1: Exception(builtins.ZeroDivisionError, Literal[str]('float division by zero')) = call "exception[ZeroDivisionError]"(message.1) for builtins.ZeroDivisionError
  raise e.1
divides:
  q: float64 = call div(one, x) for pellucid.library.builtins.operators.divide
  return q
no:
  r: float64 = call div(one, d) for pellucid.library.builtins.operators.divide
  return r
}
---
# zero-check-removed the divisor is not zero: it is 1 or more
func @f(x: float64) -> float64 {
entry:
  one: float64 = const 1.0
  size: float64 = call fabs(x) for builtins.abs
  d: float64 = call add(one, size) for operator.add
  none: float64 = const 0.0
  positive: bool = call "compare>"(x, none) for operator.gt
  branch positive, yes, no
yes:
  q: float64 = call div(one, x) for pellucid.library.builtins.operators.divide
  return q
no:
  r: float64 = call div(one, d) for pellucid.library.builtins.operators.divide
  return r
}
