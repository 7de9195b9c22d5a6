# problem: int64 is not counted: release x
func @f(x: int64) -> int64 {
entry:
  release x
  return x
}
