"""Calls that Python does, because an argument is a Python object.

What is called is asked in this order:

    1. the overloads for objects (`overloads.object_key`): operators, attributes, items, iteration
    2. what compiled code has for any type: `enumerate`, a user's function
    3. the callable itself, as a Python object, called with its arguments as objects

In the third case the result is an object. Functions that the user wrote beside the one that is
compiled are not given to Python: what is wrong with them is an error.
"""

from __future__ import annotations

import operator
import types as pytypes
from collections.abc import Callable as PyCallable
from typing import TYPE_CHECKING, Any

from pellucid.base.diagnostics import CompileError
from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments, Given, Receiver, Recipe, plain_type
from pellucid.inference.generators import call_of
from pellucid.inference.overloads import Overload, object_key
from pellucid.inference.resolution import Resolution
from pellucid.ir.builder import Builder
from pellucid.ir.function import Function
from pellucid.ir.ops import Call
from pellucid.ir.params import Param
from pellucid.ir.protocol import (
    BOX,
    BUILD_LIST,
    CALL_PYTHON,
    CALL_SPREAD,
    GETATTR,
    LIST_APPEND,
    LIST_EXTEND,
)
from pellucid.ir.values import Value
from pellucid.types import (
    BoundMethod,
    Callable,
    Dispatcher,
    DType,
    HeapType,
    Literal,
    PyObject,
    Tuple,
    Type,
)

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame
    from pellucid.inference.program import Program

DTYPE_CALL = "pellucid.types.DType.call"


_ITEMS = (operator.getitem, operator.setitem, operator.delitem)


def concerns_objects(callee_ty: Type, arguments: Arguments) -> bool:
    """Whether a Python object is called, or passed."""
    return isinstance(callee_ty, PyObject) or any(map(_holds_object, arguments.types))


def _holds_object(ty: Type) -> bool:
    return isinstance(ty, PyObject) or (isinstance(ty, Tuple) and any(map(_holds_object, ty.elems)))


class PythonCalls:
    """What of a program's calls has to do with Python objects."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._callers: dict[object, Function] = {}

    def resolve(
        self,
        op: Call,
        callee_ty: Type,
        arguments: Arguments,
        caller: Frame | None,
        compiled: PyCallable[[], Resolution],
    ) -> Resolution:
        """What a call does that concerns objects; `compiled` resolves it as any other."""
        if isinstance(callee_ty, PyObject):
            return self._call(op, callee_ty, None, arguments, caller)
        direct = any(isinstance(ty, PyObject) for ty in arguments.types)
        is_dtype = isinstance(callee_ty, DType)
        path = DTYPE_CALL if is_dtype else getattr(callee_ty, "path", "")
        found = self._program.overloads.find(object_key(path)) if direct else []
        told: CompileError | None = None
        if found:
            given = arguments.of(callee_ty) if is_dtype else arguments
            try:
                return self._program.resolve_overloads(op, path, found, given, caller)
            except CompileError as problem:
                told = problem
        try:
            return compiled()
        except CompileError as problem:
            told = told or problem
        if self._is_pythons(callee_ty, arguments):
            try:
                return self._call(op, callee_ty, callee_ty, arguments, caller)
            except CompileError as problem:
                # What compiled code said is what the user can mend.
                raise told from problem
        raise told

    def _is_pythons(self, callee_ty: Type, arguments: Arguments) -> bool:
        """Whether Python may call what compiled code cannot.

        What is in a container of compiled code is not looked for in a copy of all of it.
        """
        if isinstance(callee_ty, BoundMethod):
            # A container would be a copy: what the method does to it would be lost.
            return not isinstance(callee_ty.receiver, HeapType)
        pyobj = callee_ty.pyobj if isinstance(callee_ty, (Callable, Dispatcher)) else None
        if pyobj is None or isinstance(pyobj, (Overload, Function)):
            return False
        if pyobj in _ITEMS and isinstance(arguments.types[0], HeapType):
            return False
        package = _package(pyobj)
        if package == "pellucid" or hasattr(pyobj, "py_func"):
            return False
        if not isinstance(pyobj, pytypes.FunctionType):
            return True
        root = self._program.root
        return root is None or package != _package(root.fn.pyfunc)

    def _call(
        self,
        op: Call,
        callee_ty: Type,
        known: Type | None,
        arguments: Arguments,
        caller: Frame | None,
    ) -> Resolution:
        """A call by Python: of an object, or of what `known` is the type of."""
        positional = len(arguments.types) - len(arguments.kwnames)
        spread = frozenset(i for i in arguments.stars if not isinstance(arguments.types[i], Tuple))
        shape = (positional, arguments.kwnames, arguments.stars, spread)
        name = known.name if isinstance(known, BoundMethod) else None
        pyobj = getattr(known, "pyobj", None)
        key = (name or id(pyobj), shape, op.span)
        code = self._callers.get(key)
        if code is None:
            code = self._callers[key] = _build(name, pyobj, *shape, op.span)
        recipes: tuple[Recipe, ...] = tuple(map(Given, range(len(arguments.types))))
        arg_tys = tuple(
            ty if isinstance(ty, Literal) and isinstance(ty.value, str) else plain_type(ty)
            for ty in arguments.types
        )
        if known is None or name is not None:
            recipes = (Receiver(), *recipes)
            first = callee_ty.receiver if isinstance(callee_ty, BoundMethod) else callee_ty
            arg_tys = (plain_type(first), *arg_tys)
        frame = self._program.call_frame(code, arg_tys, caller, is_library=True)
        return call_of(frame, recipes)


def _package(pyobj: Any) -> str:
    return (getattr(pyobj, "__module__", None) or "").partition(".")[0]


def _build(
    method: str | None,
    pyobj: Any,
    positional: int,
    kwnames: tuple[str, ...],
    stars: frozenset[int],
    spread: frozenset[int],
    span: Span,
) -> Function:
    """The function that has Python call something with objects.

    That is its first argument, or a method of it, or `pyobj`. The arguments at `stars` are starred;
    of those at `spread` the length is not known.
    """
    is_given = method is not None or pyobj is None
    names = [*(["function"] if is_given else []), *(f"a{i}" for i in range(positional))]
    names += [f"k{i}" for i in range(len(kwnames))]
    fn = Function("call", [Param(name, 0) for name in names], span=span, is_library=True)
    builder = Builder(fn)
    builder.span = span
    entry = builder.new_block("entry")
    builder.block = entry
    args = [builder.param(entry, name) for name in names]
    function = args.pop(0) if is_given else builder.const(pyobj, "function")
    if method is not None:
        obj = builder.call(BOX, function)
        function = builder.call(GETATTR, obj, builder.const(method))
    keywords = args[positional:]
    if spread:
        items = _collect(builder, args[:positional], stars)
        called = builder.call(CALL_SPREAD, function, items, *keywords, kwnames=kwnames)
    else:
        moved = frozenset(i + 1 for i in stars)
        called = builder.call(CALL_PYTHON, function, *args, kwnames=kwnames, stars=moved)
    builder.ret(called)
    return fn


def _collect(builder: Builder, args: list[Value], stars: frozenset[int]) -> Value:
    """The list of positional arguments, as objects."""
    items = builder.call(BUILD_LIST)
    for index, arg in enumerate(args):
        if index in stars:
            builder.call(LIST_EXTEND, items, builder.call(BOX, arg))
        else:
            builder.call(LIST_APPEND, items, builder.call(BOX, arg))
    return items
