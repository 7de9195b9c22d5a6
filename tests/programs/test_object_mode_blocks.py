"""`with objmode(...)`: the interpreter runs a block in the midst of compiled code."""

# ruff: noqa: RET504, F841 (what a block sets is assigned, and then returned)

import dataclasses
import gc
import json
import sys
import threading

import numpy as np
import pytest
from fresh_process import run_python
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid import errors, njit, objmode, types

SETTINGS = settings(max_examples=30, deadline=None)
PLANE = types.float64[:, ::1]
COUNT = 0


def reversed_copy(x):
    return np.array(x.tolist()[::-1], x.dtype)


def check_references(function, *args):
    def call():
        try:
            function(*args)
        except Exception:
            return

    call()
    gc.collect()
    before = [sys.getrefcount(arg) for arg in args]
    for _ in range(50):
        call()
    gc.collect()
    assert [sys.getrefcount(arg) for arg in args] == before


@pytest.mark.parametrize("nogil", [False, True])
def test_a_block_sets_an_array(nogil):
    @njit(nogil=nogil)
    def compiled():
        x = np.arange(5)
        y = np.zeros_like(x)
        with objmode(y="intp[:]"):
            y += reversed_copy(x)
        return y

    assert compiled().tolist() == [4, 3, 2, 1, 0]


def test_arrays_are_shared():
    @njit
    def compiled(a):
        with objmode():
            a[0] = 99
        return a[0]

    array = np.zeros(3)
    assert compiled(array) == 99
    assert array[0] == 99
    check_references(compiled, array)


def test_outputs_convert_as_arguments_do():
    @njit
    def compiled(x, y, z):
        with objmode(i="int64", f="float32", c="complex128", b="boolean", n="int8"):
            i, f, c, b, n = x, y, z, z, x
        return i, f, c, b, n

    assert compiled(2.7, 3, 5) == (2, 3.0, 5 + 0j, True, 2)
    assert compiled(7, 0.1, 0) == (7, np.float32(0.1), 0j, False, 7)


def test_what_does_not_convert_raises_pythons_error():
    @njit
    def integer(text):
        with objmode(i="int64"):
            i = json.loads(text)
        return i

    assert integer("12") == 12
    assert integer('"12"') == 12
    for text, error in (('"a"', ValueError), ("null", TypeError), ("1e400", OverflowError)):
        with pytest.raises(error):
            integer(text)
    with pytest.raises(OverflowError):
        integer(str(2**64))


ANY = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)
)


@njit
def kept(text):
    with objmode(o="optional(float64)", t="Tuple((int64, optional(float64)))"):
        value = json.loads(text)
        o = value
        t = (len(text), value)
    return o, t


@SETTINGS
@given(ANY)
def test_optional_and_tuple_outputs(value):
    text = json.dumps(value)
    expected = None if value is None else float(value)
    assert kept(text) == (expected, (len(text), expected))


def test_an_array_of_another_kind_is_refused():
    @njit
    def compiled(kind):
        with objmode(y="float64[:]"):
            y = [np.zeros(2), np.zeros(4)[::2], np.zeros(2, "f4"), np.zeros((2, 2)), 1.5][kind]
        return y.sum()

    assert [compiled(0), compiled(1)] == [0.0, 0.0]
    for kind in (2, 3, 4):
        with pytest.raises(TypeError):
            compiled(kind)


def test_types_are_given_by_name_and_by_object():
    local = types.UniTuple(types.int64, 2) if hasattr(types, "UniTuple") else types.float64

    @njit
    def compiled():
        with objmode(a=PLANE, b=types.float64[:], c=pellucid.int64, d=local):
            a = np.ones((2, 2))
            b = a[0]
            c = 3
            d = 4.0
        return a.sum() + b.sum() + c + d

    assert compiled() == 4 + 2 + 3 + 4.0


def test_a_name_is_looked_up_when_the_block_runs():
    global COUNT

    @njit
    def compiled():
        with objmode(c="int64"):
            c = COUNT
        return c

    COUNT = 1
    assert compiled() == 1
    COUNT = 2
    assert compiled() == 2


def test_closure_cells_and_inner_functions():
    factor = 3

    @njit
    def compiled(n):
        def inner(x):
            with objmode(y="int64"):
                y = sum(factor * x * i * n for i in range(2))
            return y

        return inner(5)

    assert compiled(2) == 30


def test_control_flow_in_the_block():
    @njit
    def compiled(n):
        total = 0
        for i in range(n):
            with objmode(total="int64"):
                for j in range(10):
                    if j > i:
                        break
                    t = j
                    total += t
        return total

    def python(n):
        return sum(j for i in range(n) for j in range(min(i + 1, 10)))

    assert [compiled(n) for n in (0, 1, 5)] == [python(n) for n in (0, 1, 5)]


def test_an_error_of_called_code_comes_out():
    def fail(key):
        raise KeyError(key)

    @njit
    def compiled(a):
        copy = a + 1
        with objmode():
            fail("zz")
        return copy

    array = np.zeros(3)
    with pytest.raises(KeyError) as caught:
        compiled(array)
    assert caught.value.args == ("zz",)
    names = [entry.name for entry in caught.traceback]
    assert names[-3:] == ["compiled", "compiled", "fail"]
    check_references(compiled, array)


def test_random_state_is_pythons():
    @njit
    def compiled():
        with objmode(b="float64"):
            np.random.seed(1)
            b = np.random.random()
        return b

    expected = compiled()
    np.random.seed(1)
    assert np.random.random() == expected


def test_threads_take_the_lock():
    seen = []

    @njit(nogil=True)
    def compiled(n):
        total = 0
        for i in range(n):
            with objmode(total="int64"):
                seen.append(i)
                total += i
        return total

    results = []
    threads = [threading.Thread(target=lambda: results.append(compiled(200))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [sum(range(200))] * 4
    assert sorted(seen) == sorted([*range(200)] * 4)


def test_outside_of_compiled_code_it_does_nothing():
    with objmode(x="float64"):
        x = "text"
    assert x == "text"


def test_code_of_the_cache_finds_its_blocks(tmp_path):
    (tmp_path / "program.py").write_text(
        "from pellucid import njit, objmode\n"
        "def twice(x): return x + x\n"
        "@njit(cache=True)\n"
        "def f(x):\n"
        "    with objmode(y='float64'):\n"
        "        y = twice(x)\n"
        "    return y\n"
        "print(f(2.5), f.stats[1])\n"
    )
    code = f"import runpy; runpy.run_path({str(tmp_path / 'program.py')!r}, run_name='__main__')"
    cache = str(tmp_path / "cache")
    outputs = [run_python(code, PELLUCID_CACHE_DIR=cache) for _ in range(2)]
    assert outputs == ["5.0 0\n", "5.0 1\n"]


def refused(function, match):
    with pytest.raises(errors.CompileError) as caught:
        njit(())(function)
    assert match in str(caught.value)
    return caught.value


def test_a_variable_that_is_used_later_must_be_listed():
    def function():
        with objmode(z="int64"):
            z = y = 1
        return y + z

    error = refused(function, "Missing type annotation on outgoing variable(s): `y`")
    assert isinstance(error, errors.TypingError)
    assert "objmode(z=..., y='float64')" in str(error)


def test_also_in_a_loop_and_after_a_branch():
    def looped():
        y = 0
        for _ in range(3):
            y += 1
            with objmode():
                y = 1
        return 0

    def branched(flag=False):
        y = 0
        if flag:
            with objmode():
                y = 1
        return y

    refused(looped, "Missing type annotation on outgoing variable(s): `y`")
    with pytest.raises(errors.TypingError, match="Missing type annotation"):
        njit((types.boolean,))(branched)


def test_a_listed_variable_must_be_set():
    def function(x=1):
        with objmode(x="int64"):
            print(1)

    with pytest.raises(errors.TypingError, match="non-outgoing"):
        njit((types.int64,))(function)


def test_an_unknown_type_is_a_name_error():
    def by_name():
        with objmode(x="int65"):
            x = 1
        return x

    def by_object():
        with objmode(x=nowhere):  # noqa: F821
            x = 1
        return x

    for function in (by_name, by_object):
        with pytest.raises(NameError):
            njit(())(function)


def test_what_leaves_the_block_is_refused():
    def returns():
        with objmode():
            return 1

    def breaks():
        for _ in range(2):
            with objmode():
                break

    def raises():
        with objmode():
            raise ValueError

    def yields():
        with objmode():
            yield 1

    def positional():
        with objmode("int64"):
            pass

    def named():
        with objmode() as x:
            pass

    def nested():
        with objmode():
            print(1)
            with objmode():
                pass

    for function, match in (
        (returns, "`return` in an `objmode` block"),
        (breaks, "a `break` of a loop outside"),
        (raises, "`raise` in an `objmode` block"),
        (yields, "`yield` in an `objmode` block"),
        (positional, "positional arguments of `objmode`"),
        (named, "`as`"),
        (nested, "`objmode` blocks inside"),
    ):
        refused(function, match)


@dataclasses.dataclass
class Place:
    x: float
    names: list[str]


def test_containers_are_inputs_that_the_block_may_change():
    def changed(items, nested, table, place):
        known = {1, 2}
        place.x = 4.0
        with objmode():
            items.append(5)
            nested[0].append(items[0])
            nested.append([9])
            table["z"] = [3]
            table["a"].append(7)
            known.add(44)
            place.x += 1
            place.names.append("b")
        items.append(6)
        inner = nested[0]
        with objmode():
            nested[0].append(8)
        return items, nested, inner, len(table), table["a"], sorted(known), place.x, place.names

    compiled = njit(cache=False)(changed)
    results = []
    for function in (compiled, changed):
        args = [1, 2], [[0], [1]], {"a": [1]}, Place(1.0, ["a"])
        found = function(*args)
        assert found[0] is args[0]
        assert found[2] is args[1][0]
        results.append((found, args))
    assert results[0] == results[1]


def test_a_container_is_one_object_for_all_blocks():
    def function(n):
        items = [n]
        table = {"k": items}
        with objmode(first="int64", inside="boolean"):
            first = id(items)
            inside = table["k"] is items
        with objmode(same="boolean"):
            items.append(1)
            same = id(items) == first
        return items, inside, same, table

    compiled = njit(cache=False)(function)
    assert compiled(3) == function(3)


def test_changes_are_kept_when_the_block_raises():
    def function(items):
        items.append(2)
        try:
            with objmode():
                items.append(3)
                json.loads("no json")
        except ValueError:
            items.append(4)
        with objmode():
            items.append(5)
            json.loads("no json")

    for each in (function, njit(cache=False)(function)):
        items = [1]
        with pytest.raises(ValueError, match="Expecting value"):
            each(items)
        assert items == [1, 2, 3, 4, 5]


def test_an_item_of_another_type_is_refused():
    @njit(cache=False)
    def compiled(items):
        with objmode():
            items.append("text")

    with pytest.raises(TypeError, match="another type"):
        compiled([1])


def test_functions_are_inputs():
    @njit(cache=False)
    def double(x):
        return 2 * x

    @njit(cache=False)
    def function(n, flag):
        def inner(x):
            return x + n

        chosen = inner if flag else double
        with objmode(a="int64", b="int64", c="int64"):
            a = inner(1)
            b = double(3)
            c = sum(map(chosen, [1, 2]))
        return a, b, c

    assert function(5, True) == (6, 6, 13)
    assert function(5, False) == (6, 6, 6)


def test_inner_functions_share_their_variables_with_the_block():
    def function(n):
        count = 0
        seen = [0]

        def step():
            nonlocal count
            count += n
            seen.append(count)
            return count

        step()
        with objmode(a="int64"):
            a = step() + step()
        return a, step(), count, seen

    compiled = njit(cache=False)(function)
    assert compiled(2) == function(2)


def test_what_has_no_object_is_no_input():
    def function():
        items = (x for x in range(3))
        with objmode(y="int64"):
            y = next(items)
        return y

    error = refused(function, "for which Python has no object")
    assert "run_block" not in str(error)


def test_objects_are_outputs():
    @njit(cache=False)
    def function(text):
        with objmode(found="pyobject", same=...):
            found = json.loads(text)
            same = found
        total = 0.0
        for name in found["wanted"]:
            total += float(same[name])
        return total, found

    text = '{"wanted": ["a", "b"], "a": 1.5, "b": 2}'
    assert function(text) == (3.5, json.loads(text))
    with pytest.raises(KeyError, match="c"):
        function('{"wanted": ["c"]}')


def test_texts_and_lists_are_outputs():
    @njit
    def made(text):
        with objmode(s="unicode_type", items="list(int64)"):
            s = text * 2
            items = [len(text), 1]
        items.append(5)
        return s + "!", items

    assert made("xy") == ("xyxy!", [2, 1, 5])


def test_an_error_of_a_block_is_caught():
    @njit
    def compiled(key):
        try:
            with objmode(v="int64"):
                v = {1: 2}[key]
        except KeyError:
            return -1
        return v

    assert (compiled(1), compiled(3)) == (2, -1)
