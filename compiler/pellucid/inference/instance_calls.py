"""Calls of users' classes and of their methods, and attributes of their instances."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from pellucid.base.diagnostics import CompileError, error
from pellucid.inference.binding import Arguments, Given, Recipe, plain_type
from pellucid.inference.generators import call_of
from pellucid.inference.instances import (
    NAMED_TUPLE_MAKE,
    build_astuple,
    build_constructor,
    build_maker,
    build_optional_attribute,
    build_plain_maker,
    build_replace,
    class_attribute,
    class_of,
    exception_member,
    is_instance,
    is_known_class,
    is_method,
    make_named_tuple,
    tuple_field,
)
from pellucid.inference.refusals import bind_arguments, no_attribute
from pellucid.inference.resolution import Bound, Folded, Resolution, Resolved
from pellucid.ir.function import Function
from pellucid.ir.ops import Call
from pellucid.types import (
    BoundMethod,
    Callable,
    CaughtException,
    DataClass,
    Instance,
    Optional,
    Tuple,
    Type,
    none,
)
from pellucid.types.enums import is_enum_class
from pellucid.types.instance import class_member, class_type, is_jitclass
from pellucid.types.plain import is_plain_class
from pellucid.types.pyclass import python_class
from pellucid.types.typeof import is_named_tuple_class

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame
    from pellucid.inference.program import Program

ENUM_CALL = "pellucid.types.EnumMember.call"
READ_FIELD = "pellucid.types.Instance.get"


def called_method(ty: BoundMethod | Instance) -> BoundMethod:
    """The method that a call goes to: of an instance itself, `__call__`."""
    return BoundMethod(ty, "__call__") if isinstance(ty, Instance) else ty


class InstanceCalls:
    """What of a program's calls has to do with users' classes."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._written: dict[object, Function] = {}

    def call(
        self, op: Call, callee_ty: Callable, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """A call of a class."""
        cls = callee_ty.pyobj
        if is_named_tuple_class(cls):
            return make_named_tuple(cls, arguments, op.span)
        if is_enum_class(cls):
            found = self._program.overloads.find(ENUM_CALL)
            of_class = Arguments(
                arguments.types, arguments.kwnames, arguments.stars, receiver=callee_ty
            )
            path = callee_ty.path
            return self._program.resolve_overloads(op, path, found, of_class, caller)
        if is_jitclass(cls) or is_plain_class(cls):
            build = build_maker if is_jitclass(cls) else build_plain_maker
            made = build(cls, arguments, op.span)
            recipes: tuple[Recipe, ...] = tuple(map(Given, range(len(arguments.types))))
            return self._call_bound(op, made, recipes, arguments, caller)
        made = build_constructor(cls, arguments, op.span)
        return self._call_written(op, made, arguments, caller)

    def super_of(self, op: Call, arguments: Arguments) -> Resolution:
        """`super(cls, self)`, which is what `super()` in a method stands for."""
        cls, receiver = (*map(plain_type, arguments.types), none, none)[:2]
        is_known = isinstance(cls, Callable) and is_instance(receiver)
        own: Any = python_class(receiver) if is_known else None
        if not isinstance(cls, Callable) or own is None or cls.pyobj not in own.__mro__:
            error(
                "unsupported-feature",
                "super() is known in methods of classes whose instances compiled code has",
                op.span,
            )
        return Bound(BoundMethod(receiver, "", cls), 1)

    def call_method(
        self, op: Call, callee_ty: BoundMethod, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """A call of a method, which the receiver's class has."""
        program, receiver, name = self._program, callee_ty.receiver, callee_ty.name
        if isinstance(receiver, CaughtException):
            method = exception_member(receiver, name, op.span)
            return program.resolve_function(op, method, arguments, caller)
        cls: Any = python_class(receiver) if is_instance(receiver) else None
        if isinstance(receiver, Callable) and is_known_class(receiver.pyobj):
            cls = receiver.pyobj  # of a class method
        if cls is None:
            return no_attribute(receiver, name, op.span)
        if name == "_replace" and isinstance(receiver, Tuple):
            made = build_replace(cls, arguments.kwnames, op.span)
            return self._call_written(op, made, arguments, caller)
        after = None if callee_ty.after is None else callee_ty.after.pyobj
        found = class_member(cls, name, after)
        if found is None and name == "__init__":
            return self._init_object(arguments, op)
        if isinstance(found, classmethod):
            found = found.__func__
            if name == "_make" and is_named_tuple_class(cls):
                made = program.overloads.find(NAMED_TUPLE_MAKE)
                return program.resolve_overloads(op, name, made, arguments, caller)
        if not is_method(found):
            return no_attribute(receiver, name, op.span)
        return program.resolve_function(op, found, arguments, caller)

    def _init_object(self, arguments: Arguments, op: Call) -> Resolution:
        """`object.__init__`, which takes nothing."""
        if arguments.types:
            error("wrong-arguments", "object.__init__() takes exactly one argument", op.span)
        return self._program.fold(None)

    def function(
        self, op: Call, pyobj: Any, arguments: Arguments, caller: Frame | None
    ) -> Resolution | None:
        """`dataclasses.replace(obj, ...)`, `astuple(obj)`, and what goes by its argument's class.

        None of other functions.
        """
        if hasattr(pyobj, "registry") and hasattr(pyobj, "dispatch"):  # `functools.singledispatch`
            cls = python_class(arguments.types[0]) if arguments.types else None
            if cls is None:
                error("no-matching-overload", "the class of the argument is not known", op.span)
            return self._program.resolve_function(op, pyobj.dispatch(cls), arguments, caller)
        if pyobj not in (dataclasses.replace, dataclasses.astuple):
            return None
        ty = arguments.types[0] if arguments.types else none
        if not isinstance(ty, DataClass):
            error("no-matching-overload", f"{ty.base} is no dataclass instance", op.span)
        if pyobj is dataclasses.replace:
            made = build_replace(ty.pyclass, arguments.kwnames, op.span)
        else:
            made = build_astuple(ty, op.span)
        return self._call_written(op, made, arguments, caller)

    def attribute(
        self, op: Call, name: str, arguments: Arguments, caller: Frame | None
    ) -> Resolution | None:
        """An attribute of a class, or of an instance of one; None if there is none."""
        program, owner, after = self._program, arguments.types[0], None
        if isinstance(owner, Callable) and is_known_class(owner.pyobj):
            if isinstance(class_member(owner.pyobj, name), classmethod):
                return Bound(BoundMethod(owner, name))
            return class_attribute(owner, name, program.fold)
        if isinstance(owner, Optional) and is_instance(owner.value_ty):
            made = build_optional_attribute(name, op.span)
            return self._call_bound(op, made, (Given(0),), arguments, caller)
        if isinstance(owner, BoundMethod) and not owner.name:  # `super()`
            owner, after = owner.receiver, owner.after
        if name == "__class__" and python_class(owner) is not None:
            found = program.resolve_callable(type, (owner,), op.span)
            return found if isinstance(found, Folded) else None
        if not is_instance(owner):
            return None
        if isinstance(owner, Instance) and name in owner.names and after is None:
            found = program.overloads.find(READ_FIELD)
            return program.resolve_overloads(op, f".{name}", found, arguments, caller)
        if isinstance(owner, Tuple) and name in owner.names:
            field = tuple_field(owner, owner.names.index(name), arguments.types[1])
            return Resolved(field, (Given(0), Given(1)))
        cls: Any = python_class(owner)
        found = class_member(cls, name, None if after is None else after.pyobj)
        if isinstance(found, property):
            return program.resolve_function(op, found.fget, Arguments((owner,)), caller)
        is_made = name == "_replace" and isinstance(owner, Tuple)
        if is_method(found) or is_made or (found is None and name == "__init__"):
            return Bound(BoundMethod(plain_type(owner), name, after))
        if isinstance(found, classmethod):
            return class_of(BoundMethod(class_type(cls), name), arguments)
        return class_attribute(class_type(cls), name, program.fold)

    def exception_attribute(
        self, op: Call, name: str, owner: CaughtException, caller: Frame | None
    ) -> Resolution | None:
        """A method or property of users' exception classes; None of what `__init__` assigns."""
        found = exception_member(owner, name, op.span)
        if isinstance(found, property):
            return self._program.resolve_function(op, found.fget, Arguments((owner,)), caller)
        return Bound(BoundMethod(owner, name)) if is_method(found) else None

    def _call_written(
        self, op: Call, fn: Function, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """A call of a function that was written for it."""
        recipes = tuple(bind_arguments(fn, arguments, op))
        return self._call_bound(op, fn, recipes, arguments, caller)

    def _call_bound(
        self,
        op: Call,
        fn: Function,
        recipes: tuple[Recipe, ...],
        arguments: Arguments,
        caller: Frame | None,
    ) -> Resolution:
        """The same, where it is known how the arguments come to the parameters."""
        arg_tys: tuple[Type, ...] = tuple(plain_type(arguments.type_of(r)) for r in recipes)
        fn = self._written.setdefault((fn.name, op, arg_tys), fn)
        try:
            frame = self._program.call_frame(fn, arg_tys, caller, is_library=True)
        except CompileError as problem:
            raise self._program.at_call(problem, op, caller) from None
        return call_of(frame, recipes)
