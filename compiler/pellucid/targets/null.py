"""A target that stops before machine code: what needs no machine is tested with it."""

from __future__ import annotations

from typing import ClassVar

from pellucid.backend.target import Target
from pellucid.codegen.target_info import GENERIC, TargetInfo


class NullTarget(Target):
    """No machine."""

    name: ClassVar[str] = "null"

    @property
    def info(self) -> TargetInfo:
        return GENERIC

    @property
    def identity(self) -> str:
        return "null"

    def find_machine(self, level: int) -> None:
        del level
