"""Which captured variables must be shared, not copied.

Compiled code copies the value of a variable into a function that reads it, which is as Python does
if nothing assigns to the variable afterwards. Where something does (a later assignment, one through
`nonlocal`, or the first one, of a variable that had no value yet), both share a cell on the heap.

That is known when a function has been lowered. Then it is lowered once more, with what was found:

    plan = SharingPlan()
    lower ...                   asks `plan.shared(node)` for what is known to be shared,
                                tells `plan.want(node, name)` what should have been
    plan.renew()                whether to lower again
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

Key = tuple[str, int, int]


def _key(node: ast.AST) -> Key:
    return type(node).__name__, node.lineno, node.col_offset  # type: ignore[attr-defined]  # a located node


@dataclass
class SharingPlan:
    """The shared variables of each function, by where the function stands."""

    known: dict[Key, set[str]] = field(default_factory=dict[Key, set[str]])
    wanted: dict[Key, set[str]] = field(default_factory=dict[Key, set[str]])

    def shared(self, node: ast.AST) -> set[str]:
        """The variables of a function that are shared."""
        return self.known.get(_key(node), set())

    def want(self, node: ast.AST, name: str) -> None:
        """Note that a variable of a function must be shared."""
        self.wanted.setdefault(_key(node), set()).add(name)

    def renew(self) -> bool:
        """Take what is wanted as known; tells whether there is more than before."""
        is_more = False
        for key, names in self.wanted.items():
            known = self.known.setdefault(key, set())
            is_more |= not names <= known
            known |= names
        self.wanted = {}
        return is_more
