"""next, send, throw and close in any order, on generators of all shapes: always as CPython.

The same random sequence drives each generator function four ways: as Python, and compiled, from
Python and from a compiled function.
"""

import pytest
from engines import define, describe, outcome_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit

_GENERATORS = """
def plain(n, log):
    for i in range(n):
        yield i
    return n * 10

def guarded(n, log):
    i = 0
    while i < n:
        try:
            yield i
        except ValueError:
            log.append(10 + i)
        finally:
            log.append(20 + i)
        i += 1
    return i

def listens(n, log):
    total = 0
    while total < 20:
        x = yield total
        if x is not None:
            total += x
        else:
            total += 1
    return total

def stubborn(n, log):
    for i in range(n + 2):
        try:
            yield i
        except GeneratorExit:
            log.append(30)
            yield 31
        except KeyError as problem:
            log.append(32)
            raise ValueError("other") from problem

def returns_on_exit(n, log):
    try:
        yield n
        yield n + 1
    except GeneratorExit:
        log.append(40)
        return 41
    return 42

def delegates(n, log):
    found = yield from guarded(n, log)
    log.append(found)
    yield -1
    found = yield from listens(n, log)
    yield from range(found, found + 2)
    return found

def delegates_guarded(n, log):
    try:
        yield from guarded(n, log)
    except KeyError:
        log.append(50)
        yield from plain(2, log)
    finally:
        log.append(51)
    yield from returns_on_exit(n, log)

def delegates_in_plain(n, log):
    yield from plain(n, log)
    yield from (10, 11)
    inner = plain(n + 2, log)
    yield from inner
    yield next(inner, -5)

def recursive(n, log):
    if n > 0:
        yield from recursive(n - 2, log)
        try:
            yield n
        except ValueError:
            log.append(60 + n)
            yield -n
        finally:
            log.append(70 + n)
        yield from recursive(n - 1, log)

def stops(n, log):
    items = iter(range(n))
    try:
        while True:
            yield next(items) + next(items)
    finally:
        log.append(80)

def stops_alone(n, log):
    yield n
    if n % 2:
        raise StopIteration(n)
    yield n + 1
    raise StopIteration

def fails(n, log):
    try:
        yield n
        yield 6 // (n - 2)
    except ZeroDivisionError:
        log.append(90)
        raise
    yield 7

def loops_over_another(n, log):
    for item in guarded(n, log):
        if item == 3:
            break
        yield item * 2
    log.append(95)

def counts(n, log):
    for i, item in enumerate(guarded(n, log)):
        yield i * 100 + item
"""

_MAKE = """
{generators}

def main(n, steps):
    log = [0]
    log.pop()
    seen = [("", 0)]
    g = {name}(n, log)
    for step in steps:
        if step == 9:
            g = {name}(n, log)
            continue
        try:
            if step == 0:
                seen.append(("item", next(g)))
            elif step == 1:
                seen.append(("or", next(g, -77)))
            elif step == 2:
                seen.append(("sent", g.send(3)))
            elif step == 3:
                seen.append(("thrown", g.throw(ValueError("v"))))
            elif step == 4:
                seen.append(("thrown", g.throw(KeyError)))
            elif step == 5:
                seen.append(("thrown", g.throw(StopIteration(5))))
            elif step == 6:
                seen.append(("thrown", g.throw(GeneratorExit)))
            elif step == 7:
                g.close()
                seen.append(("closed", 0))
            elif step == 8:
                for item in g:
                    seen.append(("loop", item))
                    if item % 2:
                        break
        except StopIteration:
            seen.append(("stop", 0))
        except ValueError:
            seen.append(("value", 0))
        except KeyError:
            seen.append(("key", 0))
        except ZeroDivisionError:
            seen.append(("zero", 0))
        except TypeError as problem:
            seen.append((str(problem), 0))
        except RuntimeError as problem:
            seen.append((str(problem), 0))
        except GeneratorExit:
            seen.append(("exit", 0))
    try:
        g.close()
    except RuntimeError as problem:
        seen.append((str(problem), 0))
    return seen, log
"""

_NAMES = [line[4:].partition("(")[0] for line in _GENERATORS.splitlines() if line[:4] == "def "]

_functions = {name: define(_GENERATORS, name) for name in _NAMES}
_mains = {name: define(_MAKE.format(generators=_GENERATORS, name=name), "main") for name in _NAMES}
_compiled = {name: njit(function) for name, function in _functions.items()}
_compiled_mains = {name: njit(main) for name, main in _mains.items()}

_STEPS = (
    ("__next__", ()),
    ("send", (None,)),
    ("send", (3,)),
    ("throw", (ValueError("v"),)),
    ("throw", (KeyError("k"),)),
    ("throw", (StopIteration(5),)),
    ("throw", (GeneratorExit("g"),)),
    ("throw", (LookupError,)),
    ("close", ()),
)


_SENT, _STOP = 2, 5
_DELEGATES_TO_OTHERS = {"delegates", "delegates_in_plain"}


def without_stop(name, steps):
    """The steps, but for what has no meaning in `yield from range(3)`.

    Python 3.12 takes StopIteration for its end; a value cannot be sent there, which CPython raises
    AttributeError for and compiled code ignores.
    """
    if name not in _DELEGATES_TO_OTHERS:
        return steps
    return [3 if step == _STOP else 0 if step == _SENT else step for step in steps]


def told(error):
    """What can be seen of an exception, its cause and its context."""
    if error is None:
        return None
    return (type(error).__name__, error.args, getattr(error, "value", None), told(error.__cause__))


def drive(function, n, steps):
    """What a Python program sees of a generator."""
    log, seen = [0], []
    generator = function(n, log)
    for step in steps:
        name, args = _STEPS[step]
        try:
            seen.append(describe(getattr(generator, name)(*args)))
        except BaseException as error:
            seen.append(told(error))
    try:
        generator.close()
    except RuntimeError as error:
        seen.append(told(error))
    return seen


@pytest.mark.parametrize("name", _NAMES)
@settings(max_examples=25)
@given(n=st.integers(0, 5), steps=st.lists(st.sampled_from(range(len(_STEPS))), max_size=9))
def test_python_drives_as_in_cpython(name, n, steps):
    steps = without_stop(name, steps)
    expected = drive(_functions[name], n, steps)
    assert drive(_compiled[name], n, steps) == expected


@pytest.mark.parametrize("name", _NAMES)
@settings(max_examples=25)
@given(n=st.integers(0, 5), steps=st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_compiled_code_drives_as_in_cpython(name, n, steps):
    steps = without_stop(name, steps)
    assert outcome_of(_compiled_mains[name], n, steps) == outcome_of(_mains[name], n, steps)
