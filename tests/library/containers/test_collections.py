"""`collections` in compiled code: programs, arguments and results, "
"random sequences of operations."""

import collections
import copy
import dataclasses
from collections import Counter, OrderedDict, defaultdict, deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snippets import check, function_of

from pellucid import njit
from pellucid.base.diagnostics import CompileError

# ruff: noqa: ISC004 (the lines of one program)

WORDS = ["abc", "ab", "cd", "cab", "ab", "ÿ", "日本", "😀", ""]

LOCAL = [
    # factories of every kind, and what they hold known from first use
    "d = collections.defaultdict(list)\nfor w in a:\n  d[len(w)].append(w)\n"
    "return d, len(d), 9 in d",
    "d = collections.defaultdict(int)\nfor w in a:\n  d[w] += 1\nreturn d",
    "d = collections.defaultdict(float)\nfor w in a:\n  d[w] += 0.5\nreturn d, d['new'], len(d)",
    "d = collections.defaultdict(str)\nfor w in a:\n  d[len(w)] += w\nprint(d)\nreturn d",
    "d = collections.defaultdict(set)\nfor w in a:\n  d[len(w)].add(w)\n"
    "return {k: sorted(v) for k, v in d.items()}",
    "d = collections.defaultdict(dict)\nfor w in a:\n  d[len(w)][w] = 1.5\nreturn d, str(d)",
    "d = collections.defaultdict(bool)\nfor w in a:\n  d[w] = not d[w]\nreturn d",
    "d = collections.defaultdict(lambda: [0, 0])\nfor w in a:\n  d[w][0] += len(w)\nreturn dict(d)",
    "d = collections.defaultdict(lambda: 7)\nfor w in a:\n  d[w] -= 1\nreturn dict(d)",
    "d = collections.defaultdict(lambda: collections.defaultdict(int))\n"
    "for w in a:\n  d[len(w)][w] += 1\nreturn {k: dict(v) for k, v in d.items()}",
    "d = collections.defaultdict(collections.Counter)\nfor w in a:\n  d[len(w)].update(w)\n"
    "return d",
    "d = collections.defaultdict(collections.deque)\nfor w in a:\n  d[1].appendleft(w)\nreturn d",
    "d = collections.defaultdict(None, {'a': 1})\nreturn d['b']",
    "d = collections.defaultdict()\nd[1] = 2\nreturn d, d[1]",
    "d = collections.defaultdict(list, {'a': [1]}, b=[2])\nd['c'].append(3)\nreturn d | {'d': [4]}",
    "d = collections.defaultdict(list, [('x', [1])])\ne = d.copy()\ne['y'].append(1)\nreturn d, e",
    "d = collections.defaultdict(int)\nfor i in range(3):\n  for j in d:\n    d[i + j]\n  d[i]",
    # counters
    "c = collections.Counter(a)\n"
    "return c, c['zz'], c.most_common(2), c.total(), sorted(c.elements())",
    "c = collections.Counter('abracadabra')\nprint(c)\nreturn f'{c}', c.most_common(), len(c)",
    "c = collections.Counter({'x': 2}, y=3)\nc.subtract(x=5, z=1)\nreturn c, -c, +c",
    "c = collections.Counter()\nfor w in a:\n  c[w] += 1\nc.update(a)\nc.subtract('ab')\nreturn c",
    "c = collections.Counter(len(w) for w in a)\ndel c[99]\ndel c[2]\n"
    "return c, 2 in c, c == c.copy()",
    "c = collections.Counter()\nc['x'] += 0.5\nreturn c, collections.Counter()",
    # ordered
    "d = collections.OrderedDict((w, len(w)) for w in a)\nd.move_to_end('abc')\n"
    "d.move_to_end('cd', last=False)\n"
    "return d, list(reversed(d)), d.popitem(), d.popitem(False), d",
    "d = collections.OrderedDict(x=1, y=2)\ne = collections.OrderedDict(y=2, x=1)\n"
    "return d == e, d == dict(e), d != e, d | e, str(d), collections.OrderedDict()",
    "d = collections.OrderedDict()\nd.popitem()", "d = collections.OrderedDict(a=1)\n"
    "d.move_to_end('b')",
    "d = collections.OrderedDict(a=1, b=2)\nfor k in d:\n  d.move_to_end(k)",
    # deques
    "d = collections.deque(a)\nd.rotate(2)\nd.rotate(-3)\nd.extendleft(['x', 'y'])\n"
    "d.insert(2, 'i')\n"
    "d.remove('x')\nd.reverse()\nprint(d)\n"
    "return d, d[0], d[-1], d.index('i'), d.count('ab'), 'q' in d",
    "d = collections.deque(a, 3)\nd.append('n')\nd.appendleft('m')\n"
    "return d, d.maxlen, d.copy(), d * 2",
    "d = collections.deque(a)\nd += d\nd *= 2\ndel d[1]\nd[0] = 'z'\nreturn d, list(reversed(d))",
    "d = collections.deque([1, 2])\ne = collections.deque([1, 3])\n"
    "return d == e, d != e, d < e, d >= e, d + e",
    "d = collections.deque()\nfor w in a:\n  d.append((len(w), w))\nreturn d.popleft(), d.pop(), d",
    "d = collections.deque(maxlen=0)\nd.append(1)\nreturn d, len(d), bool(d)",
    "d = collections.deque([1])\nfor x in d:\n  d.append(x)", "collections.deque([1], -1)",
    "d = collections.deque([1])\nd.clear()\nd.pop()", "collections.deque(a).index('nope')",
    "collections.deque(a)[9]", "collections.deque([1]).remove(2)",
    "d = collections.deque([1], 1)\nd.insert(0, 5)",
    # in one another
    "q = collections.deque([collections.Counter('aab')])\nq[0]['b'] += 5\n"
    "return [q], {'k': q}, (q,)",
    "isinstance(collections.Counter(a), dict), isinstance(collections.deque(a), list)",
]  # fmt: skip


@pytest.mark.parametrize("source", LOCAL)
def test_made_in_compiled_code(source):
    check(f"def f(a):\n{_indented(source)}", (WORDS,))


def _indented(source: str) -> str:
    body = source if "\n" in source or source.startswith("return") else f"return {source}"
    return "\n".join(f"    {line}" for line in ["import collections", *body.split("\n")])


def seven():
    return 7


PASSED = [
    ("a['x'].append(1)\na['new'].append(5)\nreturn a", defaultdict(list, {"x": [3]})),
    ("a['k'] += 2.5\nreturn a['none'], len(a)", defaultdict(float, {"k": 1})),
    ("a['k'] += 2\nreturn a['none'], a", defaultdict(seven, {"k": 1})),
    ("a[1].add(5)\nreturn len(a)", defaultdict(set)),
    ("return a['k']", defaultdict(None, {"x": 1})),
    ("a.update('hello')\na['z'] -= 1\nreturn a, a is a", Counter("kk")),
    ("a['x'] += 1\nreturn a", Counter()),
    ("a['z'] = 1\na.move_to_end('x')\nreturn a, list(a)", OrderedDict(x=1, y=2)),
    ("a.move_to_end('y', last=False)\na['y'] = 8", OrderedDict(x=1, y=2)),
    ("a.append(7)\na.popleft()\nreturn a", deque([1, 2, 3], maxlen=3)),
    ("a.reverse()\na[0] = 9", deque([1, 2, 3])),
    ("a[0].append(7)\na.append([1])\nreturn a[0]", deque([[1], [2]])),
    ("a.append(1.5)\nreturn a", deque([1, 2.5])),
    ("a[0]['q'] += 1\nreturn a", [Counter("ab"), Counter()]),
    ("a['k'].append(3)\nreturn a", {"k": deque([1], maxlen=2)}),
    ("a.append('x')\nreturn a", deque()),
    ("a.append(1)\nraise ValueError(3)", deque([5])),
]


@pytest.mark.parametrize(("source", "argument"), PASSED, ids=[each[0] for each in PASSED])
def test_passed_in_and_back(source, argument):
    """The result, and what becomes of the argument; what is returned is the very argument."""
    f = function_of(source, 1)
    compiled = njit(f)
    wanted, found = copy.deepcopy(argument), copy.deepcopy(argument)
    assert outcome_in_place(compiled, found) == outcome_in_place(f, wanted)
    assert (type(found), repr(found)) == (type(wanted), repr(wanted))


def outcome_in_place(function, argument):
    try:
        found = function(argument)
    except Exception as raised:
        return type(raised).__name__, str(raised)
    return repr(found), found is argument


def queue_program(ops, maxlen):  # noqa: C901 (each op is a case)
    """Each op is a number that says what to do, and one to do it with."""
    d = deque(maxlen=maxlen)
    seen = []
    for op, x in ops:
        if op == 0:
            d.append(x)
        elif op == 1:
            d.appendleft(x)
        elif op == 2 and len(d) > 0:
            seen.append(d.pop())
        elif op == 3 and len(d) > 0:
            seen.append(d.popleft())
        elif op == 4:
            d.rotate(x)
        elif op == 5 and len(d) != d.maxlen:
            d.insert(x, x)
        elif op == 6 and x in d:
            d.remove(x)
        elif op == 7 and len(d) > 0:
            del d[x % len(d)]
        elif op == 8:
            d.extend([x, x + 1, x + 2])
        elif op == 9:
            d.extendleft((x, x - 1))
        elif op == 10:
            d.reverse()
        elif op == 11 and x > 8:
            d.clear()
        seen.append(len(d))
    return d, seen


def order_program(ops):
    """As `queue_program`, of an OrderedDict."""
    d = OrderedDict()
    seen = []
    for op, x in ops:
        if op < 3:
            d[x] = op
        elif op < 5 and x in d:
            d.move_to_end(x)
        elif op < 8 and x in d:
            d.move_to_end(x, last=False)
        elif op == 8 and len(d) > 0:
            seen.append(d.popitem(last=False)[0])
        elif op == 9 and len(d) > 0:
            seen.append(d.popitem()[0])
        elif op == 10 and x in d:
            del d[x]
        seen.append(len(d))
    return d, seen, [(k, v) for k, v in d.items()]


def counting_program(left, right):
    a, b = Counter(left), Counter(right)
    a.subtract({"a": 2, "q": -3})
    c = a.copy()
    c += b
    d = a.copy()
    d &= b
    return (
        (a + b, a - b, a | b, a & b, -a, +a, c, d),
        (a == b, a != b, a <= b, a < b, a >= b, a > b),
        a.most_common(2),
        b.total(),
    )


QUEUE, ORDER, COUNTING = map(njit, (queue_program, order_program, counting_program))
steps = st.lists(st.tuples(st.integers(0, 11), st.integers(-9, 12)), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(steps, st.integers(0, 9))
def test_queues_do_what_pythons_do(ops, maxlen):
    assert repr(QUEUE(ops, maxlen)) == repr(queue_program(ops, maxlen))
    assert repr(QUEUE(ops, None)) == repr(queue_program(ops, None))


@settings(max_examples=60, deadline=None)
@given(steps)
def test_orders_are_pythons(ops):
    assert repr(ORDER(ops)) == repr(order_program(ops))


@settings(max_examples=60, deadline=None)
@given(st.text("abc"), st.text("abcdé"))
def test_counts_are_pythons(left, right):
    assert repr(COUNTING(left, right)) == repr(counting_program(left, right))


def test_queue_of_a_million_takes_no_time_at_either_end():
    """Popping at the front moves nothing: as many steps for each item however many there are."""

    @njit
    def f(n):
        d = collections.deque(range(n))
        total = 0
        while d:
            total += d.popleft()
            if d:
                total -= d.pop()
        o = collections.OrderedDict()
        for i in range(n):
            o[i] = i
        while o:
            total += o.popitem(last=False)[0]
        return total

    n = 200_000
    assert f(n) == f.py_func(n)


def test_a_factory_that_is_a_function_does_not_go_out():
    @njit
    def f():
        d = defaultdict(lambda: 0)
        d[1] += 1
        return d

    with pytest.raises(CompileError, match="defaultdict"):
        f()


@njit
def keeps(q, c, d, o):
    q.append([1])
    c["x"] += 1
    d["x"].append("text" * 3)
    o["x"] = "more" * 3
    if len(q) > 2:
        raise KeyError("x")
    return q, c, d, o


@dataclasses.dataclass
class Tally:
    count: int = 0


def tallied(words):
    found = defaultdict(Tally)
    for word in words:
        found[word].count += 1
    return {word: tally.count for word, tally in found.items()}, found


def test_a_factory_that_is_a_class_of_a_user():
    assert njit(tallied)(WORDS) == tallied(WORDS)


def test_nothing_leaks():
    for _ in range(30):
        args = deque([[1]]), Counter(), defaultdict(list), OrderedDict(y="a")
        for _ in range(2):
            try:
                keeps(*args)
            except KeyError:
                break
