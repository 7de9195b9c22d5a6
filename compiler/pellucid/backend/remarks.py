"""What LLVM's loop vectoriser says of each loop: that it packed it, or why it did not.

    find_remarks(ll_text, target, level, exported)
    [Remark("k.py", 8, 5, "loop not vectorized", "cannot prove it is safe to reorder ...")]

LLVM tells remarks to a handler that `llvmlite` cannot set, so they go to the standard error output,
and only once an option of the whole process asks for them. So the module is optimised once more, in
a process of its own, whose output is read. It takes some tenths of a second: who wants it asks.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass

from llvmlite import binding

from pellucid.backend.module import parse
from pellucid.backend.optimise import optimise

_KINDS = ("pass-remarks", "pass-remarks-missed", "pass-remarks-analysis")
_LINE = re.compile(r"remark: (?P<file>.*):(?P<line>\d+):(?P<column>\d+): (?P<text>.*)")
_MISSED, _PACKED = "loop not vectorized", "vectorized loop"


@dataclass(frozen=True)
class Remark:
    """About the loop at a position: `file` is the name without its folder, columns count from 1."""

    file: str
    line: int
    column: int
    text: str
    reason: str = ""

    @property
    def is_packed(self) -> bool:
        """Whether the loop works on several items at once."""
        return self.text.startswith(_PACKED)


def find_remarks(
    ll_text: str, machine: tuple[str, str, str], level: int, exported: Collection[str]
) -> list[Remark]:
    """The remarks about the loops of a module; `machine` is (triple, processor, features)."""
    request = {"module": ll_text, "machine": machine, "level": level, "exported": list(exported)}
    found = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import main; main()"],
        input=json.dumps(request),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    return read_remarks(found.stderr)


def read_remarks(printed: str) -> list[Remark]:
    """The remarks of LLVM's output: a reason comes before the loop that it is about."""
    found: dict[Remark, None] = {}
    reason = ""
    for match in _LINE.finditer(printed):
        text = match["text"]
        head, _, why = text.partition(": ")
        if head == _MISSED and why:
            reason = why
            continue
        why = reason if head == _MISSED else ""
        remark = Remark(match["file"], int(match["line"]), int(match["column"]), text, why)
        found[remark] = None
        reason = ""
    return list(found)


def main() -> None:
    """Optimise the module that the standard input holds, telling of loops."""
    request = json.load(sys.stdin)
    for kind in _KINDS:
        binding.set_option("", f"-{kind}=loop-vectorize")
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    triple, cpu, features = request["machine"]
    machine = binding.Target.from_triple(triple).create_target_machine(
        cpu=cpu, features=features, opt=request["level"], reloc="pic", codemodel="small"
    )
    optimise(parse(request["module"], set(request["exported"])), machine, request["level"])
