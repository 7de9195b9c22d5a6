"""Python objects in loops, texts, calls, patterns, handlers and functions of compiled code."""

# ruff: noqa: C400, C416, C417, UP031, UP032 (what is said in many ways is what is tested)

import collections
import json
import math

import numpy as np
from fresh_process import run_python
from object_programs import Broken, Thing, check, compiled

from pellucid import njit


def loop(xs):
    total = 0
    seen = []
    for i, x in enumerate(xs):
        if x == 3:
            continue
        total = total + x
        seen.append((i, x))
    else:
        seen.append((-1, None))
    return total, seen


def test_loops():
    check(loop, ([1, 2, 3],), ((1.5, 3, True),), (range(4),), ({1: 2},), (5,), (Broken(),))
    check(loop, ("ab",), (iter([1, 2]),), ([],), (np.arange(4),))


def collected(xs):
    return (
        [x * 2 for x in xs if x],
        {str(x): x for x in xs},
        tuple(xs),
        list(xs),
        sorted(xs),
        sum(xs),
        max(xs),
        len(xs),
        any(xs),
        all(xs),
        list(x + 1 for x in xs),
        dict(zip(xs, range(3), strict=False)),
        list(map(lambda v: v * 2, xs)),
        list(reversed(xs)),
    )


def test_what_takes_iterables():
    check(collected, ([3, 1, 2],), ((2.5, 1),), ("ab",), ([1, "a"],), ([],), (7,))


def unpacked(x):
    a, b = x
    return a, b


def unpacked_with_star(x):
    a, *b = x
    return a, b


def test_unpacking():
    check(unpacked, ((1, 2),), ([1, "a"],), ("ab",), ((1, 2, 3),), ([1],), (5,), (iter([1, 2]),))
    check(unpacked, ({1: 2, 3: 4},), (range(5),), (None,), (Broken(),), (((1, 2), [3]),))
    check(unpacked_with_star, ([1, 2, 3],), ([],), ("a",), (3,))


def calls(f, a):
    return (
        f(),
        f(1),
        f(1, "s", x=2.5),
        f(*a),
        f(1, *a, k=[1, 2]),
        f((1, 2), {"a": 1}, {3}),
        f(len, math.sin, Thing),
        f(None, True, 1j, b"x", ...),
    )


def test_calls():
    check(calls, (Thing(), (1, 2)), (Thing(), [1]), (Thing(), "ab"), (len, [1]), (5, ()))


def changed(f):
    items = [1]
    table = {"a": [1]}
    f(items, table)
    items.append(7)
    f(items, table=table)
    return items, table


def change(items, table):
    items.append(2)
    table["a"].append(len(items))
    table["b"] = [len(items)]


def test_a_call_changes_what_it_is_given():
    check(changed, (change,))


def texts(x):
    return (
        str(x),
        repr(x),
        ascii(x),
        f"{x}",
        f"{x!r:>12}",
        f"{x!s:<5}|",
        "{} and {}".format(x, 1),
        "%s-%r" % (x, 2),
        format(x),
        "ab" + str(x),
    )


def formatted(x):
    return f"{x:08.3f}", format(x, ">10"), f"{x:e}"


def prints(x):
    print(x, 1, [x], (x, 2), sep="|")
    print(f"{x}", end="!\n")


def test_texts():
    check(texts, (5,), ("é\U0001f600",), ([1, "x"],), (Broken(),), (None,))
    check(formatted, (3.14159,), (5,), ("s",))
    check(prints, (5,), ("x",), ([1],))


def numbers(x):
    return int(x), float(x), complex(x), bool(x), bool(np.float64(x) + 1 == 6.0), len(str(x))


def test_numbers():
    check(numbers, (5,), (True,), ("12",), ("1x",), (2.75,), (None,), (np.float32(2.5),), (1j,))
    function = njit("int64(pyobject)", cache=False)(lambda x: int(x) + 1)
    assert function(41) == 42
    for wrong, error in ((10**30, OverflowError), ("x", ValueError), ([], TypeError)):
        with np.testing.assert_raises(error):
            function(wrong)


def classes(x):
    return (
        isinstance(x, int),
        isinstance(x, (str, float)),
        isinstance(x, np.float64),
        isinstance(x, (int, np.integer, np.float64)),
        type(x) is int,
        isinstance(x, dict),
        callable(x),
        isinstance(x, ValueError),
        issubclass(type(x), Thing),
    )


def matched(x):
    match x:
        case 0:
            return "zero"
        case "a" | "b":
            return "letter"
        case [a, b]:
            return f"two {a} {b}"
        case [a, *rest]:
            return f"more {a} {rest}"
        case {"k": v}:
            return f"map {v}"
        case int():
            return "int"
        case str(s):
            return "str" + s
        case None:
            return "none"
        case Thing(n=n):
            return f"Thing {n}"
        case _:
            return "other"


def test_classes_and_patterns():
    check(classes, (5,), ("s",), (np.float64(1),), (np.int32(1),), (len,), (ValueError(),), ({},))
    check(matched, (0,), ("a",), ("zz",), ([1, 2],), ((1, 2, 3),), ({"k": 5},), (7,), (None,))
    check(matched, (Thing(9),), (1.5,), ({},), ([],), (b"ab",))


def handled(x, k):
    try:
        return x[k]
    except KeyError as e:
        return "key", str(e)
    except (IndexError, TypeError) as e:
        return "other", str(e)
    finally:
        print("finally")


def raises(x):
    if x:
        raise ValueError("bad", x)
    return 1


def managed(v):
    with v as w:
        w.n += 1
        return w.n


def managed_error(v):
    with v:
        raise KeyError(3)
    return "swallowed"


def test_handlers_and_managers():
    check(handled, ({1: 2}, 1), ({1: 2}, 5), ([1], 5), ([1], "a"), (Thing(1), 2), (5, 2))
    check(raises, (0,), ("x",), ([1],), (None,))
    check(managed, (Thing(1),))
    check(managed_error, (Thing(5),), (Thing(1),))


def known(x):
    return (
        json.dumps(x),
        math.floor(x) if isinstance(x, float) else None,
        np.asarray(x),
        collections.ChainMap(x, x) if isinstance(x, dict) else None,
        "-".join(map(str, x)) if isinstance(x, list) else "",
        "xyz".startswith("x"),
    )


def test_what_compiled_code_does_not_know_python_does():
    check(known, ([1, 2],), ("aab",), (2.5,), (Thing(),), ({"a": 1},))


def closures(x):
    calls = [0]

    def inner(y):
        calls[0] += 1
        return x + y

    return inner(1), inner(2), calls


def yielding(x):
    for v in x:
        yield v
        yield 1


def delegating(x):
    total = yield from x
    yield total


def recursive(x):
    if isinstance(x, list):
        return [recursive(y) for y in x]
    return x


def counted(x):
    counts = {}
    for k in x:
        counts[k] = counts.get(k, 0) + 1
    return counts, sorted({v for v in x}), {x[0]: 1}, (x, [x])


def halved(x):
    n = 0
    while x:
        x = x - 1
        n += 1
    if (m := n) > 2:
        return m, x
    return 0, x


def test_functions_and_containers_of_objects():
    check(closures, (5,), ("a",), (2.5,))
    check(yielding, ([1, "a"],), (Broken(),), ("",))
    check(delegating, ([1, "a"],), (iter([2]),))
    check(recursive, ([1, [2, [3]]],), ("a",))
    check(counted, ("aba",), ([1, 1, True, 1.0],), ([[1]],), ([],), ([float("nan")] * 2,))
    check(halved, (5,), (0,), (2.0,), ("a",))


def test_keys_that_change_the_table_while_they_are_compared():
    class Key:
        def __init__(self, table):
            self.table = table

        def __hash__(self):
            return 1

        def __eq__(self, other):
            self.table.append(len(self.table))
            return False

    def fill(make, table):
        known = {}
        for i in range(20):
            known[make(table)] = i
        return len(known)

    assert compiled(fill)(Key, []) == fill(Key, [])


def test_code_of_the_cache_finds_what_it_names(tmp_path):
    (tmp_path / "program.py").write_text(
        "import numpy as np\n"
        "from pellucid import njit\n"
        "@njit('pyobject(pyobject)', cache=True)\n"
        "def f(x):\n"
        "    made = np.asarray(x, dtype='float64')\n"
        "    return isinstance(x, (list, str)), float(made.sum(axis=0)), sorted(x)\n"
        "print(f([2, 1]), f.stats[1] if f.stats else 0)\n"
    )
    code = f"import runpy; runpy.run_path({str(tmp_path / 'program.py')!r}, run_name='__main__')"
    cache = str(tmp_path / "cache")
    outputs = [run_python(code, PELLUCID_CACHE_DIR=cache) for _ in range(2)]
    expected = "(True, 3.0, [1, 2])"
    assert outputs == [f"{expected} 0\n", f"{expected} 1\n"]
