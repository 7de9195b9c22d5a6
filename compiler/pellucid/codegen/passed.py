"""Look into Python functions that are passed in: captured values are read, the rest compared.

The type of an argument (`PassedFunction`) has a function that stands for all that are like it. One
is like it if it has the same code, globals and options, and the same objects in the cells and among
the defaults that are not read. So a cell that changes is seen by the next call.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen import pylayout
from pellucid.codegen.models.model import LlValue, ll_i64, ll_ptr
from pellucid.codegen.names import ARGUMENT
from pellucid.codegen.objects import Objects, number
from pellucid.types import PassedFunction
from pellucid.types.functions import default_name

_null = ll.Constant(ll_ptr, None)


class PassedFunctions:
    """Emits what an entry does with arguments that are functions; others go to `ll_miss`."""

    def __init__(self, objects: Objects, ll_miss: ll.Block) -> None:
        self.objects = objects
        self.ll_miss = ll_miss

    def parts(self, ty: PassedFunction, ll_obj: LlValue, path: str) -> list[LlValue]:
        """The objects of the captured values, in their order."""
        ll_like = self.objects.symbol(f"{ARGUMENT}.{path}")
        self._require_same(self.objects.type_of(ll_obj), self.objects.type_of(ll_like))
        pyfunc: Any = ty.pyobj
        if not isinstance(pyfunc, FunctionType):
            pyfunc = pyfunc.py_func
            ll_obj, ll_like = (
                self._function_of(ll_obj, ll_like),
                self._function_of(ll_like, ll_like),
            )
        for offset in (pylayout.FUNCTION_CODE, pylayout.FUNCTION_GLOBALS):
            self._require_same(self._field(ll_obj, offset), self._field(ll_like, offset))
        self._require_same(self._field(ll_obj, pylayout.FUNCTION_KEYWORD_DEFAULTS), _null)
        names, read = pyfunc.__code__.co_freevars, {name for name, _ in ty.captured}
        found: dict[str, LlValue] = {}
        pairs = self._items(ll_obj, ll_like, pylayout.FUNCTION_CELLS, len(names))
        for name, cells in zip(names, pairs, strict=True):
            ll_value, ll_other = (self._field(cell, pylayout.CELL_VALUE) for cell in cells)
            found[name] = ll_value
            if name in read:
                self._require(self.objects.builder.icmp_unsigned("!=", ll_value, _null))
            else:
                self._require_same(ll_value, ll_other)
        count = len(pyfunc.__defaults__ or ())
        code = pyfunc.__code__
        last = code.co_varnames[code.co_argcount - count : code.co_argcount]
        pairs = self._items(ll_obj, ll_like, pylayout.FUNCTION_DEFAULTS, count)
        for name, (ll_value, ll_other) in zip(map(default_name, last), pairs, strict=True):
            found[name] = ll_value
            if name not in read:
                self._require_same(ll_value, ll_other)
        return [found[name] for name, _ in ty.captured]

    def _function_of(self, ll_obj: LlValue, ll_like: LlValue) -> LlValue:
        """The Python function of a dispatcher that was passed before, as one like `ll_like`."""
        ll_passed = self._field(ll_obj, pylayout.DISPATCHER_PASSED)
        self._require(self.objects.builder.icmp_unsigned("!=", ll_passed, _null))
        self._require_same(self._field(ll_passed, pylayout.TUPLE_ITEMS), ll_like)
        return self._field(ll_passed, pylayout.TUPLE_ITEMS + 8)

    def _items(
        self, ll_obj: LlValue, ll_like: LlValue, offset: int, count: int
    ) -> list[tuple[LlValue, LlValue]]:
        """The items of a tuple in a field of both functions."""
        ll_own, ll_other = self._field(ll_obj, offset), self._field(ll_like, offset)
        if count == 0:
            self._require_same(ll_own, _null)
            return []
        self._require(self.objects.builder.icmp_unsigned("!=", ll_own, _null))
        ll_size = self.objects.field(ll_own, pylayout.SIZE, ll_i64, 8)
        self._require_same(ll_size, number(ll_i64, count))
        places = [pylayout.TUPLE_ITEMS + 8 * index for index in range(count)]
        return [(self._field(ll_own, place), self._field(ll_other, place)) for place in places]

    def _field(self, ll_obj: LlValue, offset: int) -> LlValue:
        return self.objects.field(ll_obj, offset, ll_ptr, 8)

    def _require(self, ll_condition: LlValue) -> None:
        self.objects.require(ll_condition, self.ll_miss)

    def _require_same(self, ll_a: LlValue, ll_b: LlValue) -> None:
        self._require(self.objects.is_same(ll_a, ll_b))
