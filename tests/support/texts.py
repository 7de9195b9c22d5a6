"""Texts of every width, and how results of compiled code are compared with CPython's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

ALPHABETS = (
    "ab ",
    "aAbB1_ \t\n",
    "aé ß\x85\xa0ªÿ",
    "aΣσς日本\u2028ǆİŉ１²",
    "a😀𝒜𐐀\U0001e900日é",
    "a\ud800\udfff\udc80é",
)
"""Few letters each, so that texts share parts; together all widths, and surrogates on their own."""

letters = st.sampled_from(ALPHABETS).flatmap(
    lambda alphabet: st.text(st.sampled_from(alphabet), max_size=12)
)
texts = st.one_of(letters, st.text(max_size=8), st.text(st.characters(max_codepoint=255)))
any_index = st.integers(-15, 15)

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(function: Callable[..., Any], *args: Any) -> tuple[str, Any]:
    """The result, or the class and words of the exception."""
    try:
        return "value", function(*args)
    except Exception as raised:
        return type(raised).__name__, str(raised)


def check_same(compiled: Any, *args: Any) -> None:
    """Compiled code does what its Python function does."""
    wanted, found = outcome(compiled.py_func, *args), outcome(compiled, *args)
    assert found == wanted, f"{args!a}: {found!a}, not {wanted!a}"
    assert [type(x) for x in flat(found)] == [type(x) for x in flat(wanted)]


def flat(value: Any) -> list[Any]:
    """The items of nested tuples and lists."""
    if isinstance(value, (tuple, list)):
        return [item for part in value for item in flat(part)]
    return [value]


def random_field(generator):
    """A printf field with the name of its argument, and a star's."""
    kind = generator.choice("diuxXoeEfFgGcrsa")
    flags = "".join(generator.sample("#0- +", k=generator.randrange(3)))
    width = generator.choice(["", "", str(generator.randrange(1, 25)), "*"])
    precision = generator.choice(["", "", ".", f".{generator.randrange(12)}", ".*"])
    name = {"c": "code"}.get(kind, "x" if kind in "eEfFgG" else generator.choice(["n", "m"]))
    if kind in "rsa":
        name = generator.choice(["x", "n", "text"])
    stars = ["wide"] * (width == "*") + ["places"] * (precision == ".*")
    return f"%{flags}{width}{precision}{kind}", [*stars, name]
