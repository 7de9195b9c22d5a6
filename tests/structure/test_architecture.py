"""The stages that ARCHITECTURE.md shows are the ones that the compiler makes."""

from __future__ import annotations

import linecache
import re
from pathlib import Path
from typing import Any

from pellucid import njit, types
from pellucid.frontend import build_function
from pellucid.ir.printer import print_function

PAGE = Path(__file__).parents[2] / "ARCHITECTURE.md"
STAGE = re.compile(r"(<!-- stage: (\w+) -->\n```text\n)(.*?)(```)", re.DOTALL)
SOURCE = re.compile(r"```python\n(def scaled_sum.*?)```", re.DOTALL)


def test_page_shows_what_the_compiler_makes(update_goldens: bool) -> None:
    page = PAGE.read_text()
    pyfunc = _define(page)
    explained = njit(pyfunc).explain(types.float64[::1], types.float64)
    made = {
        "untyped": print_function(build_function(pyfunc)),
        "typed": next(text.text for text in explained.ir if text.name == "typed"),
        "loop": _inner_loop(explained),
    }
    if update_goldens:
        PAGE.write_text(STAGE.sub(lambda m: f"{m[1]}{made[m[2]].rstrip()}\n{m[4]}", page))
        return
    shown = {match[2]: match[3].rstrip() for match in STAGE.finditer(page)}
    assert shown.keys() == made.keys()
    assert shown["untyped"] == made["untyped"].rstrip()
    assert shown["typed"] == made["typed"].rstrip()
    # The instructions are those of the processor that the page was written on.
    assert made["loop"].splitlines()[0].startswith(".LBB")


def _define(page: str) -> Any:
    source = SOURCE.search(page)
    assert source is not None
    file = "<architecture>"
    linecache.cache[file] = (len(source[1]), None, source[1].splitlines(keepends=True), file)
    namespace: dict[str, Any] = {}
    exec(compile(source[1], file, "exec"), namespace)
    return namespace["scaled_sum"]


def _inner_loop(report: Any) -> str:
    """The block that LLVM marks as the head of the innermost loop, without its directives."""
    block: list[str] = []
    for line in report.asm[0].text.splitlines():
        if line.startswith(".LBB"):
            if any("Inner Loop Header" in part for part in block):
                break
            block = [line.partition("#")[0].rstrip()]
        elif block and not line.lstrip().startswith((".loc", ".cfi")) and ".Ltmp" not in line:
            block.append(line)
    return "\n".join(part for part in block if "Inner Loop Header" not in part)
