"""The Report: what the compiler saw, decided and produced, as one record that every viewer reads.

In:   a compilation: its source, IR, LLVM text, assembly, events and times.
Out:  `Report`, as JSON after `schema.json`, as text, and as one HTML file.
Not here: panels, widgets, notebooks (they read the Report), and any decision of the compiler.
Read first: `schema.json`, then `report.py`; `collect.py` is the only reader of compiler objects.
"""

from pellucid.inspection.report import Bench, Report

__all__ = ["Bench", "Report"]
