# problem: returns a int64, the signature says float64
func @f(x: int64) -> float64 {
entry:
  return x
}
