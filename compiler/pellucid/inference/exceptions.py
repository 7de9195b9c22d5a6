"""Make exception instances in compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.ir.callee import Primitive
from pellucid.types import ExceptionClass, ExceptionInstance, Signature, Type


def make_exception(
    cls: ExceptionClass, args: tuple[Type, ...], template: str | None = None
) -> Primitive:
    """The primitive that makes an instance of `cls` from arguments of these types."""
    ty = ExceptionInstance(cls, args, template)

    def lower(cg: Any, values: Sequence[Any]) -> Any:
        made = cg.make_tuple(ty, values)
        cg.retain(ty, made)
        return made

    def run(*values: Any) -> BaseException:
        return cls.pyobj(*values) if template is None else cls.pyobj(template.format(*values))

    return Primitive(f"exception[{cls.path}]", Signature(ty, args), lower, run)
