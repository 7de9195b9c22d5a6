"""Decorators that keep results are refused by their own name, with what to write instead."""

from __future__ import annotations

import functools

import pytest

from pellucid import njit
from pellucid.errors import TypingError


def test_lru_cache_with_a_size():
    @njit
    def call(n):
        @functools.lru_cache(maxsize=None)  # noqa: UP033
        def fib(k):
            return k if k < 2 else fib(k - 1) + fib(k - 2)

        return fib(n)

    _check(call, "lru_cache")


def test_cache():
    @njit
    def call(n):
        @functools.cache
        def double(k):
            return k * 2

        return double(n)

    _check(call, "cache")


def _check(call, name):
    with pytest.raises(TypingError, match="keep the results in a dict") as info:
        call(3)
    assert f"`functools.{name}` is not supported" in str(info.value)
    assert "functools.py" not in str(info.value)
