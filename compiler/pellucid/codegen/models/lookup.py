"""The model of a type."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pellucid.base.diagnostics import error
from pellucid.codegen.models.arrays import ArrayModel, MemoryBlockModel, PointerModel
from pellucid.codegen.models.containers import (
    OptionalModel,
    RangeModel,
    SliceModel,
    StructModel,
    TupleModel,
)
from pellucid.codegen.models.functions import (
    BoundMethodModel,
    CaughtExceptionModel,
    ClosureModel,
    ExceptionInstanceModel,
    FunctionTypeModel,
    PassedFunctionModel,
    UnionModel,
)
from pellucid.codegen.models.heap import HeapModel
from pellucid.codegen.models.model import Empty, Model
from pellucid.codegen.models.objects import PyObjectModel
from pellucid.codegen.models.scalars import (
    BooleanModel,
    ComplexModel,
    EnumModel,
    FloatModel,
    IntegerModel,
)
from pellucid.codegen.models.text import BytesModel, TextModel
from pellucid.types import (
    Array,
    Boolean,
    BoundMethod,
    BytesType,
    CaughtException,
    Closure,
    Complex,
    Dispatcher,
    DType,
    EllipsisType,
    EnumMember,
    ExceptionClass,
    ExceptionInstance,
    Float,
    FunctionType,
    FunctionUnion,
    HeapType,
    Integer,
    Literal,
    MemoryBlock,
    MemoryView,
    Module,
    NoneType,
    NotImplementedType,
    ObjectBlock,
    Optional,
    PassedFunction,
    Pointer,
    PyObject,
    Raised,
    Range,
    Slice,
    Struct,
    Tuple,
    Type,
    Undefined,
    UnicodeType,
    Union,
)
from pellucid.types import (
    Callable as CallableType,
)

_MODELS: dict[type[Type], Callable[[Any, Callable[[Type], Model]], Model]] = {
    Array: ArrayModel,
    MemoryView: ArrayModel,
    Boolean: BooleanModel,
    BoundMethod: BoundMethodModel,
    BytesType: BytesModel,
    CallableType: Empty,
    CaughtException: CaughtExceptionModel,
    Closure: ClosureModel,
    Complex: ComplexModel,
    DType: Empty,
    Dispatcher: Empty,
    EnumMember: EnumModel,
    ExceptionClass: Empty,
    ExceptionInstance: ExceptionInstanceModel,
    Float: FloatModel,
    FunctionType: FunctionTypeModel,
    FunctionUnion: UnionModel,
    Union: UnionModel,
    Integer: IntegerModel,
    MemoryBlock: MemoryBlockModel,
    Module: Empty,
    PassedFunction: PassedFunctionModel,
    ObjectBlock: Empty,
    NoneType: Empty,
    EllipsisType: Empty,
    NotImplementedType: Empty,
    Optional: OptionalModel,
    Pointer: PointerModel,
    PyObject: PyObjectModel,
    Raised: Empty,
    Range: RangeModel,
    Slice: SliceModel,
    Struct: StructModel,
    Tuple: TupleModel,
    Undefined: Empty,
    UnicodeType: TextModel,
}


@lru_cache(maxsize=4096)
def model_of(ty: Type) -> Model:
    """How values of `ty` are represented.

    A literal number is as its base type; constant text is nothing.
    """
    if isinstance(ty, Literal):
        return (
            Empty(ty) if isinstance(ty.base_ty, (UnicodeType, BytesType)) else model_of(ty.base_ty)
        )
    if isinstance(ty, HeapType):
        return HeapModel(ty, model_of)
    make = _MODELS.get(type(ty))
    if make is None:
        error("unsupported-feature", f"values of type {ty} cannot be compiled")
    return make(ty, model_of)
