"""Lowers `match`: each pattern is a chain of tests that leaves for the next arm when one fails.

    match point:                    branch bool(is_sequence(point)), a, next
      case (0, y) if y > 0: ...   a:
                                    branch bool(len(point) == 2), b, next
                                  b:
                                    branch bool(point[0] == 0), c, next
                                  c:
                                    y = point[1]
                                    branch bool(y > 0), body, next

What the types tell is a literal by the time that types are known: arms that cannot match are not
typed. Names are bound when the whole pattern has matched.
"""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pellucid.base.diagnostics import Diagnostic, Label
from pellucid.base.spans import Span
from pellucid.frontend.context import Context
from pellucid.frontend.expressions import lower_condition, lower_expression
from pellucid.frontend.ssa import Mark
from pellucid.ir.function import Block
from pellucid.ir.protocol import (
    BOOL,
    CONTAINS,
    GETATTR,
    GETITEM,
    IS_MAPPING,
    IS_SEQUENCE,
    MAPPING_REST,
    UNPACK_STAR,
    ref,
)
from pellucid.ir.values import Value

_EQ, _GE, _IS = ref(operator.eq), ref(operator.ge), ref(operator.is_)
_LEN, _ISINSTANCE, _HASATTR = ref(len), ref(isinstance), ref(hasattr)

_MATCHES_ITSELF = 1 << 22
"""The flag of classes whose one positional pattern is the value itself: `int(x)`."""

Captures = dict[str, tuple[ast.Name, Value]]
LowerBody = Callable[[list[ast.stmt]], None]


def lower_match(cx: Context, node: ast.Match, lower_body: LowerBody) -> None:
    """The arms in order; after one has run, or none matched, control goes on behind."""
    subject = lower_expression(cx, node.subject)
    since = cx.ssa.mark()
    done = cx.ssa.new_block("endmatch")
    for case in node.cases:
        other = cx.ssa.new_block("case")
        arm = _Arm(cx, other, cx.ssa.mark())
        span = cx.positions.span(case.pattern, pattern_anchor(cx, case.pattern))
        for name, value in arm.pattern(case.pattern, subject).values():
            cx.store(name, value)
        if case.guard is not None and cx.ssa.reachable:
            body = cx.ssa.new_block("guarded")
            lower_condition(cx, case.guard, body, other, span)
            cx.ssa.start(body, since)
        lower_body(case.body)
        if cx.ssa.reachable:
            cx.ssa.jump(done, span=span)
        cx.ssa.start(other, since)
        if not cx.ssa.reachable:
            break
    if cx.ssa.reachable:
        cx.ssa.jump(done, span=cx.positions.keyword(node))
    cx.ssa.start(done, since)


def pattern_anchor(cx: Context, node: ast.pattern) -> tuple[int, int] | None:
    """The token of a pattern's own test, where it is not the first; None if it is."""
    if isinstance(node, ast.MatchSequence) and node.patterns:
        first = node.patterns[0]
        if (first.lineno, first.col_offset) == (node.lineno, node.col_offset):
            return cx.positions.after(first)
    if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Attribute):
        return cx.positions.after(node.value.value)
    if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.BinOp):
        return cx.positions.after(node.value.left)
    if isinstance(node, ast.MatchClass):
        return cx.positions.after(node.cls)
    if isinstance(node, ast.MatchOr):
        return cx.positions.after(node.patterns[0])
    if isinstance(node, ast.MatchAs) and node.pattern is not None:
        return cx.positions.after(node.pattern)
    return None


@dataclass
class _Arm:
    """The tests of one arm. `other` is where the flow goes when one of them fails."""

    cx: Context
    other: Block
    since: Mark

    def pattern(self, node: ast.pattern, value: Value) -> Captures:
        """Test a value; the names that the pattern binds, and what to."""
        match node:
            case ast.MatchValue():
                expected = lower_expression(self.cx, node.value)
                self.keep(node, self.cx.call(self.span(node), _EQ, value, expected))
            case ast.MatchSingleton():
                span = self.span(node)
                expected = self.cx.const(span, node.value)
                self.keep(node, self.cx.call(span, _IS, value, expected))
            case ast.MatchSequence():
                return self.sequence(node, value)
            case ast.MatchMapping():
                return self.mapping(node, value)
            case ast.MatchClass():
                return self.instance(node, value)
            case ast.MatchAs():
                found = {} if node.pattern is None else self.pattern(node.pattern, value)
                if node.name is not None:
                    found[node.name] = _name_at_end(node, node.name), value
                return found
            case ast.MatchOr():
                return self.alternatives(node, value)
            case _:
                self.cx.refuse(node)
        return {}

    def span(self, node: ast.pattern) -> Span:
        """The range of a pattern, anchored at its own token."""
        return self.cx.positions.span(node, pattern_anchor(self.cx, node))

    def keep(self, node: ast.pattern, test: Value) -> None:
        """Go on if the test is true."""
        cx, span = self.cx, self.span(node)
        more = cx.ssa.new_block("more")
        cx.ssa.branch(cx.call(span, BOOL, test), more, self.other, span=span)
        cx.ssa.start(more, self.since)

    def alternatives(self, node: ast.MatchOr, value: Value) -> Captures:
        """Each but the last fails to the next one; the names are the same in all."""
        cx, span = self.cx, self.span(node)
        matched = cx.ssa.new_block("matched")
        names: dict[str, ast.Name] = {}
        merged: list[Value] = []
        for index, pattern in enumerate(node.patterns):
            is_last = index + 1 == len(node.patterns)
            other = self.other if is_last else cx.ssa.new_block("or")
            found = _Arm(cx, other, self.since).pattern(pattern, value)
            if not index:
                names = {name: at for name, (at, _) in sorted(found.items())}
                merged = [cx.ssa.param(matched, name) for name in names]
            cx.ssa.jump(matched, *(found[name][1] for name in names), span=span)
            if not is_last:
                cx.ssa.start(other, self.since)
        cx.ssa.start(matched, self.since)
        return {name: (at, out) for (name, at), out in zip(names.items(), merged, strict=True)}

    def sequence(self, node: ast.MatchSequence, value: Value) -> Captures:
        """The kind, the length, then the items from left to right."""
        cx, span, patterns = self.cx, self.span(node), node.patterns
        self.keep(node, cx.call(span, IS_SEQUENCE, value))
        stars = [i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)]
        wanted = len(patterns) - len(stars)
        if wanted or not stars:
            length = cx.call(span, _LEN, value)
            compare = _GE if stars else _EQ
            self.keep(node, cx.call(span, compare, length, cx.const(span, wanted)))
        star = stars[0] if stars else len(patterns)
        found: Captures = {}
        for index, pattern in enumerate(patterns):
            if isinstance(pattern, ast.MatchStar):
                if pattern.name is not None:
                    where = cx.positions.span(pattern)
                    counts = [cx.const(where, n) for n in (index, wanted - index)]
                    items = cx.call(where, UNPACK_STAR, value, *counts)
                    rest = cx.call(where, GETITEM, items, cx.const(where, index), hint=pattern.name)
                    found[pattern.name] = _name_at_end(pattern, pattern.name), rest
            elif not _is_wildcard(pattern):
                where = self.span(pattern)
                place = index if index < star else index - len(patterns)
                item = cx.call(where, GETITEM, value, cx.const(where, place), hint=_hint(pattern))
                found |= self.pattern(pattern, item)
        return found

    def mapping(self, node: ast.MatchMapping, value: Value) -> Captures:
        """The kind, all keys, then the values."""
        cx, span = self.cx, self.span(node)
        self.keep(node, cx.call(span, IS_MAPPING, value))
        keys = [lower_expression(cx, key) for key in node.keys]
        for key in keys:
            self.keep(node, cx.call(span, CONTAINS, value, key))
        found: Captures = {}
        for key, pattern in zip(keys, node.patterns, strict=True):
            if not _is_wildcard(pattern):
                item = cx.call(self.span(pattern), GETITEM, value, key, hint=_hint(pattern))
                found |= self.pattern(pattern, item)
        if node.rest is not None:
            rest = cx.call(span, MAPPING_REST, value, *keys, hint=node.rest)
            found[node.rest] = _name_at_start(node, node.rest), rest
        return found

    def instance(self, node: ast.MatchClass, value: Value) -> Captures:
        """The class, then the attributes that its `__match_args__` and the pattern name."""
        cx, span = self.cx, self.span(node)
        known = cx.find_static(node.cls)
        if known is None or not inspect.isclass(known.pyobj):
            what = "class patterns whose class is not known while compiling"
            cx.refuse(node.cls, what if known is None else "class patterns of what is no class")
            return {}
        cls = cx.const(cx.positions.span(node.cls), known.pyobj, known.text, known.path)
        self.keep(node, cx.call(span, _ISINSTANCE, value, cls))
        named = list(zip(node.kwd_attrs, node.kwd_patterns, strict=True))
        if len(node.patterns) == 1 and known.pyobj.__flags__ & _MATCHES_ITSELF:
            found = self.pattern(node.patterns[0], value)
        else:
            found = {}
            named[:0] = self.positional(node, known.pyobj)
        for attribute, pattern in named:
            where = self.span(pattern)
            name = cx.const(where, attribute)
            self.keep(pattern, cx.call(where, _HASATTR, value, name))
            if not _is_wildcard(pattern):
                item = cx.call(where, GETATTR, value, name, hint=_hint(pattern))
                found |= self.pattern(pattern, item)
        return found

    def positional(self, node: ast.MatchClass, cls: Any) -> list[tuple[str, ast.pattern]]:
        """The attributes that positional patterns stand for."""
        names: tuple[str, ...] = getattr(cls, "__match_args__", ())
        count = len(node.patterns)
        if count > len(names):
            accepted = 1 if cls.__flags__ & _MATCHES_ITSELF else len(names)
            plural = "" if accepted == 1 else "s"
            headline = (
                f"{cls.__name__}() accepts {accepted} positional sub-pattern{plural} "
                f"({count} given)"
            )
            self.cx.note(
                Diagnostic(
                    "wrong-arguments",
                    headline,
                    Label(self.span(node)),
                    help=f"`{cls.__name__}.__match_args__` names the attributes they stand for",
                )
            )
        return list(zip(names, node.patterns, strict=False))


def _is_wildcard(node: ast.pattern) -> bool:
    return isinstance(node, ast.MatchAs) and node.name is None and node.pattern is None


def _hint(node: ast.pattern) -> str:
    return node.name if isinstance(node, ast.MatchAs) and node.name is not None else "t"


def _name_at_end(node: ast.pattern, name: str) -> ast.Name:
    """The name in `pattern as name`, `*name` and `name`."""
    return ast.Name(
        name,
        ast.Store(),
        lineno=node.end_lineno,
        col_offset=node.end_col_offset - len(name.encode()),
        end_lineno=node.end_lineno,
        end_col_offset=node.end_col_offset,
    )


def _name_at_start(node: ast.pattern, name: str) -> ast.Name:
    """A name for `**name`, whose own place is not in the tree."""
    return ast.copy_location(ast.Name(name, ast.Store()), node)
