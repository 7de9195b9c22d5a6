"""What LLVM says of loops reaches the Report, with the loop that it is about."""

import numpy as np

from pellucid import njit
from pellucid.backend.remarks import Remark, read_remarks

OUTPUT = """\
remark: k.py:7:11: loop not vectorized: cannot prove it is safe to reorder operations
remark: k.py:6:5: loop not vectorized
remark: k.py:9:5: vectorized loop (vectorization width: 8, interleaved count: 4)
remark: k.py:9:5: vectorized loop (vectorization width: 8, interleaved count: 4)
something else
"""


def test_a_reason_belongs_to_the_loop_after_it():
    assert read_remarks(OUTPUT) == [
        Remark(
            "k.py", 6, 5, "loop not vectorized", "cannot prove it is safe to reorder operations"
        ),
        Remark("k.py", 9, 5, "vectorized loop (vectorization width: 8, interleaved count: 4)"),
    ]


def loops(a, b):
    total = 0.0
    for i in range(len(a)):
        total += a[i]
    for i in range(len(b)):
        b[i] = b[i] * 2
    return total


def test_the_report_says_why_a_loop_works_on_single_items():
    compiled = njit(cache=False)(loops)
    compiled(np.ones(3), np.ones(3))
    assert not [e for e in compiled.explain().events if e.kind == "vectorised"]
    report = compiled.explain(remarks=True)
    told = {
        report.spans[event.span].text: event
        for event in report.events
        if event.kind == "vectorised"
    }
    summed, scaled = told["for i in range(len(a))"], told["for i in range(len(b))"]
    assert (summed.acted, summed.severity) == (False, "missed")
    assert "floating-point" in summed.reason
    assert (scaled.acted, scaled.severity, scaled.reason) == (True, "good", "")
    assert "loop not vectorized" in report.render_text()
