"""Locations read from text that LLVM really printed, and from the corners of its format."""

from __future__ import annotations

from sample_report import compiled

from pellucid.inspection.locations import Location, read_asm, read_llvm
from pellucid.inspection.spans import utf16_column

CELL = "/tmp/cells/spread.py"


def chains(lines, needle, text):
    return [line.chain for line, raw in zip(lines, text.splitlines(), strict=True) if needle in raw]


def test_optimised_llvm_keeps_the_inline_chain():
    text = compiled()[1]
    found = chains(read_llvm(text), "fmul <4 x double>", text)
    assert found
    assert set(found) == {(Location(CELL, 7, 24), Location(CELL, 2, 14))}


def test_assembly_keeps_the_inline_chain():
    text = compiled()[2]
    chained = {line.chain for line in read_asm(text) if len(line.chain) > 1}
    assert chained == {(Location(CELL, 7, 24), Location(CELL, 2, 14))}


def test_line_zero_is_made_by_the_compiler():
    text = compiled()[0]
    lines = read_llvm(text)
    phis = [line for line, raw in zip(lines, text.splitlines(), strict=True) if " phi " in raw]
    assert phis
    assert all(line.generated and not line.chain for line in phis)


def test_every_instruction_of_a_function_knows_it():
    lines = read_asm(compiled()[2])
    assert {line.function for line in lines if line.kind == "code"} == {"spread"}


def test_kinds_of_assembly_lines():
    text = """\
\t.globl\tf                               # -- Begin function f
f:                                      # @f
.Lfunc_begin0:
# %bb.0:                                # %entry
\t.file\t1 "/a b" "c.py"
\t.loc\t1 3 5 prologue_end               # c.py:3:5
\tincq\t%rax
# a remark
.LBB0_1:                                # %loop
\tretq
                                        # -- End function
"""
    assert [line.kind for line in read_asm(text)] == [
        "directive",
        "label",
        "directive",
        "label",
        "directive",
        "directive",
        "code",
        "comment",
        "label",
        "code",
        "directive",
    ]
    assert read_asm(text)[6].chain == (Location("/a b/c.py", 3, 5),)


def test_without_comments_the_operands_of_loc_hold():
    text = '\t.file\t1 "/a" "c.py"\n\t.loc\t1 3 5\n\tincq\t%rax\n'
    assert read_asm(text)[2].chain == (Location("/a/c.py", 3, 5),)


def test_an_outer_call_in_an_ambiguous_file_is_unknown():
    text = """\
\t.file\t1 "/a" "c.py"
\t.file\t2 "/b" "c.py"
\t.loc\t2 3 5                           # c.py:3:5 @[ c.py:9:1 ]
\tincq\t%rax
"""
    assert read_asm(text)[3].chain == (Location("/b/c.py", 3, 5),)


def test_aarch64_comments():
    text = '\t.file\t1 "/a" "c.py"\n\t.loc\t1 0 0 // c.py:0 @[ c.py:4:2 ]\n\tadd\tx0, x0, #1\n'
    assert read_asm(text)[2].chain == (Location("/a/c.py", 4, 2),)


def test_kinds_of_llvm_lines():
    text = """\
; ModuleID = 'm'
source_filename = "m"
@g = global i32 0
declare void @h()

define void @f() !dbg !1 {
entry:
    #dbg_value(i32 0, !3, !DIExpression(), !4)
  ret void, !dbg !4
}
attributes #0 = { nounwind }
!4 = !DILocation(line: 2, column: 3, scope: !5)
!5 = !DILexicalBlock(scope: !6, line: 1)
!6 = distinct !DISubprogram(name: "f", file: !7)
!7 = !DIFile(filename: "na\\C3\\AFve.py", directory: "/d")
"""
    lines = read_llvm(text)
    assert [line.kind for line in lines] == [
        "directive",
        "directive",
        "declaration",
        "declaration",
        "blank",
        "code",
        "label",
        "directive",
        "code",
        "code",
        *["metadata"] * 5,
    ]
    assert lines[8].chain == (Location("/d/naïve.py", 2, 3),)
    assert [line.function for line in lines[4:7]] == ["f", "f", "f"]


def test_columns_are_utf16():
    line = "a = 'ï𝄞' + b\n"
    assert utf16_column(line, len("a = 'ï𝄞' + ".encode())) == len("a = 'ï") + 2 + len("' + ")
