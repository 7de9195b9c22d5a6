"""The Report: one structured record of a compilation, that every viewer reads.

In:   dictionaries that follow `schema.json`, or fields that `collect.py` fills.
Out:  typed, frozen records; JSON; one self-contained HTML file; plain text.

`schema.json` is the source: each class mirrors the definition of its name, field by field, and
`tests/inspection/test_report.py` compares the two. Nothing here knows the compiler, and nothing
computes: a viewer must be able to show a Report that was made elsewhere, long ago.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import dataclass, field, fields, is_dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar

VERSION = 1
"""Version of the schema."""

Scalar = str | float | int | bool | None
Position = tuple[int, int]
Token = tuple[int, int, int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Argument:
    """A parameter and its type."""

    name: str
    type: str


@dataclass(frozen=True)
class Function:
    """What was compiled."""

    name: str
    module: str
    file: str
    line: int
    signature: str
    arguments: list[Argument]
    returns: str | None


@dataclass(frozen=True)
class Hint:
    """A type written into the source after a column, where a name is bound."""

    name: str
    line: int
    column: int
    text: str
    span: int | None
    why: str = ""


@dataclass(frozen=True)
class Source:
    """The function's text, and what each token of it belongs to."""

    text: str
    first_line: int
    cell_offset: int = 0
    cell: str | None = None
    tokens: list[Token] = field(default_factory=list[Token])
    hints: list[Hint] = field(default_factory=list[Hint])


@dataclass(frozen=True)
class Span:
    """One operation of the source: the key that joins all levels."""

    id: int
    file: int
    line: int
    anchor: int
    start: Position
    end: Position
    parent: int | None
    kind: str
    type: str | None
    text: str


@dataclass(frozen=True)
class Origin:
    """What a line of a level is and where it comes from, outermost operation first."""

    kind: Literal["code", "label", "directive", "metadata", "comment", "declaration", "blank"]
    spans: list[int]
    generated: bool
    library: bool


@dataclass(frozen=True)
class Text:
    """One level at one stage; `lines[i]` indexes `origins`."""

    name: str
    title: str
    language: Literal["pellucid", "llvm", "asm"]
    text: str
    lines: list[int]
    origins: list[Origin]

    def origin(self, line: int) -> Origin:
        """The origin of a line, counted from 0."""
        return self.origins[self.lines[line]]


@dataclass(frozen=True)
class Block:
    """A basic block and the lines of the level's text that it takes."""

    name: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Loop:
    """A natural loop."""

    header: int
    blocks: list[int]
    depth: int


@dataclass(frozen=True)
class Graph:
    """The control flow of one level."""

    level: str
    blocks: list[Block]
    edges: list[tuple[int, int]]
    loops: list[Loop]
    handlers: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


@dataclass(frozen=True)
class Call:
    """A call in the source and how it is made."""

    callee: str
    span: int | None
    signature: str
    how: Literal["inlined", "direct", "python"]
    report: str | None


@dataclass(frozen=True)
class Event:
    """One decision of the compiler."""

    kind: str
    span: int | None
    message: str
    reason: str
    severity: Literal["good", "info", "missed", "warning"]
    acted: bool
    data: dict[str, Scalar]


@dataclass(frozen=True)
class Timing:
    """How long a phase took, with its parts."""

    phase: str
    seconds: float
    parts: list[Timing]


@dataclass(frozen=True)
class Label:
    """A range of source with a few words."""

    file: int
    start: Position
    end: Position
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """Why a compilation failed."""

    code: str
    headline: str
    primary: Label | None
    labels: list[Label]
    notes: list[str]
    help: str
    text: str


@dataclass(frozen=True)
class Stats:
    """What this compilation cost, and how often its code has run."""

    compile_seconds: float | None = None
    cache: Literal["compiled", "loaded", "off"] = "compiled"
    calls: int | None = None


@dataclass(frozen=True)
class Report:
    """One function compiled for one signature, or the reason why it was not."""

    id: str
    status: Literal["ok", "failed"]
    function: Function
    files: list[str]
    source: Source
    spans: list[Span]
    ir: list[Text] = field(default_factory=list[Text])
    llvm: list[Text] = field(default_factory=list[Text])
    asm: list[Text] = field(default_factory=list[Text])
    cfg: list[Graph] = field(default_factory=list[Graph])
    calls: list[Call] = field(default_factory=list[Call])
    events: list[Event] = field(default_factory=list[Event])
    timings: list[Timing] = field(default_factory=list[Timing])
    options: dict[str, Scalar] = field(default_factory=dict[str, Scalar])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    stats: Stats = field(default_factory=Stats)
    omitted: list[str] = field(default_factory=list[str])

    def to_json(self) -> dict[str, Any]:
        """Dictionaries, lists and scalars only, as the schema's `Report`."""
        return to_plain(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Report:
        """The record of a dictionary that follows the schema."""
        return from_plain(Report, data)

    def save(self, path: str | Path) -> Path:
        """Write one self-contained HTML file that works offline; return its path."""
        return Bench(self.function.name, [self]).save(path)

    def render_text(self) -> str:
        """The annotated source, verdicts and times for a terminal."""
        # Loaded late: most reports are never printed.
        from pellucid.inspection.render_text import render_report

        return render_report(self)

    def __str__(self) -> str:
        return self.render_text()


@dataclass(frozen=True)
class Bench:
    """The reports that one view shows together."""

    title: str
    reports: list[Report]
    show: list[str] = field(default_factory=list[str])
    version: int = VERSION
    pellucid: str = "0.1.0"

    def to_json(self) -> dict[str, Any]:
        """Dictionaries, lists and scalars only, as the schema's root."""
        return to_plain(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Bench:
        """The record of a dictionary that follows the schema."""
        if data.get("version") != VERSION:
            message = f"this is a report of version {data.get('version')}, not {VERSION}"
            raise ValueError(message)
        return from_plain(Bench, data)

    def save(self, path: str | Path) -> Path:
        """Write one self-contained HTML file that works offline; return its path."""
        path = Path(path)
        path.write_text(page(self), encoding="utf-8")
        return path


def to_plain(value: Any) -> Any:  # any JSON value, by recursion
    """A record as dictionaries, lists and scalars."""
    if is_dataclass(value):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def from_plain(cls: type[T], data: Any) -> T:  # any JSON value
    """The record of class `cls` that `data` describes; unknown fields are an error."""
    return _read(cls, data)


def _read(ty: Any, data: Any) -> Any:  # a type expression; whatever it describes
    origin = typing.get_origin(ty)
    if origin is list:
        (item,) = typing.get_args(ty)
        return [_read(item, element) for element in data]
    if origin is tuple:
        return tuple(
            _read(item, element) for item, element in zip(typing.get_args(ty), data, strict=True)
        )
    if origin in (types.UnionType, typing.Union):
        records = [arm for arm in typing.get_args(ty) if is_dataclass(arm)]
        return _read(records[0], data) if records and data is not None else data
    if is_dataclass(ty):
        hints = typing.get_type_hints(ty)
        return typing.cast(Any, ty)(
            **{name: _read(hints[name], item) for name, item in data.items()}
        )
    return data


def page(bench: Bench) -> str:
    """The bench as one HTML page with its data, styles and script inside."""
    # The bundle belongs to the workbench, which stands above this room: it is found as data.
    static = resources.files("pellucid_widgets") / "static" if _has_widgets() else None
    try:
        if static is None:
            raise FileNotFoundError
        script = (static / "page.js").read_text(encoding="utf-8")
        style = (static / "widget.css").read_text(encoding="utf-8")
    except FileNotFoundError:
        message = (
            "the panels' front end is not built, so no HTML page can be written: reinstall with "
            "`pip install 'pellucid[lab]'`, or run `python hatch_build.py` in a source checkout"
        )
        raise FileNotFoundError(message) from None
    # `<` cannot end the script element early when it is escaped; JSON reads \u003c as the same.
    data = json.dumps(bench.to_json(), separators=(",", ":")).replace("<", "\\u003c")
    # resources/page.html holds {{markers}}; each is replaced once, the data last, so that text
    # inside a report is never taken for a marker.
    template = (resources.files("pellucid.inspection") / "page.html").read_text(encoding="utf-8")
    head, tail = template.split("{{data}}")
    title = bench.title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        head.replace("{{title}}", title).replace("{{style}}", style)
        + data
        + tail.replace("{{script}}", script)
    )


def _has_widgets() -> bool:
    from importlib.util import find_spec

    return find_spec("pellucid_widgets") is not None
