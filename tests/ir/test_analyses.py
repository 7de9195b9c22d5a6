"""Dominators, loops and liveness on small functions, and on random graphs against definitions."""

from hypothesis import given
from hypothesis import strategies as st

from pellucid.ir.dominance import Dominators, find_loops
from pellucid.ir.function import Block, Function
from pellucid.ir.liveness import liveness
from pellucid.ir.ops import Branch, Const, Edge, Jump, Return
from pellucid.ir.parser import parse_function
from pellucid.ir.values import Value
from pellucid.ir.walk import reverse_postorder

NEST = """
func @f(n, m) {
entry:
  zero = const 0
  jump outer(zero)
outer(i):
  a = call operator.lt(i, n)
  branch a, inner(i), done
inner(j):
  b = call operator.lt(j, m)
  branch b, inner.body, latch
inner.body:
  j.1 = call operator.add(j, n)
  branch b, inner(j.1), done
latch:
  i.1 = call operator.add(i, n)
  jump outer(i.1)
done:
  return zero
}
"""


def names(blocks):
    return [block.name for block in blocks]


def test_loops_nest():
    fn = parse_function(NEST)
    outer, inner = find_loops(fn)
    assert (outer.header.name, inner.header.name) == ("outer", "inner")
    assert inner.parent is outer
    assert outer.children == [inner]
    assert (outer.depth, inner.depth, inner.is_innermost) == (1, 2, True)
    assert set(names(outer.blocks)) == {"outer", "inner", "inner.body", "latch"}
    assert names(outer.latches) == ["latch"]
    assert [(a.name, b.name) for a, b in inner.exits()] == [
        ("inner", "latch"),
        ("inner.body", "done"),
    ]
    assert names(outer.entering(fn)) == ["entry"]


def test_values_live_as_long_as_something_reads_them():
    fn = parse_function(NEST)
    found = liveness(fn)
    live_in = {b.name: sorted(v.name for v in vs) for b, vs in found.live_in.items()}
    assert live_in["entry"] == []
    assert live_in["outer"] == ["m", "n", "zero"]
    assert live_in["inner"] == ["i", "m", "n", "zero"]
    assert live_in["latch"] == ["i", "m", "n", "zero"]
    assert live_in["done"] == ["zero"]


@st.composite
def graphs(draw):
    """Functions of up to eight blocks whose branches go anywhere but to the entry."""
    count = draw(st.integers(2, 8))
    cond = Value("c")
    blocks = [Block(f"b{i}") for i in range(count)]
    blocks[0].ops.append(Const(cond, True))
    targets = st.integers(1, count - 1)
    for block in blocks:
        ways = draw(st.lists(targets, max_size=2))
        if not ways:
            block.terminator = Return(cond)
        elif len(ways) == 1:
            block.terminator = Jump(Edge(blocks[ways[0]]))
        else:
            block.terminator = Branch(cond, *(Edge(blocks[w]) for w in ways))
    return Function("g", [], blocks)


def reachable_without(fn, removed):
    seen, todo = set(), [fn.entry] if fn.entry is not removed else []
    while todo:
        block = todo.pop()
        if block not in seen:
            seen.add(block)
            todo.extend(s for s in block.successors() if s is not removed)
    return seen


@given(graphs())
def test_dominators_are_the_blocks_that_cannot_be_avoided(fn):
    dominators = Dominators(fn)
    reachable = reachable_without(fn, None)
    assert set(reverse_postorder(fn)) == reachable
    for above in reachable:
        left = reachable_without(fn, above)
        for below in reachable:
            assert dominators.dominates(above, below) == (below not in left)


@given(graphs())
def test_each_loop_reaches_its_header_from_every_block(fn):
    for loop in find_loops(fn):
        for block in loop.blocks:
            seen, todo = set(), list(block.successors())
            while todo:
                step = todo.pop()
                if step in loop and step not in seen:
                    seen.add(step)
                    todo.extend(step.successors())
            assert loop.header in seen
