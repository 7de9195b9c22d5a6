"""Containers that Python sees as what they are: `pellucid.typed`.

A proxy is a Python object that holds a reference to a compiled container, which it passes on as it
is. A container that goes out as a proxy has the proxy's class as its `origin`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from pellucid.codegen.names import CLASS, NAME
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import box, container, unbox
from pellucid.library.builtins.heap import put
from pellucid.library.objects.calls import emit, own, require_objects
from pellucid.library.objects.checks import is_same
from pellucid.library.objects.classes import call_with, object_attribute
from pellucid.library.objects.conversion import marked, zero
from pellucid.types import Dict, DType, List, Set, Type, boolean, int64, pyobject
from pellucid.types.kinds import static

_PROXIES = {List: "List", Dict: "Dict", Set: "Set"}


def _class_name(ty: Type) -> str:
    name = _PROXIES.get(type(ty))
    if name is None:
        refuse(f"there is no typed {ty}")
    return name


def _run_class(name: str) -> Any:
    return getattr(sys.modules["pellucid.typed"], name)


@intrinsic
def proxy_class(ty):
    """The class of the proxies of a type."""
    name = _class_name(marked(ty))

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg, args
        return own(objects, objects.symbol(f"{CLASS}.pellucid.typed:{name}"))

    return emit("proxy_class", pyobject(ty), body, lambda _: _run_class(name))


@intrinsic
def is_proxy_class(obj, ty):
    """Whether an object is the class of the proxies of a type."""
    require_objects(obj)
    name = _class_name(marked(ty))

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        symbol = objects.symbol(f"{CLASS}.pellucid.typed:{name}")
        return objects.is_same(args[0], symbol)

    def run(value: Any, _: Any) -> bool:
        return value is _run_class(name)

    return emit("is_proxy_class", boolean(pyobject, ty), body, run)


@intrinsic
def is_proxy(obj, ty):
    """Whether an object is a proxy, of a container of the kind of a type."""
    require_objects(obj)
    name = _class_name(marked(ty))

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        symbol = objects.symbol(f"{CLASS}.pellucid.typed:{name}")
        return objects.is_same(objects.type_of(args[0]), symbol)

    def run(value: Any, _: Any) -> bool:
        return type(value) is _run_class(name)

    return emit("is_proxy", boolean(pyobject, ty), body, run)


@intrinsic
def type_text(ty):
    """The text of a type as a Python object, which is one for each text."""
    text = str(marked(ty))

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg, args
        return own(objects, objects.symbol(f"{NAME}.{text}"))

    return emit("type_text", pyobject(ty), body, lambda _: sys.intern(text))


@intrinsic
def object_at(ty, address):
    """A new reference to the container at an address."""
    wanted = marked(ty)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        found = cg.builder.inttoptr(args[1], cg.ll_type(wanted))
        cg.retain(wanted, found)
        return found

    def run(_: Any, __: int) -> Any:
        message = "the interpreter has no addresses"
        raise TypeError(message)

    return Primitive("object_at", wanted(ty, int64), lower, run, Effects.READS)


@intrinsic
def lend_address(value):
    """The address of a container, with one more reference that whoever takes it owns."""
    ty = value.base

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(ty, args[0])
        return cg.builder.ptrtoint(args[0], cg.ll_type(int64))

    def run(_: Any) -> int:
        message = "the interpreter has no addresses"
        raise TypeError(message)

    return Primitive("lend_address", int64(ty), lower, run, Effects.WRITES)


# ---- across the boundary --------------------------------------------------------------------


def unbox_proxy(obj, ty):
    """(ok, the container of a proxy of exactly the type)."""
    if not is_proxy(obj, ty):
        return False, zero(ty)
    if not is_same(object_attribute(obj, "_text"), type_text(ty)):
        return False, zero(ty)
    ok, address = unbox(object_attribute(obj, "_address"), int64)
    if not ok:
        return False, zero(ty)
    return True, object_at(ty, address)


def box_proxy(value):
    """A proxy for a container."""
    ty = proxy_type(value)
    made = box((lend_address(value), type_text(ty)))
    return call_with(object_attribute(proxy_class(ty), "_adopt"), made)


@static
def proxy_type(value: Type) -> Type:
    """The type of a container, as a dtype."""
    return value.base


def share(value):
    """`value`, which Python shall see as it is, if it is a container."""
    if is_container(value):
        return mark_shared(value)
    return value


def mark_shared(value):
    """A container that goes out as a proxy from now on."""
    put(value, "origin", proxy_class(proxy_type(value)))
    return value


@static
def is_container(value: Type) -> bool:
    """Whether there are proxies for a value."""
    return type(value.base) in _PROXIES and not getattr(value.base, "is_frozen", False)


# ---- making them in compiled code -----------------------------------------------------------


@overload("pellucid.typed.List")
def typed_list(iterable):
    """A typed list of the items of an iterable."""
    return _typed_list


def _typed_list(iterable):
    return mark_shared(list(iterable))


@overload("pellucid.typed.Dict")
def typed_dict(mapping):
    """A typed dict of the items of a dict, or of pairs."""
    return _typed_dict


def _typed_dict(mapping):
    return mark_shared(dict(mapping))


@overload("pellucid.typed.Set")
def typed_set(iterable):
    """A typed set of the items of an iterable."""
    return _typed_set


def _typed_set(iterable):
    return mark_shared(set(iterable))


def _dtype(ty: Type) -> Type:
    if not isinstance(ty, DType):
        refuse(f"{ty.base} is not a type")
    return ty.dtype


@overload("pellucid.typed.containers.List.empty_list")
def empty_list(item_type, allocated=0):
    """A typed list of a type; `allocated` items fit without growing."""
    ty = List(_dtype(item_type))

    def make(item_type, allocated=0):
        return mark_shared(container(ty))

    return make


@overload("pellucid.typed.containers.Dict.empty")
def empty_dict(key_type, value_type, n_keys=0):
    """A typed dict of two types."""
    ty = Dict(_dtype(key_type), _dtype(value_type))

    def make(key_type, value_type, n_keys=0):
        return mark_shared(container(ty))

    return make


@overload("pellucid.typed.containers.Set.empty")
def empty_set(item_type):
    """A typed set of a type."""
    ty = Set(_dtype(item_type))

    def make(item_type):
        return mark_shared(container(ty))

    return make


@overload("pellucid.ir.protocol.shared_container")
def shared_container(dtype):
    """An empty typed container: what `List()` is once it is known what it holds."""
    _class_name(dtype.dtype)
    return _shared_container


def _shared_container(dtype):
    return mark_shared(container(dtype))
