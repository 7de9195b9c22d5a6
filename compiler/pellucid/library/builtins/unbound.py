"""Variables that may have no value where they are read."""

from __future__ import annotations

from pellucid.inference.overloads import overload
from pellucid.ir.protocol import check_bound
from pellucid.library.builtins.messages import error_text


@overload(check_bound, literals=["name"], inline=True)
def check_bound_(value, is_bound, name):
    """`value`; UnboundLocalError unless `is_bound`."""
    message = error_text(check_bound, None, False, name.value)

    def impl(value, is_bound, name):
        if not is_bound:
            raise UnboundLocalError(message)
        return value

    return impl
