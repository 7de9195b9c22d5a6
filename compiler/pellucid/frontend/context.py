"""What lowering carries along: the function being built, its names, the mistakes found so far.

A mistake does not end the walk: it is noted, a placeholder value takes the expression's place, and
all mistakes are raised together at the end.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from pellucid.base.diagnostics import Diagnostic, Label
from pellucid.base.spans import Span
from pellucid.frontend.positions import Positions
from pellucid.frontend.scopes import Known, Scope, find_attribute
from pellucid.frontend.ssa import SSA
from pellucid.frontend.unsupported import construct_help, construct_name
from pellucid.ir.builder import Names
from pellucid.ir.callee import Ref
from pellucid.ir.function import Block, Function, Mention
from pellucid.ir.ops import Call, Const
from pellucid.ir.protocol import CHECK_BOUND
from pellucid.ir.values import Value


@dataclass
class Loop:
    """Where `break` and `continue` go."""

    exit: Block
    again: Block


@dataclass
class Context:
    """The state of lowering one function."""

    fn: Function
    names: Names
    ssa: SSA
    scope: Scope
    positions: Positions
    loop_names: Mapping[ast.AST, Set[str]]
    outer: Mapping[str, ast.stmt]
    loops: list[Loop] = field(default_factory=list[Loop])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    mentioned: set[ast.expr] = field(default_factory=set[ast.expr])
    checks: list[tuple[Call, ast.Name]] = field(default_factory=list[tuple[Call, ast.Name]])

    # Ops ------------------------------------------------------------------------------------

    def const(self, span: Span, pyobj: Any, hint: str = "c", path: str | None = None) -> Value:
        """A constant: any Python object."""
        out = Value(self.names.fresh(hint))
        self.ssa.emit(Const(out, pyobj, path, span=span))
        return out

    def call(self, span: Span, callee: Ref | Value, *args: Value, hint: str = "t") -> Value:
        """A call with positional arguments."""
        return self.call_with(span, callee, list(args), (), frozenset(), hint)

    def call_with(
        self,
        span: Span,
        callee: Ref | Value,
        args: list[Value],
        kwnames: tuple[str, ...],
        stars: frozenset[int],
        hint: str = "t",
    ) -> Value:
        """A call of any form. Every call that the front end makes comes through here."""
        out = Value(self.names.fresh(hint))
        self.ssa.emit(Call(out, callee, args, kwnames, stars, span=span))
        return out

    # Names ----------------------------------------------------------------------------------

    def is_local(self, name: str) -> bool:
        """Whether the name is a variable of the function."""
        return name in self.scope.locals

    def load(self, node: ast.Name) -> Value:
        """The value of a local variable; checked where it may have none."""
        name = node.id
        value = self.ssa.read(name)
        if self.ssa.is_bound(name):
            return value
        span = self.positions.span(node)
        flag = self.ssa.read_flag(name)
        checked = self.call(span, CHECK_BOUND, value, flag, self.const(span, name), hint=name)
        if self.ssa.reachable:
            op = self.ssa.block.ops[-1]
            assert isinstance(op, Call)
            self.checks.append((op, node))
        return checked

    def store(self, node: ast.Name, value: Value) -> None:
        """Bind a local variable."""
        if node.id in self.outer:
            word = "global" if isinstance(self.outer[node.id], ast.Global) else "nonlocal"
            self.refuse(node, f"assignments to a {word} variable", "return the new value")
        else:
            self.ssa.write(node.id, value)

    def find_static(self, node: ast.expr) -> Known | None:
        """The Python object that a name, or a chain of module attributes, stands for.

        None if it is not known while compiling. Notes a mention for the panels.
        """
        if isinstance(node, ast.Name) and not self.is_local(node.id):
            known = self.scope.find(node.id)
        elif isinstance(node, ast.Attribute):
            base = self.find_static(node.value)
            if base is None or not inspect.ismodule(base.pyobj):
                return None
            known = find_attribute(base, node.attr)
        else:
            return None
        if known is not None and node not in self.mentioned:
            self.mentioned.add(node)
            span = self.span_of_mention(node)
            self.fn.mentions.append(Mention(span, known.path or known.text, known.pyobj))
        return known

    def span_of_mention(self, node: ast.Name | ast.Attribute) -> Span:
        """A name at its start, an attribute at its dot."""
        anchor = self.positions.after(node.value) if isinstance(node, ast.Attribute) else None
        return self.positions.span(node, anchor)

    # Mistakes -------------------------------------------------------------------------------

    def note(self, diagnostic: Diagnostic) -> None:
        """Remember a mistake."""
        self.diagnostics.append(diagnostic)

    def refuse(self, node: ast.AST, what: str = "", help: str | None = None) -> None:  # noqa: A002
        """Note that a construct is not supported."""
        what = what or construct_name(node)
        is_compound = isinstance(node, ast.stmt) and (
            hasattr(node, "body") or hasattr(node, "cases")
        )
        span = self.positions.keyword(node) if is_compound else self.positions.span(node)
        self.note(
            Diagnostic(
                "unsupported-syntax",
                f"{what} are not supported yet",
                Label(span),
                help=construct_help(node) if help is None else help,
            )
        )

    def placeholder(self, node: ast.AST) -> Value:
        """A value for what could not be lowered, so that the walk goes on."""
        return self.const(self.positions.span(node), None)
