# problem: raises a int64: raise x
func @f(x: int64) -> int64 {
entry:
  raise x
}
