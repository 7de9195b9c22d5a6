"""What `namedtuple` gives its classes beside the fields: `_make` and `_asdict`."""

from __future__ import annotations

from pellucid.inference.instances import NAMED_TUPLE_MAKE
from pellucid.inference.overloads import overload, overload_method, refuse
from pellucid.ir.protocol import build_dict
from pellucid.library.builtins.structs import format_error
from pellucid.library.builtins.unpacking import pick
from pellucid.types import Callable, Tuple

WRONG_COUNT = "Expected {} arguments, got {}"


@overload(NAMED_TUPLE_MAKE)
def make(cls, iterable):
    """An instance of a class, of the items of an iterable."""
    assert isinstance(cls, Callable)
    count = len(cls.pyobj._fields)
    if isinstance(iterable, Tuple):
        if len(iterable.elems) != count:
            refuse(WRONG_COUNT.format(count, len(iterable.elems)))
        return _of_tuple

    def of_iterable(cls, iterable):
        items = list(iterable)
        if len(items) != count:
            raise format_error(TypeError, WRONG_COUNT, count, len(items))
        return cls(*pick(items, 0, count))

    return of_iterable


def _of_tuple(cls, iterable):
    return cls(*iterable)


@overload_method(Tuple, "_asdict")
def asdict(self):
    """The fields by name; of fields of several types, a mapping that does not change."""
    if not isinstance(self, Tuple) or self.cls is None:
        refuse(f"{self.base} has no names")
    return _asdict


def _asdict(self):
    return build_dict(*with_names(self._fields, self))


def with_names(names, values):
    """Names and values by turns."""
    if len(names) == 0:
        return ()
    return (names[0], values[0], *with_names(names[1:], values[1:]))
