"""Small arrays, lists and instances that stay in a function have no heap memory; others keep it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from pellucid import njit
from pellucid.base import Options
from pellucid.compilation import compile_function
from pellucid.ir.callee import Primitive
from pellucid.runtime.parameters import parameters_of
from pellucid.types import int64

HEAP = {"allocate", "new", "resize"}
STACK = {"allocate_on_stack", "new_on_stack", "resize_on_stack"}


@dataclass
class Point:
    x: float
    y: float


@dataclass
class Holder:
    items: list[int]


@njit
def consume(items):
    total = 0
    for _ in range(3):
        for item in items:
            total += item
        for item in items:
            total -= item // 2
        items.append(total)
        if total % 7 == 3:
            items.pop()
            items.reverse()
        items.sort()
    return total


def array(n):
    total = 0.0
    for i in range(n):
        p = np.empty(3)
        p[0], p[1], p[2] = i, i + 1, 2.0
        q = p[1:]
        q[0] += p[0]
        total += p[0] * p[1] + p[-1]
    return total


def zeros(n):
    total = 0.0
    for i in range(n):
        p = np.zeros((2, 2))
        p[i % 2, 1] += i
        for a in range(2):
            for b in range(2):
                total += p[a, b] * (a + b + 1)
    return total


def instance(n):
    total = 0.0
    for i in range(n):
        p = Point(i, i + 1.0)
        p.x += total % 3
        if p.x > p.y:
            p.y = p.x
        total += p.x * p.y
    return total


def temporary(n):
    total = 0
    for i in range(n):
        p = [i, i + 1, 2]
        p[1] *= 2
        total += p[0] + p[-1] - p[i % 3]
    return total


def outside(n):
    p = [0, 0]
    for i in range(n):
        p[i % 2] += i
    return p[0] * 1000 + p[1]


def caught(n):
    total = 0
    for i in range(n):
        p = [i, 1, 2]
        try:
            total += p[i % 5]
        except IndexError:
            total -= p[0]
    return total


STAYING = (array, zeros, instance, temporary, outside, caught)


def returned(n):
    return np.empty(3).fill(1) if n < 0 else [n, n + 1]


def stored(n):
    rows = [[0, 0]]
    for i in range(n):
        rows.append([i, i + 1])
    return rows[n // 2][1] + rows[-1][0]


def kept_over_turns(n):
    before = [0, 0]
    for i in range(n):
        now = [before[1], i]
        before = now
    return before[0] * 100 + before[1]


def grown(n):
    p = [1, 2]
    for i in range(n):
        p.append(i)
    return len(p) + p[-1]


def passed(n):
    p = [n, 5]
    return consume(p) + len(p)


def held(n):
    p = [n, 1]
    h = Holder(p)
    h.items[0] += 1
    return p[0] + len(h.items)


def of_any_size(n):
    p = np.ones(n + 1)
    return p[n] + p[0]


def of_texts(n):
    p = [str(n), "a"]
    return p[0] + p[n % 2]


def chosen(n):
    a, b = [n, 1], [n, 2]
    c = a if n % 2 else b
    c[0] += 1
    return a[0] * 10 + b[0]


LEAVING = (returned, stored, kept_over_turns, grown, passed, held, of_any_size, of_texts, chosen)


def names(pyfunc):
    compiled = compile_function(pyfunc, (int64,), Options())
    ops = [op for block in compiled.target.fn.blocks for op in block.ops]
    targets = [getattr(op, "target", None) for op in ops]
    return {target.name for target in targets if isinstance(target, Primitive)}


@pytest.mark.parametrize("pyfunc", STAYING)
def test_what_stays_is_on_the_stack(pyfunc):
    found = names(pyfunc)
    assert found & STACK
    assert not found & HEAP
    compiled = njit(pyfunc)
    for n in (0, 1, 2, 7, 1000):
        assert compiled(n) == pyfunc(n)


@pytest.mark.parametrize("pyfunc", LEAVING)
def test_what_leaves_is_on_the_heap(pyfunc):
    assert names(pyfunc) & HEAP
    compiled = njit(pyfunc)
    for n in (0, 1, 2, 7, 100):
        assert compiled(n) == pyfunc(n)


def test_no_reference_is_counted():
    compiled = compile_function(temporary, (int64,), Options())
    code = compiled.machine_code(parameters_of(temporary), with_texts=True)
    assert "pellucid.destroy" not in code.optimised
    assert "pellucid.new_object" not in code.optimised
