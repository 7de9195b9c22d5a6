"""Typed IR to LLVM IR.

In:  typed functions after the passes. Out: the text of one LLVM module (`emit_module`), or a
`ModuleBuilder` (`module.py`) that entries and runtime functions are added to.
Not here: what runs on LLVM IR (`backend/`), what library functions do (`library/`): a primitive
brings its own `lower`, which works through `lowering.Lowering`.
Read first: `models/__init__.py`, then `lowering.py`, `function.py`, `calls.py`, `exceptions.py`.

LLVM is loaded by the first use, not by importing this package or `models.context` and
`models.block`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pellucid.base.options import Options
    from pellucid.codegen.target_info import TargetInfo
    from pellucid.ir.callee import FunctionTarget
    from pellucid.ir.function import Function


def emit_module(
    functions: Iterable[Function | FunctionTarget],
    *,
    exported: Iterable[str],
    options: Options,
    name: str = "pellucid",
    target: TargetInfo | None = None,
) -> str:
    """The LLVM text of typed functions; those whose symbol is not in `exported` are internal.

    A function of which only its IR is given has the effects of its ops. Callees that are not among
    the functions are declared.
    """
    from pellucid.codegen.module import ModuleBuilder  # loads LLVM
    from pellucid.codegen.target_info import GENERIC  # calls of cached code need none

    module = ModuleBuilder(options, name, target or GENERIC)
    module.add_functions(functions, exported)
    return module.text()
