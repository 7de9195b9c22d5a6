# Integers are computed, known branches taken; floats are left to LLVM.
# passes: fold-constants, simplify-control, dead-code
# run: @f(2.0) == 9.5
func @f(x: float64) -> float64 {
entry:
  a: int64 = const 3
  b: int64 = const 4
  c: int64 = call add(a, b) for operator.add
  is_less: bool = call "compare<"(c, a) for operator.lt
  same: bool = call convert(is_less) for builtins.bool
  branch same, small, large
small:
  return x
large:
  y: float64 = convert c
  half: float64 = const 0.5
  z: float64 = call add(y, half) for operator.add
  r: float64 = call add(z, x) for operator.add
  return r
}
---
func @f(x: float64) -> float64 {
entry:
  c: int64 = const 7
  y: float64 = convert c
  half: float64 = const 0.5
  z: float64 = call add(y, half) for operator.add
  r: float64 = call add(z, x) for operator.add
  return r
}
