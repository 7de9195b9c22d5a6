"""What a pass is: a frozen dataclass whose fields are its options, with one method, `run`.

A pass keeps no state between functions and reads no global. What it needs of other rooms is in the
`PassContext`; what it decides goes out as events, when it acts and when it declines.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pellucid.base.events import Event, EventSink, NullSink
from pellucid.base.options import Options
from pellucid.base.spans import Span
from pellucid.inference.resolution import Resolved
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.function import Function
from pellucid.types import Type

Specialise = Callable[[Any, tuple[Type, ...], Span, Options], Resolved]
"""What a call of a Python callable for these argument types goes to, with the caller's options.

Any: a Python callable.
"""


@dataclass(frozen=True)
class PassContext:
    """What passes may ask for. Without `specialise`, a pass that needs new functions declines."""

    options: Options = field(default_factory=Options)
    events: EventSink = field(default_factory=NullSink)
    specialise: Specialise | None = None

    def report(
        self,
        kind: str,
        fn: Function,
        span: Span,
        message: str,
        *,
        reason: str = "",
        **data: object,
    ) -> None:
        """Emit an event about `fn`: what was done, or with a reason, what was not."""
        event = Event(kind, span, message, not reason, reason, fn.name, data)
        self.events.emit(event)


@dataclass(frozen=True)
class Pass(ABC):
    """One rewriting of a function."""

    name: ClassVar[str]

    @abstractmethod
    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite the typed function `fn` in place; tell whether anything changed."""


def callees(fn: Function) -> list[FunctionTarget]:
    """The functions that `fn` calls or takes the address of, each once, in order."""
    found: dict[FunctionTarget, None] = {}
    for block in fn.blocks:
        for op in block.ops:
            target = getattr(op, "target", None)
            if isinstance(target, FunctionTarget):
                found[target] = None
            elif target is not None:
                found.update(dict.fromkeys(target.uses))
    return list(found)
