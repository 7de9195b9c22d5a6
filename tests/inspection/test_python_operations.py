"""What the interpreter does is marked in the Report, with its cost."""

import math

from pellucid import jit, njit, objmode, types


def marks(report):
    """(line of the function, text, cost) of each operation on Python objects."""
    first = report.source.first_line
    return [
        (report.spans[event.span].line - first, report.spans[event.span].text, event.data["cost"])
        for event in report.events
        if event.kind == "python-object"
    ]


def test_a_block_is_marked_and_nothing_else():
    @njit(cache=False)
    def compiled(x):
        y = x * 2
        with objmode(z="float64"):
            z = math.fsum([y, 1]) + 3
        return z + 1

    found = marks(compiled.explain("int64"))
    assert {line for line, _, _ in found} == {2, 3}
    assert (2, 'objmode(z="float64")', 3) in found
    assert (3, "math.fsum([y, 1])", 3) in found
    assert (3, "[y, 1]", 1) in found


def test_a_compiled_function_has_no_marks():
    @njit(cache=False)
    def compiled(x):
        return x * 2

    assert marks(compiled.explain("int64")) == []


def test_object_mode_is_marked_but_for_lifted_loops():
    def function(n):
        x = [n, object()]
        total = 0
        for i in range(n):
            total += i * i
        return total, x[0].real

    compiled = jit(forceobj=True, cache=False)(function)
    compiled(3)
    found = marks(compiled.explain())
    assert {line for line, _, _ in found} == {1, 3, 5}
    assert (5, "x[0]", 2) in found
    assert (5, "x[0].real", 2) in found
    whole = jit(forceobj=True, looplift=False, cache=False)(function)
    whole(3)
    assert {line for line, _, _ in marks(whole.explain())} == {1, 3, 4, 5}


def test_operations_on_objects_are_marked():
    def function(x, n):
        total = 0
        for item in x.items:
            total += item * n
        count = n * 2 + 1
        if total > 3:
            return str(x.method(total, k=count))
        return f"{x[0]:>5}"

    compiled = njit(cache=False)(function)
    found = marks(compiled.explain(types.pyobject, types.int64))
    assert {line for line, _, _ in found} == {2, 3, 5, 6, 7}
    for mark in (
        (2, "x.items", 2),
        (2, "for item in x.items", 2),
        (3, "item * n", 1),
        (3, "item * n", 2),
        (5, "total > 3", 2),
        (6, "x.method", 2),
        (6, "x.method(total, k=count)", 3),
        (6, "str(x.method(total, k=count))", 2),
        (7, "x[0]", 2),
    ):
        assert mark in found
    assert len(set(found)) == len(found)
