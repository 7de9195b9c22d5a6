"""`print()`: the values become Python objects, and Python's own `print` writes them.

So the text, `sys.stdout` and its redirection are Python's. The interpreter lock is taken for the
call; what it raises leaves the compiled function like any exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.boxing import Boxing
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.types import (
    Array,
    Boolean,
    Literal,
    NoneType,
    Number,
    Optional,
    Range,
    Tuple,
    Type,
    UnicodeType,
    none,
)
from pellucid.types.signature import Signature

_POINTER, _INT, _VOID = ll.PointerType(), ll.IntType(32), ll.VoidType()
_HELPER = "print"


@overload(print)
def print_(*values, sep=" ", end="\n", flush=False):
    """Write values as Python does; `sep` and `end` are constants.

    Unlike Python: there is no `file`, and a float32 is written with a float64's digits.

    >>> print(1, 2.5, "s", (True, None), sep=", ")
    1, 2.5, s, (True, None)
    """
    for ty in values:
        _check_printable(ty)
    for ty in (sep, end, flush):
        if not isinstance(ty, (Literal, NoneType)):
            refuse("`sep`, `end` and `flush` are constants")
    printed, keywords = Tuple(values), {"sep": sep, "end": end, "flush": flush}

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        _emit(cg, printed, args[: len(values)], keywords)
        return cg.zero(none)

    def run(*operands: Any) -> None:
        *written, separator, ending, flushed = operands
        print(*written, sep=separator, end=ending, flush=flushed)  # noqa: T201 (its own job)

    params = (*values, sep, end, flush)
    return Primitive("print", Signature(none, params), lower, run, Effects.IO | Effects.RAISES)


def _check_printable(ty: Type) -> None:
    match ty.base:
        case Number() | Boolean() | NoneType() | UnicodeType() | Range() | Array():
            return
        case Optional(value_ty=inner):
            _check_printable(inner)
        case Tuple():
            for elem in ty.elems if isinstance(ty, Tuple) else ():
                _check_printable(elem)
        case _:
            refuse(f"a {ty.base} cannot be printed in compiled code")


def _emit(cg: Any, printed: Tuple, values: Sequence[Any], keywords: dict[str, Type]) -> None:
    builder = cg.builder
    objects = Objects(cg.module, builder)
    boxing = Boxing(objects)
    lock = objects.call("PyGILState_Ensure", _INT)
    record = cg.make_tuple(printed, values)
    cg.retain(printed, record)  # boxing consumes what the caller lends
    arguments = boxing.box(printed, record)
    options = Tuple(tuple(keywords.values()))
    constants = [cg.constant(ty, getattr(ty, "value", None)) for ty in options.elems]
    named = boxing.box(options, cg.make_tuple(options, constants))
    failed = builder.call(_helper(cg.module, tuple(keywords)), [arguments, named])
    objects.call("PyGILState_Release", _VOID, lock)
    cg.leave_by_python_error(failed)


def _helper(module: Any, names: Sequence[str]) -> Any:
    """`i1 (ptr args, ptr keywords)`: call `print`; both references are taken over.

    `keywords` is the tuple of the values of `names`. True: Python's error is set.
    """
    found = module.ll_module.globals.get(_HELPER)
    if found is not None:
        return found
    function = ll.Function(
        module.ll_module, ll.FunctionType(ll.IntType(1), [_POINTER, _POINTER]), _HELPER
    )
    function.linkage = "internal"
    for attribute in ("cold", "noinline", "nounwind"):
        function.attributes.add(attribute)
    builder = ll.IRBuilder(function.append_basic_block("start"))
    objects = Objects(module, builder)
    arguments, values = function.args
    null = ll.Constant(_POINTER, None)
    made = [builder.icmp_unsigned("!=", value, null) for value in function.args]
    with builder.if_then(builder.not_(builder.and_(*made)), likely=False):
        for value in function.args:
            objects.call("Py_DecRef", _VOID, value)
        builder.ret(ll.Constant(ll.IntType(1), 1))
    builtins = objects.call("PyImport_ImportModule", _POINTER, module.string("builtins"))
    called = objects.call("PyObject_GetAttrString", _POINTER, builtins, module.string("print"))
    keywords = objects.call("PyDict_New", _POINTER)
    for index, name in enumerate(names):
        position = ll.Constant(ll.IntType(64), index)
        value = objects.call("PyTuple_GetItem", _POINTER, values, position)
        objects.call("PyDict_SetItemString", _INT, keywords, module.string(name), value)
    result = objects.call("PyObject_Call", _POINTER, called, arguments, keywords)
    for value in (result, keywords, called, builtins, values, arguments):
        objects.call("Py_DecRef", _VOID, value)
    builder.ret(builder.icmp_unsigned("==", result, null))
    return function
