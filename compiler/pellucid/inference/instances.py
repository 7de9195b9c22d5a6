"""Instances of users' classes: how they are made, and what their attributes are.

Dataclasses are made by functions that are written here in untyped IR and inferred like any other:

    Body(m, at)          func @Body(mass, position) {
                           trail = call list()                         a factory of a field
                           ty = call dataclass_of(Body, mass, position, trail)
                           obj = call new_object(ty)
                           _ = call put_field(obj, "mass", mass)
                           ...
                           init = call getattr(obj, "__post_init__")   where there is one
                           _ = call init()
                           return obj
                         }

Methods and properties of all such classes are compiled as the functions that they are.
"""

from __future__ import annotations

import dataclasses
import enum
import types as pytypes
from collections.abc import Callable as PyCallable
from collections.abc import Sequence
from typing import Any

from pellucid.base.diagnostics import error
from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments, BindError, bind, plain_type
from pellucid.inference.resolution import Resolved, all_given
from pellucid.ir.builder import Builder
from pellucid.ir.callee import Part, Primitive
from pellucid.ir.function import Function
from pellucid.ir.params import MISSING, Param
from pellucid.ir.protocol import BUILD_TUPLE, GETATTR, NEW_OBJECT, PRESENT, PUT_FIELD, SETATTR, ref
from pellucid.ir.values import Value
from pellucid.types import (
    BoundMethod,
    Callable,
    CaughtException,
    DataClass,
    EnumMember,
    Instance,
    Tuple,
    Type,
)
from pellucid.types.dataclass import (
    dataclass_of,
    declared_fields,
    field_names,
    is_dataclass_type,
)
from pellucid.types.enums import is_enum_class
from pellucid.types.instance import class_member, class_type, instance_type, is_jitclass
from pellucid.types.plain import class_values, is_plain_class
from pellucid.types.signature import Signature
from pellucid.types.typeof import is_named_tuple_class

_POSITIONAL, _KEYWORD_ONLY = 1, 3


def is_instance(ty: Type) -> bool:
    """Whether values are instances of a user's class."""
    return isinstance(ty.base, (Instance, EnumMember)) or (
        isinstance(ty, Tuple) and ty.cls is not None
    )


def is_known_class(pyobj: Any) -> bool:
    """Whether a Python object is a class whose instances compiled code has."""
    is_known = (
        *(is_jitclass, is_named_tuple_class, is_enum_class, is_dataclass_type, is_plain_class),
    )
    return any(is_one(pyobj) for is_one in is_known)


def has_instance_attribute(ty: Type, name: str) -> bool:
    """Whether an instance has an attribute: its class's, or a field."""
    cls = getattr(ty.base, "pyclass", None)
    return hasattr(cls, name) or (isinstance(ty, Instance) and name in ty.names)


# ---- named tuples ---------------------------------------------------------------------------

NAMED_TUPLE_MAKE = "collections.namedtuple._make"
"""The key of the class method that all of them have."""


def make_named_tuple(cls: Any, arguments: Arguments, span: Span) -> Resolved:
    """`Point(1, y=2)`."""
    owner = next(base for base in cls.__mro__ if "__new__" in vars(base))
    if "_fields" not in vars(owner) or cls.__init__ is not object.__init__:
        error(
            "unsupported-feature",
            f"`{cls.__qualname__}` has a `__new__` or `__init__` of its own",
            span,
            help="make instances outside, or by a function that calls the plain class",
        )
    defaults = cls._field_defaults
    params = [Param(name, _POSITIONAL, defaults.get(name, MISSING)) for name in cls._fields]
    recipes = bind_checked(f"{cls.__qualname__}", params, arguments, span)
    ty = Tuple(tuple(plain_type(arguments.type_of(recipe)) for recipe in recipes), class_type(cls))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        made = cg.make_tuple(ty, args)
        cg.retain(ty, made)
        return made

    parts = tuple(map(Part, range(len(ty.elems))))
    sig = Signature(ty, ty.elems)
    made = Primitive(cls.__qualname__, sig, lower, lambda *values: values, parts=parts)
    return Resolved(made, tuple(recipes))


def bind_checked(name: str, params: list[Param], arguments: Arguments, span: Span) -> list[Any]:
    """How arguments reach parameters; an error with CPython's words if they do not."""
    try:
        return bind(params, arguments)
    except BindError as problem:
        return error("wrong-arguments", f"{name}() {problem}", span)


def tuple_field(ty: Tuple, index: int, name_ty: Type) -> Primitive:
    """The primitive that reads a field of a named tuple."""
    elem = ty.elems[index]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        item = cg.element(ty, args[0], index)
        cg.retain(elem, item)
        return item

    def run(value: tuple[Any, ...], _: Any) -> Any:
        return value[index]

    return Primitive(f".{ty.names[index]}", elem(ty, name_ty), lower, run, part=Part(0, index))


def class_of(method: BoundMethod, arguments: Arguments) -> Resolved:
    """A class method that is asked of an instance: it is bound to the class, which is known."""

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.zero(method)

    made = Primitive(f".{method.name}", method(*arguments.types), lower, lambda *_: method)
    return Resolved(made, all_given(arguments))


# ---- dataclasses ----------------------------------------------------------------------------


class Written:
    """A function that is being written in untyped IR."""

    def __init__(self, name: str, params: list[Param], span: Span) -> None:
        self.fn = Function(name, params, span=span, is_library=True)
        self.builder = Builder(self.fn)
        self.builder.span = span
        entry = self.builder.new_block("entry")
        self.builder.block = entry
        self.args = [self.builder.param(entry, param.name) for param in params]

    def attribute(self, value: Value, name: str) -> Value:
        """`value.name`."""
        return self.builder.call(GETATTR, value, self.builder.const(name), hint=name)


def build_constructor(cls: Any, arguments: Arguments, span: Span) -> Function:
    """The function that makes an instance of a dataclass: for the fields that are given."""
    if not cls.__dataclass_params__.init or "__init__" not in _generated(cls):
        error(
            "unsupported-feature",
            f"the dataclass `{cls.__qualname__}` has an `__init__` of its own",
            span,
            help="let dataclass make it, and do the rest in `__post_init__`",
        )
    fields = dataclasses.fields(cls)
    takes = [field for field in fields if field.init]
    params = [_field_param(field) for field in sorted(takes, key=lambda f: bool(f.kw_only))]
    recipes = bind_checked(cls.__qualname__, params, arguments, span)
    omitted = {
        param.name
        for param, recipe in zip(params, recipes, strict=True)
        if getattr(recipe, "value", None) is _FACTORY
    }
    params = [param for param in params if param.name not in omitted]
    written = Written(cls.__qualname__, params, span)
    builder = written.builder
    values = {param.name: arg for param, arg in zip(params, written.args, strict=True)}
    for field in fields:
        if field.name not in values:
            made = _default_value(builder, field, takes)
            if made is not None:
                values[field.name] = made
    _check_known(cls, values, span)
    own = builder.const(cls, "cls")
    missing = builder.const(None)
    given = [values.get(name, missing) for name in field_names(cls)]
    ty = builder.call(ref(dataclass_of), own, *given, hint="ty")
    made = builder.call(NEW_OBJECT, ty, hint="made")
    for name, value in values.items():
        builder.call(PUT_FIELD, made, builder.const(name), value)
    if hasattr(cls, "__post_init__"):
        builder.call(written.attribute(made, "__post_init__"))
    builder.ret(made)
    return written.fn


def build_maker(cls: Any, arguments: Arguments, span: Span) -> Function:
    """The function that makes an instance of a `jitclass`: `__init__` gets what is given."""
    params = [Param(f"argument{index}", 0) for index in range(len(arguments.types))]
    written = Written(cls.__qualname__, params, span)
    builder = written.builder
    ty = builder.const(instance_type(cls), "ty")
    made = builder.call(NEW_OBJECT, ty, hint="made")
    init = written.attribute(made, "__init__")
    builder.call(init, *written.args, kwnames=arguments.kwnames, stars=arguments.stars)
    builder.ret(made)
    return written.fn


def build_plain_maker(cls: Any, arguments: Arguments, span: Span) -> Function:
    """The function that makes an instance of a plain class: of the type that it is given first."""
    count = len(arguments.types) - 1
    params = [Param(name, 0) for name in ("ty", *(f"argument{index}" for index in range(count)))]
    written = Written(cls.__qualname__, params, span)
    builder, (ty, *given) = written.builder, written.args
    made = builder.call(NEW_OBJECT, ty, hint="made")
    for name, value in class_values(cls).items():
        builder.call(SETATTR, made, builder.const(name), builder.const(value))
    init = written.attribute(made, "__init__")
    stars = frozenset(index - 1 for index in arguments.stars)
    builder.call(init, *given, kwnames=arguments.kwnames, stars=stars)
    builder.ret(made)
    return written.fn


def _generated(cls: Any) -> dict[str, Any]:
    """The namespace of the class that `__init__` comes from."""
    return next((vars(base) for base in cls.__mro__ if "__init__" in vars(base)), {})


class _Factory:
    """Stands for the default of a field that a factory makes."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


def _field_param(field: dataclasses.Field[Any]) -> Param:
    kind = _KEYWORD_ONLY if field.kw_only else _POSITIONAL
    if field.default_factory is not dataclasses.MISSING:
        return Param(field.name, kind, _FACTORY)
    is_given = field.default is dataclasses.MISSING
    return Param(field.name, kind, MISSING if is_given else field.default)


def _default_value(
    builder: Builder, field: dataclasses.Field[Any], takes: list[dataclasses.Field[Any]]
) -> Value | None:
    """What a field holds that is not given; None if `__post_init__` is to set it."""
    if field.default_factory is not dataclasses.MISSING:
        return builder.call(ref(field.default_factory), hint=field.name)
    if field.default is not dataclasses.MISSING and field not in takes:
        return builder.const(field.default, field.name)
    return None


def _check_known(cls: Any, values: dict[str, Value], span: Span) -> None:
    pairs = zip(field_names(cls), declared_fields(cls), strict=True)
    for name, declared in pairs:
        if declared is None and name not in values:
            error(
                "unsupported-feature",
                f"the type of `{cls.__qualname__}.{name}`, set in `__post_init__`, is not known",
                span,
                help="annotate the field with int, float, list[int], ...",
            )


def build_replace(cls: Any, names: tuple[str, ...], span: Span) -> Function:
    """`self._replace(**changes)` and `dataclasses.replace(self, **changes)`."""
    params = [Param("self", 0), *(Param(name, _KEYWORD_ONLY) for name in names)]
    written = Written("replace", params, span)
    me, *changes = written.args
    values = dict(zip(names, changes, strict=True))
    fields = (
        [field.name for field in dataclasses.fields(cls) if field.init]
        if is_dataclass_type(cls)
        else list(cls._fields)
    )
    for name in names:
        if name not in fields:
            error("wrong-arguments", f"got an unexpected field name: '{name}'", span)
    given = [values.get(name) or written.attribute(me, name) for name in fields]
    made = written.builder.call(ref(cls), *given, kwnames=tuple(fields), hint="made")
    written.builder.ret(made)
    return written.fn


def build_astuple(ty: DataClass, span: Span) -> Function:
    """`dataclasses.astuple(self)`: dataclasses in it become tuples, and lists are copied."""
    written = Written("astuple", [Param("self", 0)], span)
    builder, (me,) = written.builder, written.args
    items: list[Value] = []
    for name, field_ty in ty.fields[:-1]:
        item = written.attribute(me, name)
        if isinstance(field_ty, DataClass):
            item = builder.call(ref(dataclasses.astuple), item)
        elif field_ty.is_managed and getattr(field_ty, "elem_ty", None) is not None:
            error(
                "unsupported-feature",
                f"astuple() of `{name}`, a {field_ty}, is not supported",
                span,
                help="make the tuple of the fields that are wanted",
            )
        items.append(item)
    builder.ret(builder.call(BUILD_TUPLE, *items))
    return written.fn


# ---- attributes -----------------------------------------------------------------------------


def exception_member(ty: CaughtException, name: str, span: Span) -> Any:
    """The method or property of an exception's class; None if it has none of that name."""
    classes = [made.cls for made in ty.raised] or list(ty.classes)
    members = {
        found: cls
        for cls in classes
        if is_method(found := class_member(cls.pyobj, name)) or isinstance(found, property)
    }
    if len(members) > 1:
        shown = " and ".join(f"{cls.path}.{name}" for cls in members.values())
        error(
            "unsupported-feature",
            f"an exception of several classes is asked for `{name}`: {shown} differ",
            span,
            help="catch each class by a clause of its own",
        )
    return next(iter(members), None)


def is_method(found: Any) -> bool:
    """Whether a member of a class is a method: a function, or one that is compiled already."""
    return isinstance(found, pytypes.FunctionType) or hasattr(found, "py_func")


def build_optional_attribute(name: str, span: Span) -> Function:
    """The function that reads an attribute of an instance, which must not be None."""
    written = Written(f"get_{name}", [Param("instance", 0)], span)
    found = written.builder.call(
        PRESENT, *written.args, written.builder.const(name), hint="present"
    )
    written.builder.ret(written.attribute(found, name))
    return written.fn


Fold = PyCallable[[Any, str], Any]


def class_attribute(owner: Callable, name: str, fold: Fold) -> Any:
    """`Class.name` of a user's class; None if there is no such thing, or it is no constant."""
    cls = owner.pyobj
    found = class_member(cls, name)
    if isinstance(cls, enum.EnumMeta) and name in cls.__members__:
        return fold(cls[name], f"{owner.path}.{name}")
    if isinstance(found, staticmethod):
        return fold(found.__func__, f"{owner.path}.{name}")
    if isinstance(found, (property, classmethod)) or not hasattr(cls, name):
        return None
    value = found if is_jitclass(cls) else getattr(cls, name)
    return fold(value, f"{owner.path}.{name}")
