"""Templates with names, templates of mappings, and templates that are made at run time."""

import random

import pytest
from snippets import check
from texts import random_field

NAMED = [
    "'{a} {b:.2f}'.format(a=1, b=2.5)",
    "'{0} {a} {1}'.format(1, 2, a='x')",
    "'{a[0]} {b.real}'.format(a=(1, 2), b=3)",
    "'{:>{w}} {x:{y}}'.format('a', w=5, x=2.5, y='.3f')",
    "'{0[k]} {1[1]}'.format({'k': 1}, [1, 2])",
    "'{a} {b!r}'.format_map({'a': 1, 'b': 'x'})",
    "'%(a)s' % {'a': 1}",
    "'%(a)5d %(b)r %%' % {'a': 1, 'b': 'x'}",
    "'%s' % {'a': 1}",
]


@pytest.mark.parametrize("source", NAMED)
def test_names(source):
    check(source)


def test_a_missing_key():
    check("'{a} {b}'.format_map(a)", ({"a": 1, "b": 2},), ({"a": 1},))


PERCENT = [
    ("%s %(a)s", 1), ("%d %s %r %x", 1, "a", "b", 255), ("%5.1f|%-8s|%+d", 1.25, "x", 3),
    ("%*d", 5, 3), ("%q", 1), ("%5", 1), ("%c%c", 65, "b"), ("%d", "x"), ("%x", 1.5), ("%e", "x"),
    ("%.3s|%5c", "abcdef", "z"), ("%s %s", [1], None), ("%a", "é"), ("%d", 2.7), ("%i%%", True),
    ("%f", 3), ("%c", 1.5), ("%d", None), ("%d", 1, 2), ("%d %d", 1), ("%c", -1),
]  # fmt: skip


def by_types(calls):
    """The calls whose arguments have the same types, which share a compilation."""
    groups = {}
    for call in calls:
        groups.setdefault(tuple(map(type, call)), []).append(call)
    return list(groups.values())


@pytest.mark.parametrize("calls", by_types(PERCENT), ids=str)
def test_percent(calls):
    names = "bcdefgh"[: len(calls[0]) - 1]
    check(f"a % ({', '.join(names)},)", *calls)


def test_percent_of_a_dict():
    table = {"x": 1, "y": 2}
    templates = ["%(x)d-%(y)5s", "%(z)d", "%s", "%d", "%(x"]
    check("a % b", *((template, table) for template in templates))


def test_random_percent_templates():
    generator = random.Random(5)
    calls = [("%d %d", 1, 2.5)]
    for _ in range(40):
        field, names = random_field(generator)
        if len(names) == 1:
            calls.append((f"{field} %s", 1234, 2.5))
    check("a % (b, c)", *calls)


FORMAT = [
    ("{} {!r:>5} {:.2f}", 1, "a", 2.5), ("{0}{1}{0}", 1, "x"), ("{}{0}", 1), ("{0}{}", 1),
    ("{:{}}", "a", 5), ("{:{}.{}f}", 1.23456, 8, 2), ("{", 1), ("}", 1), ("{0", 1), ("{0:", 1),
    ("{x}", 1), ("{0!z}", 1), ("{5}", 1), ("{!s:^10}|", [1, 2]), ("{:d}", 1.5), ("{:5}", [1]),
    ("{{{}}}", 1), ("{:{:{}}}", 1, 2, 3), ("{0{}}", 1), ("{0!", 1), ("{0!r", 1), ("{0!rx}", 1),
]  # fmt: skip


@pytest.mark.parametrize("calls", by_types(FORMAT), ids=str)
def test_format(calls):
    names = "bcdefgh"[: len(calls[0]) - 1]
    check(f"a.format({', '.join(names)})", *calls)


def test_format_by_name():
    check(
        "a.format(b, k=c, name=d)",
        ("{} {k} {name:>4}", 1, 2.5, "z"),
        ("{k}{zz}", 1, 2.5, "z"),
    )
