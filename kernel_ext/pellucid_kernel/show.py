"""Collect the Reports of dispatchers and put their bench into the output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from IPython.display import display

from pellucid.inspection.report import Bench, Report
from pellucid_widgets import mime_bundle


@runtime_checkable
class Explained(Protocol):
    """What has compiled signatures and explains each: a dispatcher."""

    @property
    def signatures(self) -> Sequence[Any]:
        """The argument types of each compiled signature."""
        ...

    def explain(self, *types: Any) -> Report:
        """The Report for these argument types."""
        ...


def reports_of(dispatcher: Explained) -> list[Report]:
    """A Report for each signature compiled so far, in the order of compilation."""
    return [dispatcher.explain(*types) for types in dispatcher.signatures]


def show(title: str, dispatchers: Iterable[Explained], levels: Sequence[str]) -> bool:
    """Display one bench for all compiled signatures; tell whether there were any."""
    reports = [report for each in dispatchers for report in reports_of(each)]
    if not reports:
        return False
    # Calls refer to reports by id, so ids must differ within a bench.
    bench = Bench(title, numbered(reports), show=list(levels))
    display(mime_bundle(bench), raw=True)
    return True


def numbered(reports: list[Report]) -> list[Report]:
    """The same reports under ids that are unique among them."""
    from dataclasses import replace

    return [replace(report, id=f"{at}-{report.id}") for at, report in enumerate(reports)]
