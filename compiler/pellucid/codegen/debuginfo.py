"""Debug locations: each op's anchor as `!DILocation(line, column)`, through its inline chain.

Line tables cost little, and with them LLVM's text and assembly lead back to the expression. Columns
are the anchor's, from 1. Line 0 says that the compiler made the instruction.

Code for debuggers (`debug=True`) also tells its variables and their types (`debug_types.py`). There
only the user's functions have places: what they call of the library stands at the call, so that a
debugger steps over it. The language is given as C++, which both gdb and lldb can print values of.

The nodes are written as text here: llvmlite's own would take a quarter of the time of code
generation. They are numbered from FIRST on, above those that llvmlite numbers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from pellucid.base.spans import InlineSite, Span
from pellucid.ir.function import Function
from pellucid.ir.ops import Op

FIRST = 1000
MAX_COLUMN = 65535


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A metadata node, by its reference (`!1003`); llvmlite asks only for that."""

    reference: str

    def get_reference(self) -> str:
        """As llvmlite spells it."""
        return self.reference


class DebugInfo:
    """The debug information of one module; every node is made once.

    Only who reads LLVM's texts needs places: code that just runs is made without them (half of an
    object's bytes are line tables), and then all nodes but those of loops are None.
    """

    def __init__(self, *, with_places: bool, for_debuggers: bool = False) -> None:
        self.with_places = with_places
        self.for_debuggers = for_debuggers
        self._lines: list[str] = []
        self._files: dict[str, Node] = {}
        self._scopes: dict[tuple[str, str], Node] = {}
        self._sites: dict[tuple[Node, InlineSite], Node] = {}
        self._locations: dict[tuple[Node, InlineSite | None, str, int, int], Node] = {}
        self._nowhere: dict[Node, Node] = {}
        self._unit: Node | None = None
        self._type: Node | None = None
        self._as_it_is: Node | None = None

    def subprogram(self, fn: Function) -> Node | None:
        """The scope of a function; to be attached to it."""
        if not self.with_places or (self.for_debuggers and fn.is_library):
            return None
        return self._subprogram(fn.name, fn.file, fn.span.line, fn.symbol)

    def made_by_compiler(self, symbol: str) -> Node:
        """The scope of a function that stands in no source, such as an entry."""
        return self._subprogram(symbol, "", 0, symbol)

    def location(self, op: Op, scope: Node | None) -> Node | None:
        """Where an op of the function with this scope stands."""
        if scope is None:
            return None
        span, site = op.span, op.inlined_at
        if self.for_debuggers:
            while site is not None:
                span, site = site.call, site.outer
        key = (scope, site, span.file, span.anchor_line, span.anchor_col)
        node = self._locations.get(key)
        if node is None:
            node = self._locations[key] = self._place(span, site, scope)
        return node

    def variable(self, name: str, fn: Function, scope: Node, ty: Node, position: int) -> Node:
        """A variable of a function; that of a parameter has a `position`, from 1."""
        at = self.file(fn.file).reference
        argument = f"arg: {position}, " if position else ""
        return self.node(
            f"!DILocalVariable(name: {quoted(name)}, {argument}scope: {scope.reference}, "
            f"file: {at}, line: {fn.span.line}, type: {ty.reference})"
        )

    def start_of(self, fn: Function, scope: Node) -> Node:
        """The location of a function's own line."""
        return self.node(f"!DILocation({_position(fn.span)}, scope: {scope.reference})")

    def nowhere(self, scope: Node | None) -> Node | None:
        """The location of what the compiler made."""
        if scope is None:
            return None
        node = self._nowhere.get(scope)
        if node is None:
            text = f"!DILocation(line: 0, scope: {scope.reference})"
            node = self._nowhere[scope] = self.node(text)
        return node

    def plain_loop(self) -> Node:
        """What a loop's jump back carries so that LLVM neither unrolls nor vectorises the loop."""
        if self._as_it_is is None:
            self._as_it_is = self.node('!{!"llvm.loop.disable_nonforced"}')
        reference = f"!{FIRST + len(self._lines)}"
        return self.node(f"distinct !{{{reference}, {self._as_it_is.reference}}}")

    def text(self) -> str:
        """All nodes, and the names under which LLVM looks for them."""
        if self._unit is None:
            return "\n".join([*self._lines, ""])
        flags = [self.node('!{i32 2, !"Debug Info Version", i32 3}')]
        if self.for_debuggers:
            flags.append(self.node('!{i32 7, !"Dwarf Version", i32 4}'))
        listed = ", ".join(flag.reference for flag in flags)
        names = (
            f"!llvm.dbg.cu = !{{{self._unit.reference}}}",
            f"!llvm.module.flags = !{{{listed}}}",
        )
        return "\n".join([*names, *self._lines, ""])

    def node(self, text: str) -> Node:
        """A node with this text."""
        node = Node(f"!{FIRST + len(self._lines)}")
        self._lines.append(f"{node.reference} = {text}")
        return node

    def reserve(self) -> Node:
        """A node that others may refer to before it has its text; `fill` gives it that."""
        return self.node("")

    def fill(self, node: Node, text: str) -> None:
        """Give a reserved node its text."""
        self._lines[int(node.reference[1:]) - FIRST] = f"{node.reference} = {text}"

    def _place(self, span: Span, site: InlineSite | None, scope: Node) -> Node:
        position = _position(span)
        if site is None:
            return self.node(f"!DILocation({position}, scope: {scope.reference})")
        inner = self._subprogram(site.function, span.file or site.call.file, 0, None)
        at = self._site(site, scope)
        return self.node(
            f"!DILocation({position}, scope: {inner.reference}, inlinedAt: {at.reference})"
        )

    def _site(self, site: InlineSite, scope: Node) -> Node:
        """The place of a call that was inlined; distinct, since calls are."""
        node = self._sites.get((scope, site))
        if node is None:
            position, outer = _position(site.call), site.outer
            if outer is None:
                text = f"distinct !DILocation({position}, scope: {scope.reference})"
            else:
                holder = self._subprogram(outer.function, site.call.file, 0, None).reference
                at = self._site(outer, scope).reference
                text = f"distinct !DILocation({position}, scope: {holder}, inlinedAt: {at})"
            node = self._sites[scope, site] = self.node(text)
        return node

    def _subprogram(self, name: str, file: str, line: int, symbol: str | None) -> Node:
        key = (symbol or f"inlined {name}", file)
        node = self._scopes.get(key)
        if node is None:
            unit, at = self._compile_unit(file), self.file(file)
            if self._type is None:
                types = self.node("!{null}")
                self._type = self.node(f"!DISubroutineType(types: {types.reference})")
            flags = "DISPFlagDefinition"
            if not self.for_debuggers:
                flags += " | DISPFlagOptimized"
            # gdb takes the symbol for the name, and else makes one with C++'s argument types.
            linked = name if self.for_debuggers else symbol
            linkage = "" if linked is None else f"linkageName: {quoted(linked)}, "
            node = self._scopes[key] = self.node(
                f"distinct !DISubprogram(name: {quoted(name)}, {linkage}"
                f"scope: {at.reference}, file: {at.reference}, line: {line}, "
                f"type: {self._type.reference}, scopeLine: {line}, "
                f"spFlags: {flags}, unit: {unit.reference})"
            )
        return node

    def file(self, file: str) -> Node:
        """A source file."""
        node = self._files.get(file)
        if node is None:
            directory, name = os.path.split(file)
            text = f"!DIFile(filename: {quoted(name or '?')}, directory: {quoted(directory)})"
            node = self._files[file] = self.node(text)
        return node

    def _compile_unit(self, file: str) -> Node:
        if self._unit is None:
            at = self.file(file).reference
            language, optimised, kind = "Python", "true", "LineTablesOnly"
            if self.for_debuggers:
                language, optimised, kind = "C_plus_plus_11", "false", "FullDebug"
            self._unit = self.node(
                f"distinct !DICompileUnit(language: DW_LANG_{language}, file: {at}, "
                f'producer: "Pellucid", isOptimized: {optimised}, runtimeVersion: 0, '
                f"emissionKind: {kind})"
            )
        return self._unit


def _position(span: Span) -> str:
    if span.anchor_line <= 0:
        return "line: 0"
    return f"line: {span.anchor_line}, column: {min(span.anchor_col + 1, MAX_COLUMN)}"


def quoted(text: str) -> str:
    """As LLVM escapes strings: other bytes than plain ASCII, quotes, backslashes in hexadecimal."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    escaped = (
        chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:02X}"
        for b in text.encode("utf-8", "surrogatepass")
    )
    return f'"{"".join(escaped)}"'
