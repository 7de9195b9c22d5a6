"""Exception instances in compiled code: how one is made, and what is known of its fields."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from pellucid.base.diagnostics import error
from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments, Given, Recipe, plain_type
from pellucid.inference.resolution import Resolved
from pellucid.ir.callee import Primitive
from pellucid.types import ExceptionClass, ExceptionInstance, Signature, Type, UnicodeType, none
from pellucid.types.typeof import typeof


def make_exception(
    cls: ExceptionClass, args: tuple[Type, ...], template: str | None = None
) -> Primitive:
    """The primitive that makes an instance of `cls` from arguments of these types."""
    ty = ExceptionInstance(cls, args, template)

    def lower(cg: Any, values: Sequence[Any]) -> Any:
        made = cg.make_tuple(ty, values)
        cg.retain(ty, made)
        return made

    def run(*values: Any) -> BaseException:
        return cls.pyobj(*values) if template is None else cls.pyobj(template.format(*values))

    return Primitive(f"exception[{cls.path}]", Signature(ty, args), lower, run)


def call_exception(cls: ExceptionClass, arguments: Arguments, span: Span) -> Resolved:
    """A call of an exception class."""
    recipes = place_arguments(cls, arguments, span)
    types = tuple(plain_type(arguments.type_of(recipe)) for recipe in recipes)
    return Resolved(make_exception(cls, types), tuple(recipes))


def place_arguments(cls: ExceptionClass, arguments: Arguments, span: Span) -> list[Recipe]:
    """The arguments of a call of an exception class in the order of the class's parameters."""
    if not arguments.kwnames:
        return list(arguments.positional())
    names = _parameters(cls.pyobj)
    count = len(arguments.types) - len(arguments.kwnames)
    given = [*names[:count], *arguments.kwnames]
    if arguments.stars or sorted(given) != sorted(names[: len(given)]):
        error(
            "wrong-arguments",
            f"the keyword arguments of {cls.path.rpartition('.')[2]}() do not fit its parameters",
            span,
            help="give the parameters from the first on, without a gap",
        )
    return [Given(given.index(name)) for name in names[: len(given)]]


def argument_types(instance: ExceptionInstance) -> tuple[Type, ...] | None:
    """The types of the `args` of an instance; None if its class says what is not understood."""
    if instance.template is not None:
        return (UnicodeType(),)
    body = _constructor(instance.cls.pyobj)
    if body is None:
        return tuple(arg.base for arg in instance.args)
    known = dict(_parameter_types(instance))
    for statement in body.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
            types = [_type_of(arg, known) for arg in call.args]
            return None if None in types or call.keywords else tuple(types)  # type: ignore[arg-type]  # none is None
    return tuple(arg.base for arg in instance.args)


def field_type(instance: ExceptionInstance, name: str) -> Type | None:
    """The type of a field that the constructor of a class assigns a parameter or a constant to."""
    if issubclass(instance.cls.pyobj, StopIteration) and name == "value":
        return plain_type(instance.args[0]) if instance.args else none
    body = _constructor(instance.cls.pyobj)
    if body is None:
        return None
    known = dict(_parameter_types(instance))
    for statement in body.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Attribute) and ast.unparse(target) == f"self.{name}"
            for target in statement.targets
        ):
            return _type_of(statement.value, known)
    return None


def _parameters(cls: type[BaseException]) -> list[str]:
    """The names of the constructor's parameters, if it has any of its own."""
    if not inspect.isfunction(cls.__init__):
        return []
    return [*inspect.signature(cls.__init__).parameters][1:]


def _constructor(cls: type[BaseException]) -> ast.FunctionDef | None:
    """The syntax of `__init__`, where Python code defines it."""
    if not inspect.isfunction(cls.__init__):
        return None
    try:
        source = textwrap.dedent(inspect.getsource(cls.__init__))
    except (OSError, TypeError):
        return None
    found = ast.parse(source).body[0]
    return found if isinstance(found, ast.FunctionDef) else None


def _parameter_types(instance: ExceptionInstance) -> Iterator[tuple[str, Type]]:
    """The constructor's parameters that have a value."""
    parameters = [*inspect.signature(instance.cls.pyobj.__init__).parameters.values()][1:]
    for index, parameter in enumerate(parameters):
        if index < len(instance.args):
            yield parameter.name, instance.args[index].base
        elif parameter.default is not parameter.empty:
            yield parameter.name, typeof(parameter.default).base


def _type_of(node: ast.expr, known: dict[str, Type]) -> Type | None:
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Constant(value=value):
            return typeof(value).base
        case ast.JoinedStr():
            return UnicodeType()
        case _:
            return None
