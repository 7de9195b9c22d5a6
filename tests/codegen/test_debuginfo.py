"""Each op's anchor reaches the assembly, through inlining."""

from __future__ import annotations

from typing import Any

from pellucid.base.spans import NO_SPAN, InlineSite, Span
from pellucid.ir.callee import Primitive
from pellucid.types import float64


def place(line: int, col: int, file: str = "/code/example.py") -> Span:
    return Span(file, line, col, line, col + 5, line, col + 2)


def build(tools: Any) -> Any:
    def method(name: str) -> Primitive:
        return tools.binary(name, float64, None)

    make = tools.Maker("poly", float64, {"x": float64, "y": float64})
    x, y = make.args
    make.span = place(3, 8)
    first = make.apply(method("fmul"), x, y)
    make.span = place(11, 4, "/code/other.py")
    make.inlined_at = InlineSite(
        "inner", place(7, 2, "/code/middle.py"), InlineSite("middle", place(4, 12))
    )
    second = make.apply(method("fadd"), first, y)
    make.span, make.inlined_at = NO_SPAN, None
    third = make.apply(method("fdiv"), second, x)
    make.span = place(5, 70000)
    make.ret(make.apply(method("fsub"), third, x))
    return tools.compile([make.target()]).code


def lines_of(assembly: str, instruction: str) -> list[str]:
    """The location comment that stands before each of these instructions."""
    found: list[str] = []
    location = ""
    for line in assembly.splitlines():
        if line.strip().startswith(".loc"):
            location = line.split("#")[-1].strip()
        elif line.strip().startswith(instruction):
            found.append(location)
    return found


def test_assembly_shows_source_positions(tools: Any) -> None:
    assembly = build(tools).assembly
    assert lines_of(assembly, "vmulsd")[0].startswith("example.py:3:11")
    assert lines_of(assembly, "vaddsd")[0].startswith(
        "other.py:11:7 @[ middle.py:7:5 @[ example.py:4:15"
    )
    assert lines_of(assembly, "vsubsd")[0].startswith("example.py:5:65535")


def test_places_survive_inlining_into_an_entry(tools: Any) -> None:
    # The wrapper of `tools.compile` stands in no source, as the entries that Python calls.
    code = build(tools)
    assert "poly" not in [line.strip('":') for line in code.assembly.splitlines()]
    assert lines_of(code.assembly, "vmulsd")[0].startswith("example.py:3:11 @[ ?:0")


def test_what_the_compiler_made_is_on_line_0(tools: Any) -> None:
    assembly = build(tools).assembly
    (division,) = lines_of(assembly, "vdivsd")
    assert division.startswith("example.py:0")


def test_llvm_text_shows_the_chain(tools: Any) -> None:
    optimised = build(tools).optimised
    assert 'DISubprogram(name: "inner"' in optimised
    assert "DILocation(line: 11, column: 7" in optimised
