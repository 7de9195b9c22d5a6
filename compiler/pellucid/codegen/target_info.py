"""What code generation must know of the machine; a target (`targets/`) fills it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TargetInfo:
    """`vector_math` maps a C mathematical function to its packed forms: (lanes, symbol) pairs.

    `function_attributes` go onto every function, in LLVM's text form.
    """

    triple: str = ""
    data_layout: str = ""
    vector_math: Mapping[str, tuple[tuple[int, str], ...]] = field(
        default_factory=dict[str, tuple[tuple[int, str], ...]]
    )
    function_attributes: tuple[str, ...] = ()


GENERIC = TargetInfo()
"""No particular machine: what tests of the text use."""
