"""`forceobj=True`: every value is a Python object, and loops that can be compiled are."""

import gc
import io
import sys
import traceback

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import jit, njit, types

SETTINGS = settings(max_examples=40, deadline=None)
OFFSET = 10


def object_mode(function, **options):
    return jit(forceobj=True, cache=False, **options)(function)


def lifted(dispatcher):
    (made,) = dispatcher.overloads.values()
    return made.lifted


def test_methods_of_any_object():
    @object_mode
    def upper(x):
        return x.upper()

    assert upper("a") == "A"
    assert upper(b"a") == b"A"
    assert upper.nopython_signatures == []
    assert upper.signatures == [(types.pyobject,)]


def summed(n):
    x = object()
    total = 0
    for i in range(n):
        total += i
    return total, x is not None


def test_a_loop_that_can_be_compiled_is_lifted():
    compiled = object_mode(summed)
    assert compiled(10) == summed(10)
    (loop,) = lifted(compiled)
    assert [str(sig.params) for sig in loop.nopython_signatures] == ["(int64, int64)"]
    plain = object_mode(summed, looplift=False)
    assert plain(10) == summed(10)
    assert lifted(plain) == ()


def test_a_loop_that_cannot_is_interpreted():
    @object_mode
    def joined(items):
        total = ()
        for item in items:
            total = (total, item)
        return total

    assert joined([1, "a", None]) == ((((), 1), "a"), None)
    (loop,) = lifted(joined)
    assert loop.nopython_signatures == []


def search(items, wanted, limit):
    position = -1
    steps = 0
    for i in range(len(items)):
        steps += 1
        if steps > limit:
            break
        if items[i] == wanted:
            position = i
            if i % 2 == 0:
                return "even", i
    return position, steps


SEARCH = object_mode(search)


@SETTINGS
@given(st.lists(st.integers(0, 5), max_size=8), st.integers(0, 5), st.integers(0, 9))
def test_break_and_return_in_a_lifted_loop(items, wanted, limit):
    array = np.array(items, np.int64)
    assert SEARCH(array, wanted, limit) == search(array, wanted, limit)
    assert SEARCH(items, wanted, limit) == search(items, wanted, limit)


def nested(n, flag):
    total = 0
    count = n
    if flag:
        while count > 0:
            for j in range(count):
                total += j * count
            count -= 1
    else:
        for i in range(n):
            if i % 3 == 0:
                continue
            total -= i
    for k in range(2):
        total += k
    return total, count


NESTED = object_mode(nested)


@SETTINGS
@given(st.integers(0, 12), st.booleans())
def test_nested_and_conditional_loops(n, flag):
    assert NESTED(n, flag) == nested(n, flag)
    assert len(lifted(NESTED)) == 3


def counted(words):
    counts = {}
    seen = []
    text = ""
    for word in words:
        try:
            counts[word] += 1
        except KeyError:
            counts[word] = 1
            seen.append(word)
        text += word
    return counts, seen, text, words


COUNTED = object_mode(counted)


@SETTINGS
@given(st.lists(st.sampled_from("abcé"), max_size=8))
def test_containers_go_in_and_out_of_lifted_loops(words):
    result = COUNTED(words)
    assert result == counted(words)
    assert result[3] is words
    assert len(lifted(COUNTED)) == 1


def test_what_a_loop_leaves_behind():
    @object_mode
    def last(items):
        for item in items:  # noqa: B007 (read afterwards)
            pass
        return item

    assert last([1, 2]) == 2
    assert lifted(last) == ()  # it may have no value
    with pytest.raises(UnboundLocalError):
        last([])


def test_generators():
    @object_mode
    def texts(n):
        for i in range(n):
            yield str(i)

    assert list(texts(3)) == ["0", "1", "2"]


def test_parameters_of_all_kinds():
    def everything(a, b=2, *args, c=3, d, **more):
        return a, b, args, c, d, more

    compiled = object_mode(everything)
    for args, kwargs in (
        ((1,), {"d": 4}),
        ((1,), {"d": 4, "e": 5, "f": None}),
        ((1, [2], 3, "x"), {"d": 4}),
        ((), {"a": 0, "d": None, "c": ()}),
    ):
        assert compiled(*args, **kwargs) == everything(*args, **kwargs)
    with pytest.raises(TypeError):
        compiled(1)


def test_closures_and_globals_are_read_when_they_are_needed():
    global OFFSET

    def make(n):
        def add(x):
            return x + n + OFFSET

        return object_mode(add)

    first, second = make(1), make(2)
    assert (first(0), second(0)) == (11, 12)
    OFFSET = 20
    assert (first(0), second(0)) == (21, 22)
    OFFSET = 10


def test_the_language_of_the_interpreter():
    @object_mode
    def everything(path):
        class Local:
            value = path

        with io.StringIO() as file:
            try:
                print({"a": 1, "b": [2 * x for x in path]}, file=file)
                raise KeyError(Local.value)
            except KeyError as error:
                return file.getvalue(), error.args

    assert everything("xy") == ("{'a': 1, 'b': ['xx', 'yy']}\n", ("xy",))
    assert object_mode(lambda x, y=2: {x: y})("k") == {"k": 2}


def test_compiled_functions_are_called():
    @njit(cache=False)
    def inner(x):
        return x * 2

    @object_mode
    def outer(x):
        return inner(x), inner(x + 0.5)

    assert outer(3) == (6, 7.0)


def test_errors_come_out_with_their_place():
    @object_mode
    def fail(x):
        total = 0
        for i in range(3):
            total += 1 // (x - i)
        return total, x.nothing

    for value, error in ((1, ZeroDivisionError), (5, AttributeError)):
        with pytest.raises(error) as caught:
            fail(value)
        entries = traceback.extract_tb(caught.value.__traceback__)
        assert {entry.filename for entry in entries} == {__file__}
        assert "1 // (x - i)" in entries[-1].line or "x.nothing" in entries[-1].line


def test_references_are_balanced():
    class Thing:
        pass

    def use(x, *rest):
        items = [x, *rest]
        for item in items:
            items = [item]
        if rest:
            raise ValueError(items)
        return items

    compiled = object_mode(use)

    def call(x):
        compiled(x)
        with pytest.raises(ValueError, match="Thing"):
            compiled(x, x)

    thing = Thing()
    call(thing)
    gc.collect()
    before = sys.getrefcount(thing)
    for _ in range(50):
        call(thing)
    gc.collect()
    assert sys.getrefcount(thing) == before


def test_inspection_shows_objects():
    compiled = object_mode(summed)
    compiled(3)
    out = io.StringIO()
    compiled.inspect_types(file=out)
    shown = out.getvalue()
    for name in ("n", "x", "total", "i"):
        assert f"\n{name}: pyobject\n" in shown
    assert shown.count("lifted loop at line") == 1


def test_objects_pass_through_compiled_code():
    @njit("pyobject(pyobject)", cache=False)
    def same(x):
        return x

    thing = object()
    assert same(thing) is thing


def test_options_that_contradict_each_other():
    with pytest.raises(ValueError, match="contradict"):
        jit(forceobj=True, nopython=True)(summed)
