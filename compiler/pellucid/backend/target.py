"""What a target is: a machine that optimised LLVM IR becomes code for.

A target is a small class in `targets/`; `targets/null.py` stops before machine code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from pellucid.codegen.target_info import TargetInfo

if TYPE_CHECKING:
    from llvmlite import binding


class Target(ABC):
    """A machine. `name` is what options and reports call it."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def info(self) -> TargetInfo:
        """What code generation must know of it."""

    @property
    @abstractmethod
    def identity(self) -> str:
        """One line that tells machines apart for which the same IR gives different code."""

    @abstractmethod
    def find_machine(self, level: int) -> binding.TargetMachine | None:
        """A new LLVM target machine for an optimisation level; None: there is no machine code."""
