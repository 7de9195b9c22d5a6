"""SSA values: defined once, by an op or as a parameter of a block."""

from __future__ import annotations

from pellucid.types import Type


class Value:
    """One SSA value. Compared by identity; `ty` is None until inference.

    `name` is unique in its function: the user's variable, with a suffix from the second on.
    """

    __slots__ = ("name", "ty")

    def __init__(self, name: str, ty: Type | None = None) -> None:
        self.name = name
        self.ty = ty

    @property
    def typed(self) -> Type:
        """The type, of a value in a typed function."""
        assert self.ty is not None, f"{self.name} has no type yet"
        return self.ty

    def __repr__(self) -> str:
        return self.name if self.ty is None else f"{self.name}: {self.ty}"
