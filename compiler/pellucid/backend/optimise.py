"""LLVM's own pipeline over one module, at the level that the options ask for.

Levels 2 and 3 are the full pipeline with the loop vectoriser; 0 and 1 are for quick answers. The
vectoriser of straight code (SLP) is off: of 21 programs it made none faster by over 4 %, but CRC-32
1.4 and n-body 1.16 times slower, by packing values that are needed one by one.
"""

from __future__ import annotations

from llvmlite import binding

VECTORISE_FROM = 2


def optimise(module: binding.ModuleRef, machine: binding.TargetMachine, level: int) -> None:
    """Run LLVM's default pipeline of a level (0 to 3) on a module."""
    tuning = binding.create_pipeline_tuning_options(speed_level=level)
    tuning.loop_vectorization = level >= VECTORISE_FROM
    tuning.loop_interleaving = tuning.loop_unrolling = level >= VECTORISE_FROM
    builder = binding.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
