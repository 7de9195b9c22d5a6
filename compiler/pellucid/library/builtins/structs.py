"""Records of the library, and exceptions whose text is made at run time: for library code only.

state = struct("cursor", "data", pointer, "step", 8)     a value
field(state, "step")                                     one of its fields
raise format_error(IndexError, "index {} is out of bounds for axis {}", i, axis)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.inference.resolution import plain_type
from pellucid.ir.callee import Part, Primitive
from pellucid.ir.interp_values import StructValue
from pellucid.types import ExceptionClass, ExceptionInstance, Literal, Struct, Type
from pellucid.types.signature import Signature


def make_struct(ty: Struct) -> Primitive:
    """The primitive that makes a record from its fields."""
    names = [name for name, _ in ty.fields]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        made = cg.make(ty, **dict(zip(names, args, strict=True)))
        cg.retain(ty, made)
        return made

    def run(*values: Any) -> StructValue:
        return StructValue(zip(names, values, strict=True))

    return Primitive(f"make_{ty.name}", Signature(ty, tuple(t for _, t in ty.fields)), lower, run)


def read_field(ty: Struct, name: str) -> Primitive:
    """The primitive that reads one field of a record."""
    field_ty = ty.fields[ty.field_index(name)][1]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        value = cg.field(ty, args[0], name)
        cg.retain(field_ty, value)
        return value

    def run(record: StructValue) -> Any:
        return record[name]

    return Primitive(f"{ty.name}.{name}", field_ty(ty), lower, run)


@intrinsic
def struct(name, *items):
    """The record `name` of the fields that `items` alternates names and values of."""
    field_names, field_tys = _texts((name, *items[::2])), items[1::2]
    fields = tuple((n, plain_type(t)) for n, t in zip(field_names[1:], field_tys, strict=True))
    ty = Struct(field_names[0], fields)
    made = make_struct(ty)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return made.lower(cg, args[2::2])

    def run(*values: Any) -> StructValue:
        return made.run(*values[2::2])

    params = (name, *(t for i, f in enumerate(fields) for t in (items[2 * i], f[1])))
    parts = tuple(Part(2 + 2 * i) for i in range(len(fields)))
    return Primitive(made.name, Signature(ty, params), lower, run, parts=parts)


@intrinsic
def field(record, name):
    """The field `name` of a record."""
    if not isinstance(record, Struct):
        refuse(f"{record} is not a record")
    (text,) = _texts((name,))
    read = read_field(record, text)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return read.lower(cg, args[:1])

    def run(value: StructValue, _: str) -> Any:
        return value[text]

    part = Part(0, record.field_index(text))
    return Primitive(read.name, read.sig.ret(record, name), lower, run, part=part)


def _texts(tys: Sequence[Type]) -> list[str]:
    texts: list[str] = []
    for ty in tys:
        if not isinstance(ty, Literal) or not isinstance(ty.value, str):
            refuse(f"{ty} is not a name known while compiling")
        texts.append(ty.value)
    return texts


@intrinsic
def format_error(cls, template, *args):
    """An exception of `cls` whose one argument is `template.format(*args)`."""
    if not isinstance(cls, ExceptionClass):
        refuse(f"{cls} is not an exception class")
    (text,) = _texts((template,))
    arg_tys = tuple(plain_type(ty) for ty in args)
    ty = ExceptionInstance(cls, arg_tys, text)

    def lower(cg: Any, values: Sequence[Any]) -> Any:
        made = cg.make_tuple(ty, values[2:])
        cg.retain(ty, made)
        return made

    def run(_: Any, __: str, *values: Any) -> BaseException:
        return cls.pyobj(text.format(*values))

    params = (cls, template, *arg_tys)
    return Primitive(f"exception[{cls.path}]", Signature(ty, params), lower, run)
