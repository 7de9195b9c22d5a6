"""Typed containers: lists, dicts and sets that Python and compiled code share without copying.

    from pellucid.typed import List, Dict

    xs = List([1, 2, 3])        # its type is that of the items
    ys = List()                 # its type is that of the first item
    d = Dict.empty(types.unicode_type, types.float64)

What one side changes, the other sees at once. Every operation is compiled code.
"""

from pellucid.typed.containers import Dict, List, Set

__all__ = ["Dict", "List", "Set"]
