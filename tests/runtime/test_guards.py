"""A changed global or captured variable takes effect at the next call; nothing else recompiles."""

import sys
import types

import numpy as np
import pytest
from engines import define

from pellucid import njit
from pellucid.errors import CompileError

SOURCE = """
def helper(x):
    return x + K

def f(x):
    return helper(x) * 2

def g(x):
    return f(x) + 1

def by_name(x):
    return abs(x)
"""


@pytest.fixture
def module():
    """The names of a module whose functions are compiled."""
    g = define(SOURCE, "g", K=10)
    names = g.__globals__
    for name in ("helper", "f", "g", "by_name"):
        names[name] = njit(names[name])
    return names


def redefine(names, text):
    """Run a changed definition in the same module, as a notebook does."""
    name = text[4 : text.index("(")]
    made = define(text, name, **{k: v for k, v in names.items() if k != "__builtins__"})
    copied = types.FunctionType(made.__code__, names, made.__name__)
    names[made.__name__] = njit(copied)


def test_a_changed_number_takes_effect_in_all_callers(module):
    assert (module["f"](1), module["g"](1)) == (22, 23)
    module["K"] = 20
    assert (module["f"](1), module["g"](1)) == (42, 43)
    module["K"] = 0.5
    assert (module["f"](1), module["g"](1)) == (3.0, 4.0)


def test_a_redefined_helper_takes_effect_in_all_callers(module):
    assert module["g"](1) == 23
    redefine(module, "def helper(x):\n    return x - K\n")
    assert module["g"](1) == -17
    redefine(module, "def helper(x):\n    return x\n")
    assert module["g"](1) == 3


def test_other_names_recompile_nothing(module):
    f = module["f"]
    assert f(1) == 22
    before = f.overloads[f.signatures[0]]
    for i in range(100):
        module["i"] = i
        module[f"other{i}"] = i
        assert f(1) == 22
    module["K"] = 5 + 5  # the same number
    assert f(1) == 22
    assert f.overloads[f.signatures[0]] is before


def test_what_was_compiled_before_comes_from_the_cache(module):
    g = module["g"]
    results = []
    for value in (3, 4, 3):
        module["K"] = value
        results.append(g(1))
    assert results == [9, 11, 9]
    assert g.stats.cache_hits == 1


def test_a_name_that_hides_a_builtin(module):
    by_name = module["by_name"]
    assert by_name(-3) == 3
    module["abs"] = njit(lambda x: x * 100)
    assert by_name(-3) == -300
    del module["abs"]
    assert by_name(-3) == 3


def test_a_deleted_name_is_missed_and_found_again(module):
    f = module["f"]
    assert f(1) == 22
    del module["K"]
    with pytest.raises(CompileError):
        f(1)
    module["".join(["", "K"])] = 1
    assert f(1) == 4


def test_names_of_other_modules():
    other = types.ModuleType("some_other_module")
    other.K, other.inner = 1, types.ModuleType("inner_module")
    other.inner.scale = 3
    f = njit(define("def f(x):\n    return x + other.K * other.inner.scale\n", other=other))
    assert f(1) == 4
    other.K = 10
    assert f(1) == 31
    other.inner.scale = 0.5
    assert f(1) == 6.0


def test_explicit_signatures_stay(module):
    function = njit("int64(int64)")(module["helper"].py_func)
    assert function(1) == 11
    module["K"] = 3
    assert function(1) == 4
    assert function.signatures == [function.signatures[0]]
    with pytest.raises(TypeError):
        function("text")


def adder(n):
    @njit
    def add(x):
        return x + n

    return add


def test_products_of_a_factory_share_one_compilation():
    made = [adder(n) for n in range(5)]
    assert [f(10) for f in made] == [10, 11, 12, 13, 14]
    assert len({id(f.overloads[f.signatures[0]]) for f in made}) == 1
    assert [adder(v)(1) for v in (0.5, True, 2j, np.float32(0.5))] == [1.5, 2, 1 + 2j, 1.5]


def test_products_of_a_compiled_factory_share_one_compilation():
    @njit
    def make(n):
        return lambda x: x * n

    made = [make(n) for n in range(5)]
    assert [f(10) for f in made] == [0, 10, 20, 30, 40]
    assert len({id(f.overloads[f.signatures[0]]) for f in made}) == 1


def test_a_captured_number_is_read_at_each_call():
    def counter():
        n = 0

        @njit
        def read(x):
            return n + x

        def set_to(value):
            nonlocal n
            n = value

        return read, set_to

    read, set_to = counter()
    assert read(1) == 1
    first = read.overloads[read.signatures[0]]
    for value in (5, -1, 10**9):
        set_to(value)
        assert read(1) == value + 1
    assert read.overloads[read.signatures[0]] is first
    set_to(0.25)
    assert read(1) == 1.25
    set_to(7)
    assert read(1) == 8


def test_a_captured_function_may_change():
    def pair():
        step = njit(lambda x: x + 1)

        @njit
        def run(x):
            return step(x) * 2

        def change(to):
            nonlocal step
            step = to

        return run, change

    run, change = pair()
    assert run(3) == 8
    change(njit(lambda x: x - 1))
    assert run(3) == 4
    change(lambda x: x * 10)
    assert run(3) == 60


def test_recursive_products_keep_their_own_numbers():
    def make(n):
        @njit
        def power(k):
            return 1 if k == 0 else n * power(k - 1)

        return power

    two, three = make(2), make(3)
    assert (two(5), three(5), two(6)) == (32, 243, 64)
    assert two.overloads[two.signatures[0]] is three.overloads[three.signatures[0]]


def test_numbers_that_decide_types_are_constants():
    def make(n):
        @njit
        def item(values):
            return values[n]

        return item

    first, second = make(0), make(1)
    values = (1, 2.5)
    assert (first(values), second(values), make(0)(values)) == (1, 2.5, 1)
    assert first.overloads[first.signatures[0]] is not second.overloads[second.signatures[0]]


def test_mistakes_are_told_as_before():
    def make(n):
        return njit(lambda x: x + n + undefined_name)  # noqa: F821

    with pytest.raises(CompileError, match="undefined_name"):
        make(3)(1)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="dictionaries are watched from 3.12 on")
def test_a_dictionary_may_go():
    for _ in range(20):
        f = njit(define(SOURCE, "helper", K=1))
        assert f(1) == 2
        f.py_func.__globals__.clear()
        del f


PASSED = 2


def test_a_global_of_a_function_that_is_passed():
    global PASSED

    def plain(x):
        return x * PASSED

    compiled = njit(plain)

    @njit
    def call(f, x):
        return f(x)

    before = PASSED
    try:
        for value in (2, 5, 7):
            PASSED = value
            assert call(plain, 3) == 3 * value
            assert call(compiled, 3) == 3 * value
    finally:
        PASSED = before
