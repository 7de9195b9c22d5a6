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
        return not self & (Effects.RAISES | Effects.WRITES | Effects.LOOPS | Effects.IO)

    @property
    def may_raise(self) -> bool:
        """Whether an exception may come out."""
        return bool(self & Effects.RAISES)
