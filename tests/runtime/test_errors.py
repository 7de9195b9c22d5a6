"""Exceptions that leave compiled code: class, arguments, and a traceback as CPython's."""

import gc
import linecache
import subprocess
import sys
import traceback
import weakref

import numpy as np
import pytest
from fresh_process import environment

from pellucid import njit
from pellucid.runtime.errors import Place, make_frame, with_places


@njit
def divide(a, b):
    return a // b


@njit
def caller(a, b):
    return divide(a, b) + 1


@njit
def outer(a, b):
    x = a + 1
    return caller(
        x,
        b,
    )


@njit
def recurse(n):
    if n == 0:
        raise ValueError("the end")
    if n > 100:
        return 0
    return recurse(n - 1) + 1


class OwnError(Exception):
    pass


@njit
def own(code):
    raise OwnError("code", code, 2.5, (code, True))


def _trace(function, *args):
    """The exception, and (function, line text) of each frame below this one."""
    try:
        function(*args)
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)[1:]
        return error, [(f.name, f.line) for f in frames]
    pytest.fail("no exception")


def _python_trace(function, *args):
    names = [name for name, value in globals().items() if hasattr(value, "py_func")]
    saved = {name: globals()[name] for name in names}
    try:
        globals().update({name: saved[name].py_func for name in names})
        return _trace(function.py_func, *args)
    finally:
        globals().update(saved)


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
@pytest.mark.parametrize(
    ("function", "args"), [(divide, (1, 0)), (caller, (1, 0)), (outer, (1, 0)), (recurse, (3,))]
)
def test_tracebacks_are_those_of_cpython(function, args, again):
    if again:
        _trace(function, *args)
    error, frames = _trace(function, *args)
    expected, expected_frames = _python_trace(function, *args)
    assert type(error) is type(expected)
    assert str(error) == str(expected)
    assert frames == expected_frames


def test_the_printed_traceback_has_source_and_carets():
    error, _ = _trace(caller, 1, 0)
    expected, _ = _python_trace(caller, 1, 0)
    assert _printed(error) == _printed(expected)


def _printed(error):
    lines = traceback.format_exception(error)
    return [line for line in lines if "_trace" not in line]


def test_arguments_of_an_exception_arrive():
    error, _ = _trace(own, 7)
    assert type(error) is OwnError
    assert error.args == ("code", 7, 2.5, (7, True))


def test_the_context_is_the_exception_being_handled():
    def during():
        try:
            raise KeyError("first")
        except KeyError:
            divide(1, 0)

    error, _ = _trace(during)
    assert isinstance(error.__context__, KeyError)
    assert error.__cause__ is None
    error, _ = _trace(divide, 1, 0)
    assert error.__context__ is None


def test_an_error_keeps_nothing_alive():
    class Local(Exception):
        pass

    @njit
    def fail(a):
        if a[0] > 0:
            raise Local("x")

    array = np.ones(3)
    alive = weakref.ref(array)
    try:
        fail(array)
    except Local as error:
        kept = error
    del array
    gc.disable()
    try:
        assert alive() is None
        dead = weakref.ref(kept)
        del kept
        assert dead() is None
    finally:
        gc.enable()


def test_deep_recursion_is_a_recursion_error():
    @njit
    def down(n):
        if n < 0:
            return 0
        return down(n + 1) + 1

    for _ in range(2):
        with pytest.raises(RecursionError) as caught:
            down(0)
        assert str(caught.value) == "maximum recursion depth exceeded"
        frames = traceback.extract_tb(caught.value.__traceback__)
        assert 100 < len(frames) < 200


def test_errors_are_raised_while_the_gil_is_released():
    @njit(nogil=True)
    def fail(a, i):
        return a[i]

    for _ in range(2):
        with pytest.raises(IndexError):
            fail(np.zeros(3), 5)
        assert fail(np.ones(3), 2) == 1.0


def test_what_the_caller_did_wrong_has_no_frames_of_ours():
    for function, args in ((divide, (1,)), (divide, ([], 1)), (divide, (None, 1))):
        _, frames = _trace(function, *args)
        assert frames == []


def test_a_frame_stands_where_it_is_told():
    place = Place("somewhere.py", "module.function", 12, 3, 13, 200)
    frame = make_frame(place)
    assert frame.f_lineno == 12
    assert frame.f_back is None
    assert frame.f_locals == {}
    assert next(iter(frame.f_code.co_positions())) == (12, 13, 3, 200)
    assert frame.f_code.co_name == "function"
    unknown = make_frame(Place("somewhere.py", "function", 5))
    assert next(iter(unknown.f_code.co_positions()))[:1] == (5,)


def test_places_are_joined_innermost_last():
    linecache.cache["<joined>"] = (1, None, ["one\n", "two\n"], "<joined>")
    made = with_places(None, iter([Place("<joined>", "inner", 2), Place("<joined>", "outer", 1)]))
    assert [(f.name, f.line) for f in traceback.extract_tb(made)] == [
        ("outer", "one"),
        ("inner", "two"),
    ]
    del linecache.cache["<joined>"]


def test_an_uncaught_error_prints_as_in_python(tmp_path):
    source = "@njit\ndef f(a, b):\n    return (a + 1) // b\n\nf(1, 0)\n"
    script = tmp_path / "script.py"
    outputs = []
    for header in ("from pellucid import njit\n", "njit = lambda f: f\n"):
        script.write_text(header + source)
        done = subprocess.run(
            [sys.executable, script],
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
        )
        outputs.append(done.stderr)
    assert outputs[0] == outputs[1]
    assert "ZeroDivisionError" in outputs[0]
