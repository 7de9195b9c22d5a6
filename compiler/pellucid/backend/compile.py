"""A compilation from LLVM text on: optimise, emit.

    code = compile_module(ll_text, target, options, exported={"m.f(int64)"})
    code.data                      # object code, for `load.py` or `cache/loader.py`

The object is position independent, in the small code model: what is outside is reached through a
PLT entry or a GOT slot, so that it can be loaded anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from llvmlite import binding

from pellucid.backend.module import parse
from pellucid.backend.optimise import optimise
from pellucid.backend.target import Target
from pellucid.base.diagnostics import error
from pellucid.base.events import EventSink, NullSink
from pellucid.base.options import Options


@dataclass(frozen=True)
class MachineCode:
    """Object code, the functions that it makes visible, and the symbols that it needs.

    Texts are empty unless asked for.
    """

    data: bytes
    exported: frozenset[str]
    imported: frozenset[str]
    optimised: str = ""
    assembly: str = ""


def compile_module(
    ll_text: str,
    target: Target,
    options: Options,
    *,
    exported: Collection[str],
    with_texts: bool = False,
    events: EventSink | None = None,
) -> MachineCode:
    """Compile a module of which only `exported` is called from outside."""
    events = events or NullSink()
    level = options.opt_level
    machine = _machine(target, level)
    started = time.perf_counter()
    module = parse(ll_text, exported)
    optimise(module, machine, level)
    started = _phase(events, "optimise", started)
    optimised = assembly = ""
    if with_texts:
        # Emission rewrites the module: the text is taken before it, the assembly from a copy.
        optimised = str(module)
        assembly = _assembly(module.clone(), target, level)
        started = time.perf_counter()
    imported = frozenset(
        value.name
        for value in (*module.functions, *module.global_variables)
        if value.is_declaration and not value.name.startswith("llvm.")
    )
    data = machine.emit_object(module)
    _phase(events, "emit", started)
    return MachineCode(data, frozenset(exported), imported, optimised, assembly)


def compile_object(
    ll_text: str, target: Target, options: Options, *, exported: Collection[str]
) -> bytes:
    """The object code of a module."""
    return compile_module(ll_text, target, options, exported=exported).data


def optimised_text(ll_text: str, target: Target, options: Options) -> str:
    """The module after LLVM's passes."""
    module = parse(ll_text)
    optimise(module, _machine(target, options.opt_level), options.opt_level)
    return str(module)


def _assembly(module: binding.ModuleRef, target: Target, level: int) -> str:
    """Assembly with LLVM's comments: inline chains beside `.loc`, loops and blocks by name."""
    machine = _machine(target, level)
    machine.set_asm_verbosity(True)
    return machine.emit_assembly(module)


def _machine(target: Target, level: int) -> binding.TargetMachine:
    machine = target.find_machine(level)
    if machine is None:
        error("unsupported-feature", f"the target {target.name} has no machine code")
    return machine


def _phase(events: EventSink, name: str, started: float) -> float:
    now = time.perf_counter()
    events.phase(name, now - started)
    return now
