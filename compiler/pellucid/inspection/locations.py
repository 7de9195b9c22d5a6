"""Read source locations out of LLVM IR and assembly text: which line came from where.

In:   text exactly as LLVM prints it (IR with `!dbg`, assembly with verbose comments).
Out:  one `TextLine` for each line of the text: what the line is, and its inline chain.

    %4 = fmul double %x, %x, !dbg !13          chain of the first line:
    !13 = !DILocation(line: 101, column: 14,     cell.py:3:20  (the user's call, outermost)
          scope: !3, inlinedAt: !14)             lib.py:101:14 (the operation itself)

Nothing is guessed: a line without a location, and one at line 0 (LLVM's "the compiler made it"),
has an empty chain. Written against LLVM 22; the comment beside `.loc` is printed by
`MCAsmStreamer::emitDwarfLocDirective`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

LineKind = Literal["code", "label", "directive", "metadata", "comment", "declaration", "blank"]


class Location(NamedTuple):
    """A position as LLVM writes it: lines and columns (UTF-8 bytes) count from 1; 0 is unknown."""

    file: str
    line: int
    column: int


Chain = tuple[Location, ...]
"""Inline chain, outermost (the user's) first; empty where the origin is unknown."""


@dataclass(frozen=True)
class TextLine:
    """What one line of a text is; `generated` where LLVM says that the compiler made it."""

    kind: LineKind
    chain: Chain = ()
    generated: bool = False
    function: str = ""


_DEFINITION = re.compile(r"^(![0-9]+) = (?:distinct )?!([A-Za-z]+)\((.*)\)\s*$")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DBG = re.compile(r"!dbg (![0-9]+)")
_DEFINE = re.compile(r'^define\b.*?@("(?:[^"\\]|\\.)*"|[\w.$-]+)\(')
_LABEL = re.compile(r'^("(?:[^"\\]|\\.)*"|[\w.$-]+):')


def _field(text: str, name: str) -> str:
    """The value of `name:` in a specialised metadata node, without quotes; "" if absent."""
    found = re.search(rf'\b{name}: (?:"((?:[^"\\]|\\.)*)"|(![0-9]+|[\w.-]+))', text)
    if not found:
        return ""
    return _unescape(found[1]) if found[1] is not None else found[2]


def _unescape(text: str) -> str:
    r"""Undo LLVM's `\xx` escapes, which stand for UTF-8 bytes."""
    raw = re.sub(rb"\\([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), text.encode())
    return raw.decode(errors="replace")


@dataclass(frozen=True)
class _Node:
    kind: str
    fields: str


class _Metadata:
    """The debug metadata of one module, and the inline chain of each location in it."""

    def __init__(self, text: str) -> None:
        self._nodes: dict[str, _Node] = {}
        self._files: dict[str, str] = {}
        self._chains: dict[str, tuple[Chain, bool]] = {}
        for line in text.splitlines():
            if line.startswith("!") and (found := _DEFINITION.match(line)):
                self._nodes[found[1]] = _Node(found[2], found[3])

    def chain(self, name: str) -> tuple[Chain, bool]:
        """The chain of a `!DILocation`, and whether LLVM marks it as made by the compiler."""
        if name not in self._chains:
            # Recursion in inlinedAt is as deep as the inlining, which LLVM keeps far below ours.
            self._chains[name] = self._find_chain(name)
        return self._chains[name]

    def _find_chain(self, name: str) -> tuple[Chain, bool]:
        node = self._nodes.get(name)
        if node is None or node.kind != "DILocation":
            return (), False
        line = int(_field(node.fields, "line") or 0)
        column = int(_field(node.fields, "column") or 0)
        outer: Chain = ()
        if site := _field(node.fields, "inlinedAt"):
            outer, _ = self.chain(site)
        if line:
            outer = (*outer, Location(self._file(_field(node.fields, "scope")), line, column))
        return outer, not outer

    def _file(self, scope: str) -> str:
        """The path of the file of a scope, following lexical blocks up to one that names it."""
        if scope not in self._files:
            node = self._nodes.get(scope)
            path = ""
            if node is not None and node.kind == "DIFile":
                path = join(_field(node.fields, "directory"), _field(node.fields, "filename"))
            elif node is not None:
                path = self._file(_field(node.fields, "file") or _field(node.fields, "scope"))
            self._files[scope] = path
        return self._files[scope]


def join(directory: str, name: str) -> str:
    """A DWARF file name under its directory; absolute and bracketed names stand alone."""
    if not directory or name.startswith(("/", "<")) or re.match(r"[A-Za-z]:[\\/]", name):
        return name
    return f"{directory.rstrip('/')}/{name}"


def _llvm_kind(line: str) -> LineKind:
    bare = line.strip()
    if not bare:
        return "blank"
    if line.startswith(("; ModuleID", "target ", "source_filename", "module asm")):
        return "directive"
    if bare.startswith(";"):
        return "comment"
    if line.startswith(("!", "attributes #")):
        return "metadata"
    if bare.startswith("#dbg_") or "@llvm.dbg." in bare:
        return "directive"
    if line.startswith(("declare ", "@", "%", "$", "^")):
        return "declaration"
    return "label" if _LABEL.match(line) else "code"


def read_llvm(text: str) -> list[TextLine]:
    """Classify each line of LLVM IR and follow its `!dbg` to the outermost call."""
    metadata = _Metadata(text)
    function = ""
    lines: list[TextLine] = []
    for line in text.splitlines():
        kind = _llvm_kind(line)
        if found := _DEFINE.match(line):
            function = found[1].strip('"')
            _claim(lines, function)
            # A definition's !dbg names its subprogram, which is not a location.
            lines.append(TextLine("code", function=function))
            continue
        chain: Chain = ()
        generated = False
        if kind == "code" and (found := _DBG.search(line)):
            chain, generated = metadata.chain(found[1])
        lines.append(TextLine(kind, chain, generated, function))
        if line.startswith("}"):
            function = ""
    return lines


def _claim(lines: list[TextLine], function: str) -> None:
    """Give the lines right above a definition, what LLVM says of it, to the function."""
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].kind not in ("comment", "blank") or lines[at].function:
            break
        lines[at] = replace(lines[at], function=function)


_LOC = re.compile(r"^\s*\.loc\s+(\d+)\s+(\d+)(?:\s+(\d+))?")
_FILE = re.compile(r'^\s*\.file\s+(\d+)\s+((?:"(?:[^"\\]|\\.)*"\s*)+)')
_PLACE = re.compile(r"^(?P<file>.*?):(?P<line>\d+)(?::(?P<column>\d+))?$")
# x86 and RISC-V comment with `#`, AArch64 with `//`, 32-bit Arm with `@`, NVPTX with `//`.
_COMMENT = re.compile(r"\s(#|//|@|;)\s(?P<text>.*)$")
# A block that is only fallen into has its name in a comment.
_FALL_THROUGH = re.compile(r"^(#|//|@|;) %bb\.\d+:")
# Labels that only debug sections, unwind tables and tables of constants use.
_DEBUG_LABEL = re.compile(
    r"^\.?L(tmp|func_|cfi|debug|info|line|section|sec_|cu_|abbrev|exception|CPI)"
)
_BEGIN = re.compile(r"-- Begin function (.+?)\s*$")


class _AsmFiles:
    """The `.file` table: number to path, and printed name to path where that is unique."""

    def __init__(self) -> None:
        self._by_number: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}

    def add(self, number: str, strings: str) -> None:
        parts = [_unescape(part) for part in _STRING.findall(strings)]
        directory, name = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
        path = join(directory, name)
        self._by_number[number] = path
        self._by_name.setdefault(name, set()).add(path)

    def numbered(self, number: str) -> str:
        return self._by_number.get(number, "")

    def named(self, name: str) -> str:
        """The path of a file that a comment names; two files of one name stay unknown."""
        paths = self._by_name.get(name, {name})
        return next(iter(paths)) if len(paths) == 1 else ""


def _asm_kind(line: str) -> LineKind:
    bare = line.strip()
    if not bare:
        return "blank"
    if _FALL_THROUGH.match(bare):
        return "label"
    if bare.startswith(("#", "//", "@ ", ";")):
        return "directive" if bare.endswith("-- End function") else "comment"
    if _LABEL.match(line):
        return "directive" if _DEBUG_LABEL.match(line) else "label"
    return "directive" if bare.startswith(".") else "code"


def _places(comment: str) -> Iterator[tuple[str, int, int]]:
    """The positions of `a.py:1:2 @[ b.py:3:4 @[ ... ] ]`, innermost first."""
    for part in comment.split(" @[ "):
        if found := _PLACE.match(part.rstrip(" ]")):
            yield found["file"], int(found["line"]), int(found["column"] or 0)


def _loc_chain(line: str, files: _AsmFiles) -> Chain:
    """The inline chain of one `.loc`, from its comment; from its operands where it has none."""
    found = _LOC.match(line)
    assert found is not None
    innermost = files.numbered(found[1])
    comment = _COMMENT.search(line)
    places = list(_places(comment["text"])) if comment else []
    if not places:
        places = [("", int(found[2]), int(found[3] or 0))]
    chain: list[Location] = []
    for depth, (name, number, column) in enumerate(places):
        path = innermost if depth == 0 else files.named(name)
        # Line 0 is LLVM's "no one place"; the call sites around it still hold.
        if number and path:
            chain.insert(0, Location(path, number, column))
    return tuple(chain)


def read_asm(text: str) -> list[TextLine]:
    """Classify each line of assembly and give it the chain of the last `.loc` before it."""
    # LLVM numbers a file at its first `.loc`, but an outer call may name a file numbered later.
    files = _AsmFiles()
    for line in text.splitlines():
        if found := _FILE.match(line):
            files.add(found[1], found[2])
    lines: list[TextLine] = []
    chain: Chain = ()
    located = False
    function = ""
    for line in text.splitlines():
        if found := _BEGIN.search(line):
            function, chain, located = found[1].strip('"'), (), False
        kind = _asm_kind(line)
        if _LOC.match(line):
            chain, located = _loc_chain(line, files), True
        if kind == "code":
            lines.append(TextLine(kind, chain, located and not chain, function))
        else:
            lines.append(TextLine(kind, function=function))
        if "-- End function" in line:
            function, chain, located = "", (), False
    return lines
