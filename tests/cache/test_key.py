"""A key changes with what a compilation depends on, and with nothing else."""

from __future__ import annotations

import importlib.util
import math
import operator
import os
import sys
import types as pytypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fresh_process import run_python

from pellucid import types
from pellucid.base.options import Options
from pellucid.cache.content import ARRAY_LIMIT, read_content, value_digest
from pellucid.cache.environment import cpu_text, environment_digest, sources_text
from pellucid.cache.key import dependencies, function_key, types_key

OPTIONS = Options()


class Dispatcher:
    """As the room sees a compiled function: its Python function and its options."""

    def __init__(self, py_func: Callable[..., Any], options: Options = OPTIONS) -> None:
        self.py_func = py_func
        self.options = options


def module(source: str, name: str = "case", **names: object) -> pytypes.ModuleType:
    made = pytypes.ModuleType(name)
    made.__dict__.update(names)
    exec(compile(source, f"{name}.py", "exec"), made.__dict__)
    return made


def digest(source: str, function: str = "f", **names: object) -> str:
    content = read_content(getattr(module(source, **names), function))
    assert content.reason == ""
    return content.digest


def reason(source: str, **names: object) -> str:
    pyfunc = module(source, **names).f
    content = read_content(pyfunc)
    assert (function_key(pyfunc, "", OPTIONS) is None) == bool(content.reason)
    return content.reason


def test_key_is_a_digest_that_does_not_change() -> None:
    def f(x):
        return math.sqrt(x) + np.pi

    key = function_key(f, "float64", OPTIONS)
    assert key is not None
    assert len(key) == 40
    assert key == function_key(f, "float64", OPTIONS)
    assert set(key) <= set("0123456789abcdef")


def test_types_options_and_extra_are_in_the_key() -> None:
    def f(x):
        return x

    keys = {
        function_key(f, "int64", OPTIONS),
        function_key(f, "int32", OPTIONS),
        function_key(f, "int64", Options(boundscheck=False)),
        function_key(f, "int64", Options(fastmath=frozenset({"nnan"}))),
        function_key(f, "int64", OPTIONS, extra="overload"),
    }
    assert len(keys) == 5
    assert function_key(f, "int64", OPTIONS) == function_key(f, "int64", OPTIONS.text())


def test_comment_or_code_above_does_not_change_the_content() -> None:
    source = "def f(x):\n    y = x + 1\n    return y\n"
    assert digest(source) == digest("# a comment\n\nunrelated = 1\n" + source)


def test_line_inside_the_function_does() -> None:
    """Tracebacks name it."""
    assert digest("def f(x):\n    return x\n") != digest("def f(x):\n\n    return x\n")


@pytest.mark.parametrize(
    "other",
    [
        "def f(x, y=1): return x - 1 + y",
        "def f(x, y=2): return x + 1 + y",
        "def f(x, y=1.0): return x + 1 + y",
        "def f(x, y=True): return x + 1 + y",
        "def f(x, *, y=1): return x + 1 + y",
        "def f(x, y=1): return x + 1.0 + y",
        "def f(x, y=1): return x + True + y",
        "def f(z, y=1): return z + 1 + y",
        "def f(x, y=1): return x.a + 1 + y",
        "def f(x, y=1): return x + 2 + y",
    ],
)
def test_code_names_constants_and_defaults_count(other: str) -> None:
    assert digest("def f(x, y=1): return x + 1 + y") != digest(other)


def test_zeros_of_both_signs_differ() -> None:
    assert digest("def f(): return 0.0") != digest("def f(): return -0.0")
    assert digest("def f(): return g", g=0.0) != digest("def f(): return g", g=-0.0)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (1, 2),
        (1, 1.0),
        (1, True),
        ("a", "b"),
        ("a", b"a"),
        (None, ...),
        ((1, 2), (1, 3)),
        ((1, (2,)), (1, 2)),
        (slice(1, 2), slice(1, 3)),
        (np.float32(1), np.float64(1)),
        (np.int64(1), np.int64(2)),
        (np.dtype("f4"), np.dtype("f8")),
        (np.dtype("<f8"), np.dtype(">f8")),
        (np.float32, np.float64),
        (np.sin, np.cos),
        (np.sum, np.prod),
        (math.sin, math.cos),
        (len, abs),
        (operator.add, operator.sub),
        (ValueError, TypeError),
        (types.int64, types.int32),
        (np.arange(3), np.arange(4)),
        (np.arange(3), np.arange(3.0)),
        (np.arange(4), np.arange(4).reshape(2, 2)),
        (np.array([1 + 2j]), np.array([1 + 3j])),
        (np.array([[1, 2], [3, 4]]), np.asfortranarray([[1, 2], [3, 4]])),
        (np.array(["2020"], "M8[Y]"), np.array(["2021"], "M8[Y]")),
    ],
)
def test_value_of_a_global_counts(one: object, two: object) -> None:
    source = "def f(): return g"
    assert digest(source, g=one) == digest(source, g=one)
    assert digest(source, g=one) != digest(source, g=two)


def test_array_counts_by_its_bytes() -> None:
    source = "def f(): return g[0]"
    assert digest(source, g=np.arange(6)[::2]) != digest(source, g=np.arange(6)[::3])
    assert digest(source, g=np.arange(5.0)) == digest(source, g=np.arange(5.0))
    assert digest(source, g=np.zeros(0)) == digest(source, g=np.zeros(0))
    assert digest(source, g=np.array(1.0)) != digest(source, g=np.array(2.0))


def test_unused_global_does_not_count() -> None:
    source = "def f(x): return x + used"
    assert digest(source, used=1, unused=1) == digest(source, used=1, unused=2)


def test_global_named_like_an_attribute_does_not_count() -> None:
    source = "def f(x): return x.real"
    assert digest(source, real=1) == digest(source, real=2)


def test_helper_in_another_module_counts() -> None:
    source = "import helpers\ndef f(x): return helpers.helper(x)"

    def with_helper(text: str) -> str:
        helpers = module(text, "helpers")
        return digest("def f(x): return helpers.helper(x)", helpers=helpers)

    first = with_helper("def helper(x): return x + 1")
    assert first == with_helper("# moved\ndef helper(x): return x + 1")
    assert first == with_helper("def helper(x): return x + 1\ndef other(): pass")
    assert first != with_helper("def helper(x): return x + 2")
    assert source


def test_helper_of_a_helper_counts_also_through_dispatchers() -> None:
    def with_deep(text: str, wrap: Callable[[Any], Any]) -> str:
        deep = module(text, "deep")
        middle = module("def middle(x): return deep.g(x)", "middle", deep=deep)
        return digest("def f(x): return middle(x)", middle=wrap(middle.middle))

    for wrap in (lambda pyfunc: pyfunc, Dispatcher):
        one = with_deep("def g(x): return x", wrap)
        assert one == with_deep("def g(x): return x", wrap)
        assert one != with_deep("def g(x): return -x", wrap)


def test_options_of_a_called_dispatcher_count() -> None:
    def helper(x):
        return x

    source = "def f(x): return helper(x)"
    fast = Options(fastmath=frozenset({"nnan"}))
    assert digest(source, helper=Dispatcher(helper)) != digest(
        source, helper=Dispatcher(helper, fast)
    )


def test_constant_of_a_module_counts_through_packages() -> None:
    def with_value(value: object) -> str:
        inner = module("", "package.inner", value=value)
        package = module("", "package", inner=inner)
        return digest("def f(): return package.inner.value + 1", package=package)

    assert with_value(1) == with_value(1)
    assert with_value(1) != with_value(2)


def test_two_closures_with_different_cells_differ() -> None:
    def make(n):
        def f(x):
            return x + n

        return f

    assert read_content(make(1)).digest == read_content(make(1)).digest
    assert read_content(make(1)).digest != read_content(make(2)).digest
    assert read_content(make(1)).digest != read_content(make(1.0)).digest


def test_cell_used_in_a_nested_function_counts() -> None:
    def make(n):
        def f(x):
            def g(y):
                return [y + n for _ in range(3)]

            return g(x)

        return f

    assert read_content(make(1)).digest == read_content(make(1)).digest
    assert read_content(make(1)).digest != read_content(make(2)).digest


def test_captured_module_is_followed() -> None:
    def make(module):
        def f(x):
            return module.value + x

        return f

    one, two = (make(module("", "m", value=value)) for value in (1, 2))
    assert read_content(one).reason == ""
    assert read_content(one).digest != read_content(two).digest


def test_global_in_a_lambda_comprehension_or_nested_function_counts() -> None:
    for source in (
        "f = lambda x: x + n",
        "def f(x): return [i + n for i in range(x)]",
        "def f(x):\n def g(y): return y + n\n return g(x)",
    ):
        assert digest(source, n=1) != digest(source, n=2), source


def test_many_names_reach_past_one_byte_of_argument() -> None:
    names = {f"name_{number}": number for number in range(300)}
    source = "def f(): return " + " + ".join(names)
    attributes = "def f(x): return " + " + ".join(f"x.{name}" for name in names) + " + m.last"
    assert digest(source, **names) != digest(source, **{**names, "name_299": 0})
    one, two = (module("", "m", last=last) for last in (1, 2))
    assert digest(attributes, m=one) != digest(attributes, m=two)


def test_recursion_ends() -> None:
    source = "def f(x): return g(x) if x else 0\ndef g(x): return f(x - 1)"
    assert digest(source) == digest(source)
    assert digest(source) != digest(source.replace("x - 1", "x - 2"))


def test_missing_name_has_a_content_of_its_own() -> None:
    source = "def f(): return later"
    assert digest(source) != digest(source, later=1)


def test_shadowed_builtin_counts() -> None:
    source = "def f(x): return len(x)"
    assert digest(source) != digest(source, len=abs)


def test_set_constants_are_the_same_in_every_process() -> None:
    code = (
        "from pellucid.cache.content import read_content\n"
        "def f(x): return x in {'a', 'b', 'c', 'd', 'e'}\n"
        "print(read_content(f).digest)"
    )
    found = {run_python(code, PYTHONHASHSEED=seed) for seed in ("1", "2", "3")}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([1, 2], "`g` is a list, whose content can change"),
        ({}, "`g` is a dict, whose content can change"),
        (object(), "`g` is a object, whose content can change"),
        ((1, []), "`g` is a list, whose content can change"),
        (np.array([None]), "`g` holds Python objects, whose content can change"),
        (np.ma.array([1]), "`g` is a MaskedArray, not a plain array"),
        (np.zeros(ARRAY_LIMIT + 1, "u1"), "`g` is an array of 4 MiB, too large to compare"),
        (np.frompyfunc(abs, 1, 1), "`g` is a ufunc, whose content can change"),
        ([].append, "`g` is a builtin_function_or_method, whose content can change"),
        (os, "`g` is a module, whose content can change"),
        (Path, "`g` is a type, whose content can change"),
    ],
)
def test_what_has_no_content_is_not_cacheable(value: object, why: str) -> None:
    assert reason("def f(): return g", g=value) == why
    assert reason("def f(): return h()\ndef h(): return g", g=value) == why
    assert reason("def f(): return g", g=1) == ""


def test_module_edited_on_disk_and_loaded_anew_changes_the_key(tmp_path: Path) -> None:
    def load(name: str, text: str) -> pytypes.ModuleType:
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        return loaded

    user = load("user", "def f(x): return helper(x)")

    def key(text: str) -> str | None:
        user.helper = load("helper", text).helper
        return function_key(user.f, "int64", OPTIONS)

    first = key("def helper(x): return x + 1  # one")
    assert first == key("def helper(x): return x + 1  # another remark")
    assert first != key("def helper(x): return x + 20")


def test_place_of_the_function_is_in_the_key_and_not_in_the_content() -> None:
    one, two = module("def f(): pass", "one").f, module("def f(): pass", "two").f
    assert read_content(one).digest == read_content(two).digest
    assert function_key(one, "", OPTIONS) != function_key(two, "", OPTIONS)


def test_types_of_functions_are_in_the_key_by_content() -> None:
    def make(n):
        def helper(x):
            return x + n

        return types.Dispatcher("helper", helper)

    one, two, unknown = make(1), make(2), make([])
    assert str(one) == str(two)
    assert types_key([types.int64, types.float64]) == "int64, float64"
    assert types_key([one]) == types_key([make(1)])
    assert types_key([one]) != types_key([two])
    assert types_key([types.Tuple((types.int64, one))]) != types_key(
        [types.Tuple((types.int64, two))]
    )
    assert types_key([types.int64, unknown]) is None


class OwnError(Exception):
    pass


def test_exception_class_counts_by_the_name_it_is_found_by() -> None:
    class LocalError(Exception):
        pass

    source = "def f(): raise g"
    assert reason(source, g=ZeroDivisionError) == ""
    assert reason(source, g=LocalError) == "`g` is a type, whose content can change"


def test_dependencies_notice_what_changed() -> None:
    helpers = module("def helper(x): return x + scale\nscale = 2", "helpers")
    made = module("def f(x): return helpers.helper(x) + len(x) + n", helpers=helpers, n=1)
    content = read_content(made.f)
    assert {dependency.name for dependency in dependencies(made.f)} == {
        "helpers", "helper", "scale", "len", "n"
    }  # fmt: skip
    assert content.find_change() is None
    made.unrelated = 1
    assert content.find_change() is None
    for namespace, name, value in (
        (made, "n", 2),
        (made, "len", abs),
        (helpers, "scale", 3),
        (helpers, "helper", abs),
    ):
        content = read_content(made.f)
        setattr(namespace, name, value)
        changed = content.find_change()
        assert changed is not None
        assert changed.name == name
        assert changed.namespace is vars(namespace)


def test_dependencies_notice_a_changed_cell() -> None:
    n = 1

    def f(x):
        return x + n

    content = read_content(f)
    assert content.find_change() is None
    n = 2
    changed = content.find_change()
    assert changed is not None
    assert changed.name == "n"


def test_digest_of_one_value() -> None:
    assert value_digest(1, "x") == value_digest(1, "x")
    assert value_digest(1, "x")[0] != value_digest(2, "x")[0]
    assert value_digest([], "x")[1] == "`x` is a list, whose content can change"


def test_edited_compiler_source_changes_the_environment(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    file = tmp_path / "room" / "a.py"
    file.write_text("one")
    before = sources_text(str(tmp_path))
    assert "a.py" in before
    os.utime(file, (1, 1))
    assert sources_text(str(tmp_path)) != before
    (tmp_path / "room" / "notes.txt").write_text("")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.py").write_text("")
    assert sources_text(str(tmp_path)).count("\n") == 0


def test_environment_is_the_same_all_through_a_process() -> None:
    assert environment_digest() is environment_digest()
    assert "flags" in cpu_text() or sys.platform != "linux" or os.uname().machine != "x86_64"


def test_reading_needs_no_llvmlite() -> None:
    code = (
        "import sys, pellucid.cache.key as key\n"
        "def f(x): return x\n"
        "assert key.function_key(f, 'int64', 'options')\n"
        "print('llvmlite' in sys.modules, 'json' in sys.modules, 'hashlib' in sys.modules)"
    )
    assert run_python(code) == "False False False\n"
