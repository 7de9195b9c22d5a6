"""Exceptions as values: joined, kept, raised later, asked for their class, cause and context."""

import contextlib
import io

import pytest
from engines import define, describe
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.base.diagnostics import CompileError
from pellucid.runtime.support import live_blocks

HEAD = """
import numpy as np

class Coded(Exception):
    level = 3

    def __init__(self, code, why="default"):
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why
        self.both = code + 1, why

    def __str__(self):
        return f"<{self.code}|{self.why}>"

    @property
    def twice(self):
        return self.code * 2

    def shown(self, end):
        return self.why + end

class Derived(Coded):
    def __init__(self, code):
        super().__init__(code, "derived")
        self.own = code / 2

class Plain(Exception):
    pass

def again():
    raise

def told():
    try:
        raise
    except ValueError as e:
        return "V" + str(e)
    except KeyError as e:
        return "K" + str(e)

def deep(x):
    if x == 0:
        raise ValueError("deep", x)
    return x

def middle(x):
    try:
        return deep(x)
    except ValueError as e:
        raise KeyError("middle") from e
"""

PROGRAMS = {
    "joined": """
def f(n):
    error = ValueError("a") if n else KeyError("b", n)
    raise error
""",
    "joined classes": """
def f(n):
    cls = ValueError if n else KeyError
    raise cls("message", n)
""",
    "class in a variable": """
def f(n):
    cls = IndexError if n == 0 else KeyError if n == 1 else ValueError
    try:
        raise cls
    except LookupError as e:
        return 1, type(e) is KeyError
    except ValueError:
        return 2, False
""",
    "classes in a dict": """
def f(n):
    classes = {"0": ValueError, "1": KeyError}
    raise classes[str(n)]("hello")
""",
    "kept in a variable": """
def f(n):
    last = None
    for i in range(n):
        try:
            if i % 2:
                raise ValueError(f"odd {i}")
            elif i:
                raise KeyError(i)
        except (ValueError, KeyError) as e:
            last = e
    if last:
        raise last
    return last is None
""",
    "kept in a list": """
def f(n):
    found = []
    for i in range(n):
        try:
            if i % 2:
                raise ValueError(f"odd {i}")
            raise KeyError(i)
        except (ValueError, KeyError) as e:
            found.append(e)
    texts = [f"{type(e).__name__}: {e} {e!r}" for e in found]
    return texts, [isinstance(e, KeyError) for e in found], found
""",
    "made in a list": """
def f(n):
    errors = [ValueError("a"), KeyError("b"), OSError(2, "no")]
    raise errors[n]
""",
    "asked before it is raised": """
def f(n):
    e = ValueError("x", n)
    same = e
    told = (str(e), e.args, repr(e), e is same, e == ValueError("x", n), e.__class__.__name__)
    if n:
        raise e
    return told
""",
    "returned": """
def f(n):
    if n == 1:
        return Coded(n)
    try:
        1 // n
    except ZeroDivisionError as e:
        return e
    return None
""",
    "None is raised": """
def f(n):
    e = None
    if n:
        e = ValueError(n)
    raise e
""",
    "cause": """
def f(n):
    try:
        middle(n)
    except KeyError as e:
        cause = e.__cause__
        if cause is None:
            return "nothing", False, False, False
        return str(cause), e.__context__ is cause, e.__suppress_context__, cause.__cause__ is None
    return str(n), False, False, False
""",
    "context": """
def f(n):
    try:
        try:
            [1][n]
        except IndexError:
            raise ValueError("outer")
    except ValueError as e:
        context = e.__context__
        return str(context), e.__cause__ is None, e.__suppress_context__
    return "", True, False
""",
    "context of what is caught in a handler": """
def f(n):
    kept = None
    try:
        [1][n]
    except IndexError:
        try:
            raise ValueError("inner")
        except ValueError as e:
            kept = e
    raise kept
""",
    "from None": """
def f(n):
    try:
        1 // n
    except ZeroDivisionError:
        raise RuntimeError("w") from None
    raise RuntimeError("v") from KeyError("cause", n)
""",
    "a handler elsewhere raises again": """
def f(n):
    try:
        if n == 0:
            raise ValueError("a", 3)
        if n == 1:
            [1][5]
    except Exception:
        again()
    again()
""",
    "a handler elsewhere asks": """
def f(n):
    try:
        if n == 0:
            raise ValueError("a")
        if n == 1:
            raise KeyError("k")
        raise OverflowError("z")
    except Exception:
        return told()
""",
    "handlers in handlers elsewhere": """
def f(n):
    found = []
    for i in range(n + 1):
        try:
            deep(i)
            raise KeyError(i)
        except ValueError:
            try:
                raise KeyError("other")
            except KeyError:
                found.append(told())
            found.append(told())
        except KeyError:
            found.append(told())
    return found
""",
    "containers as arguments": """
def f(n):
    try:
        raise ValueError("bad", [1, 2, n], {"a": n}, (1, [n]), np.arange(n))
    except ValueError as e:
        print(e.args[1], e.args[2], e.args[3])
        raise
""",
    "an exception as an argument": """
def f(n):
    try:
        deep(n)
    except ValueError as e:
        raise KeyError("outer", e)
    return [ValueError([n])]
""",
    "notes": """
def f(n):
    try:
        deep(n)
        return []
    except ValueError as e:
        e.add_note(f"note {n}")
        e.add_note("second")
        if n == 0:
            raise
        return e.__notes__
""",
    "own fields": """
def f(n):
    try:
        if n == 0:
            raise Coded(4)
        if n == 1:
            raise Coded(4, "hé")
        raise Coded(why="by name", code=7)
    except Coded as e:
        return str(e), e.code, e.why, e.both, e.twice, e.shown("!"), e.level, e.args
""",
    "fields of a derived class": """
def f(n):
    try:
        raise Derived(n)
    except Derived as e:
        return e.code, e.why, e.own, e.twice, e.args, isinstance(e, Coded), str(e)
""",
    "fields that are set": """
def f(n):
    e = Plain("a")
    e.code = n
    e.values = [n, n]
    raise e
""",
    "fields of Python's classes": """
def f(n):
    found = []
    try:
        raise StopIteration(n)
    except StopIteration as e:
        found.append(e.value)
    try:
        raise OSError(n, "why")
    except OSError as e:
        found.append(e.errno)
    return found
""",
    "texts of KeyError": """
def f(n):
    table = {"a": 1}
    found = []
    for key in ("it's", 'say "x"', "é", ""):
        try:
            table[key]
        except KeyError as e:
            found.append(str(e))
    return found
""",
    "finally wins": """
def f(n):
    try:
        try:
            if n < 2:
                raise ValueError("a")
            return "r"
        finally:
            if n == 0:
                raise KeyError("b")
            if n == 1:
                return "swallowed"
    except KeyError as e:
        return f"{e} {e.__context__!r}"
    finally:
        if n == 2:
            return "outer"
""",
    "each finally raises": """
def f(n):
    try:
        try:
            try:
                raise ValueError(1)
            finally:
                if n & 1:
                    raise KeyError(2)
        finally:
            if n & 2:
                raise IndexError(3)
    finally:
        if n & 4:
            raise TypeError(4)
""",
    "assert": """
def f(n):
    assert n < 2, f"{n} is not < {2!r}"
    assert n != 1, (n, "x")
    assert n
    return n
""",
}
_MOST = 8


def story(e, depth=0):
    """All that tells an exception: class, arguments, text, notes, fields, cause and context."""
    if e is None or depth > 5:
        return None
    args = [story(a) if isinstance(a, BaseException) else describe(a) for a in e.args]
    fields = sorted((k, describe(v)) for k, v in vars(e).items())
    chain = [story(e.__cause__, depth + 1), story(e.__context__, depth + 1)]
    return type(e).__name__, args, str(e), e.__suppress_context__, fields, chain


def told(value):
    if isinstance(value, BaseException):
        return story(value)
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(told, value)]
    return describe(value)


def outcome(function, *args):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            result = told(function(*args))
        except Exception as e:
            result = ["raised", story(e)]
    return result, printed.getvalue()


@pytest.mark.parametrize("name", PROGRAMS)
def test_as_in_python(name):
    function = define(HEAD + PROGRAMS[name], "f")
    compiled = njit(function)
    for n in range(_MOST):
        assert outcome(compiled, n) == outcome(function, n), n


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_leaks(name):
    function = njit(define(HEAD + PROGRAMS[name], "f"))
    for n in (0, 1, 2):
        outcome(function, n)
    before = live_blocks()
    for n in (0, 1, 2) * 20:
        outcome(function, n)
    assert live_blocks() == before


def test_a_bare_raise_sees_the_handler_in_python():
    @njit
    def again():
        raise

    with pytest.raises(RuntimeError, match="No active exception to reraise"):
        again()
    error = ValueError("from Python")
    try:
        raise error
    except ValueError:
        with pytest.raises(ValueError, match="from Python") as found:
            again()
    assert found.value is error


def test_an_exception_comes_and_goes():
    @njit
    def which(e):
        return isinstance(e, LookupError), str(e), type(e).__name__, e

    for error in (KeyError("a"), ValueError("b", 2), Exception()):
        expected = (isinstance(error, LookupError), str(error), type(error).__name__)
        found = which(error)
        assert found[:3] == expected
        assert found[3] is error


def test_python_exceptions_are_raised_as_they_are():
    @njit
    def raises(e, caught):
        try:
            raise e
        except ValueError:
            if caught:
                return 1
            raise

    error = ValueError("x", [1])
    assert raises(error, True) == 1
    with pytest.raises(ValueError, match="x") as found:
        raises(error, False)
    assert found.value is error


def test_one_traceback_however_often_it_is_asked_for():
    @njit
    def asks(n):
        try:
            raise ValueError("x")
        except ValueError as e:
            for _ in range(n):
                print(e)
            raise

    def lengths():
        for n in (0, 1, 3):
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    asks(n)
                except ValueError as e:
                    traceback, count = e.__traceback__, 0
                    while traceback is not None:
                        traceback, count = traceback.tb_next, count + 1
                    yield count

    first, *rest = lengths()
    assert rest == [first, first]


def test_what_has_no_meaning_is_refused():
    @njit
    def traceback():
        try:
            raise ValueError
        except ValueError as e:
            return e.__traceback__ is None

    with pytest.raises(CompileError, match="`__traceback__` exists once Python has the exception"):
        traceback()


def collect(values, limit):
    errors = []
    for value in values:
        try:
            if value > limit:
                raise OverflowError("large", value)
            if value < 0:
                raise ValueError(f"negative: {value}")
            10 // value
        except ArithmeticError as e:
            errors.append(e)
        except ValueError as e:
            errors.append(e)
    first = None
    for e in errors:
        if first is None and isinstance(e, ZeroDivisionError):
            first = e
    if first is not None:
        raise first
    return [f"{type(e).__name__}({e})" for e in errors]


COMPILED = njit(collect)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-3, 9), min_size=1), st.integers(0, 9))
def test_collected_exceptions(values, limit):
    assert outcome(COMPILED, values, limit) == outcome(collect, values, limit)
