"""Choose among explicit signatures where none has exactly the arguments' types.

As in Numba: the signature with the fewest unsafe conversions; among those, the one with the fewest
that NumPy does not call safe (int64 to int32 is worse than to float64), then with the fewest of the
next kind, and so on. Unsafe conversions are allowed: 3.7 passed to `(int64)` is 3.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pellucid.types import Array, Tuple, Type, dtype_of, is_scalar
from pellucid.types.convert import Rank, can_convert, conversion_rank
from pellucid.types.typeof import can_hold

Types = tuple[Type, ...]


def choose(name: str, arg_types: Types, candidates: Sequence[Types]) -> Types:
    """The candidate for these argument types; TypeError if there is none, or no best one."""
    ranked = sorted(
        ((cost, candidate) for candidate in candidates if (cost := _cost(arg_types, candidate))),
        key=lambda pair: pair[0],
    )
    if not ranked:
        given = ", ".join(map(str, arg_types))
        known = "".join(f"\n    {_text(c)}" for c in candidates)
        message = (
            f"No matching definition for argument type(s) {given}; {name} is compiled for:{known}"
        )
        raise TypeError(message)
    best = ranked[0][0]
    equal = [candidate for cost, candidate in ranked if cost == best]
    if len(equal) > 1:
        given = ", ".join(map(str, arg_types))
        known = "".join(f"\n    {_text(c)}" for c in equal)
        message = f"Ambiguous overloading for {name} ({given}): these fit equally well:{known}"
        raise TypeError(message)
    return equal[0]


def _cost(arg_types: Types, candidate: Types) -> tuple[int, ...] | None:
    """How many conversions of each kind, the worst first; None if an argument does not convert."""
    if len(arg_types) != len(candidate):
        return None
    lossy = 0
    counts = dict.fromkeys(sorted(Rank, reverse=True), 0)
    for have, want in zip(arg_types, candidate, strict=True):
        rank = conversion_rank(have, want)
        if rank is None and can_hold(want, have):
            rank = Rank.SAFE
        elif rank is None or not can_convert(have, want):
            return None
        counts[rank] += 1
        if rank is Rank.UNSAFE and is_scalar(have) and is_scalar(want):
            lossy += not np.can_cast(dtype_of(have), dtype_of(want))
    unsafe, *rest = counts.values()
    return (unsafe, lossy, *rest)


def _text(types: Types) -> str:
    return f"({', '.join(map(str, types))})"


def looseness(ty: Type) -> int:
    """How many things of a type an entry takes in more than one form."""
    if isinstance(ty, Tuple):
        return sum(map(looseness, ty.elems))
    return isinstance(ty, Array) and (ty.layout == "A") + ty.readonly
