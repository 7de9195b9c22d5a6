"""Instances of plain Python classes: objects on the heap with the attributes that methods assign.

Which attributes there are, the code of the class's methods tells; what they hold, the type of an
instance says. Where instances are made in compiled code, that is what is assigned to them.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from opcode import hasjabs, hasjrel, opname
from types import CodeType, FunctionType, MemberDescriptorType
from typing import Any

from pellucid.base.records import record
from pellucid.types.functions import Callable
from pellucid.types.heap import all_types
from pellucid.types.instance import Instance, class_member
from pellucid.types.kinds import Type
from pellucid.types.objects import pyobject
from pellucid.types.scalars import boolean

# Any: classes and their members are Python objects of every kind.

_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: not one of C's
_NOT_PLAIN = (
    *("__new__", "__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__del__"),
    *("__init_subclass__", "__wrapper_address__", "__pellucid_typed__", "__pellucid_dispatcher__"),
)
SET = "?"
"""What follows an attribute's name in that of the field which tells whether it is assigned."""


@record(frozen=True, repr=False)
class OwnKind(Type):
    """In the fields of an instance of a class: the type of that instance itself."""

    cls: Callable

    def __str__(self) -> str:
        return f"own({self.cls.path})"

    @property
    def is_managed(self) -> bool:
        return True


@record(frozen=True, repr=False)
class PlainInstance(Instance):
    """An instance of a plain class; `origin` is the Python object that it was made from, if any.

    One that may hold its own kind says so by `OwnKind`: all of its class in a program are of one
    type (`inference/knots.py`).
    """

    cls: Callable
    field_tys: tuple[Type, ...]

    def __str__(self) -> str:
        pairs = zip(self.names, self.field_tys, strict=True)
        return f"object({self.cls.path}{''.join(f', {name}: {ty}' for name, ty in pairs)})"

    @property
    def pyclass(self) -> Any:
        return self.cls.pyobj

    @property
    def names(self) -> tuple[str, ...]:
        return attribute_names(self.pyclass)

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        flags = ((f"{name}{SET}", boolean) for name in self.names if self.may_be_unset(name))
        tys = replace_part(self.field_tys, OwnKind(self.cls), self)
        return (*zip(self.names, tys, strict=True), *flags, ("origin", pyobject))

    @property
    def is_knot(self) -> bool:
        """Whether it may hold its own kind."""
        return OwnKind(self.cls) in all_types(self.field_tys)

    def may_be_unset(self, name: str) -> bool:
        """Whether an attribute may be without a value after `__init__`."""
        return name not in set_by_init(self.pyclass)

    def with_field(self, name: str, ty: Type) -> PlainInstance:
        """The same instance, one of whose attributes holds another type."""
        pairs = zip(self.names, self.field_tys, strict=True)
        return PlainInstance(self.cls, tuple(ty if own == name else old for own, old in pairs))


def replace_part(part: Any, old: Type, new: Type) -> Any:
    """A type, or tuple of types, with one type in it replaced by another."""
    if part == old:
        return new
    if isinstance(part, tuple):
        items: Any = part
        return tuple(replace_part(item, old, new) for item in items)
    if isinstance(part, Type) and old in all_types(part):
        parts = (getattr(part, name) for name in type(part).__match_args__)
        return type(part)(*(replace_part(each, old, new) for each in parts))
    return part


@lru_cache(maxsize=256)
def is_plain_class(cls: Any) -> bool:
    """Whether an object is a class that a user wrote in Python, whose instances are plain objects.

    Classes of the standard library are what compiled code has of its own for them, or nothing.
    """
    if type(cls) is not type or not cls.__flags__ & _HEAP_TYPE:
        return False
    bases = [base for base in cls.__mro__ if base is not object]
    return all(_is_plain_base(base) for base in bases)


def _is_plain_base(cls: Any) -> bool:
    root = cls.__module__.partition(".")[0]
    is_users = root not in sys.stdlib_module_names and root not in ("numpy", "pellucid")
    is_python = bool(cls.__flags__ & _HEAP_TYPE) and "__dataclass_fields__" not in vars(cls)
    return is_users and is_python and not any(name in vars(cls) for name in _NOT_PLAIN)


def _functions(cls: Any) -> list[FunctionType]:
    """The methods of a class and those that it derives from, and the functions of properties."""
    found: list[FunctionType] = []
    for base in reversed(cls.__mro__):
        for member in vars(base).values():
            parts = (member.fget, member.fset) if isinstance(member, property) else (member,)
            for part in parts:
                function = getattr(part, "py_func", part)
                if isinstance(function, FunctionType):
                    found.append(function)
    return found


@lru_cache(maxsize=256)
def attribute_names(cls: Any) -> tuple[str, ...]:
    """The attributes that methods of a class assign to its instances, and those of `__slots__`."""
    names: dict[str, None] = {}
    for base in reversed(cls.__mro__):
        slots = (name for name, it in vars(base).items() if isinstance(it, MemberDescriptorType))
        names.update(dict.fromkeys(slots))
    for function in _functions(cls):
        for code in _codes(function.__code__):
            names.update(dict.fromkeys(_assigned(code, function.__code__)))
    return tuple(name for name in names if not isinstance(class_member(cls, name), property))


def class_values(cls: Any) -> dict[str, Any]:
    """The attributes that the class has a value for, which instances have before `__init__`."""
    values = {name: class_member(cls, name) for name in attribute_names(cls)}
    return {
        name: value
        for name, value in values.items()
        if not (value is None or callable(value) or isinstance(value, MemberDescriptorType))
    }


@lru_cache(maxsize=256)
def set_by_init(cls: Any) -> frozenset[str]:
    """The attributes that every instance has once `__init__` has returned."""
    return frozenset({*class_values(cls), *_set_by(cls, None)})


def _set_by(cls: Any, after: Any) -> frozenset[str]:
    init = class_member(cls, "__init__", after)
    init = getattr(init, "py_func", init)
    if not isinstance(init, FunctionType) or init.__code__.co_exceptiontable:
        return frozenset()
    code = init.__code__
    names = set(_assigned(code, code, is_straight=True))
    owner = next((base for base in cls.__mro__ if vars(base).get("__init__") is init), None)
    if owner is not None and "__init__" in _loaded(code):
        names |= _set_by(cls, owner)
    return frozenset(names)


def _codes(code: CodeType) -> list[CodeType]:
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [code, *(each for const in inner for each in _codes(const))]


_JUMPS = frozenset({*hasjrel, *hasjabs})
_ENDS = frozenset({"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS"})


def _instructions(code: CodeType, *, is_straight: bool) -> list[tuple[str, int]]:
    """The names of instructions with their arguments; of a straight run, up to the first jump."""
    found: list[tuple[str, int]] = []
    high = 0
    data = code.co_code
    for op, low in zip(data[::2], data[1::2], strict=True):
        name = opname[op]
        if name == "CACHE":
            continue
        arg, high = high | low, 0
        if name == "EXTENDED_ARG":
            high = arg << 8
            continue
        if is_straight and (op in _JUMPS or name in _ENDS):
            break
        found.append((name, arg))
    return found


def _assigned(code: CodeType, method: CodeType, *, is_straight: bool = False) -> list[str]:
    """The names of attributes that are assigned to what the first parameter of a method is."""
    names: list[str] = []
    before = ("", 0)
    own = method.co_varnames[0] if method.co_argcount else ""
    for name, arg in _instructions(code, is_straight=is_straight):
        if name == "STORE_ATTR" and _is_own(before, code, own):
            names.append(code.co_names[arg])
        before = (name, arg)
    return names


def _is_own(before: tuple[str, int], code: CodeType, own: str) -> bool:
    """Whether the instruction before an assignment puts the instance on the stack."""
    name, arg = before
    if name == "SWAP":  # of an augmented assignment
        return True
    if name == "LOAD_DEREF":
        return own in (*code.co_freevars, *code.co_cellvars)
    if not name.endswith(("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_BORROW")):
        return False
    position = arg & 15 if name.count("FAST") > 1 else arg
    return position < len(code.co_varnames) and code.co_varnames[position] == own


def _loaded(code: CodeType) -> set[str]:
    """The names that a straight run of code loads as attributes."""
    shift = 1 if sys.version_info >= (3, 12) else 0
    found: set[str] = set()
    for name, arg in _instructions(code, is_straight=True):
        if name == "LOAD_SUPER_ATTR":
            found.add(code.co_names[arg >> 2])
        elif name in ("LOAD_ATTR", "LOAD_METHOD"):
            found.add(code.co_names[arg >> (shift if name == "LOAD_ATTR" else 0)])
    return found
