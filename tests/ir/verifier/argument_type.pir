# problem: arguments (float64,) for parameters (int64,): r: int64 = call @g(x)
func @g(v: int64) -> int64 {
entry:
  return v
}
func @f(x: float64) -> int64 {
entry:
  r: int64 = call @g(x)
  return r
}
