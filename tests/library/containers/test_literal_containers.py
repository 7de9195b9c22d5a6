"""Lists and dicts whose items are of several types: made by displays, and not changed."""

import pytest
from snippets import check, function_of

from pellucid import njit
from pellucid.base.diagnostics import CompileError

# ruff: noqa: ISC004 (the lines of one program)

LISTS = [
    "xs = ['a', 10, 1j, a]\nreturn len(xs), xs[0], xs[-1], xs[1] + 1, "
    "xs == ['a', 10, 1j, a], bool(xs)",
    "xs = ['a', a]\nreturn xs != ['a', a + 1], 'a' in xs, 'b' in xs, xs",
    "n = 0.0\nfor y in ['abc', 10, 2.5, a, True]:\n  if isinstance(y, str):\n    n += len(y)\n"
    "  else:\n    n += y\nreturn n",
    "for y in [a, 'b', None, (1, 'x'), [3.5]]:\n  print(y)",
    "xs = [a, 'ÿ', None, (1, 2), [3.5]]\nprint(xs)\np, q, r, s, t = xs\n"
    "return repr(xs), f'{xs}', xs, tuple(xs), (q, t, s), 3.5 in xs[4], xs.copy()",
    "xs = [[1, 'x'], a]\nreturn xs[0][1], xs",
    "t = ('k', [1, 'x', a])\nreturn t",
    "xs = [1, 'a'] if a > 1 else [2, 'b']\nreturn xs[0], xs[1]",
]  # fmt: skip
DICTS = [
    "d = {'x': 1, 'y': 'cat', 'z': a}\nreturn len(d), d['x'], d['y'], 'z' in d, "
    "'q' in d, list(d), d",
    "d = {'x': 1, 'y': 'cat', 'z': a}\nprint(d)\nreturn str(d), [k for k in d]",
    "s = 0.0\nfor k, v in {'x': 1, 'y': 'cat', 'z': a}.items():\n  if isinstance(v, str):\n"
    "    s += len(v)\n  else:\n    s += v\n  print(k)\nreturn s",
    "d = {'x': 1, 'y': 'cat'}\nreturn d == {'x': 1, 'y': 'cat'}, d != {'y': 'cat', 'x': 1}, "
    "d == {'x': a, 'y': 'dog'}, d == {'x': 1, 'q': 'cat'}",
]  # fmt: skip


@pytest.mark.parametrize("source", LISTS + DICTS)
def test_displays_of_several_types(source):
    check(f"def f(a):\n{_indented(source)}", (1,), (7,))


def _indented(source):
    return "\n".join(f"    {line}" for line in source.split("\n"))


REFUSED = [
    ("xs = [1, 'a']\nxs.append(2)", "does not change"),
    ("xs = [1, 'a']\nxs[0] = 2", "does not change"),
    ("xs = [1, 'a']\nreturn xs[a]", "constant indices"),
    ("xs = [1, 'a']\nreturn xs[2]", "out of range"),
    ("return list(zip([1, 'a'], [2, 3]))", "several types"),
    ("d = {'x': 1, 'y': 'b'}\nd['z'] = 2", "does not change"),
    ("d = {'x': 1, 'y': 'b'}\ndel d['x']", "does not change"),
    ("d = {'x': 1, 'y': 'b'}\nreturn d['z']", "no key 'z'"),
    ("d = {'x': 1, 'y': 'b'}\nreturn d[str(a)]", "constants"),
    ("return {1: 1, 2: 'b'}", "one type"),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_what_they_do_not_do(source, reason):
    with pytest.raises(CompileError, match=reason):
        njit(function_of(source, 1))(1)
