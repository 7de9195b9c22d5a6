"""The host: LLVM's native target with all features that the processor has."""

from __future__ import annotations

import functools
from typing import ClassVar

from llvmlite import binding

from pellucid.backend.target import Target
from pellucid.codegen.target_info import TargetInfo
from pellucid.targets.cpu.vector_math import find_packed_functions


class CpuTarget(Target):
    """A processor by LLVM's name, with its features in LLVM's form (`+avx2,+fma`)."""

    name: ClassVar[str] = "cpu"

    def __init__(self, triple: str, cpu: str, features: str) -> None:
        self.triple = triple
        self.cpu = cpu
        self.features = features

    @functools.cached_property
    def info(self) -> TargetInfo:  # type: ignore[override]  # a property, kept
        machine = self.find_machine(0)
        enabled = frozenset(f[1:] for f in self.features.split(",") if f.startswith("+"))
        return TargetInfo(
            self.triple, str(machine.target_data), find_packed_functions(self.triple, enabled)
        )

    @functools.cached_property
    def identity(self) -> str:  # type: ignore[override]  # a property, kept
        version = ".".join(map(str, binding.llvm_version_info))
        packed = ",".join(sorted(self.info.vector_math))
        return f"LLVM {version} {self.triple} {self.cpu} {self.features} packed={packed}"

    def find_machine(self, level: int) -> binding.TargetMachine:
        found = binding.Target.from_triple(self.triple)
        return found.create_target_machine(
            cpu=self.cpu, features=self.features, opt=level, reloc="pic", codemodel="small"
        )


@functools.cache
def host() -> CpuTarget:
    """The processor that this process runs on."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features = binding.get_host_cpu_features().flatten()
    return CpuTarget(binding.get_process_triple(), binding.get_host_cpu_name(), features)
