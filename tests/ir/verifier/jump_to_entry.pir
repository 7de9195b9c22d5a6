# problem: edge next -> entry: leads to the entry
func @f() {
entry:
  jump next
next:
  jump entry
}
