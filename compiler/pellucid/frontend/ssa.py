"""Builds blocks and SSA values while the syntax tree is walked.

After Braun, Buchwald, Hack, Leissa, Mallon and Zwinkau, "Simple and Efficient Construction of
Static Single Assignment Form" (CC 2013): a variable is looked up from block to block, and becomes a
block parameter where ways with different values meet. Two things differ. The source is structured,
so whoever starts a join or a loop says which names were written since a dominating block, and the
lookup of any other name goes there at once: parameters appear only where they may be needed. And
lookups use a list in place of recursion, so a long function does not exhaust Python's stack.

Whether a variable is bound is a second variable, whose value is looked up only where the flow does
not tell. `bound` holds what the flow tells: one bit for each name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from pellucid.base.spans import NO_SPAN, Span
from pellucid.ir.builder import Names
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Const, Edge, Jump, Op, Terminator
from pellucid.ir.protocol import UNBOUND
from pellucid.ir.values import Value

Mark = tuple[Block, int]
"""A point in the flow: the block then current, and how many writes had been made."""

_NOTHING: Set[str] = frozenset()
_FLAG = "?"  # no Python name ends so


class _State:
    """What is known of one block while the function is built."""

    __slots__ = ("bound", "defs", "dominator", "edges", "incomplete", "sealed", "written")

    def __init__(self) -> None:
        self.defs: dict[str, Value] = {}
        self.edges: list[tuple[Block, Edge]] = []
        self.incomplete: list[tuple[str, str, Value]] = []
        self.sealed = False
        self.bound: int = -1
        self.dominator: Block | None = None
        self.written: Set[str] = _NOTHING


class SSA:
    """The flow under construction. Ops go into `block`, which is detached while unreachable."""

    def __init__(
        self, fn: Function, names: Names, variables: Iterable[str], deleted: Set[str]
    ) -> None:
        self.fn = fn
        self.names = names
        self.reachable = True
        self._bits = {name: 1 << index for index, name in enumerate(variables)}
        self._deleted = sum(self._bits[name] for name in deleted)
        self._states: dict[Block, _State] = {}
        self._owners: dict[Value, Block] = {}
        self._log: list[str] = []
        self.unbound, self.true, self.false = Value("unbound"), Value("true"), Value("false")
        self.block = self.new_block("entry")
        self._bound = 0
        self._states[self.block].sealed = True
        fn.blocks.append(self.block)

    # Blocks ---------------------------------------------------------------------------------

    def new_block(self, hint: str) -> Block:
        """A block that is not yet part of the function: `start` puts it there."""
        block = Block(self.names.fresh(hint))
        self._states[block] = _State()
        return block

    def mark(self) -> Mark:
        """The present point, to be given to the `start` of blocks that it dominates."""
        return self.block, len(self._log)

    def start(self, block: Block, since: Mark) -> None:
        """Go on in `block`, whose ways in all exist. Unreachable if there are none."""
        state = self._enter(block)
        state.sealed = True
        if len(state.edges) > 1:
            state.dominator = since[0]
            state.written = set(self._log[since[1] :])

    def start_loop(self, block: Block, written: Set[str]) -> None:
        """Go on in a loop's header; `written` are all names that the loop binds or deletes."""
        state = self._enter(block)
        self._bound &= ~self._deleted
        state.dominator, state.written = state.edges[0][0], written

    def start_exit(self, block: Block, header: Block, written: Set[str]) -> None:
        """Go on after a loop."""
        state = self._enter(block)
        state.sealed = True
        state.dominator, state.written = header, written

    def seal(self, block: Block) -> None:
        """All ways into a loop's header exist now."""
        state = self._states[block]
        state.sealed = True
        for key, name, param in state.incomplete:
            self._fill_all(key, name, [(block, param)])
        state.incomplete.clear()

    def has_entry(self, block: Block) -> bool:
        """Whether any way into `block` exists."""
        return bool(self._states[block].edges)

    def jump(self, block: Block, *args: Value, span: Span = NO_SPAN) -> None:
        """End the current block; what follows is unreachable until a `start`."""
        self.end(Jump(Edge(block, list(args)), span=span))

    def branch(
        self,
        cond: Value,
        then: Block,
        orelse: Block,
        span: Span,
        then_args: Sequence[Value] = (),
        orelse_args: Sequence[Value] = (),
    ) -> None:
        """End the current block."""
        ways = Edge(then, list(then_args)), Edge(orelse, list(orelse_args))
        self.end(Branch(cond, *ways, span=span))

    def end(self, terminator: Terminator) -> None:
        """End the current block by any terminator."""
        self.block.terminator = terminator
        if self.reachable:
            for edge in terminator.edges():
                state = self._states[edge.block]
                state.edges.append((self.block, edge))
                state.bound &= self._bound
        self._detach()

    def emit(self, op: Op) -> None:
        """Append an op to the current block."""
        self.block.ops.append(op)

    def param(self, block: Block, hint: str) -> Value:
        """A parameter of `block` whose arguments the jumps to it give themselves."""
        value = Value(self.names.fresh(hint))
        block.params.append(value)
        self._owners[value] = block
        return value

    def _enter(self, block: Block) -> _State:
        state = self._states[block]
        if state.edges:
            self.block, self._bound, self.reachable = block, state.bound, True
            self.fn.blocks.append(block)
        else:
            self._detach()
        return state

    def _detach(self) -> None:
        self.reachable = False
        self.block = Block("unreachable")
        self._states[self.block] = state = _State()
        state.sealed = True
        self._bound = -1

    # Variables ------------------------------------------------------------------------------

    def declare(self, name: str) -> None:
        """Add a variable, which has no value yet."""
        self._bits.setdefault(name, 1 << len(self._bits))

    def write(self, name: str, value: Value) -> None:
        """Bind a variable."""
        defs = self._states[self.block].defs
        defs[name] = value
        defs[name + _FLAG] = self.true
        self._log.append(name)
        self._bound |= self._bits[name]

    def unbind(self, name: str) -> None:
        """What `del name` leaves."""
        defs = self._states[self.block].defs
        defs[name] = self.unbound
        defs[name + _FLAG] = self.false
        self._log.append(name)
        self._bound &= ~self._bits[name]

    def read(self, name: str) -> Value:
        """The value of a variable; `unbound` where nothing was assigned."""
        return self._read(name, name)

    def is_bound(self, name: str) -> bool:
        """Whether every way to the present point binds the variable."""
        return bool(self._bound & self._bits[name])

    def read_flag(self, name: str) -> Value:
        """A bool value: whether the variable is bound. From now on it counts as bound."""
        flag = self._read(name + _FLAG, name)
        self._bound |= self._bits[name]
        return flag

    def _read(self, key: str, name: str) -> Value:
        pending: list[tuple[Block, Value]] = []
        value = self._look_up(self.block, key, name, pending)
        self._fill_all(key, name, pending)
        return value

    def _look_up(
        self, block: Block, key: str, name: str, pending: list[tuple[Block, Value]]
    ) -> Value:
        passed: list[dict[str, Value]] = []
        while True:
            state = self._states[block]
            value = state.defs.get(key)
            if value is not None:
                break
            passed.append(state.defs)
            if state.dominator is not None and name not in state.written:
                block = state.dominator
            elif not state.sealed:
                value = self.param(block, name)
                state.incomplete.append((key, name, value))
                break
            elif len(state.edges) == 1:
                block = state.edges[0][0]
            elif not state.edges:
                value = self.false if key is not name else self.unbound
                break
            else:
                value = self.param(block, name)
                pending.append((block, value))
                break
        for defs in passed:
            defs[key] = value
        return value

    def _fill_all(self, key: str, name: str, pending: list[tuple[Block, Value]]) -> None:
        while pending:
            block, _ = pending.pop()
            for pred, edge in self._states[block].edges:
                edge.args.append(self._look_up(pred, key, name, pending))

    # The end --------------------------------------------------------------------------------

    def finish(self) -> dict[Value, Value]:
        """Remove parameters that only ever have one value; tells what replaced each."""
        replaced = self._find_trivial()
        if replaced:
            self._drop(replaced)
            for op in self.fn.ops():
                op.map_operands(replaced)
        self._add_constants()
        return replaced

    def _find_trivial(self) -> dict[Value, Value]:
        sources: dict[Value, list[Value]] = {}
        users: dict[Value, list[Value]] = {}
        for param, block in self._owners.items():
            index = block.params.index(param)
            sources[param] = args = [edge.args[index] for _, edge in self._states[block].edges]
            for arg in args:
                users.setdefault(arg, []).append(param)
        replaced: dict[Value, Value] = {}

        def resolve(value: Value) -> Value:
            while value in replaced:
                value = replaced[value]
            return value

        work = list(sources)
        while work:
            param = work.pop()
            if param in replaced:
                continue
            values = {resolve(arg) for arg in sources[param]}
            values.discard(param)
            if len(values) == 1:
                (only,) = values
                replaced[param] = only
                moved = users.get(param, [])
                users.setdefault(only, []).extend(moved)
                work.extend(moved)
        return {param: resolve(param) for param in replaced}

    def _drop(self, replaced: dict[Value, Value]) -> None:
        for block in {self._owners[param] for param in replaced}:
            kept = [i for i, param in enumerate(block.params) if param not in replaced]
            block.params = [block.params[i] for i in kept]
            for _, edge in self._states[block].edges:
                edge.args = [edge.args[i] for i in kept]

    def _add_constants(self) -> None:
        used = {value for op in self.fn.ops() for value in op.operands()}
        made: list[Op] = []
        for value, pyobj in ((self.unbound, UNBOUND), (self.true, True), (self.false, False)):
            if value in used:
                value.name = self.names.fresh(value.name)
                made.append(Const(value, pyobj))
        self.fn.entry.ops[:0] = made
