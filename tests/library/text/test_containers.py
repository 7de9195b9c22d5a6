"""The text of containers, bytes and arrays: `str`, `repr`, `ascii`, f-strings and `print`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snippets import check

from pellucid import njit

CONTAINERS = [
    "{'a': 1, \"b'\": 2}", "{1: 2.5}", "{'a': [1, 2]}", "{(1, 'x'): {2}}", "{1, 2} - {2}",
    "{1} - {1}", "frozenset([3])", "frozenset([1]) - {1}", "{1: 2}.keys()", "{1: 'b'}.values()",
    "{1: 2}.items()", "[b'a', b'\"', b\"'\"]", "b'\\x00\\xff\\t\\\\'", "[[1], []]",
    "({}, [], set())",
]  # fmt: skip


@pytest.mark.parametrize("display", CONTAINERS)
def test_containers(display):
    texts = "str(d), repr((d,)), ascii([d]), f'{d}|{d!r:>40}'"
    check(f"d = {display}\nprint(d, [d])\nreturn {texts}")


@st.composite
def texts(draw):
    return draw(st.text(st.characters(codec="utf-8"), max_size=5))


def test_generated_containers():
    def write(words, table, data):
        return str(words), repr(table), ascii(words), str(data), f"{table}"

    compiled = njit(write)

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(texts(), min_size=1),
        st.dictionaries(texts(), st.floats(), min_size=1),
        st.binary(max_size=8),
    )
    def compare(words, table, data):
        assert compiled(words, table, data) == write(words, table, data)

    compare()


ARRAYS = [np.arange(3), np.ones((2, 2)), np.array([1.5 + 2j]), np.zeros(0)]


@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_arrays(array):
    check("print(a, (a, 1), [a])\nreturn str(a), repr(a), f'{a}', str([a])", (array,))


def test_members_of_enumerations_are_numbers():
    import signal

    value = signal.SIGTERM

    def write():
        return str(value), f"{value}"

    assert njit(write)() == write()
