"""A function's type: from parameter types to a return type."""

from __future__ import annotations

from pellucid.base.records import Record, record
from pellucid.types.kinds import Type


@record(frozen=True)
class Signature(Record):
    """`ret(params...)`; text form `(int64, float64) -> float64`."""

    ret: Type
    params: tuple[Type, ...]

    @property
    def return_type(self) -> Type:
        """Numba's name for `ret`."""
        return self.ret

    @property
    def args(self) -> tuple[Type, ...]:
        """Numba's name for `params`."""
        return self.params

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.params))}) -> {self.ret}"

    def __repr__(self) -> str:
        return str(self)
