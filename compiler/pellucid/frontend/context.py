"""What lowering carries along: the function being built, its names, the mistakes found so far.

A mistake does not end the walk: it is noted, a placeholder value takes the expression's place, and
all mistakes are raised together at the end.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from pellucid.base.diagnostics import Diagnostic, Label
from pellucid.base.spans import Span
from pellucid.frontend.imports import find_import
from pellucid.frontend.positions import Positions
from pellucid.frontend.scopes import Import, Known, Scope, find_attribute
from pellucid.frontend.sharing import SharingPlan
from pellucid.frontend.source import FunctionNode
from pellucid.frontend.ssa import SSA
from pellucid.frontend.unsupported import construct_help, construct_name
from pellucid.ir.builder import Names
from pellucid.ir.callee import Ref
from pellucid.ir.function import Block, Function, Mention
from pellucid.ir.handling import RAISED
from pellucid.ir.ops import Call, Const, Edge, Guard, Op
from pellucid.ir.protocol import (
    BUILD_TUPLE,
    CELL_CLEAR,
    CELL_GET,
    CELL_SET,
    CHECK_BOUND,
    EXCEPTION_CHAIN,
    EXCEPTION_DROP,
    EXCEPTION_ENTER,
    EXCEPTION_LEAVE,
    EXCEPTION_MATCHES,
    EXCEPTION_TAKE,
    MAKE_CELL,
    MAKE_CLOSURE,
    SHOW_VARIABLE,
)
from pellucid.ir.values import Value

_NEVER_RAISE = frozenset(
    (
        *(BUILD_TUPLE, EXCEPTION_CHAIN, EXCEPTION_DROP, EXCEPTION_MATCHES, EXCEPTION_TAKE),
        *(EXCEPTION_ENTER, EXCEPTION_LEAVE),
        *(MAKE_CLOSURE, SHOW_VARIABLE),
    )
)


@dataclass
class Loop:
    """Where `break` and `continue` go."""

    exit: Block
    again: Block


@dataclass
class Protection:
    """A `try` body or a `with` block: where exceptions of its calls go."""

    handler: Block


@dataclass
class Unwinding:
    """What a way out of a block has to do first: a `finally` body, the end of a handler's name."""

    leave: Callable[[], None]


@dataclass
class Handling:
    """An `except` clause, or a `finally` body that an exception led to: what `raise` raises."""

    exception: Value


Region = Loop | Protection | Unwinding | Handling

Place = tuple[Block, Op | None]
"""A point in a block: after an op, or None for the block's start."""


@dataclass(frozen=True)
class Write:
    """A statement that binds a variable to `value`, or unbinds it."""

    place: Place
    node: ast.AST
    value: Value | None


@dataclass(frozen=True)
class Capture:
    """A function that was made in another one, at `place`, and the variables that it reads.

    `own_name` is the variable that it is assigned to at once, whose value inside is itself.
    """

    node: FunctionNode
    code: Function
    value: Value
    place: Place
    reads: Mapping[str, ast.Name]
    own_name: str


def shown_name(node: FunctionNode) -> str:
    """What messages call a function."""
    if isinstance(node, ast.Lambda):
        return "the lambda"
    return f"`{node.name}`" if node.name.isidentifier() else "the generator expression"


_DEEPEST_SIBLING = 3

LowerFunction = Callable[["Context", FunctionNode, str], Value]
"""Makes a function that is defined inside another, known there by a name (empty: by none)."""

LowerExpression = Callable[["Context", Any, str], Value]
"""Makes the value of one kind of expression; the text names it where it is new."""


@dataclass
class Context:
    """The state of lowering one function.

    `parent` is that of the function around it; the outermost has `cells`, the variables around it
    whose values are parameters, or themselves where they are `shared_cells`, and knows itself by
    `own_name`. What belongs to the outermost
    function is shared: mistakes, mentions. `unlisted` are the variables that an `objmode` block
    sets without listing them, and its head. With `shows_variables` debuggers are told of bindings.
    """

    fn: Function
    names: Names
    ssa: SSA
    scope: Scope
    positions: Positions
    loop_names: Mapping[ast.AST, Set[str]]
    outer: Mapping[str, ast.stmt]
    lower_function: LowerFunction
    expressions: Mapping[type[ast.expr], LowerExpression]
    imports: Mapping[str, Import]
    parent: Context | None = None
    own_name: str = ""
    regions: list[Region] = field(default_factory=list["Region"])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    mentioned: set[ast.expr] = field(default_factory=set[ast.expr])
    checks: list[tuple[Call, ast.Name]] = field(default_factory=list[tuple[Call, ast.Name]])
    uses: list[tuple[ast.AST, Value]] = field(default_factory=list[tuple[ast.AST, Value]])
    writes: dict[str, list[Write]] = field(default_factory=dict[str, list["Write"]])
    node: ast.AST = field(default_factory=ast.Pass)
    plan: SharingPlan = field(default_factory=SharingPlan)
    rebound: Set[str] = frozenset()
    siblings: dict[str, tuple[Function, list[ast.Name]]] = field(
        default_factory=dict[str, tuple[Function, list[ast.Name]]]
    )
    shared: dict[str, Value] = field(default_factory=dict[str, Value])
    cells: dict[str, Value] = field(default_factory=dict[str, Value])
    shared_cells: Set[str] = frozenset()
    captured: dict[str, Value] = field(default_factory=dict[str, Value])
    first_reads: dict[str, ast.Name] = field(default_factory=dict[str, ast.Name])
    captures: list[Capture] = field(default_factory=list[Capture])
    itself: Value | None = None
    inner_names: Names = field(default_factory=Names)
    inner_scopes: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    comprehension_count: int = 0
    unlisted: dict[str, ast.Call] = field(default_factory=dict[str, ast.Call])
    shows_variables: bool = False

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
        return self._emit_call(span, callee, args, kwnames, stars, hint).out

    def _emit_call(
        self,
        span: Span,
        callee: Ref | Value,
        args: list[Value],
        kwnames: tuple[str, ...],
        stars: frozenset[int],
        hint: str,
    ) -> Call:
        out = Value(self.names.fresh(hint))
        op = Call(out, callee, args, kwnames, stars, span=span)
        self.ssa.emit(op)
        handler = self.handler()
        if handler is not None and self.ssa.reachable and callee not in _NEVER_RAISE:
            since = self.ssa.mark()
            then = self.ssa.new_block("then")
            self.ssa.end(Guard(op, Edge(then), Edge(handler), span=span))
            self.ssa.start(then, since)
        return op

    def handler(self) -> Block | None:
        """Where an exception that is raised here goes, if not out of the function."""
        for region in reversed(self.regions):
            if isinstance(region, Protection):
                return region.handler
        return None

    def loop(self) -> Loop:
        """The loop that `break` and `continue` mean here."""
        return next(region for region in reversed(self.regions) if isinstance(region, Loop))

    def handled(self) -> Value | None:
        """The exception that is being handled here, as far as the function's own text says."""
        for region in reversed(self.regions):
            if isinstance(region, Handling):
                return region.exception
        return None

    def handler_edge(self) -> Edge | None:
        """The way there."""
        handler = self.handler()
        return None if handler is None else Edge(handler)

    def take_exception(self, span: Span, classes: Value, hint: str = "exc") -> Value:
        """The exception in flight, which is of one of `classes`; it is in flight no more."""
        handled = self.handled()
        if handled is not None:
            self.call(span, EXCEPTION_CHAIN, handled)
        raised = self.const(span, RAISED, "raised", path="pellucid.ir.handling.RAISED")
        exception = self.call(span, EXCEPTION_TAKE, classes, raised, hint=hint)
        self.call(span, EXCEPTION_DROP)
        return exception

    def unwind(self, to: Loop | None = None) -> None:
        """Do what leaving all blocks up to the loop `to`, or the function, asks for."""
        regions = self.regions
        try:
            for depth in range(len(regions) - 1, -1, -1):
                region = regions[depth]
                if region is to:
                    break
                if isinstance(region, Unwinding) and self.ssa.reachable:
                    self.regions = regions[:depth]
                    region.leave()
        finally:
            self.regions = regions

    # Names ----------------------------------------------------------------------------------

    def is_local(self, name: str) -> bool:
        """Whether the name is a variable of the function itself, or of a comprehension there."""
        return name in self.scope.locals or any(name in scope for scope in self.inner_scopes)

    def variable(self, name: str) -> str:
        """The variable that a local name stands for here: comprehensions have their own."""
        for scope in reversed(self.inner_scopes):
            if name in scope:
                return scope[name]
        return name

    def is_bound(self, name: str) -> bool:
        """Whether every way to the present point binds a local variable."""
        return self.ssa.is_bound(self.variable(name))

    def enter_comprehension(self, names: Set[str]) -> Set[str]:
        """Let `names` be new variables, without values, until `leave_comprehension`."""
        self.comprehension_count += 1
        scope = {name: f"{name}.{self.comprehension_count}" for name in sorted(names)}
        for variable in scope.values():
            self.ssa.declare(variable)
            self.ssa.unbind(variable)
            if variable in self.plan.shared(self.node):
                self.shared[variable] = self.call(self.fn.span, MAKE_CELL, hint=variable)
        self.inner_scopes.append(scope)
        return set(scope.values())

    def leave_comprehension(self) -> None:
        """Let the names mean what they meant before."""
        self.inner_scopes.pop()

    def is_variable(self, name: str) -> bool:
        """Whether the name is a variable of the function, or of one around it."""
        if self.is_local(name) or name in self.cells:
            return True
        if self.parent is None:
            return name == self.own_name
        is_outer = not isinstance(self.outer.get(name), ast.Global)
        return is_outer and self.parent.is_variable(name)

    def load(self, node: ast.Name) -> Value:
        """The value of a variable; checked where it may have none."""
        value = self.read(node)
        self.use(node, value)
        return value

    def read(self, node: ast.Name) -> Value:
        """As `load`, for a name that does not stand in the function itself."""
        name = node.id
        if self.is_shared(name):
            span = self.positions.span(node)
            is_own = self.const(span, self.is_local(name))
            args = (self.cell_of(node), self.const(span, name), is_own)
            return self.call(span, CELL_GET, *args, hint=name)
        if not self.is_local(name):
            return self.capture(name, node)
        variable = self.variable(name)
        value = self.ssa.read(variable)
        if self.ssa.is_bound(variable):
            return value
        span = self.positions.span(node)
        flag = self.ssa.read_flag(variable)
        args = [value, flag, self.const(span, name)]
        is_reachable = self.ssa.reachable
        op = self._emit_call(span, CHECK_BOUND, args, (), frozenset(), name)
        if is_reachable:
            self.checks.append((op, node))
        return op.out

    def is_shared(self, name: str) -> bool:
        """Whether the name is a variable in a cell, of this function or of one around it."""
        if self.is_local(name):
            return self.variable(name) in self.shared
        if name in self.cells:
            return name in self.shared_cells
        return self.parent is not None and self.parent.is_shared(name)

    def cell_of(self, node: ast.Name) -> Value:
        """The cell of a shared variable."""
        name = node.id
        return self.shared[self.variable(name)] if self.is_local(name) else self.capture(name, node)

    def capture(self, name: str, node: ast.Name) -> Value:
        """The value of a variable of a function around this one, as it is when this one is made.

        That it stays so is checked when the outer function is done (`captures.py`).
        """
        if name in self.cells:
            return self.cells[name]
        if name == self.own_name:
            if self.itself is None:
                self.itself = Value(self.names.fresh(name))
            return self.itself
        sibling = None if name in self.captured else self._find_sibling(name)
        if sibling is not None:
            return self.lower_function(self, sibling, name)
        if name not in self.captured:
            self.captured[name] = Value(self.names.fresh(name))
            self.first_reads[name] = node
        return self.captured[name]

    def _find_sibling(self, name: str) -> ast.FunctionDef | None:
        """The `def` of a function that is made later, beside a function around this one.

        Two such may call each other. Neither can hold the other as a value: each makes it for
        itself, out of what both capture.
        """
        owner, depth = self.parent, 0
        while owner is not None and not owner.is_local(name):
            if owner.own_name == name:
                return None
            owner, depth = owner.parent, depth + 1
        if owner is None or depth > _DEEPEST_SIBLING:
            return None
        node = owner.scope.locals.get(name)
        is_once = isinstance(node, ast.FunctionDef) and name not in owner.rebound
        if not is_once or owner.variable(name) != name or owner.is_bound(name):
            return None
        assert isinstance(node, ast.FunctionDef)
        args = node.args
        is_plain = not (node.decorator_list or args.defaults or any(args.kw_defaults))
        return node if is_plain else None

    def store(self, node: ast.Name, value: Value) -> None:
        """Bind a local variable."""
        if node.id in self.outer and self.variable(node.id) == node.id:
            is_global = isinstance(self.outer[node.id], ast.Global)
            owner = None if is_global else self._owner(node.id)
            if not is_global and self.is_shared(node.id):
                self.call(self.positions.span(node), CELL_SET, self.cell_of(node), value)
                self.use(node, value)
            elif owner is None:
                word = "global" if is_global else "nonlocal"
                hint = "return the new value" if is_global else "call the function from Python only"
                self.refuse(node, f"assignments to a {word} variable", hint)
            else:
                owner.plan.want(owner.node, node.id)
        else:
            self.bind(node.id, node, value)

    def bind(self, name: str, node: ast.AST, value: Value) -> None:
        """Bind a local variable by a statement of any form."""
        variable = self.variable(name)
        if self.shows_variables:
            span = self.positions.name_token(node)
            self.call(span, SHOW_VARIABLE, self.const(span, name), value)
        if variable in self.shared:
            self.call(self.positions.name_token(node), CELL_SET, self.shared[variable], value)
            self.use(node, value)
            return
        self.ssa.write(variable, value)
        self._note_write(variable, Write(self.place(), node, value))
        self.use(node, value)

    def unbind(self, name: str, node: ast.AST) -> None:
        """What `del`, and the end of an `except` clause, do to a local variable."""
        if name in self.shared:
            self.call(self.positions.span(node), CELL_CLEAR, self.shared[name])
            return
        self.ssa.unbind(name)
        self._note_write(name, Write(self.place(), node, None))

    def delete_outer(self, node: ast.Name) -> None:
        """What `del` does to a global or nonlocal variable."""
        if self.is_shared(node.id):
            self.read(node)
            self.call(self.positions.span(node), CELL_CLEAR, self.cell_of(node))
        else:
            self.store(node, self.placeholder(node))

    def _owner(self, name: str) -> Context | None:
        """The function around this one whose variable the name is."""
        owner = self.parent
        while owner is not None and not owner.is_local(name):
            owner = owner.parent
        return owner

    def _note_write(self, name: str, write: Write) -> None:
        if self.ssa.reachable:
            self.writes.setdefault(name, []).append(write)

    def place(self) -> Place:
        """The present point in the flow."""
        ops = self.ssa.block.ops
        return self.ssa.block, ops[-1] if ops else None

    def use(self, node: ast.AST, value: Value) -> None:
        """Remember that a name in the source stands for a value; the panels show its type."""
        if self.ssa.reachable and not self.fn.is_library:
            self.uses.append((node, value))

    def inner_name(self, name: str) -> str:
        """A name for a function inside this one, unique among those of the outermost function."""
        if self.parent is None:
            return f"{self.fn.name}.{self.inner_names.fresh(name)}"
        return self.parent.inner_name(f"{self.fn.name}.{name}")

    def find_static(self, node: ast.expr) -> Known | None:
        """The Python object that a name, or a chain of module attributes, stands for.

        None if it is not known while compiling. Notes a mention for the panels.
        """
        if isinstance(node, ast.Name):
            known = self._find_name(node.id)
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

    def _find_name(self, name: str) -> Known | None:
        if self.is_local(name):
            found = self.imports.get(name)
            if found is None or self.variable(name) != name or not self.is_bound(name):
                return None
            return find_import(self.scope.pyfunc, *found)
        if self.is_variable(name):
            return None if self.parent is None else self.parent._find_name(name)
        return self.scope.find(name)

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
