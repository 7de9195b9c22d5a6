"""Variables that functions share: one captures it, and one of them assigns to it later."""

from __future__ import annotations

from pellucid.inference.overloads import overload, refuse
from pellucid.inference.variables import Widening, bind
from pellucid.ir.protocol import SharedVariable, cell_clear, cell_get, cell_set, container
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.builtins.messages import error_text
from pellucid.types import Cell, Type
from pellucid.types.convert import can_convert
from pellucid.types.unify import unify


def _cell(ty: Type) -> Cell:
    if not isinstance(ty, Cell):
        refuse(f"{ty.base} is no shared variable")
    return ty


@overload(container)
def container_cell(dtype):
    """A variable of a type, without a value."""
    _cell(dtype.dtype)
    return _new


def _new(dtype):
    return new(dtype)


@overload(cell_get, literals=["name", "is_own"], inline=True)
def get_value(cell, name, is_own):
    """The value; an error if there is none."""
    _cell(cell)
    message = error_text(cell_get, SharedVariable(), name.value, is_own.value)

    def impl(cell, name, is_own):
        if not get(cell, "is_set"):
            if is_own:
                raise UnboundLocalError(message)
            raise NameError(message)
        return get(cell, "value")

    return impl


@overload(cell_set, inline=True)
def set_value(cell, value):
    """Assign the variable: what it may hold joins."""
    ty = _cell(cell)
    bind(ty.elem_ty, value)
    bind(value.base, ty.elem_ty)
    joined = unify(ty.elem_ty, value.base)
    if joined is None:
        refuse(f"the variable holds {ty.elem_ty}, and is assigned {value.base} here")
    if joined != ty.elem_ty or not can_convert(value, ty.elem_ty):
        reason = f"a shared variable that holds {ty.elem_ty} is assigned {value.base}"
        raise Widening(ty, Cell(joined), reason)
    return _set


def _set(cell, value):
    put(cell, "value", value)
    put(cell, "is_set", True)


@overload(cell_clear, inline=True)
def clear_value(cell):
    """What `del` does."""
    _cell(cell)
    return _clear


def _clear(cell):
    put(cell, "is_set", False)
