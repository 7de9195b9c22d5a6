# problem: y is read before it is defined: x = call operator.neg(y)
func @f(a) {
entry:
  x = call operator.neg(y)
  y = call operator.neg(a)
  return x
}
