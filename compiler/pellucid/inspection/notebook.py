"""Which notebook cell a file name stands for; the kernel side notes it when a cell runs.

The compiler does not know notebooks: it knows file names, and IPython gives each run of a cell its
own. So the join is a table from names to cells, empty outside a notebook.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A cell's id in its notebook, and how many of its lines stand above line 1 of the file."""

    id: str | None
    offset: int


_CELLS: dict[str, Cell] = {}


def note_cell(file: str, cell: Cell) -> None:
    """Remember the cell that was compiled under this file name."""
    _CELLS[file] = cell


def cell_of(file: str) -> str | None:
    """The id of the cell behind a file name, if there is one."""
    found = _CELLS.get(file)
    return None if found is None else found.id


def cell_offset(file: str) -> int:
    """How many lines of its cell stand above line 1 of a file; `%%jit` leaves none."""
    found = _CELLS.get(file)
    return 0 if found is None else found.offset
