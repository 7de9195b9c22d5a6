"""Debug locations: each op's anchor as `!DILocation(line, column)`, through its inline chain.

Line tables only: they cost little, and with them LLVM's text and assembly lead back to the
expression. Columns are the anchor's, from 1. Line 0 says that the compiler made the instruction.
"""

from __future__ import annotations

import os
from typing import Any

from llvmlite import ir as ll

from pellucid.base.spans import InlineSite, Span
from pellucid.codegen.models.model import ll_i32
from pellucid.ir.function import Function
from pellucid.ir.ops import Op

MAX_COLUMN = 65535

# llvmlite's metadata nodes share no public class: hence Any.
Node = Any


class DebugInfo:
    """The debug information of one module; every node is made once."""

    def __init__(self, ll_module: ll.Module) -> None:
        self._module = ll_module
        self._files: dict[str, Node] = {}
        self._scopes: dict[tuple[str, str], Node] = {}
        self._sites: dict[tuple[Node, InlineSite], Node] = {}
        self._locations: dict[tuple[Node, InlineSite | None, str, int, int], Node] = {}
        self._unit: Node = None

    def subprogram(self, fn: Function) -> Node:
        """The scope of a function; to be attached to it."""
        return self._subprogram(fn.name, fn.file, fn.span.line, fn.symbol)

    def location(self, op: Op, scope: Node) -> Node:
        """Where an op of the function with this scope stands."""
        span = op.span
        key = (scope, op.inlined_at, span.file, span.anchor_line, span.anchor_col)
        node = self._locations.get(key)
        if node is None:
            node = self._locations[key] = self._place(span, op.inlined_at, scope)
        return node

    def nowhere(self, scope: Node) -> Node:
        """The location of what the compiler made."""
        return self._module.add_debug_info("DILocation", {"line": 0, "column": 0, "scope": scope})

    def _place(self, span: Span, site: InlineSite | None, scope: Node) -> Node:
        parts: dict[str, Node] = _position(span)
        parts["scope"] = scope
        if site is not None:
            parts["scope"] = self._subprogram(site.function, span.file or site.call.file, 0, None)
            parts["inlinedAt"] = self._site(site, scope)
        return self._module.add_debug_info("DILocation", parts)

    def _site(self, site: InlineSite, scope: Node) -> Node:
        node = self._sites.get((scope, site))
        if node is None:
            parts: dict[str, Node] = _position(site.call)
            parts["scope"] = scope
            if site.outer is not None:
                outer = site.outer
                parts["scope"] = self._subprogram(outer.function, site.call.file, 0, None)
                parts["inlinedAt"] = self._site(outer, scope)
            node = self._module.add_debug_info("DILocation", parts, is_distinct=True)
            self._sites[scope, site] = node
        return node

    def _subprogram(self, name: str, file: str, line: int, symbol: str | None) -> Node:
        key = (symbol or f"inlined {name}", file)
        node = self._scopes.get(key)
        if node is None:
            unit = self._compile_unit(file)
            parts: dict[str, Node] = {
                "name": name,
                "scope": self._file(file),
                "file": self._file(file),
                "line": line,
                "type": self._module.add_debug_info(
                    "DISubroutineType", {"types": self._module.add_metadata([None])}
                ),
                "scopeLine": line,
                "spFlags": ll.DIToken("DISPFlagDefinition | DISPFlagOptimized"),
                "unit": unit,
            }
            if symbol is not None:
                parts["linkageName"] = symbol
            node = self._module.add_debug_info("DISubprogram", parts, is_distinct=True)
            self._scopes[key] = node
        return node

    def _file(self, file: str) -> Node:
        node = self._files.get(file)
        if node is None:
            directory, filename = os.path.split(file)
            node = self._module.add_debug_info(
                "DIFile", {"filename": filename or "?", "directory": directory}
            )
            self._files[file] = node
        return node

    def _compile_unit(self, file: str) -> Node:
        if self._unit is None:
            parts = {
                "language": ll.DIToken("DW_LANG_Python"),
                "file": self._file(file),
                "producer": "Pellucid",
                "isOptimized": True,
                "runtimeVersion": 0,
                "emissionKind": ll.DIToken("LineTablesOnly"),
            }
            self._unit = self._module.add_debug_info("DICompileUnit", parts, is_distinct=True)
            self._module.add_named_metadata("llvm.dbg.cu", self._unit)
            version = ll.Constant(ll_i32, 3)
            flag = [ll.Constant(ll_i32, 2), "Debug Info Version", version]
            self._module.add_named_metadata("llvm.module.flags", flag)
        return self._unit


def _position(span: Span) -> dict[str, Node]:
    if span.anchor_line <= 0:
        return {"line": 0, "column": 0}
    return {"line": span.anchor_line, "column": min(span.anchor_col + 1, MAX_COLUMN)}
