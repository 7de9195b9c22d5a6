# problem: y has a type in an untyped function
# problem: not allowed in an untyped function: y: float64 = convert x
func @f(x) {
entry:
  y: float64 = convert x
  return y
}
