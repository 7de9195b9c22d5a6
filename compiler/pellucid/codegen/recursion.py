"""Which functions can be on the stack more than once: they check how much of it is left."""

from __future__ import annotations

from collections.abc import Sequence

from pellucid.ir.callee import FunctionTarget
from pellucid.ir.ops import Call


def recursive_symbols(targets: Sequence[FunctionTarget]) -> set[str]:
    """The symbols of the functions that call themselves, directly or through others."""
    callees = {t.symbol: _callees(t) for t in targets}
    return {symbol for symbol in callees if _reaches_itself(symbol, callees)}


def _callees(target: FunctionTarget) -> set[str]:
    assert target.fn is not None, f"{target.symbol} has no body"
    calls = (op.target for op in target.fn.ops() if isinstance(op, Call))
    return {callee.symbol for callee in calls if isinstance(callee, FunctionTarget)}


def _reaches_itself(symbol: str, callees: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    pending = [symbol]
    while pending:
        for callee in callees.get(pending.pop(), ()):
            if callee == symbol:
                return True
            if callee not in seen:
                seen.add(callee)
                pending.append(callee)
    return False
