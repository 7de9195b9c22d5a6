# problem: a value is cleaned up twice: raise e cleanup(a, a)
func @f(a: array(int64, 1d, C)) -> int64 {
entry:
  e: ExceptionClass(ValueError) = const ref ValueError
  raise e cleanup(a, a)
}
