"""What the names in IR text stand for: Python objects, primitives and functions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from pellucid.ir.callee import FunctionTarget, Primitive, Ref, Target
from pellucid.ir.function import Function
from pellucid.ir.ops import Call, Const
from pellucid.ir.params import MISSING
from pellucid.ir.printer import object_text
from pellucid.types import Signature, Type
from pellucid.types.functions import PyObjectType
from pellucid.types.syntax import import_object

# Any: constants are Python objects of every kind.

FindTarget = Callable[[str, Signature, str], Target | None]
"""From the target's name, the call's types and the path of the callee (or "") to the target."""


def _find_nothing(name: str, sig: Signature, origin: str) -> Target | None:  # noqa: ARG001 (a default)
    return None


@dataclass
class Environment:
    """What names in the text stand for. What is not listed is asked of `find_target`."""

    objects: dict[str, Any] = field(default_factory=dict[str, Any])
    primitives: dict[tuple[str, Signature], Primitive] = field(
        default_factory=dict[tuple[str, Signature], Primitive]
    )
    functions: dict[str, FunctionTarget] = field(default_factory=dict[str, FunctionTarget])
    find_target: FindTarget = _find_nothing

    def object(self, path: str) -> Any:
        """The Python object with this path; LookupError if there is none."""
        if path in self.objects:
            return self.objects[path]
        try:
            return import_object(path)
        except ImportError:
            raise LookupError(path) from None

    def target(self, name: str, sig: Signature, origin: str, *, is_function: bool) -> Target | None:
        """The function with this symbol, or the primitive with this name and these types."""
        found = self.functions.get(name) if is_function else self.primitives.get((name, sig))
        return found or self.find_target(name, sig, origin)


def environment_of(functions: Iterable[Function]) -> Environment:
    """All that the text of `functions` names."""
    found = Environment()
    for fn in functions:
        for value in fn.values():
            if value.ty is not None:
                found.objects.update(_named_in_type(value.ty))
        if fn.sig is not None:
            found.objects.update(_named_in_type(fn.sig.ret))
        for param in fn.params:
            if param.default is not MISSING:
                _add_constant(found, param.default)
        for op in fn.ops():
            if isinstance(op, Const):
                if op.path is not None:
                    found.objects.setdefault(op.path, op.value)
                _add_constant(found, op.value)
            elif isinstance(op, Call):
                _add_call(found, op)
    return found


def _add_call(found: Environment, op: Call) -> None:
    if isinstance(op.callee, Ref) and op.callee.pyobj is not None:
        found.objects.setdefault(op.callee.path, op.callee.pyobj)
    if isinstance(op.target, FunctionTarget):
        found.functions[op.target.symbol] = op.target
    elif op.target is not None:
        found.primitives[op.target.name, op.target.sig] = op.target


def _add_constant(found: Environment, value: Any) -> None:
    if type(value) is tuple:
        for item in cast("tuple[Any, ...]", value):
            _add_constant(found, item)
        return
    kind, _, path = object_text(value).partition(" ")
    if kind in {"function", "object", "ref"}:
        found.objects.setdefault(path.strip('"'), value)


def _named_in_type(ty: object) -> Iterator[tuple[str, Any]]:
    """The Python objects that a type's text names."""
    if isinstance(ty, PyObjectType):
        yield ty.path, ty.pyobj
    elif isinstance(ty, tuple):
        for item in cast("tuple[object, ...]", ty):
            yield from _named_in_type(item)
    elif isinstance(ty, Type) and dataclasses.is_dataclass(ty):
        code, name = getattr(ty, "code", None), getattr(ty, "name", None)
        if code is not None and isinstance(name, str):
            yield name, code
        for member in dataclasses.fields(ty):
            yield from _named_in_type(getattr(ty, member.name))
