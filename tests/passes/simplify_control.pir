# Blocks in a row are joined, parameters with one value go, a branch with equal ways is a jump.
# passes: simplify-control
# run: @f(True, 4) == 16
func @f(flag: bool, x: int64) -> int64 {
entry:
  jump a(x)
a(v: int64):
  branch flag, loop(v), loop(v)
loop(w: int64):
  y: int64 = call mul(w, v) for operator.mul
  branch flag, done(y), again
again:
  jump loop(w)
done(z: int64):
  return z
}
---
func @f(flag: bool, x: int64) -> int64 {
entry:
  jump loop
loop:
  y: int64 = call mul(x, x) for operator.mul
  branch flag, done, again
again:
  jump loop
done:
  return y
}
