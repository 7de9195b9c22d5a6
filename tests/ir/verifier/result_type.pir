# problem: the target returns a int64: r: float64 = call @g(x)
func @g(v: int64) -> int64 {
entry:
  return v
}
func @f(x: int64) -> float64 {
entry:
  r: float64 = call @g(x)
  return r
}
