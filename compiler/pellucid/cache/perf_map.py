"""Tell profilers the names of loaded code: the map that `perf` looks for.

With `PELLUCID_ENABLE_PROFILING=1` each function that is loaded adds a line, `address size name`, to
`/tmp/perf-<process>.map`. `perf report` reads it for addresses that no file on disk has, and so do
other profilers on Linux.

Ground truth: tools/perf/Documentation/jit-interface.txt of the Linux kernel.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from pellucid.cache.elf import UNDEFINED, ElfObject

_FUNCTION = 2


def map_path() -> str:
    """The file of this process; perf knows no other place."""
    return f"/tmp/perf-{os.getpid()}.map"


def add_functions(source: ElfObject, addresses: list[int]) -> None:
    """Add the functions of an object that is in memory; `addresses` are those of its symbols."""
    lines = "".join(_lines(source, addresses))
    with open(map_path(), "a", encoding="utf-8") as file:
        file.write(lines)


def _lines(source: ElfObject, addresses: list[int]) -> Iterator[str]:
    for index, (_, info, _, section, _, size) in enumerate(source.symbols):
        if info & 15 == _FUNCTION and section != UNDEFINED and size:
            name = source.name(index).replace("\n", " ")
            yield f"{addresses[index]:x} {size:x} pellucid:{name}\n"
