"""Instances of a `jitclass` as arguments and results: Python's object is a proxy for the block.

The proxy holds one reference to the block, whose header holds the proxy, not counted: so that a
block which goes out again is the same object (`runtime/instances.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.codegen import pylayout
from pellucid.codegen.names import BOX_INSTANCE
from pellucid.codegen.objects import Objects
from pellucid.codegen.payload import class_symbol
from pellucid.inference.overloads import Constant, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import box, read_back, unbox, write_back
from pellucid.library.objects.calls import MAKES, NULL, POINTER, require_objects
from pellucid.library.objects.conversion import marked
from pellucid.types import JitInstance, Tuple, Type, boolean, pyobject


def jit_instance(ty: Type) -> JitInstance:
    """`ty`, which must be the type of an instance of a `jitclass`; refuses others."""
    if not isinstance(ty, JitInstance):
        refuse(f"{ty.base} is no instance of a jitclass")
    return ty


@overload(unbox)
def unbox_instance(obj, ty):
    """The block of a proxy of exactly the class."""
    require_objects(obj)
    jit_instance(marked(ty))
    return _unbox


def _unbox(obj, ty):
    return block_of(obj, ty)


@intrinsic
def block_of(obj, ty):
    """(whether an object is a proxy of a class, its block)."""
    require_objects(obj)
    wanted = jit_instance(marked(ty))
    ret = Tuple((boolean, wanted))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        with cg.python():
            objects = Objects(cg.module, builder)
            symbol = objects.symbol(class_symbol(wanted.pyclass))
            is_it = objects.is_same(objects.type_of(args[0]), symbol)
        before = builder.block
        with builder.if_then(is_it):
            found = Objects(cg.module, builder).field(args[0], pylayout.HEAD, POINTER, 8)
            read = builder.block
        block = builder.phi(POINTER)
        block.add_incoming(NULL, before)
        block.add_incoming(found, read)
        ok = builder.icmp_unsigned("!=", block, NULL)
        with builder.if_then(ok):
            cg.retain(wanted, block)
        return cg.make_tuple(ret, [ok, block])

    def run(value: Any, _: Any) -> Any:
        message = f"the interpreter does not read {value!r}"
        raise TypeError(message)

    return Primitive("block_of", ret(pyobject, ty), lower, run, Effects.READS)


@overload(box)
def box_instance(value):
    """The proxy of a block, made if it has none."""
    jit_instance(value)
    return _box


def _box(value):
    return proxy_of(value)


@intrinsic
def proxy_of(value):
    """The proxy of a block."""
    ty = jit_instance(value)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            symbol = objects.symbol(class_symbol(ty.pyclass))
            made = objects.call(BOX_INSTANCE, POINTER, symbol, args[0])
        cg.leave_by_python_error(cg.builder.icmp_unsigned("==", made, NULL))
        return made

    def run(value: Any) -> Any:
        message = f"the interpreter makes no object of {value!r}"
        raise TypeError(message)

    return Primitive("proxy_of", pyobject(ty), lower, run, MAKES)


@overload(read_back)
def read_back_instance(obj, value):
    """Nothing: Python sees the block itself."""
    require_objects(obj)
    jit_instance(value)
    return Constant(None)


@overload(write_back)
def write_back_instance(obj, value):
    """Nothing: Python sees the block itself."""
    require_objects(obj)
    jit_instance(value)
    return Constant(None)
