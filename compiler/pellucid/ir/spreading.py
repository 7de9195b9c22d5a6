"""The protocol of calls whose number of arguments is known at run time only."""

from __future__ import annotations

from typing import NoReturn

from pellucid.ir.protocol import ref


def raise_count(count: int, given: int, missing: tuple[str, ...], too_many: str) -> NoReturn:
    """The TypeError of a call with `count` arguments after the `given` ones.

    `missing` has a text for each number that is too small, `too_many` a place for the whole number.
    """
    if count < len(missing):
        raise TypeError(missing[count])
    raise TypeError(too_many.format(given + count))


RAISE_COUNT = ref(raise_count)
