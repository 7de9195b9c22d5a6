# problem: branch on a int64: branch x, a, b
func @f(x: int64) -> int64 {
entry:
  branch x, a, b
a:
  return x
b:
  return x
}
