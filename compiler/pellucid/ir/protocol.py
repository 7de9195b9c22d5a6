"""The functions that stand for Python's own protocols in IR: iteration, displays, text, ...

The front end emits calls to them where Python has syntax and no function. Each is an ordinary
Python function that does the right thing on Python objects, so untyped IR runs in the reference
interpreter; the library holds their typed implementations (`library/builtins/`).

Iteration is functional, so that it fits SSA: a loop over `x` is

    state = iter_start(x)
    while iter_valid(x, state):
        item = iter_value(x, state)
        ...
        state = iter_next(x, state)

`yield from x` is such a loop too, which passes on what is sent, and ends with `iter_result`. In
untyped IR a generator's `yield` is a call of `yield_`; inference makes of its body a function that
`go_on` calls (`inference/generators.py`).
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.ir.callee import Ref
from pellucid.ir.handling import (
    exception_capture,
    exception_cause,
    exception_chain,
    exception_drop,
    exception_enter,
    exception_field,
    exception_handled,
    exception_leave,
    exception_matches,
    exception_restore,
    exception_take,
    exception_value,
    exit_class,
)


@dataclass(frozen=True)
class PythonIteration:
    """The state of an iteration over a Python object: one item is read ahead."""

    iterator: Iterator[Any]
    valid: bool
    value: Any = None
    result: Any = None


def iter_start(iterable: Any) -> Any:
    """The state before the first item."""
    return _advance(iter(iterable))


def iter_valid(iterable: Any, state: Any) -> bool:  # noqa: ARG001 (the typed one may read it)
    """Whether there is an item at `state`."""
    return state.valid


def iter_value(iterable: Any, state: Any) -> Any:  # noqa: ARG001
    """The item at `state`, which is valid."""
    return state.value


def iter_next(iterable: Any, state: Any) -> Any:  # noqa: ARG001
    """The state after `state`, which is valid."""
    return _advance(state.iterator)


def iter_send(iterable: Any, state: Any, sent: Any) -> Any:  # noqa: ARG001
    """As `iter_next`, where `yield from` was sent something."""
    return _advance(state.iterator, sent)


def iter_throw(iterable: Any, state: Any, thrown: Any) -> Any:  # noqa: ARG001
    """As `iter_next`, where an exception was thrown at a `yield from`; GeneratorExit ends it."""
    iterator = state.iterator
    if isinstance(thrown, GeneratorExit):
        if hasattr(iterator, "close"):
            iterator.close()
        raise thrown
    if not hasattr(iterator, "throw"):
        raise thrown
    try:
        return PythonIteration(iterator, True, iterator.throw(thrown))
    except StopIteration as stop:
        return PythonIteration(iterator, False, result=stop.value)


def iter_result(iterable: Any, state: Any) -> Any:  # noqa: ARG001
    """What a generator returned, whose `state` is not valid; None of others."""
    return state.result


def _advance(iterator: Any, sent: Any = None) -> PythonIteration:
    try:
        item = next(iterator) if sent is None else iterator.send(sent)
    except StopIteration as stop:
        return PythonIteration(iterator, False, result=stop.value)
    return PythonIteration(iterator, True, item)


def yield_(item: Any, iterable: Any = None) -> Any:
    """`yield item`: what was sent. With `iterable`, one of the yields of `yield from iterable`."""
    message = f"{item} of {iterable} is yielded outside of a generator"
    raise TypeError(message)


def go_on(generator: Any, sent: Any, thrown: Any) -> Any:
    """What `resume` and `throw_into` do, but that StopIteration may come out of it."""
    message = f"only compiled code can resume {generator} with {sent} or {thrown}"
    raise TypeError(message)


def resume(generator: Any, sent: Any) -> Any:
    """Run a generator of compiled code to its next `yield`, or to its end.

    The result is a record: `valid` tells whether there is an item, which is `value`; otherwise
    `result` is what the generator returned.
    """
    message = f"only compiled code can resume {generator} with {sent}"
    raise TypeError(message)


def throw_into(generator: Any, exception: Any) -> Any:
    """As `resume`, but the `yield` at which the generator stands raises a caught exception."""
    message = f"only compiled code can throw {exception} into {generator}"
    raise TypeError(message)


def receive(sent: Any, thrown: Any) -> Any:
    """What a `yield` does when its generator goes on: gives what was sent, or raises."""
    if thrown is not None:
        raise thrown
    return sent


def next_object(generator: Any, sent: Any, thrown: Any) -> tuple[bool, Any]:
    """What the Python object that stands for a generator asks it for an item, as an object."""
    message = f"only compiled code can resume {generator} with {sent} or {thrown}"
    raise TypeError(message)


def new_object(dtype: Any) -> Any:
    """An object of a heap type, whose fields are zero."""
    message = f"only compiled code can make a {dtype}"
    raise TypeError(message)


def get_field(obj: Any, name: str) -> Any:
    """A field of a heap object."""
    message = f"only compiled code can read `{name}` of {obj}"
    raise TypeError(message)


def put_field(obj: Any, name: str, value: Any) -> None:
    """Assign a field of a heap object."""
    message = f"only compiled code can assign `{name}` of {obj}: {value}"
    raise TypeError(message)


def build_tuple(*items: Any) -> tuple[Any, ...]:
    """`(a, b, c)`."""
    return items


def container(dtype: Any, *items: Any) -> Any:
    """The container of a type and of items: what `[]` is once it is known what it holds."""
    message = f"container({dtype}, {items}) has a meaning in compiled code only"
    raise TypeError(message)


class SharedVariable:
    """A variable that functions share, in the untyped interpreter."""

    value: Any = None
    is_set = False


def make_cell() -> SharedVariable:
    """A variable without a value that functions share."""
    return SharedVariable()


def cell_get(cell: Any, name: str, is_own: bool) -> Any:
    """The value of a shared variable, in the function whose own it is or in another one."""
    if not cell.is_set and is_own:
        message = f"cannot access local variable '{name}' where it is not associated with a value"
        raise UnboundLocalError(message)
    if not cell.is_set:
        place = "where it is not associated with a value in enclosing scope"
        message = f"cannot access free variable '{name}' {place}"
        raise NameError(message)
    return cell.value


def cell_set(cell: Any, value: Any) -> None:
    """Assign a shared variable."""
    cell.value, cell.is_set = value, True


def cell_clear(cell: Any) -> None:
    """Leave a shared variable without a value."""
    cell.value, cell.is_set = None, False


def shared_container(dtype: Any) -> Any:
    """The same of a container that Python sees as what it is (`pellucid.typed`)."""
    message = f"shared_container({dtype}) has a meaning in compiled code only"
    raise TypeError(message)


def build_keywords(*names_and_values: Any) -> dict[str, Any]:
    """The keyword arguments that a `**kwargs` parameter takes."""
    return dict(zip(names_and_values[::2], names_and_values[1::2], strict=True))


def unpack(iterable: Any, count: int) -> tuple[Any, ...]:
    """The items of `iterable` as a tuple; ValueError unless there are exactly `count`."""
    items = tuple(iterable)
    if len(items) < count:
        message = f"not enough values to unpack (expected {count}, got {len(items)})"
        raise ValueError(message)
    if len(items) > count:
        message = f"too many values to unpack (expected {count})"
        raise ValueError(message)
    return items


def unpack_star(iterable: Any, before: int, after: int) -> tuple[Any, ...]:
    """As `a, b, *rest, z = iterable`: the items before, a list of the rest, the items after."""
    items = list(iterable)
    if len(items) < before + after:
        expected = f"expected at least {before + after}, got {len(items)}"
        message = f"not enough values to unpack ({expected})"
        raise ValueError(message)
    stop = len(items) - after
    return (*items[:before], items[before:stop], *items[stop:])


# Displays and comprehensions ----------------------------------------------------------------------
#
#     [a, b]                    build_list(a, b)
#     [*a, b]                   r = build_list();  list_extend(r, a);  list_append(r, b)
#     [f(x) for x in it]        r = build_list();  list_reserve(r, it);
#                               a loop with list_append(r, f(x))
#     {a, *b}, {f(x) for ...}   the same with build_set, set_update and set_add
#     {k: v}                    build_dict(k, v)
#     {**d, k: v}               r = build_dict();  dict_update(r, d);  dict_setitem(r, k, v)
#
# The container is fresh, and nothing else sees it before it is complete. One that is built without
# items has a type variable in its type, which the first item binds.


def build_list(*items: Any) -> list[Any]:
    """`[a, b, c]`."""
    return list(items)


def list_append(items: list[Any], item: Any) -> None:
    """One more item of a list that is being built."""
    items.append(item)


def list_reserve(items: list[Any], iterable: Any) -> None:
    """Room in a new list for as many items as `iterable` has, where that is known at once."""


def list_extend(items: list[Any], iterable: Any) -> None:
    """`*iterable` in a list that is being built; a tuple's items may differ in type."""
    items.extend(iterable)


def build_set(*items: Any) -> set[Any]:
    """`{a, b, c}`; without items an empty set, which Python has no display for."""
    return set(items)


def set_add(items: set[Any], item: Any) -> None:
    """One more item of a set that is being built."""
    items.add(item)


def set_update(items: set[Any], iterable: Any) -> None:
    """`*iterable` in a set that is being built."""
    items.update(iterable)


def build_dict(*keys_and_values: Any) -> dict[Any, Any]:
    """`{k: v, ...}` of `(k, v, ...)`."""
    return dict(zip(keys_and_values[::2], keys_and_values[1::2], strict=True))


def dict_setitem(items: dict[Any, Any], key: Any, value: Any) -> None:
    """One more item of a dict that is being built, or another value of a key that it has."""
    items[key] = value


def dict_update(items: dict[Any, Any], mapping: Any) -> None:
    """`**mapping` in a dict that is being built."""
    if not hasattr(mapping, "keys"):
        message = f"'{type(mapping).__name__}' object is not a mapping"
        raise TypeError(message)
    items.update(mapping)


# Text ---------------------------------------------------------------------------------------------


def format_value(value: Any, conversion: str, spec: str) -> str:
    """`{value!conversion:spec}` of an f-string; the conversion is a literal: s, r, a or none."""
    convert = {"s": str, "r": repr, "a": ascii}.get(conversion)
    return format(value if convert is None else convert(value), spec)


def join_str(*parts: str) -> str:
    """The parts of an f-string as one string."""
    return "".join(parts)


# Patterns -----------------------------------------------------------------------------------------
#
# What `match` asks beside isinstance, len, comparisons, getitem and getattr. The answers are
# literals where the type tells, so that arms which cannot match are not typed.


def is_sequence(value: Any) -> bool:
    """Whether a sequence pattern may match: a tuple, list, range, ... but no text and no bytes."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))


def is_mapping(value: Any) -> bool:
    """Whether a mapping pattern may match."""
    return isinstance(value, Mapping)


def mapping_rest(mapping: Any, *keys: Any) -> dict[Any, Any]:
    """What `**rest` of a mapping pattern binds: a new dict of the items with other keys."""
    return {key: value for key, value in mapping.items() if key not in keys}


# Variables and functions --------------------------------------------------------------------------


def check_bound(value: Any, is_bound: bool, name: str) -> Any:
    """`value` of the variable `name`; UnboundLocalError if nothing was assigned on this path."""
    if not is_bound:
        message = f"cannot access local variable '{name}' where it is not associated with a value"
        raise UnboundLocalError(message)
    return value


def unwrap_optional(value: Any) -> Any:
    """`value`, which must not be None; TypeError if it is."""
    if value is None:
        message = "expected a value, got None"
        raise TypeError(message)
    return value


def not_none(value: Any) -> Any:
    """`value`, which a test on the way here has found not to be None."""
    return value


def present(instance: Any, name: str) -> Any:
    """`instance`, whose attribute is asked for, and which must not be None."""
    if instance is None:
        message = f"'NoneType' object has no attribute {name!r}"
        raise AttributeError(message)
    return instance


def make_closure(code: Any, *captured: Any) -> Any:  # noqa: ARG001 (the interpreter takes them)
    """The function whose body is `code`, with the values that it captures."""
    message = f"{code.name} is a function of the IR, which only its interpreter can make"
    raise TypeError(message)


def union_is(function: Any, index: int) -> bool:
    """Whether `function`, one of several, is the one at `index`."""
    message = f"{function} is no union of functions at {index}: only typed code has them"
    raise TypeError(message)


def union_get(function: Any, index: int) -> Any:
    """`function`, which is the one at `index` of several."""
    message = f"{function} is no union of functions at {index}: only typed code has them"
    raise TypeError(message)


def unbox(obj: Any, ty: Any) -> tuple[bool, Any]:  # noqa: ARG001 (the typed one reads it)
    """(whether a Python object is a `ty`, its value)."""
    return True, obj


def unbox_known(obj: Any, ty: Any) -> tuple[bool, Any]:  # noqa: ARG001 (the typed one reads it)
    """The same of what `unbox` did not take, where `typeof` says that it converts to `ty`."""
    return True, obj


def box(value: Any) -> Any:
    """A value as a Python object."""
    return value


def write_back(obj: Any, value: Any) -> None:
    """Let the Python object that a value was made from take on what became of the value."""


def call_python(function: Any, *args: Any, **kwargs: Any) -> Any:
    """`function(*args, **kwargs)`, by Python: its result is a Python object."""
    return function(*args, **kwargs)


def call_spread(function: Any, items: list[Any], **kwargs: Any) -> Any:
    """The same with arguments whose number is known at run time only."""
    return function(*items, **kwargs)


def read_back(obj: Any, value: Any) -> None:
    """Let a value take on what Python code made of the object that it was given for it."""


def to_function(function: Any, ty: Any) -> Any:  # noqa: ARG001 (the typed one reads it)
    """A function known while compiling as any function with the signature of `ty`."""
    return function


def run_block(block: Any, inputs: tuple[Any, ...]) -> Any:
    """What a block for the interpreter (`object_mode.py`) sets, given what it reads."""
    return block(inputs)


def run_function(block: Any, inputs: tuple[Any, ...]) -> Any:
    """What a whole function that the interpreter runs returns."""
    return block(inputs)


for _function in (unbox, unbox_known, box, write_back, read_back):
    _function.__module__ = "pellucid.runtime"  # the keys of their overloads: pellucid.runtime.box


def show_variable(name: str, value: Any) -> None:
    """A variable of the source got a value: compiled for debugging, it is where debuggers look."""


class _Unbound:
    """What a variable holds on a path that assigned nothing to it."""

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND = _Unbound()
"""A `Const` of this has the type `undefined`, which joins with any type."""


def ref(function: Any, path: str | None = None) -> Ref:
    """A reference to a Python callable; its path is made from its module and name."""
    return Ref(path or callable_path(function), function)


_PUBLIC = frozenset({"_operator", "_functools", "_heapq", "_bisect", "_struct"})
"""Modules in C whose functions are known by the public module's name."""


def callable_path(pyobj: Any) -> str:
    """The dotted name by which library index and IR text know a Python callable.

    `operator.add`, `builtins.len`, `math.sin`, `numpy.sum` (ufuncs and classes too). Functions of
    C modules with a leading underscore are known by the public module, and methods that a module
    has as its functions (`random.seed`) by their names there.
    """
    name = getattr(pyobj, "__qualname__", None) or getattr(pyobj, "__name__", repr(pyobj))
    module = getattr(pyobj, "__module__", None)
    owner = getattr(pyobj, "__self__", None)
    if owner is not None and _is_function_of(type(owner).__module__, pyobj):
        return f"{type(owner).__module__}.{pyobj.__name__}"
    if module is None:
        module = getattr(owner, "__module__" if isinstance(owner, type) else "__name__", None)
    if module is None:
        import numpy as np  # numpy is loaded already when a ufunc exists

        module = "numpy" if isinstance(pyobj, np.ufunc) else "?"
    if module.startswith("numpy.") and getattr(__import__("numpy"), name, None) is pyobj:
        module = "numpy"
    if module in _PUBLIC:
        module = module[1:]
    return f"{module}.{name}"


def _is_function_of(module: str, method: Any) -> bool:
    """Whether a module has a bound method under its name."""
    name = getattr(method, "__name__", "")
    return bool(getattr(sys.modules.get(module), name, None) == method)


ITER_START, ITER_VALID = ref(iter_start), ref(iter_valid)
ITER_VALUE, ITER_NEXT = ref(iter_value), ref(iter_next)
ITER_SEND, ITER_RESULT = ref(iter_send), ref(iter_result)
ITER_THROW, YIELD = ref(iter_throw), ref(yield_)
GO_ON, RECEIVE = ref(go_on), ref(receive)
NEW_OBJECT, GET_FIELD, PUT_FIELD = ref(new_object), ref(get_field), ref(put_field)
BUILD_TUPLE = ref(build_tuple)
CONTAINER, SHARED_CONTAINER = ref(container), ref(shared_container)
MAKE_CELL, CELL_GET = ref(make_cell), ref(cell_get)
CELL_SET, CELL_CLEAR = ref(cell_set), ref(cell_clear)
BUILD_KEYWORDS = ref(build_keywords)
UNPACK, UNPACK_STAR = ref(unpack), ref(unpack_star)
BUILD_LIST, LIST_APPEND, LIST_EXTEND = ref(build_list), ref(list_append), ref(list_extend)
LIST_RESERVE = ref(list_reserve)
BUILD_SET, SET_ADD, SET_UPDATE = ref(build_set), ref(set_add), ref(set_update)
BUILD_DICT, DICT_SETITEM, DICT_UPDATE = ref(build_dict), ref(dict_setitem), ref(dict_update)
FORMAT, JOIN_STR = ref(format_value), ref(join_str)
IS_SEQUENCE, IS_MAPPING, MAPPING_REST = ref(is_sequence), ref(is_mapping), ref(mapping_rest)
CHECK_BOUND, SHOW_VARIABLE = ref(check_bound), ref(show_variable)
MAKE_CLOSURE = ref(make_closure)
UNION_IS, UNION_GET = ref(union_is), ref(union_get)
EXCEPTION_MATCHES, EXCEPTION_TAKE = ref(exception_matches), ref(exception_take)
EXCEPTION_DROP, EXCEPTION_RESTORE = ref(exception_drop), ref(exception_restore)
EXCEPTION_CAPTURE, EXCEPTION_FIELD = ref(exception_capture), ref(exception_field)
EXCEPTION_CHAIN, EXCEPTION_CAUSE = ref(exception_chain), ref(exception_cause)
EXCEPTION_VALUE, EXCEPTION_HANDLED = ref(exception_value), ref(exception_handled)
EXCEPTION_ENTER, EXCEPTION_LEAVE = ref(exception_enter), ref(exception_leave)
UNWRAP_OPTIONAL, NOT_NONE = ref(unwrap_optional), ref(not_none)
PRESENT = ref(present)
EXIT_CLASS = ref(exit_class)
RUN_BLOCK, RUN_FUNCTION = ref(run_block), ref(run_function)
TO_FUNCTION = ref(to_function)
UNBOX, BOX, WRITE_BACK = ref(unbox), ref(box), ref(write_back)
CALL_PYTHON, CALL_SPREAD = ref(call_python), ref(call_spread)
GETATTR, SETATTR, DELATTR = ref(getattr), ref(setattr), ref(delattr)
BOOL = ref(bool)
SLICE = ref(slice)
GETITEM, SETITEM = ref(operator.getitem), ref(operator.setitem)
DELITEM = ref(operator.delitem)
CONTAINS, NOT = ref(operator.contains), ref(operator.not_)
