# problem: x: int64 is passed for y: float64 of next
func @f(x: int64) -> float64 {
entry:
  jump next(x)
next(y: float64):
  return y
}
