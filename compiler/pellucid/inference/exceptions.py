"""Exception instances in compiled code: how one is made, and what is known of its fields."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pellucid.base.diagnostics import error
from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments, Boxed, Given, Recipe, plain_type
from pellucid.inference.resolution import Bound, Resolution, Resolved
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block
from pellucid.ir.ops import Call, Raise
from pellucid.ir.protocol import (
    EXCEPTION_CAPTURE,
    EXCEPTION_ENTER,
    EXCEPTION_HANDLED,
    EXCEPTION_LEAVE,
    EXCEPTION_RESTORE,
    EXCEPTION_VALUE,
)
from pellucid.types import (
    CaughtException,
    ExceptionClass,
    ExceptionInstance,
    Float,
    FunctionUnion,
    Integer,
    NoneType,
    Optional,
    Signature,
    Tuple,
    Type,
    UnicodeType,
    float64,
    int64,
    none,
)
from pellucid.types.typeof import typeof
from pellucid.types.unify import unify

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame
    from pellucid.inference.program import Program


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

    return Primitive(f"exception[{cls.path}]", Signature(ty, ty.kept), lower, run)


def make_caught(instance: ExceptionInstance) -> Primitive:
    """The primitive that makes an exception which more is done with than raising it."""
    ty = CaughtException((instance.cls,), (instance,))

    def lower(cg: Any, values: Sequence[Any]) -> Any:
        return cg.capture_exception(instance, cg.make_tuple(instance, values))

    def run(*values: Any) -> BaseException:
        return instance.cls.pyobj(*values)

    sig = Signature(ty, instance.kept)
    name = f"exception_object[{instance.cls.path}]"
    return Primitive(name, sig, lower, run, Effects.ALLOCATES)


def is_raised_at_once(op: Call, blocks: Iterable[Block]) -> bool:
    """Whether what a call makes is raised, and nothing else is done with it."""
    return all(
        isinstance(user, Raise) or getattr(user, "callee", None) in _RAISING
        for block in blocks
        for user in block.all_ops()
        if op.out in user.operands()
    )


_RAISING = (EXCEPTION_CAPTURE, EXCEPTION_RESTORE)


def resolve_exception(
    op: Call, cls: ExceptionClass, arguments: Arguments, caller: Frame | None
) -> Resolved:
    """A call of an exception class: an instance."""
    recipes = place_arguments(cls, arguments, op.span)
    types = tuple(plain_type(arguments.type_of(recipe)) for recipe in recipes)
    instance = ExceptionInstance(cls, types)
    kept = tuple(
        recipe if ty == own else Boxed(recipe)
        for recipe, ty, own in zip(recipes, instance.kept, types, strict=True)
    )
    if caller is None or is_raised_at_once(op, caller.users_of(op.out)):
        return Resolved(make_exception(cls, types), kept)
    return Resolved(make_caught(instance), kept)


HANDLING = (
    *(EXCEPTION_ENTER.path, EXCEPTION_HANDLED.path),
    *(EXCEPTION_LEAVE.path, EXCEPTION_VALUE.path),
)
"""What the front end writes around handlers, and before what is raised."""


def resolve_handling(
    program: Program, op: Call, path: str, arguments: Arguments, caller: Frame | None
) -> Resolution | None:
    """What `raise` is given, and what a bare one means in a function without a handler."""
    if path == EXCEPTION_VALUE.path:
        (ty,) = arguments.types
        if not isinstance(ty, (FunctionUnion, Optional, NoneType)):
            return Bound(ty)
    elif path == EXCEPTION_HANDLED.path:
        program.asks_handled = True
    elif caller is None or caller.is_open:
        return program.fold(None)  # `emit` knows whether anything asks for it
    return program.resolve_overloads(op, path, program.overloads.find(path), arguments, caller)


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
    return _construct(instance).args


def field_type(instance: ExceptionInstance, name: str) -> Type | None:
    """The type of a field that the constructor of a class assigns, or of the class itself."""
    cls = instance.cls.pyobj
    for base, fields in _BUILTIN_FIELDS.items():
        if issubclass(cls, base) and name in fields:
            at = fields.index(name)
            return instance.args[at].base if at < len(instance.args) else none
    found = _construct(instance).fields.get(name)
    if found is None and (value := getattr(cls, name, None)) is not None and not callable(value):
        found = _type_of_value(value)
    return found


_BUILTIN_FIELDS: Mapping[type[BaseException], tuple[str, ...]] = {
    StopIteration: ("value",),
    SystemExit: ("code",),
    OSError: ("errno", "strerror", "filename"),
}


@dataclass
class _Constructed:
    """What is known of an exception after its `__init__`: None is what is not understood."""

    args: tuple[Type, ...] | None
    fields: dict[str, Type | None] = field(default_factory=dict[str, "Type | None"])


def _construct(instance: ExceptionInstance) -> _Constructed:
    types = tuple(arg.base for arg in instance.args)
    return _initialise(instance.cls.pyobj.__mro__, types, _Constructed(types))


def _initialise(
    bases: tuple[type, ...], given: tuple[Type | None, ...], made: _Constructed
) -> _Constructed:
    """What the first `__init__` among some classes does, called with arguments of these types."""
    index = next((i for i, base in enumerate(bases) if "__init__" in vars(base)), None)
    found = None if index is None else vars(bases[index])["__init__"]
    node = _constructor(found)
    if index is None or node is None:
        if not inspect.isfunction(found):
            made.args = None if None in given else given  # type: ignore[assignment]  # none is None
        return made
    known = dict(_parameter_types(found, given))
    for statement in node.body:
        match statement:
            case ast.Expr(ast.Call() as call) if ast.unparse(call.func) == "super().__init__":
                types = tuple(_type_of(arg, known, made) for arg in call.args)
                if call.keywords:
                    made.args = None
                else:
                    _initialise(bases[index + 1 :], types, made)
            case ast.Assign(targets=targets, value=value):
                ty = _type_of(value, known, made)
                for target in targets:
                    _assign(target, ty, known, made)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _assign(target, _type_of(value, known, made), known, made)
            case _:
                continue
    return made


def _assign(
    target: ast.expr, ty: Type | None, known: dict[str, Type | None], made: _Constructed
) -> None:
    match target:
        case ast.Name(id=name):
            known[name] = ty
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            made.fields[name] = ty
        case _:
            return


def _parameters(cls: type[BaseException]) -> list[str]:
    """The names of the constructor's parameters, if it has any of its own."""
    if not inspect.isfunction(cls.__init__):
        return []
    return [*inspect.signature(cls.__init__).parameters][1:]


def _constructor(function: Any) -> ast.FunctionDef | None:
    """The syntax of an `__init__`, where Python code defines it."""
    if not inspect.isfunction(function):
        return None
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return None
    found = ast.parse(source).body[0]
    return found if isinstance(found, ast.FunctionDef) else None


def _parameter_types(
    function: Any, given: tuple[Type | None, ...]
) -> Iterator[tuple[str, Type | None]]:
    """The constructor's parameters that have a value."""
    parameters = [*inspect.signature(function).parameters.values()][1:]
    for index, parameter in enumerate(parameters):
        if index < len(given):
            yield parameter.name, given[index]
        elif parameter.default is not parameter.empty:
            yield parameter.name, _type_of_value(parameter.default)


def _type_of_value(value: Any) -> Type | None:
    try:
        return typeof(value).base
    except (TypeError, ValueError, OverflowError):
        return None


def _type_of(node: ast.expr, known: Mapping[str, Type | None], made: _Constructed) -> Type | None:
    """The type of an expression of a constructor, as far as it is simple."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return made.fields.get(name)
        case ast.Constant(value=value):
            return _type_of_value(value)
        case ast.JoinedStr():
            return UnicodeType()
        case ast.Tuple(elts=elts):
            types = [_type_of(elt, known, made) for elt in elts]
            return None if None in types else Tuple(tuple(ty for ty in types if ty is not None))
        case ast.Call(func=ast.Name(id=name)) if name in _CONVERSIONS:
            return _CONVERSIONS[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _type_of_operation(op, _type_of(left, known, made), _type_of(right, known, made))
        case _:
            return None


_CONVERSIONS: Mapping[str, Type] = {
    **dict.fromkeys(("str", "repr"), UnicodeType()),
    **dict.fromkeys(("len", "int"), int64),
    "float": float64,
}


def _type_of_operation(op: ast.operator, left: Type | None, right: Type | None) -> Type | None:
    if isinstance(left, UnicodeType) and isinstance(op, ast.Mod):
        return left
    if left is None or right is None:
        return None
    if left == right == UnicodeType() and isinstance(op, ast.Add):
        return left
    if not all(isinstance(ty, (Integer, Float)) for ty in (left, right)):
        return None
    if isinstance(op, ast.Div):
        return float64
    is_plain = isinstance(op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod))
    return unify(left, right) if is_plain else None
