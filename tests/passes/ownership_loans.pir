# What is read from a list while nothing changes it is not counted; what outlives a change is.
# passes: ownership
func @f(rows: list(list(int64)), items: pointer(list(int64))) -> int64 {
entry:
  zero: int64 = const 0
  name: Literal[str]('items') = const 'items'
  found: pointer(list(int64)) = call pellucid.library.builtins.heap.get(rows, name)
  row: list(int64) = call pellucid.library.builtins.memory.load(found, zero)
  first: list(int64) = call pellucid.library.builtins.memory.load(found, zero)
  n: int64 = call @len(first) for builtins.len
  other: list(int64) = call pellucid.library.builtins.memory.load(found, n)
  none: none = call @append(row, n) for pellucid.ir.protocol.list_append
  m: int64 = call @len(other) for builtins.len
  bare: list(int64) = call pellucid.library.builtins.memory.load(items, zero)
  k: int64 = call @len(bare) for builtins.len
  sum: int64 = call add(m, k) for operator.add
  return sum
}
---
func @f(rows: list(list(int64)), items: pointer(list(int64))) -> int64 {
entry:
  zero: int64 = const 0
  name: Literal[str]('items') = const 'items'
  found: pointer(list(int64)) = call list.items(rows, name)
  row: list(int64) = call load(found, zero)
  first: list(int64) = call load_lent(found, zero) for load
  n: int64 = call @"len(list(int64))"(first) for builtins.len
  other: list(int64) = call load(found, n)
  none: none = call @"pellucid.ir.protocol.list_append(list(int64), int64)"(row, n) cleanup(row, other)
  release row
  m: int64 = call @"len(list(int64))"(other) for builtins.len
  release other
  bare: list(int64) = call load(items, zero)
  k: int64 = call @"len(list(int64))"(bare) for builtins.len
  release bare
  sum: int64 = call add(m, k) for operator.add
  return sum
}
