# problem: x is not defined on every way here: return x
func @f(a) {
entry:
  c = call builtins.bool(a)
  branch c, one, two
one:
  x = const 1
  jump two
two:
  return x
}
