"""What a call may do besides computing its result.

No bit set: the result depends on the arguments alone, and the call can be dropped, moved or merged
(`PURE`). A call that only READS can be dropped if its result is unused.
"""

from __future__ import annotations

from enum import Flag


class Effects(Flag):
    """The bits.

    RAISES: may leave by an exception. READS / WRITES: memory that others see. ALLOCATES: a new
    block. LOOPS: may not end. IO: prints, or touches the world otherwise.
    """

    PURE = 0
    RAISES = 1
    READS = 2
    WRITES = 4
    ALLOCATES = 8
    LOOPS = 16
    IO = 32
    ANY = 63

    @property
    def is_removable(self) -> bool:
        """Whether a call with an unused result can go."""
        return not self._value_ & _KEPT

    @property
    def may_raise(self) -> bool:
        """Whether an exception may come out."""
        return bool(self._value_ & 1)

    # Passes join the effects of every op over and over: by the enum's own operators, which make
    # the result anew, that takes half of their time.

    def __or__(self, other: Effects) -> Effects:  # type: ignore[override]  # Effects is final
        return _ALL[self._value_ | other._value_]

    def __and__(self, other: Effects) -> Effects:  # type: ignore[override]  # Effects is final
        return _ALL[self._value_ & other._value_]


_KEPT = (Effects.RAISES.value | Effects.WRITES.value) | (Effects.LOOPS.value | Effects.IO.value)
_ALL = tuple(map(Effects, range(Effects.ANY.value + 1)))
