"""Variables that functions share, where Python has one of the functions: Python's cells.

A cell that comes in with a function is copied, with its value, and remembers the Python cell as its
`origin`; after the call the value that it has then is put into that. A cell that goes out has one
Python cell for good, which all functions that share it hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import CellType
from typing import Any

from pellucid.codegen import pylayout
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.protocol import box, read_back, unbox, write_back
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.containers.list_objects import is_held, may_change, type_marker
from pellucid.library.objects.calls import (
    MAKES,
    POINTER,
    Gives,
    c_function,
    emit,
    own,
    require_objects,
)
from pellucid.library.objects.checks import is_exact, is_null_object, is_same, null_object
from pellucid.library.objects.conversion import marked, zero
from pellucid.types import Cell, Type, pyobject
from pellucid.types.kinds import static


def _cell(ty: Type) -> Cell:
    if not isinstance(ty, Cell):
        refuse(f"{ty} is no shared variable")
    return ty


@intrinsic
def cell_new(obj):
    """A Python cell that holds an object, or nothing."""
    require_objects(obj)
    return c_function("PyCell_New", Gives.OBJECT, [pyobject], CellType, MAKES)


@intrinsic
def cell_contents(obj):
    """What a Python cell holds; null if that is nothing."""
    require_objects(obj)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        return own(objects, objects.field(args[0], pylayout.CELL_VALUE, POINTER, 8))

    return emit("cell_contents", pyobject(pyobject), body, lambda cell: cell.cell_contents)


@intrinsic
def cell_put(obj, item):
    """Let a Python cell hold an object, or nothing."""
    require_objects(obj, item)

    def run(cell: CellType, value: Any) -> None:
        cell.cell_contents = value

    return c_function("PyCell_Set", Gives.STATUS, [pyobject, pyobject], run)


@static
def value_marker(ty: Type) -> Type:
    """The type of a shared variable's value, as a dtype; `ty` is the variable's."""
    return _cell(marked(ty)).elem_ty


@overload(unbox)
def unbox_cell(obj, ty):
    """A cell that is empty, or whose value is of the variable's type."""
    require_objects(obj)
    _cell(marked(ty))
    return _unbox


def _unbox(obj, ty):
    if not is_exact(obj, "PyCell_Type"):
        return False, zero(ty)
    made = new(ty)
    put(made, "origin", obj)
    held = cell_contents(obj)
    if not is_null_object(held):
        ok, value = unbox(held, value_marker(ty))
        if not ok:
            return False, zero(ty)
        put(made, "value", value)
        put(made, "is_set", True)
    return True, made


@overload(box)
def box_cell(value):
    """The Python cell of a variable, brought up to date."""
    _cell(value)
    return _box


def _box(value):
    origin = get(value, "origin")
    if is_null_object(origin):
        origin = cell_new(null_object())
        put(value, "origin", origin)
    write_back(origin, value)
    return origin


@overload(write_back)
def write_back_cell(obj, value):
    """The value that the variable has now."""
    require_objects(obj)
    _cell(value)
    return _write_back


def _write_back(obj, value):
    if not get(value, "is_set"):
        cell_put(obj, null_object())
        return
    item = get(value, "value")
    if may_change(item):
        old = cell_contents(obj)
        if not is_null_object(old) and is_same(old, get(item, "origin")):
            write_back(old, item)
            return
    cell_put(obj, box(item))


@overload(read_back)
def read_back_cell(obj, value):
    """The value that Python code has given the variable."""
    require_objects(obj)
    _cell(value)
    return _read_back


def _read_back(obj, value):
    held = cell_contents(obj)
    if is_null_object(held):
        put(value, "is_set", False)
        return
    if get(value, "is_set") and is_held(held, get(value, "value")):
        read_back(held, get(value, "value"))
        return
    ok, item = unbox(held, value_marker(type_marker(value)))
    if not ok:
        raise TypeError("Python code gave a variable a value of another type")
    put(value, "value", item)
    put(value, "is_set", True)
