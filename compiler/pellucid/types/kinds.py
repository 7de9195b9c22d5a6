"""What a type is: a frozen value, equal to any other with the same parts, whose `str` is its text.

The text form is the one that IR, errors, cache keys and panels show, and `syntax.py` reads it back.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pellucid.base.records import Record, record

if TYPE_CHECKING:
    from pellucid.types.signature import Signature

F = TypeVar("F", bound=Callable[..., object])


def static(function: F) -> F:
    """Mark a function of types as one that compiled code may ask while it is typed.

    Called there with values, it gets their types; its answer is a constant (a bool, int, str,
    tuple) or a type, which compiled code sees as a dtype. Called from Python, it is as it was.
    """
    function.__pellucid_static__ = True  # type: ignore[attr-defined]  # a mark on a function object
    return function


def is_static(function: Any) -> bool:
    """Whether a function is such a question."""
    return getattr(function, "__pellucid_static__", False)


@record(frozen=True)
class Type(Record):
    """A type of the compiled language. Calling one builds a signature: `int64(float64)`."""

    def __call__(self, *params: Type) -> Signature:
        """The signature of a function from `params` to this type."""
        from pellucid.types.signature import Signature  # avoids a cycle at import

        return Signature(self, params)

    def __getitem__(self, index: object) -> Type:
        """An array of this element type, spelt with slices as in Numba: `float64[:, ::1]`."""
        from pellucid.types.arrays import array_from_slices  # avoids a cycle at import

        return array_from_slices(self, index)

    @property
    def is_managed(self) -> bool:
        """Whether values hold references that must be counted."""
        return False

    @property
    def base(self) -> Type:
        """The type without what is known of the value: a literal's own type."""
        return self

    def __repr__(self) -> str:
        return str(self)


@record(frozen=True, repr=False)
class Literal(Type):
    """A value known while compiling: `Literal(3)` is an int64 whose value is 3.

    int and bool literals convert freely to their base type; a str or bytes literal has no other.
    `value` is an int, bool, str, bytes, a member of an enumeration, or a tuple of such. `True` and
    `1` are different literals.
    """

    value: object
    base_ty: Type

    def __eq__(self, other: object) -> bool:
        # Python holds True == 1; as literals they differ in type.
        return (
            isinstance(other, Literal)
            and type(self.value) is type(other.value)
            and self.value == other.value
            and self.base_ty == other.base_ty
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value, self.base_ty))

    def __str__(self) -> str:
        value = self.value.name if isinstance(self.value, enum.Enum) else self.value
        return f"Literal[{self.base_ty}]({value!r})"

    @property
    def base(self) -> Type:
        """The type that a variable holding this value has."""
        return self.base_ty


def base_type(ty: Type) -> Type:
    """`ty` with literals dropped."""
    return ty.base
