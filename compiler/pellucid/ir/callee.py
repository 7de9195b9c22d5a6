"""What a call calls: a reference before inference, a target after.

A `Ref` names a Python callable that is known while the IR is built: `operator.add`, `numpy.sum`, a
user's function. Inference resolves it (or a value that holds a function) to a `Target`: a
`Primitive`, which code generation emits in place, or a `FunctionTarget`, which is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pellucid.ir.effects import Effects
from pellucid.types import Raised, Signature

if TYPE_CHECKING:
    from pellucid.ir.function import Function


@dataclass(frozen=True, eq=False)
class Ref:
    """A Python callable known while compiling; `path` is its dotted name."""

    path: str
    pyobj: Any  # any Python callable

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class Part:
    """Where a value comes from: an argument as it is, or the part of it at `index`."""

    arg: int
    index: int | None = None


@dataclass(frozen=True, eq=False)
class Primitive:
    """An operation that the compiled language cannot say itself.

    `lower(cg, args)` emits LLVM through the lowering context `cg` (codegen/lowering.py) and returns
    the result; `run(*args)` does the same on the IR interpreter's values. A primitive does not
    raise: library code around it checks and raises. `sig` is concrete: inference converts the
    arguments to `sig.params` first.

    A primitive that only takes aggregates (tuples, records) apart or puts them together says so,
    and passes then see through it: the result is `part`, or has these `parts`. One that takes the
    address of functions names them in `uses`. One that gives a new reference to what an argument
    holds may have a twin that `lends` it, for callers that need it while nothing is changed.

    One that `confines` its arguments leaves them nowhere but in its result, or in an argument that
    can hold them. One that gives new memory may say how to take it `on_stack`: of its arguments, as
    far as they are constants (else None), the primitive that does, or None.
    """

    name: str
    sig: Signature
    lower: Callable[
        [Any, Sequence[Any]], Any
    ]  # codegen's context and llvmlite values: higher rooms
    run: Callable[..., Any]  # interpreter values
    effects: Effects = Effects.PURE
    part: Part | None = None
    parts: tuple[Part, ...] | None = None
    uses: tuple[FunctionTarget, ...] = ()
    lends: Primitive | None = None
    is_lent: bool = False
    confines: bool = False
    on_stack: Callable[..., Primitive | None] | None = None

    def __str__(self) -> str:
        return self.name


NOTHING_RAISED = Raised((), ())


@dataclass(eq=False)
class FunctionTarget:
    """A typed function of the compiled program.

    `symbol` is unique to (implementation, argument types, options). `fn` is None where the body
    is machine code in the cache, which lies at `place` and is loaded once for all that call it;
    `key` names a library function that the cache can keep. One that `is_separate` is never inlined.
    While a recursive function is being inferred, `sig.ret` and `effects` are provisional. `raises`:
    exceptions that may come out, as far as compiled code makes them itself; others may.
    """

    symbol: str
    name: str
    sig: Signature
    fn: Function | None
    effects: Effects = Effects.ANY
    is_library: bool = False
    key: str | None = None
    is_separate: bool = False
    place: str | None = None
    raises: Raised = NOTHING_RAISED

    def __str__(self) -> str:
        return f"@{self.symbol}"


Target = Primitive | FunctionTarget
