"""`print()`: the values become Python objects, and Python's own `print` writes them.

So the text, `sys.stdout` and its redirection are Python's. Values whose Python object would be
another, or would take long to make, are made texts by `str` first: a float32, a list. The
interpreter lock is taken for the call; what it raises leaves the compiled function like any
exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.boxing import Boxing
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.inference.spreading import spread_key
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.text.pieces import argument, as_tuple
from pellucid.types import (
    Array,
    Boolean,
    NoneType,
    Number,
    Optional,
    PyObject,
    Range,
    Tuple,
    Type,
    UnicodeType,
    boolean,
    complex64,
    float32,
    none,
)
from pellucid.types.signature import Signature

_POINTER, _INT, _VOID = ll.PointerType(), ll.IntType(32), ll.VoidType()
_HELPER = "print"


@overload(print)
def print_(*values, sep=" ", end="\n", file=None, flush=False):
    """Write values to `sys.stdout` as Python does.

    Unlike Python: there is no `file`, and a float32 has a float32's digits, as in NumPy.

    >>> print(1, 2.5, "s", (True, None), [1j], sep=", ")
    1, 2.5, s, (True, None), [1j]
    """
    if not isinstance(file, NoneType):
        refuse("`file` is not supported in compiled code; redirect sys.stdout instead")
    for name, ty in (("sep", sep), ("end", end)):
        if not isinstance(ty.base, (UnicodeType, NoneType)):
            refuse(f"{name} must be None or a string, not {ty.base}")
    pieces = [argument(i) if _is_exact(ty) else _text_of(i) for i, ty in enumerate(values)]
    as_given = all(map(_is_exact, values))
    items = as_tuple(pieces)

    def impl(*values, sep=" ", end="\n", file=None, flush=False):
        write(items(values), sep, end, bool(flush))

    def impl_as_given(*values, sep=" ", end="\n", file=None, flush=False):
        write(values, sep, end, bool(flush))

    return impl_as_given if as_given else impl


@overload(spread_key("builtins.print"))
def print_spread(*values, sep=" ", end="\n", file=None, flush=False):
    """`print(x, *items)` of a list."""
    if not isinstance(file, NoneType) or not isinstance(sep.base, UnicodeType):
        refuse("print(*items) takes a text as `sep`, and no `file`")
    return _print_alone if len(values) == 1 else _print_after


def _print_alone(*values, sep=" ", end="\n", file=None, flush=False):
    print(sep.join([str(item) for item in values[0]]), end=end, flush=flush)  # noqa: T201


def _print_after(*values, sep=" ", end="\n", file=None, flush=False):
    last = len(values) - 1
    texts = [str(item) for item in values[last]]
    if len(texts) == 0:
        print(*values[:last], sep=sep, end=end, flush=flush)  # noqa: T201
    else:
        print(*values[:last], sep.join(texts), sep=sep, end=end, flush=flush)  # noqa: T201


def _text_of(index: int) -> Any:
    def piece(args):
        return str(args[index])

    return piece


def _is_exact(ty: Type) -> bool:
    """Whether Python prints the object of such a value as the value is to be printed."""
    match ty.base:
        case Number() as number:
            return number not in (float32, complex64)
        case Boolean() | NoneType() | UnicodeType() | Range() | Array() | PyObject():
            return True
        case Optional(value_ty=inner):
            return _is_exact(inner)
        case Tuple():
            return all(map(_is_exact, ty.elems)) if isinstance(ty, Tuple) else False
        case _:
            return False


@intrinsic
def write(values, sep, end, flush):
    """`print(*values, sep=sep, end=end, flush=flush)`."""
    printed = Tuple((sep, end, flush))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        _emit(cg, values, args[0], printed, cg.make_tuple(printed, args[1:]))
        return cg.zero(none)

    def run(items: Any, separator: Any, ending: Any, flushed: Any) -> None:
        print(*items, sep=separator, end=ending, flush=flushed)  # noqa: T201 (its own job)

    sig = Signature(none, (values, sep, end, boolean))
    return Primitive("print", sig, lower, run, Effects.IO | Effects.RAISES)


def _emit(cg: Any, printed: Type, values: Any, named: Type, options: Any) -> None:
    objects = Objects(cg.module, cg.builder)
    boxing = Boxing(objects)
    lock = objects.call("PyGILState_Ensure", _INT)
    cg.retain(printed, values)  # boxing consumes what the caller lends
    arguments = boxing.box(printed, values)
    cg.retain(named, options)
    settings = boxing.box(named, options)
    failed = cg.builder.call(_helper(cg.module, ("sep", "end", "flush")), [arguments, settings])
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
