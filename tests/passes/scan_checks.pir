# passes: scan-checks, dead-code
# run: @f(20, 2.25) == 44
# run: @f(0, 2.25) == 0
# run: @f(3, 2.0) == -2
# run: @f(5000, 2.5) raises ZeroDivisionError
func @f(n: int64, y: float64) -> int64 {
entry:
  zero: int64 = const 0
  jump loop(zero, zero)
loop(k: int64, s: int64):
  more: bool = call "compare<"(k, n) for operator.lt
  branch more, body, done
body:
  x: float64 = convert k
  half: float64 = const 0.5
  h: float64 = call mul(x, half) for operator.mul
  d: float64 = call sub(h, y) for operator.sub
  none: float64 = const 0.0
  bad: bool = call "compare=="(d, none) for operator.eq
  branch bad, fails, goes
fails:
  message: Literal[str]('float division by zero') = const 'float division by zero'
  e: Exception(builtins.ZeroDivisionError, Literal[str]('float division by zero')) = call "exception[ZeroDivisionError]"(message) for builtins.ZeroDivisionError
  raise e
goes:
  q: float64 = call div(x, d) for pellucid.library.builtins.operators.divide
  i: int64 = convert q
  s.1: int64 = call add(s, i) for operator.add
  one: int64 = const 1
  k.1: int64 = call add(k, one) for operator.add
  jump loop(k.1, s.1)
done:
  return s
}
---
# checks-hoisted the check is made ahead, for many turns at once
func @f(n: int64, y: float64) -> int64 {
entry:
  zero: int64 = const 0
  jump guard(zero, zero)
guard(k.2: int64, s.2: int64):
  is_long: bool = call is_long(k.2, n)
  bad.2: bool = const False
  branch is_long, loop.scan(k.2, bad.2), loop.1(k.2, s.2)
loop.scan(i.2: int64, bad.3: bool):
  more.2: bool = call "compare<"(i.2, n) for operator.lt
  branch more.2, loop.scan.body, loop.scanned
loop.scan.body:
  one.2: int64 = const 1
  k.5: int64 = call add(i.2, one.2) for operator.add
  x.2: float64 = convert i.2
  half.2: float64 = const 0.5
  h.2: float64 = call mul(x.2, half.2) for operator.mul
  d.2: float64 = call sub(h.2, y) for operator.sub
  none.2: float64 = const 0.0
  bad.5: bool = call "compare=="(d.2, none.2) for operator.eq
  failed: bool = call failed(bad.3, bad.5)
  jump loop.scan.body.1
loop.scan.body.1:
  jump loop.scan.next(failed)
loop.scan.next(bad.4: bool):
  jump loop.scan(k.5, bad.4)
loop.scanned:
  branch bad.3, loop.1(k.2, s.2), loop(k.2, s.2)
loop(k: int64, s: int64):
  more: bool = call "compare<"(k, n) for operator.lt
  branch more, body, done(s)
body:
  x: float64 = convert k
  half: float64 = const 0.5
  h: float64 = call mul(x, half) for operator.mul
  d: float64 = call sub(h, y) for operator.sub
  jump goes
goes:
  q: float64 = call div(x, d) for pellucid.library.builtins.operators.divide
  i: int64 = convert q
  s.1: int64 = call add(s, i) for operator.add
  one: int64 = const 1
  k.1: int64 = call add(k, one) for operator.add
  jump loop(k.1, s.1)
loop.1(k.3: int64, s.3: int64) cold:
  more.1: bool = call "compare<"(k.3, n) for operator.lt
  branch more.1, body.1, done(s.3)
body.1 cold:
  x.1: float64 = convert k.3
  half.1: float64 = const 0.5
  h.1: float64 = call mul(x.1, half.1) for operator.mul
  d.1: float64 = call sub(h.1, y) for operator.sub
  none.1: float64 = const 0.0
  bad.1: bool = call "compare=="(d.1, none.1) for operator.eq
  branch bad.1, fails, goes.1
fails:
  message: Literal[str]('float division by zero') = const 'float division by zero'
  e: Exception(builtins.ZeroDivisionError, Literal[str]('float division by zero')) = call "exception[ZeroDivisionError]"(message) for builtins.ZeroDivisionError
  raise e
goes.1 cold:
  q.1: float64 = call div(x.1, d.1) for pellucid.library.builtins.operators.divide
  i.1: int64 = convert q.1
  s.4: int64 = call add(s.3, i.1) for operator.add
  one.1: int64 = const 1
  k.4: int64 = call add(k.3, one.1) for operator.add
  jump loop.1(k.4, s.4)
done(s.5: int64):
  return s.5
}
