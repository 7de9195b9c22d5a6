"""The decorator `jitclass`: a class whose instances compiled code and Python share.

    @jitclass([("value", int32), ("items", float32[:])])
    class Bag:
        def __init__(self, value):
            self.value = value
            self.items = np.zeros(value, dtype=np.float32)

The fields have the types of the spec, or of the annotations in the class body. Methods, properties
and fields are compiled when Python, or a compiled function, first uses them. What the decorator
gives is another class of the same name: its instances are proxies for objects on compiled code's
heap (`runtime/instances.py`).
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, TypeVar, overload

from pellucid.base import options as settings
from pellucid.ir.protocol import new_object
from pellucid.jit import njit
from pellucid.runtime import support
from pellucid.runtime.cells import constant_cells
from pellucid.runtime.instances import MAKE, instance_base, method
from pellucid.types import DeferredType, JitInstance, Type, pyobject
from pellucid.types.dataclass import declared_type
from pellucid.types.instance import (
    DEFAULTS,
    FIELDS,
    MEMBERS,
    class_type,
    deferred_type,
    instance_type,
    is_jitclass,
)
from pellucid.types.typeof import is_dispatcher

# Any: classes and their members are Python objects of every kind.

C = TypeVar("C", bound=type)
Spec = Mapping[str, Any] | Sequence[tuple[str, Any]]

_NOT_MEMBERS = frozenset(
    {
        *("__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__"),
        *("__dict__", "__doc__", "__firstlineno__", "__module__", "__orig_bases__"),
        *("__parameters__", "__qualname__", "__slots__", "__static_attributes__", "__weakref__"),
        *("__type_params__", MAKE),
    }
)
_ARITHMETIC = "add sub mul truediv floordiv mod divmod pow lshift rshift and or xor matmul"
_OTHERS = """
    init call repr str format bytes hash bool len length_hint getitem setitem delitem contains
    iter next reversed enter exit eq ne lt le gt ge neg pos abs invert complex int float index
    round trunc floor ceil
"""
_SPECIAL = frozenset(
    f"__{prefix}{name}__"
    for names, prefixes in ((_ARITHMETIC, ("", "r", "i")), (_OTHERS, ("",)))
    for name in names.split()
    for prefix in prefixes
)


@overload
def jitclass(cls_or_spec: C, spec: Spec | None = None) -> C: ...
@overload
def jitclass(cls_or_spec: Spec | None = None, spec: None = None) -> Callable[[C], C]: ...
def jitclass(cls_or_spec: Any = None, spec: Any = None) -> Any:
    """Make a class whose instances compiled code has: `@jitclass`, `@jitclass(spec)`.

    The spec has the types of the fields by name: a mapping, or a sequence of pairs. Fields that it
    leaves out are those that are annotated in the class body.
    """
    if isinstance(cls_or_spec, type):
        return _decorate(cls_or_spec, _read_spec(spec))
    if spec is not None:
        message = "jitclass takes a class and a spec, or a spec alone"
        raise TypeError(message)

    given = _read_spec(cls_or_spec)

    def decorate(cls: Any) -> Any:
        if not isinstance(cls, type):
            message = f"jitclass decorates a class, and {cls!r} is none"
            raise TypeError(message)
        return _decorate(cls, given)

    return decorate


def _decorate(cls: Any, given: Mapping[str, Type]) -> Any:
    if settings.jit_disabled():
        return cls
    if is_jitclass(cls):
        message = f"{cls.__qualname__} is a jitclass already"
        raise TypeError(message)
    own = {name: value for name, value in vars(cls).items() if name not in _NOT_MEMBERS}
    itself = deferred_type()
    fields, defaults = _fields(cls, own, given, itself)
    members = {name: value for name, value in own.items() if name not in defaults}
    _check(cls, members, fields)
    names = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__slots__": (),
        FIELDS: fields,
        DEFAULTS: defaults,
        MEMBERS: members,
    }
    own_fields = [name for name in fields if not _is_inherited_field(cls, name, fields)]
    names.update({name: _field_property(name) for name in own_fields})
    names.update({name: _to_python(value) for name, value in members.items()})
    if isinstance(leave := members.get("__exit__"), FunctionType):
        names["__exit__"] = _leaving(leave)
    root = _jit_object()
    bases = tuple(base for base in cls.__bases__ if base is not object)
    if not any(issubclass(base, root) for base in bases):
        bases = (*bases, root)
    if any("__dict__" in vars(base) for base in cls.__mro__[1:] if not issubclass(base, root)):
        names["__setattr__"] = _set_declared  # a plain class among its bases has a __dict__
    made: Any = _JitClass(cls.__name__, bases, names)
    _let_know(members, cls, made)
    ty = instance_type(made)
    itself.define(ty)
    known = {"class_type": class_type(made), "_numba_type_": ty, MAKE: staticmethod(_maker(ty))}
    for name, value in known.items():
        type.__setattr__(made, name, value)
    return made


# ---- the spec -------------------------------------------------------------------------------


def _read_spec(spec: Any) -> dict[str, Type]:
    if spec is None:
        return {}
    pairs: Any = spec.items() if isinstance(spec, Mapping) else spec
    read: dict[str, Type] = {}
    for name, ty in pairs:
        if not isinstance(name, str):
            message = f"spec keys should be strings, got {name!r}"
            raise TypeError(message)
        found = declared_type(ty)
        if found is None:
            message = f"spec values should be types, got {ty!r}"
            raise TypeError(message)
        read[name] = found
    return read


def _fields(
    cls: Any, own: Mapping[str, Any], given: Mapping[str, Any], itself: DeferredType
) -> tuple[dict[str, Type], dict[str, Any]]:
    """The types of all fields, those of bases first, and the values that annotations give some."""
    fields: dict[str, Type] = {}
    defaults: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        if is_jitclass(base):
            fields.update(getattr(base, FIELDS))
            defaults.update(getattr(base, DEFAULTS))
    for base in reversed(cls.__mro__):
        if base is not object and not is_jitclass(base):
            fields.update(_annotated(base, cls, itself, given))
    fields.update({_mangled(cls, name): ty for name, ty in given.items()})
    annotated = inspect_annotations(cls)
    for name in fields:
        if name in annotated and name in own and not _is_member(own[name]):
            defaults[name] = own[name]
    return fields, defaults


def inspect_annotations(cls: Any) -> dict[str, Any]:
    """The annotations of a class's own body."""
    import inspect  # few classes come here

    return inspect.get_annotations(cls)


def _annotated(
    base: Any, cls: Any, itself: DeferredType, given: Mapping[str, Any]
) -> dict[str, Type]:
    names = [name for name in inspect_annotations(base) if name not in given]
    if not names:
        return {}
    try:
        hints = typing.get_type_hints(base, localns={cls.__name__: cls})
    except NameError as problem:
        message = f"an annotation of {base.__qualname__}: {problem}; give its type in the spec"
        raise TypeError(message) from None
    found: dict[str, Type] = {}
    for name in names:
        hint = hints[name]
        if typing.get_origin(hint) is typing.ClassVar or hint is typing.ClassVar:
            continue
        ty = declared_type(hint, {cls: itself})
        if ty is None:
            message = f"{cls.__qualname__}.{name}: {hint!r} does not say a type of compiled code"
            raise TypeError(f"{message}; give it in the spec")
        found[_mangled(base, name)] = ty
    return found


def _mangled(cls: Any, name: str) -> str:
    """The name that a private field has outside of its class."""
    is_private = name.startswith("__") and not name.endswith("__")
    return f"_{cls.__name__.lstrip('_')}{name}" if is_private else name


def _is_inherited_field(cls: Any, name: str, fields: Mapping[str, Type]) -> bool:
    return any(
        is_jitclass(base) and getattr(base, FIELDS).get(name) is fields[name]
        for base in cls.__mro__[1:]
    )


# ---- members --------------------------------------------------------------------------------


def _is_member(value: Any) -> bool:
    """Whether a name in a class body means a method or a property, not a value."""
    kinds = (FunctionType, property, staticmethod, classmethod)
    return isinstance(value, kinds) or is_dispatcher(value)


def _check(cls: Any, members: Mapping[str, Any], fields: Mapping[str, Type]) -> None:
    shadowed = [name for name in fields if _is_member(members.get(name))]
    if shadowed:
        message = f"name shadowing: {', '.join(shadowed)}"
        raise NameError(message)
    for name, value in members.items():
        is_special = name.startswith("__") and name.endswith("__")
        if is_special and callable(value) and name not in _SPECIAL:
            message = f"Method '{name}' is not supported."
            raise TypeError(message)
        if isinstance(value, property) and value.fdel is not None:
            message = f"{cls.__qualname__}.{name}: deleter is not supported"
            raise TypeError(message)
        if isinstance(value, functools.cached_property):
            message = f"{cls.__qualname__}.{name}: cached_property is not supported; use property"
            raise TypeError(message)
    inits = (vars(base).get(MEMBERS, vars(base)) for base in cls.__mro__ if base is not object)
    if not any("__init__" in names for names in inits):
        message = f"{cls.__qualname__} has no __init__, which a jitclass needs"
        raise TypeError(message)


def _to_python(value: Any) -> Any:
    """What Python finds under the name of a member."""
    match value:
        case FunctionType():
            return method(njit(value))
        case property():
            getter = None if value.fget is None else njit(value.fget)
            setter = None if value.fset is None else njit(value.fset)
            return property(getter, setter, doc=value.__doc__)
        case staticmethod():
            return staticmethod(_compiled(value.__func__))
        case classmethod():
            return classmethod(_compiled(value.__func__))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            return method(value) if is_dispatcher(value) else value


def _leaving(function: FunctionType) -> Callable[..., Any]:
    """`__exit__` for Python, whose exceptions compiled code takes as any objects."""
    plain, given = njit(function), njit(function)

    @functools.wraps(function)
    def leave(self: Any, cls: Any, value: Any, traceback: Any) -> Any:
        if cls is None:
            return plain(self, cls, value, traceback)
        params = (type(self)._numba_type_, pyobject, pyobject, pyobject)
        if params not in given.signatures:
            given.compile(params)
            given.disable_compile()
        return given(self, cls, value, traceback)

    return leave


def _compiled(function: Any) -> Any:
    return njit(function) if isinstance(function, FunctionType) else function


def _field_property(name: str) -> property:
    @constant_cells
    def get(instance: Any) -> Any:
        return getattr(instance, name)

    @constant_cells
    def put(instance: Any, value: Any) -> None:
        setattr(instance, name, value)

    return property(njit(get), njit(put))


def _maker(ty: JitInstance) -> Any:
    """What makes an instance whose fields are not assigned yet."""

    @constant_cells
    def make() -> Any:
        return new_object(ty)

    return njit(make)


def _let_know(members: Mapping[str, Any], old: Any, made: Any) -> None:
    """Let methods that say `super()` or `__class__` mean the class that was made."""
    for value in members.values():
        parts = (value.fget, value.fset) if isinstance(value, property) else (value,)
        for part in parts:
            function = getattr(part, "__func__", part)
            function = getattr(function, "py_func", function)
            for cell in getattr(function, "__closure__", None) or ():
                try:
                    if cell.cell_contents is old:
                        cell.cell_contents = made
                except ValueError:  # nothing was assigned to the variable yet
                    continue


# ---- the classes ----------------------------------------------------------------------------


class _JitClass(type):
    """The class of the classes that `jitclass` makes."""

    def __new__(cls, name: str, bases: tuple[type, ...], names: dict[str, Any]) -> Any:
        if FIELDS not in names:
            names = {**names, MAKE: staticmethod(_refuse_to_make(name))}
        return super().__new__(cls, name, bases, names)

    def __setattr__(cls, name: str, value: Any) -> None:
        message = f"{cls.__qualname__}.{name} cannot be assigned: compiled code knows it"
        raise AttributeError(message)


def _refuse_to_make(name: str) -> Callable[[], Any]:
    def refuse() -> Any:
        message = f"{name} derives from a jitclass: decorate it with @jitclass as well"
        raise TypeError(message)

    return refuse


def _reduce(self: Any, _protocol: Any = None) -> Any:
    message = f"cannot pickle {type(self).__name__!r} object"
    raise TypeError(message)


def _set_declared(self: Any, name: str, value: Any) -> None:
    if not hasattr(type(self), name):
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message)
    object.__setattr__(self, name, value)


@functools.cache
def _jit_object() -> Any:
    """The base of all of them."""
    names = {
        "__module__": __name__,
        "__slots__": ("__weakref__",),
        "__reduce_ex__": _reduce,
        MEMBERS: {},
    }
    return _JitClass("JitObject", (instance_base(support.address),), names)


__all__ = ["deferred_type", "jitclass"]
