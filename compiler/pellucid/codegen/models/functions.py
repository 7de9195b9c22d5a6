"""Closures, bound methods and exception instances; other things that are called hold nothing."""

from __future__ import annotations

from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.model import ConstantPool, Leaf, ModelOf, Record, ll_ptr
from pellucid.types import (
    BoundMethod,
    CaughtException,
    Closure,
    ExceptionInstance,
    FunctionType,
    PassedFunction,
    Pointer,
    Union,
    int64,
    memory_block,
    uint8,
)


class ClosureModel(Record):
    """A function with captured values: the values."""

    def __init__(self, ty: Closure, model_of: ModelOf) -> None:
        super().__init__(ty, [(str(i), model_of(c)) for i, c in enumerate(ty.captured)])

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        return self.zero()


class PassedFunctionModel(Record):
    """A function that Python passed: laid out as the closure that it becomes."""

    def __init__(self, ty: PassedFunction, model_of: ModelOf) -> None:
        parts = enumerate(held for _, held in ty.captured)
        super().__init__(ty, [(str(i), model_of(held)) for i, held in parts])


class UnionModel(Record):
    """A value of one of several types: the number of the type, and a place for each."""

    def __init__(self, ty: Union, model_of: ModelOf) -> None:
        members = [(str(i), model_of(member)) for i, member in enumerate(ty.members)]
        super().__init__(ty, [("tag", model_of(int64)), *members])


class FunctionTypeModel(Record):
    """A function of a signature: `owner`, `code` and the `data` that the code is given."""

    def __init__(self, ty: FunctionType, model_of: ModelOf) -> None:
        address = model_of(Pointer(uint8))
        parts = (("owner", model_of(memory_block)), ("code", address), ("data", address))
        super().__init__(ty, parts)


class BoundMethodModel(Record):
    """A method to be called: its receiver."""

    def __init__(self, ty: BoundMethod, model_of: ModelOf) -> None:
        super().__init__(ty, [("receiver", model_of(ty.receiver))])


class CaughtExceptionModel(Leaf):
    """An exception that a handler took up: the address of its block (`models/context.py`)."""

    is_owner = True

    def __init__(self, ty: CaughtException, model_of: ModelOf) -> None:
        super().__init__(ty, ll_ptr, 8)


class ExceptionInstanceModel(Record):
    """An exception made in compiled code: its arguments."""

    def __init__(self, ty: ExceptionInstance, model_of: ModelOf) -> None:
        super().__init__(ty, [(str(i), model_of(arg)) for i, arg in enumerate(ty.kept)])

    def parts_of(self, pyobj: Any) -> Any:
        return pyobj.args
