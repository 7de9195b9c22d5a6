# A typed function and its calls, as they are printed.
func @total(xs: array(float64, 2d, F), k: Literal[int64](3), t: Tuple(int64, UniTuple(bool, 2))) -> Optional(float64) symbol="total(...)" {
entry:
  zero: float64 = const 0.0
  r: Optional(float64) = convert zero
  same: Optional(float64) = call @"total(...)"(xs, k, t)
  retain xs
  release xs
  e: Exception(ValueError, int64, template='{} is bad') = call @make()
  raise e cleanup(xs)
}

func @make() -> Exception(ValueError, int64, template='{} is bad') {
entry:
  unreachable
}
