"""Functions and their blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from pellucid.base.options import Options
from pellucid.base.spans import NO_SPAN, Span
from pellucid.ir.ops import Op, Terminator, Unreachable
from pellucid.ir.params import MISSING as MISSING
from pellucid.ir.params import CapturedDefault as CapturedDefault
from pellucid.ir.params import Param as Param
from pellucid.ir.values import Value
from pellucid.types import Signature, Type


@dataclass(eq=False)
class Block:
    """A straight run of ops, entered with `params`, left by `terminator`.

    A cold one is hardly ever run: no effort goes into making it fast.
    """

    name: str
    params: list[Value] = field(default_factory=list[Value])
    ops: list[Op] = field(default_factory=list[Op])
    terminator: Terminator = field(default_factory=Unreachable)
    is_cold: bool = False

    def all_ops(self) -> Iterator[Op]:
        """The ops, the terminator last."""
        yield from self.ops
        yield self.terminator

    def successors(self) -> list[Block]:
        """The blocks that control may go to, in order; a block may occur twice."""
        return [edge.block for edge in self.terminator.edges()]

    def __repr__(self) -> str:
        return f"<block {self.name}>"


@dataclass(frozen=True)
class Mention:
    """A name or attribute in the source that stands for a Python object known while compiling."""

    span: Span
    path: str
    pyobj: Any


@dataclass(eq=False)
class Function:
    """A function of the compiled program, untyped (`sig` is None) or typed.

    `blocks[0]` is the entry; its params are the function's, one for each of `params`: a `*args`
    parameter is one tuple. `is_library` functions leave no frame in a traceback; loops
    of an `is_uninterrupted` one do not ask for signals. `uses` are the
    names in the source that stand for values, read or bound: reading a variable makes no op.

    An untyped `is_generator` yields: a call of it gives a generator, and runs nothing yet.

    A function that is defined in another has `captured` leading parameters, which a closure's
    values fill. `volatile` is one of those variables that changes later: the closure must be gone
    by then, which the front end checks as far as it sees, and inference for calls that return it.
    `home` is the Python function around it, `pycode` what Python compiled it to, if found, and
    `own_name` the variable by which it calls itself: so a closure becomes a Python function.

    `options` of a typed function say what its own operations mean; those that were inlined have
    their own (`options_of`).
    """

    name: str
    params: list[Param]
    blocks: list[Block] = field(default_factory=list[Block])
    span: Span = NO_SPAN
    file: str = ""
    sig: Signature | None = None
    symbol: str = ""
    is_library: bool = False
    options: Options = field(default_factory=Options)
    pyfunc: Any = None
    mentions: list[Mention] = field(default_factory=list[Mention])
    captured: int = 0
    volatile: str = ""
    is_uninterrupted: bool = False
    home: Any = None
    pycode: CodeType | None = None
    own_name: str = ""
    is_generator: bool = False
    uses: list[tuple[Span, Value]] = field(default_factory=list[tuple[Span, Value]])

    @property
    def entry(self) -> Block:
        """Where execution starts."""
        return self.blocks[0]

    @property
    def ret_ty(self) -> Type:
        """The return type, of a typed function."""
        assert self.sig is not None, f"{self.name} is not typed"
        return self.sig.ret

    def ops(self) -> Iterator[Op]:
        """All ops, terminators included, in block order."""
        for block in self.blocks:
            yield from block.all_ops()

    def values(self) -> Iterator[Value]:
        """All values, in definition order."""
        for block in self.blocks:
            yield from block.params
            for op in block.ops:
                if op.result is not None:
                    yield op.result

    def options_of(self, op: Op) -> Options:
        """The options of the function that `op` was written in."""
        site = op.inlined_at
        return self.options if site is None or site.options is None else site.options

    def has_fastmath(self, flags: frozenset[str]) -> bool:
        """Whether any operation may use one of these licences."""
        return any(self.options_of(op).fastmath & flags for op in self.ops())
