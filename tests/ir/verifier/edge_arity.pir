# problem: edge entry -> next: 0 arguments for 1 parameters
func @f(a) {
entry:
  jump next
next(b):
  return b
}
