"""Runs typed functions natively and in the reference interpreter, on the interpreter's values.

The native side goes through a wrapper in LLVM that reads the arguments from memory and writes the
result there, each laid out as its model says; the test reads and writes the same bytes.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from llvmlite import ir as ll

from pellucid.backend.compile import MachineCode, compile_module
from pellucid.backend.load import LoadedCode, load_object
from pellucid.base.options import Options
from pellucid.base.spans import Span
from pellucid.codegen.abi import Abi
from pellucid.codegen.models import block, context
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import Record, ll_i32, ll_ptr, offset_address
from pellucid.codegen.module import ModuleBuilder
from pellucid.codegen.payload import class_from_key, read_arguments
from pellucid.ir.builder import Builder
from pellucid.ir.callee import FunctionTarget, Primitive, Ref
from pellucid.ir.effects import Effects
from pellucid.ir.function import Function, Param
from pellucid.ir.interp import Interpreter
from pellucid.ir.interp_values import ArrayValue, StructValue
from pellucid.ir.values import Value
from pellucid.runtime.support import address
from pellucid.targets.cpu.target import host
from pellucid.types import (
    Array,
    ExceptionClass,
    ExceptionInstance,
    Literal,
    NoneType,
    Optional,
    Pointer,
    Range,
    Signature,
    Slice,
    Struct,
    Tuple,
    Type,
    boolean,
    dtype_of,
    int64,
    is_scalar,
    none,
)
from pellucid.types.arrays import MemoryBlock

FILE = "/code/example.py"
_symbols = itertools.count()


def span(line: int, col: int = 4) -> Span:
    """A place in the example file."""
    return Span(FILE, line, col, line, col + 9, line, col + 3)


class Maker(Builder):
    """A builder of one typed function, starting in its entry block."""

    def __init__(self, name: str, ret: Type, params: dict[str, Type], **fields: Any) -> None:
        symbol = f"example.{name}.{next(_symbols)}"
        sig = Signature(ret, tuple(params.values()))
        fields = {"file": FILE, "span": span(1, 0), **fields}
        fn = Function(name, [Param(p, 1) for p in params], sig=sig, symbol=symbol, **fields)
        super().__init__(fn)
        entry = self.new_block("entry")
        self.args = [self.param(entry, p, ty) for p, ty in params.items()]
        self.block = entry
        self.span = span(2)

    def at(self, line: int) -> None:
        """The next ops stand on this line."""
        self.span = span(line)

    def apply(self, target: Primitive | FunctionTarget, *args: Value, **fields: Any) -> Value:
        """A call."""
        value = self.call(Ref(target.name, None), *args, target=target)
        if self.block is not None:
            for name, what in fields.items():
                setattr(self.block.ops[-1], name, what)
        return value

    def target(self) -> FunctionTarget:
        """The function made."""
        from pellucid.codegen.module import target_of

        return target_of(self.fn)


# -- primitives -------------------------------------------------------------------------------


def binary(method: str, ty: Type, run: Callable[[Any, Any], Any]) -> Primitive:
    """An arithmetic instruction of llvmlite's builder."""
    return Primitive(method, ty(ty, ty), lambda cg, a: getattr(cg.builder, method)(*a), run)


def compare(op: str, ty: Type = int64) -> Primitive:
    """A comparison of integers."""
    run = {"<": lambda a, b: a < b, "==": lambda a, b: a == b, ">=": lambda a, b: a >= b}[op]
    return Primitive(op, boolean(ty, ty), lambda cg, a: cg.builder.icmp_signed(op, *a), run)


def field_of(ty: Type, name: str, ret: Type) -> Primitive:
    """A part of a record."""
    return Primitive(name, ret(ty), lambda cg, a: cg.field(ty, a[0], name), lambda v: v[name])


def exception(cls: type[BaseException], *args: Type, template: str | None = None) -> Primitive:
    """Makes an exception instance."""
    ty = ExceptionInstance(ExceptionClass(cls.__name__, cls), args, template)

    def run(*values: Any) -> BaseException:
        return cls(*values) if template is None else cls(template.format(*values))

    return Primitive(cls.__name__, Signature(ty, args), lambda cg, a: cg.make_tuple(ty, a), run)


# -- values in memory -------------------------------------------------------------------------


class Memory:
    """Writes and reads the interpreter's values as compiled code holds them."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.headers: dict[int, Any] = {}

    def header(self, owner: Any) -> int:
        """The address of a block header for the owner of an array."""
        if owner is None:
            return 0
        buffer = (ctypes.c_int64 * 8)(1, 0, id(owner), 0)
        self.headers[ctypes.addressof(buffer)] = owner
        self.kept.append(buffer)
        return ctypes.addressof(buffer)

    def refcounts(self) -> list[int]:
        """The counts of all headers made."""
        return [ctypes.c_int64.from_address(a + block.REFCOUNT).value for a in self.headers]

    def write(self, ty: Type, value: Any, address: int) -> None:
        """Put a value at an address."""
        model = model_of(ty)
        if model.is_empty or isinstance(ty, Literal):
            return
        if is_scalar(ty):
            data = np.array(value, dtype_of(ty)).tobytes()
            ctypes.memmove(address, data, len(data))
        elif isinstance(ty, (Pointer, MemoryBlock)):
            at = self.header(value) if isinstance(ty, MemoryBlock) else value
            ctypes.c_int64.from_address(address).value = at
        else:
            assert isinstance(model, Record)
            self._write_parts(ty, model, value, address)

    def _write_parts(self, ty: Type, model: Record, value: Any, address: int) -> None:
        if isinstance(ty, Optional):
            parts = [value is not None, value]
            if value is None:
                ctypes.memset(address, 0, model.size)
                return
        elif isinstance(ty, (Tuple, ExceptionInstance)):
            parts = list(value)
        elif isinstance(ty, Range):
            parts = [value.start, value.stop, value.step, len(value)]
        else:
            parts = [
                value[n] if isinstance(value, dict) else getattr(value, n) for n in model.names
            ]
        for part, part_model, offset in zip(parts, model.parts, model.offsets, strict=True):
            self.write(part_model.ty, part, address + offset)

    def read(self, ty: Type, address: int) -> Any:
        """The value at an address."""
        model = model_of(ty)
        if isinstance(ty, Literal):
            return ty.value
        if isinstance(ty, NoneType):
            return None
        if is_scalar(ty):
            return np.frombuffer(ctypes.string_at(address, model.size), dtype_of(ty))[0].item()
        if isinstance(ty, (Pointer, MemoryBlock)):
            at = ctypes.c_int64.from_address(address).value
            return self.headers.get(at, at) if isinstance(ty, MemoryBlock) else at
        assert isinstance(model, Record)
        pairs = zip(model.parts, model.offsets, strict=True)
        parts = [self.read(m.ty, address + offset) for m, offset in pairs]
        match ty:
            case Array():
                return ArrayValue(*parts)
            case Optional():
                return parts[1] if parts[0] else None
            case Struct():
                return StructValue(zip(model.names, parts, strict=True))
            case Range():
                return range(*parts[:3])
            case Slice():
                return slice(*parts)
            case _:
                return tuple(parts)


# -- native runs ------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What a native run did: a value, or an exception with its frames."""

    value: Any = None
    error: BaseException | None = None
    frames: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    refcounts: list[int] = field(default_factory=list[int])


@dataclass
class Native:
    """Compiled functions."""

    code: MachineCode
    loaded: LoadedCode
    targets: dict[str, FunctionTarget]
    budget: int = 1 << 20
    stack_limit: int = 0

    def call(self, target: FunctionTarget, *values: Any) -> Outcome:
        """Run a function on the interpreter's values."""
        memory = Memory()
        ctx = _aligned(context.SIZE, memory)
        ctypes.c_int32.from_address(ctx + context.BUDGET).value = self.budget
        ctypes.c_int64.from_address(ctx + context.STACK_LIMIT).value = self.stack_limit
        args = _aligned(4096, memory)
        result = _aligned(4096, memory)
        model = arguments_model(target)
        for ty, value, offset in zip(target.sig.params, values, model.offsets, strict=True):
            memory.write(ty, value, args + offset)
        address = self.loaded.address_of(f"{target.symbol}.test")
        entry = ctypes.CFUNCTYPE(ctypes.c_int32, *(ctypes.c_void_p,) * 3)(address)
        status = entry(ctx, args, result)
        if status:
            error, frames = read_error(ctx)
            return Outcome(None, error, frames, memory.refcounts())
        return Outcome(memory.read(target.sig.ret, result), refcounts=memory.refcounts())


def arguments_model(target: FunctionTarget) -> Record:
    """The arguments as one record."""
    return Record(none, [(str(i), model_of(ty)) for i, ty in enumerate(target.sig.params)])


def read_error(ctx: int) -> tuple[BaseException, list[tuple[str, int]]]:
    """The exception that a context holds, and (function, line) of its frames."""
    descriptor = _pointer(ctx + context.DESCRIPTOR)
    cls = class_from_key(_text(_pointer(descriptor + context.DESCRIPTOR_CLASS)))
    template = _pointer(descriptor + context.DESCRIPTOR_TEMPLATE)
    items = _text(_pointer(descriptor + context.DESCRIPTOR_ARGS))
    args = read_arguments(items, ctx + context.PAYLOAD)
    if template:
        args = (_text(template).format(*args),)
    count = ctypes.c_int32.from_address(ctx + context.FRAME_COUNT).value
    frames: list[tuple[str, int]] = []
    for index in range(min(count, context.MAX_FRAMES)):
        frame = _pointer(ctx + context.FRAMES + 8 * index)
        while frame:
            line = ctypes.c_int32.from_address(frame + context.FRAME_LINE).value
            frames.append((_text(_pointer(frame + context.FRAME_FUNCTION)), line))
            frame = _pointer(frame + context.FRAME_OUTER)
    return cls(*args), frames


def _pointer(address: int) -> int:
    return ctypes.c_int64.from_address(address).value


def _text(address: int) -> str:
    return ctypes.string_at(address).decode()


def _aligned(size: int, memory: Memory) -> int:
    buffer = ctypes.create_string_buffer(size + 64)
    memory.kept.append(buffer)
    return -(-ctypes.addressof(buffer) // 64) * 64


@ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)
def _refuse(ctx: int) -> int:
    del ctx
    return 1


def _stack_is_used_up() -> int:
    return ctypes.cast(_refuse, ctypes.c_void_p).value or 0


def compile_native(
    targets: Sequence[FunctionTarget],
    options: Options | None = None,
    symbols: dict[str, int] | None = None,
    **fields: Any,
) -> Native:
    """Compile functions with a wrapper for each."""
    options = options or Options(interrupt=False)
    module = ModuleBuilder(options, "test", host().info)
    module.add_functions(targets, ())
    for target in targets:
        _add_wrapper(module, target)
    exported = {f"{target.symbol}.test" for target in targets}
    code = compile_module(module.text(), host(), options, exported=exported, with_texts=True)
    leaving = (context.RAISE, context.PUSH_FRAME, block.RELEASE)
    runtime = {name: address(name) for name in leaving if name in code.imported}
    symbols = {**runtime, context.CHECK_STACK: _stack_is_used_up(), **(symbols or {})}
    loaded = load_object(code.data, code.exported, symbols)
    return Native(code, loaded, {t.symbol: t for t in targets}, **fields)


def _add_wrapper(module: ModuleBuilder, target: FunctionTarget) -> None:
    ll_type = ll.FunctionType(ll_i32, [ll_ptr, ll_ptr, ll_ptr])
    ll_fn = ll.Function(module.ll_module, ll_type, f"{target.symbol}.test")
    builder = ll.IRBuilder(ll_fn.append_basic_block())
    ll_ctx, ll_args, ll_result = ll_fn.args
    record = arguments_model(target)
    values = [
        model.load(builder, offset_address(builder, ll_args, offset))
        for model, offset in zip(record.parts, record.offsets, strict=True)
    ]
    abi = Abi.of(target)
    ll_value, ll_status = abi.call(builder, module.function(target), ll_ctx, values)
    model_of(target.sig.ret).store(builder, ll_value, ll_result)
    builder.ret(ll.Constant(ll_i32, 0) if ll_status is None else ll_status)


def check(target: FunctionTarget, *calls: tuple[Any, ...], others: Sequence[Any] = ()) -> Native:
    """Run natively and in the interpreter, and compare values or exceptions."""
    native = compile_native([target, *others])
    for values in calls:
        assert target.fn is not None
        outcome = native.call(target, *values)
        expected = interpret(target.fn, values)
        assert type(outcome.error) is type(expected.error), values
        if expected.error is not None:
            assert outcome.error is not None
            assert outcome.error.args == expected.error.args, values
        assert same(outcome.value, expected.value), (values, outcome.value, expected.value)
    return native


def interpret(fn: Function, values: Sequence[Any]) -> Outcome:
    """What the interpreter makes of a call; any exception is an outcome."""
    try:
        return Outcome(Interpreter().run(fn, values))
    except Exception as error:
        return Outcome(error=error)


def same(left: Any, right: Any) -> bool:
    """Equal, where NaN equals NaN and 0.0 is not -0.0."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, (float, complex)):
        return type(left) is type(right) and repr(left) == repr(right)
    return type(left) is type(right) and left == right


class Tools:
    """What tests use of this file (tests cannot import one another)."""

    Maker = Maker
    Effects = Effects
    binary = staticmethod(binary)
    compare = staticmethod(compare)
    exception = staticmethod(exception)
    field_of = staticmethod(field_of)
    compile = staticmethod(compile_native)
    check = staticmethod(check)


@pytest.fixture(scope="session")
def tools() -> type[Tools]:
    """The makers, primitives and runners above."""
    return Tools
