"""A Report of one small function, made from real LLVM output and without the compiler.

The viewers are tested on it so that their tests say something about viewers only. The LLVM IR is
written by hand with the debug locations that the code generator emits; LLVM optimises it,
inlines `square` and prints the assembly.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import llvmlite.binding as llvm

from pellucid.base.spans import Span as CompilerSpan
from pellucid.inspection.report import (
    Argument,
    Bench,
    Block,
    Call,
    Diagnostic,
    Event,
    Function,
    Graph,
    Hint,
    Label,
    Loop,
    Origin,
    Report,
    Source,
    Stats,
    Text,
    Timing,
)
from pellucid.inspection.spans import SpanTable, build_table, read_tokens
from pellucid.inspection.texts import text_from_asm, text_from_llvm, text_from_origins

FILE = "/tmp/cells/spread.py"
SOURCE = """\
def square(d):
    return d * d

def spread(xs, lo):
    total = 0.0  # naïve: größer als 0
    for x in xs:
        total += square(x - lo)
    return total / len(xs)
"""
ARRAY = "array(float64, 1d, C)"

# name: (line, text of the range, offset of the anchor in it, type)
OPERATIONS: dict[str, tuple[int, str, str, str | None]] = {
    "mul": (2, "d * d", "*", "float64"),
    "zero": (5, "0.0", "0.0", "float64"),
    "init": (5, "total = 0.0", "=", None),
    "for": (6, "for x in xs", "for", None),
    "x": (6, "x", "x", "float64"),
    "xs": (6, "xs", "xs", ARRAY),
    "acc": (7, "total += square(x - lo)", "+=", "float64"),
    "call": (7, "square(x - lo)", "(", "float64"),
    "sub": (7, "x - lo", "-", "float64"),
    "return": (8, "return total / len(xs)", "return", None),
    "div": (8, "total / len(xs)", "/", "float64"),
    "len": (8, "len(xs)", "(", "int64"),
}

IR = f"""\
func @spread(xs: {ARRAY}, lo: float64) -> float64 {{
entry:
  total: float64 = const 0.0                          ;zero
  n: int64 = call len(xs)                             ;xs
  jump loop(0, total)                                 ;for
loop(i: int64, total.1: float64):
  more: bool = call operator.lt(i, n)                 ;for
  branch more, body, done                             ;for
body:
  x: float64 = call operator.getitem(xs, i)           ;x
  d: float64 = call operator.sub(x, lo)               ;sub
  sq: float64 = call operator.mul(d, d)               ;call mul
  total.2: float64 = call operator.iadd(total.1, sq)  ;acc
  i.1: int64 = call operator.add(i, 1)                ;for
  jump loop(i.1, total.2)                             ;for
done:
  n.1: int64 = call len(xs)                           ;len
  mean: float64 = call operator.truediv(total.1, n.1) ;div
  return mean                                         ;return
}}
"""

LLVM = """\
source_filename = "spread"
declare void @report_zero_division()
define internal double @square(double %d) !dbg !20 {
entry:
  %r = fmul double %d, %d, !dbg !mul
  ret double %r, !dbg !mul
}
define double @spread(ptr readonly %xs, i64 %n, double %lo) !dbg !5 {
entry:
  br label %loop, !dbg !for
loop:
  %i = phi i64 [0, %entry], [%i.1, %body], !dbg !7
  %total = phi double [0.0, %entry], [%total.1, %body], !dbg !7
  %more = icmp slt i64 %i, %n, !dbg !for
  br i1 %more, label %body, label %done, !dbg !for
body:
  %p = getelementptr double, ptr %xs, i64 %i, !dbg !x
  %x = load double, ptr %p, align 8, !dbg !x
  %d = fsub fast double %x, %lo, !dbg !sub
  %sq = call fast double @square(double %d), !dbg !call
  %total.1 = fadd reassoc nsz double %total, %sq, !dbg !acc
  %i.1 = add nuw nsw i64 %i, 1, !dbg !for
  br label %loop, !dbg !for
done:
  %zero = icmp eq i64 %n, 0, !dbg !div
  br i1 %zero, label %fail, label %mean, !dbg !div
fail:
  call void @report_zero_division(), !dbg !div
  unreachable, !dbg !div
mean:
  %len = sitofp i64 %n to double, !dbg !len
  %result = fdiv double %total, %len, !dbg !div
  ret double %result, !dbg !return
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_Python, file: !1, producer: "pellucid", \
isOptimized: true, runtimeVersion: 0, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "spread.py", directory: "/tmp/cells")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !4)
!4 = !{null}
!5 = distinct !DISubprogram(name: "spread", scope: !1, file: !1, line: 4, type: !3, scopeLine: 4, \
spFlags: DISPFlagDefinition, unit: !0)
!7 = !DILocation(line: 0, scope: !5)
!20 = distinct !DISubprogram(name: "square", scope: !1, file: !1, line: 1, type: !3, scopeLine: 1, \
spFlags: DISPFlagDefinition, unit: !0)
"""


def _lines(file: str) -> list[str]:
    return SOURCE.splitlines(keepends=True) if file == FILE else []


def _byte_column(line: str, text: str) -> int:
    return len(line[: line.index(text)].encode())


@cache
def table() -> tuple[SpanTable, dict[str, CompilerSpan]]:
    """The span table, and the compiler's spans by the names used above."""
    named: dict[str, CompilerSpan] = {}
    for name, (row, text, anchor, _) in OPERATIONS.items():
        line = _lines(FILE)[row - 1]
        start = len(line[: line.rindex(text)].encode()) if name == "x" else _byte_column(line, text)
        if name == "x":
            start = _byte_column(line, "x in")
        elif name == "xs":
            start = _byte_column(line, "xs:")
        at = start + text.index(anchor)
        named[name] = CompilerSpan(FILE, row, start, row, start + len(text.encode()), row, at)
    spans = [(span, OPERATIONS[name][3]) for name, span in named.items()]
    return build_table(spans, FILE, _lines), named


def llvm_text() -> str:
    """The hand-written IR with each `!dbg !name` replaced by a real location."""
    _, named = table()
    numbers = {name: 30 + index for index, name in enumerate(named)}
    text = re.sub(r"!dbg !([a-z]+)\b", lambda m: f"!dbg !{numbers[m[1]]}", LLVM)
    locations = [
        f"!{numbers[name]} = !DILocation(line: {span.anchor_line}, column: {span.anchor_col + 1}, "
        f"scope: {'!20' if name == 'mul' else '!5'})"
        for name, span in named.items()
    ]
    return text + "\n".join(locations) + "\n"


@cache
def compiled() -> tuple[str, str, str]:
    """LLVM IR as generated, as optimised, and the assembly for one fixed processor."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple("x86_64-unknown-linux-gnu")
    machine = target.create_target_machine(opt=3, cpu="haswell")
    machine.set_asm_verbosity(True)
    module = llvm.parse_assembly(llvm_text())
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    module.verify()
    generated = str(module)
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = True
    llvm.create_pass_builder(machine, tuning).getModulePassManager().run(
        module, llvm.create_pass_builder(machine, tuning)
    )
    return generated, str(module), machine.emit_assembly(module)


def _ir() -> Text:
    found, named = table()
    origins: list[Origin] = []
    lines: list[str] = []
    for line in IR.splitlines():
        text, _, names = line.partition(";")
        chain = [found.ids[named[name].key] for name in names.split()]
        lines.append(text.rstrip())
        kind = "label" if text.rstrip().endswith(":") else "code"
        origins.append(Origin(kind, chain, generated=False, library=False))
    return text_from_origins("typed", "typed", "pellucid", "\n".join(lines) + "\n", origins)


def _hints() -> list[Hint]:
    found, named = table()
    x = found.ids[named["x"].key]
    return [
        Hint("xs", 4, 13, ARRAY, None),
        Hint("lo", 4, 17, "float64", None),
        Hint("total", 5, 9, "float64", found.ids[named["init"].key]),
        Hint("x", 6, 9, "float64", x),
    ]


def sample_report() -> Report:
    """`spread` compiled for an array and a float."""
    found, named = table()
    generated, optimised, assembly = compiled()
    text = "".join(_lines(FILE)[3:])

    def own(symbol: str) -> bool:
        return symbol == "spread"

    def at(name: str) -> int:
        return found.ids[named[name].key]

    return Report(
        id="spread-1",
        status="ok",
        function=Function(
            name="spread",
            module="__main__",
            file=FILE,
            line=4,
            signature=f"({ARRAY}, float64) -> float64",
            arguments=[Argument("xs", ARRAY), Argument("lo", "float64")],
            returns="float64",
        ),
        files=found.files,
        source=Source(text, 4, 1, None, read_tokens(text, 4, found.spans), _hints()),
        spans=found.spans,
        ir=[_ir()],
        llvm=[
            text_from_llvm("generated", "generated", generated, found, own),
            text_from_llvm("optimised", "optimised", optimised, found, own),
        ],
        asm=[text_from_asm("asm", "x86-64 haswell", assembly, found, own)],
        cfg=[
            Graph(
                "typed",
                [
                    Block("entry", 2, 5),
                    Block("loop", 6, 8),
                    Block("body", 9, 15),
                    Block("done", 16, 19),
                ],
                [(0, 1), (1, 2), (1, 3), (2, 1)],
                [Loop(1, [1, 2], 1)],
            )
        ],
        calls=[Call("square", at("call"), "(float64) -> float64", "inlined", None)],
        events=[
            Event("inlined", at("call"), "square was inlined", "", "good", True, {}),
            Event(
                "bounds-check-removed",
                at("x"),
                "no bounds check: x iterates over xs",
                "",
                "good",
                True,
                {},
            ),
            Event(
                "zero-check-kept",
                at("div"),
                "a division by zero is still checked",
                "len(xs) may be 0",
                "missed",
                False,
                {},
            ),
        ],
        timings=[
            Timing("front end", 0.0012, []),
            Timing("inference", 0.0034, []),
            Timing(
                "llvm", 0.0141, [Timing("optimise", 0.009, []), Timing("machine code", 0.0051, [])]
            ),
        ],
        options={"boundscheck": True, "fastmath": True, "opt_level": 3},
        diagnostics=[],
        stats=Stats(0.0187, "compiled", 3),
    )


MESSAGE = """\
error[no-matching-overload]: `-` does not take float64 and str
 --> spread.py:7:18
  |
7 |         total += square(x - lo)
  |                  ^^^^^^^^^^^^^^ no overload takes (str)
  = note: float64 - float64: the second argument is a str
  = help: pass a number for `lo`"""


def failed_report() -> Report:
    """The same function, refused."""
    good = sample_report()
    label = Label(0, (7, 17), (7, 31), "no overload takes (str)")
    return replace(
        good,
        id="spread-2",
        status="failed",
        function=replace(
            good.function,
            signature=f"({ARRAY}, str)",
            returns=None,
            arguments=[Argument("xs", ARRAY), Argument("lo", "str")],
        ),
        ir=[],
        llvm=[],
        asm=[],
        cfg=[],
        events=[],
        calls=[],
        diagnostics=[
            Diagnostic(
                "no-matching-overload",
                "`-` does not take float64 and str",
                label,
                [],
                ["float64 - float64: the second argument is a str"],
                "pass a number for `lo`",
                MESSAGE,
            )
        ],
        stats=Stats(None, "compiled", None),
    )


def sample_bench() -> Bench:
    """Two signatures of one function, the second one failed."""
    return Bench("spread", [sample_report(), failed_report()])
