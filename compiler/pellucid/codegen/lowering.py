"""What emits instructions: the `cg` that a primitive's `lower(cg, args)` works through.

`builder` stands where the op's instructions go; a primitive may make blocks and leave the builder
in another one. All values are llvmlite values in their SSA form (`models/`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from llvmlite import ir as ll

from pellucid.base.options import Options
from pellucid.codegen import destructors, first_class, foreign, references, vector_math
from pellucid.codegen.attributes import add_return_attributes
from pellucid.codegen.convert import convert
from pellucid.codegen.models import block, context
from pellucid.codegen.models.heap import HeapModel
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import (
    LlValue,
    Record,
    extract,
    ll_i8,
    ll_i32,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)
from pellucid.ir.callee import FunctionTarget
from pellucid.types import FunctionType, HeapType, Signature, Type

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

ALLOCATE = "pellucid.allocate"
_FUNCTION_PARTS = ("owner", "code", "data")
TURNS = 256
"""Turns of loops that hold loops between two polls."""
UNLIKELY = (1, 1 << 20)
LIKELY = (1 << 20, 1)
"""Branch weights: the first way is hardly ever taken, or nearly always."""


class Lowering:
    """Emits into one LLVM function.

    `ctx` is the address of the context, `leave_if` the error exit of the op that is being emitted:
    `cg.leave_if(ll_failed)` returns to the caller with the exception that the context holds.
    `cg.capture_exception(ty, ll_exception)` gives the block of a new exception.
    `cg.show_variable(name, ty, ll_value)` lets debuggers see what a variable was assigned.
    """

    def __init__(self, module: ModuleBuilder, builder: ll.IRBuilder, ctx: LlValue) -> None:
        self.module = module
        self.builder = builder
        self.ctx = ctx
        self.leave_if: Callable[[LlValue], None] = _cannot_leave
        self.capture_exception: Callable[[Type, LlValue], LlValue] = _cannot_capture
        self.show_variable: Callable[[str, Type, LlValue], None] = _show_nothing
        self.op_options = module.options
        self._ll_turns: LlValue | None = None

    @property
    def options(self) -> Options:
        """The options of the compilation."""
        return self.module.options

    @property
    def fast(self) -> tuple[str, ...]:
        """The fast-math flags for the floating-point instructions of the op being emitted."""
        return tuple(sorted(self.op_options.fastmath))

    # -- types and memory ---------------------------------------------------------------------

    def ll_type(self, ty: Type) -> ll.Type:
        """The SSA form of `ty`."""
        return model_of(ty).ll_type

    def ll_storage(self, ty: Type) -> ll.Type:
        """The form of `ty` in memory."""
        return model_of(ty).ll_storage

    def size_of(self, ty: Type) -> int:
        """The bytes that a value of `ty` takes in memory."""
        return model_of(ty).size

    def load(self, ty: Type, address: LlValue) -> LlValue:
        """The item at an address."""
        return model_of(ty).load(self.builder, address, self.module.tags.item)

    def store(self, ty: Type, ll_value: LlValue, address: LlValue) -> None:
        """Assign the item at an address."""
        model_of(ty).store(self.builder, ll_value, address, self.module.tags.item)

    def offset(self, address: LlValue, nbytes: int) -> LlValue:
        """The address a constant number of bytes further, in the same object."""
        return offset_address(self.builder, address, nbytes)

    def alloca(self, ll_type: ll.Type, count: int = 1) -> LlValue:
        """Room for `count` values on the stack, for the whole function."""
        with self.builder.goto_entry_block():
            return self.builder.alloca(ll_type, ll.Constant(ll_i32, count))

    # -- values -------------------------------------------------------------------------------

    def zero(self, ty: Type) -> LlValue:
        """The value of all zero bits; of None, the value itself."""
        return model_of(ty).zero()

    def constant(self, ty: Type, pyobj: Any) -> LlValue:
        """A Python object known while compiling."""
        return model_of(ty).constant(pyobj, self.module)

    def field(self, ty: Type, ll_value: LlValue, name: str) -> LlValue:
        """A part by its name.

        Array(owner, data, shape, strides), Range(start, stop, step, length), Complex(real, imag),
        Slice(start, stop, step), Optional(valid, value), or a struct's field. Shape and strides are
        values of `uni_tuple(int64, ndim)`.
        """
        return extract(self.builder, ll_value, _record(ty).index(name))

    def make(self, ty: Type, **fields: LlValue) -> LlValue:
        """The value with these parts; the names are those of `field`."""
        record = _record(ty)
        return record.make(self.builder, [fields[name] for name in record.names])

    def element(self, ty: Type, ll_tuple: LlValue, index: int) -> LlValue:
        """The element of a tuple at a position known while compiling."""
        del ty
        return extract(self.builder, ll_tuple, index)

    def make_tuple(self, ty: Type, ll_elems: Sequence[LlValue]) -> LlValue:
        """The tuple of these elements."""
        return _record(ty).make(self.builder, ll_elems)

    def convert(self, source: Type, target: Type, ll_value: LlValue) -> LlValue:
        """`ll_value` of type `source` as the type `target`, as a Convert op does."""
        return convert(self, source, target, ll_value)

    # -- functions ----------------------------------------------------------------------------

    def declare(self, name: str, ll_type: ll.FunctionType, *attributes: str) -> ll.Function:
        """A function from elsewhere: libm, the runtime. `attributes` are in LLVM's text form."""
        return self.module.declare(name, ll_type, *attributes)

    def intrinsic(
        self, name: str, ll_ret: ll.Type, *ll_args: LlValue, fast: bool = False
    ) -> LlValue:
        """Call an LLVM intrinsic, named in full: `llvm.fma.f64`."""
        ll_type = ll.FunctionType(ll_ret, [a.type for a in ll_args])
        flags = self.fast if fast else ()
        return self.builder.call(self.module.declare(name, ll_type), ll_args, fastmath=flags)

    def overflowing(self, name: str, ll_lhs: LlValue, ll_rhs: LlValue) -> LlValue:
        """{what an integer operation wraps to, whether it does}; `name` is `llvm.sadd` and such."""
        ll_type = ll_lhs.type
        ll_pair = ll.LiteralStructType([ll_type, ll.IntType(1)])
        return self.intrinsic(f"{name}.with.overflow.{ll_type}", ll_pair, ll_lhs, ll_rhs)

    def math_call(self, name: str, *ll_args: LlValue) -> LlValue:
        """Call a pure function of C's mathematics: `exp`, `powf`. Loops over it become packed."""
        ll_fn = vector_math.declare_math(self.module, name, ll_args[0].type, len(ll_args))
        return self.builder.call(ll_fn, ll_args, fastmath=self.fast)

    def call_ctypes(self, function: Any, sig: Signature, args: Sequence[LlValue]) -> LlValue:
        """Call the C function of a ctypes object."""
        return foreign.call_ctypes(self, function, sig, args)

    # -- blocks of memory ---------------------------------------------------------------------

    def allocate(self, ll_nbytes: LlValue) -> LlValue:
        """A new block with one reference; null if there is no memory."""
        ll_type = ll.FunctionType(ll_ptr, [ll_i64])
        ll_fn = self.declare(ALLOCATE, ll_type, "willreturn")
        add_return_attributes(ll_fn, "noalias", f"align {block.ALIGNMENT}")
        return self.builder.call(ll_fn, [ll_nbytes])

    def allocate_on_stack(self, nbytes: int) -> LlValue:
        """The same on the stack, for the whole function; what it holds is not set."""
        return self._block_on_stack(block.DATA + nbytes, nbytes)

    def new_object_on_stack(self, nbytes: int) -> LlValue:
        """As `new_object`, on the stack, for the whole function; nothing takes it apart."""
        ll_object = self._block_on_stack(block.FIELDS + nbytes, nbytes)
        for at in range(0, nbytes, 8):
            address = offset_address(self.builder, ll_object, block.FIELDS + at)
            ll_type = ll.IntType(8 * min(8, nbytes - at))
            self.builder.store(ll.Constant(ll_type, 0), address, align=1)
        return ll_object

    def items_on_stack(self, nbytes: int) -> LlValue:
        """Uncounted memory on the stack, for the whole function."""
        ll_room: Any = self.alloca(ll.ArrayType(ll_i8, nbytes))  # a pointer of llvmlite's to it
        ll_room.align, ll_room.type = 16, ll_ptr
        return ll_room

    def _block_on_stack(self, total: int, nbytes: int) -> LlValue:
        """A block whose count never falls to 0."""
        ll_room: Any = self.alloca(ll.ArrayType(ll_i8, total))  # a pointer of llvmlite's to it
        ll_room.align, ll_room.type = block.ALIGNMENT, ll_ptr
        header: list[tuple[int, LlValue]] = [
            (block.REFCOUNT, ll.Constant(ll_i64, block.ON_STACK)),
            (block.DESTROY, ll.Constant(ll_ptr, None)),
            (block.PYOBJ, ll.Constant(ll_ptr, None)),
            (block.SIZE, ll.Constant(ll_i64, nbytes)),
        ]
        for offset, ll_value in header:
            address = offset_address(self.builder, ll_room, offset)
            ll_store = self.builder.store(ll_value, address, align=8)
            ll_store.set_metadata("tbaa", self.module.tags.header)
        return ll_room

    def new_object(self, nbytes: int, ll_destroy: LlValue) -> LlValue:
        """A new heap object whose fields are zero, with one reference; null if there is no memory.

        `ll_destroy` is what `destructor` gives.
        """
        ll_type = ll.FunctionType(ll_ptr, [ll_i64, ll_ptr])
        ll_fn = self.declare(block.NEW_OBJECT, ll_type, "willreturn")
        add_return_attributes(ll_fn, "noalias", "align 16")
        return self.builder.call(ll_fn, [ll.Constant(ll_i64, nbytes), ll_destroy])

    def resize(self, ll_old: LlValue, ll_nbytes: LlValue) -> LlValue:
        """Uncounted memory made larger or smaller; null if there is no memory."""
        ll_type = ll.FunctionType(ll_ptr, [ll_ptr, ll_i64])
        ll_fn = self.declare(block.RESIZE, ll_type, "willreturn")
        return self.builder.call(ll_fn, [ll_old, ll_nbytes])

    def free(self, ll_memory: LlValue) -> None:
        """Give uncounted memory back; null is allowed."""
        ll_fn = self.declare(block.FREE, ll.FunctionType(ll_void, [ll_ptr]), "willreturn")
        self.builder.call(ll_fn, [ll_memory])

    def fields_size(self, ty: HeapType) -> int:
        """The bytes that the fields of an object take."""
        return _heap(ty).fields.size

    def load_field(self, ty: HeapType, ll_object: LlValue, name: str) -> LlValue:
        """A field of an object."""
        model = _heap(ty)
        address = offset_address(self.builder, ll_object, model.field_offset(name))
        return model_of(ty.field_type(name)).load(self.builder, address, self.module.tags.header)

    def store_field(self, ty: HeapType, ll_object: LlValue, name: str, ll_value: LlValue) -> None:
        """Assign a field of an object."""
        model = _heap(ty)
        address = offset_address(self.builder, ll_object, model.field_offset(name))
        tag = self.module.tags.header
        model_of(ty.field_type(name)).store(self.builder, ll_value, address, tag)

    def code_pointer(self, target: FunctionTarget) -> LlValue:
        """The address of a typed function."""
        return self.builder.bitcast(self.module.function(target), ll_ptr)

    def adapter(self, target: FunctionTarget, *, has_owner: bool) -> LlValue:
        """The address of a typed function by the convention of function types."""
        ll_fn = first_class.adapter(self.module, target, has_owner=has_owner)
        return self.builder.bitcast(ll_fn, ll_ptr)

    def call_address(
        self, ty: FunctionType, ll_function: LlValue, ll_args: Sequence[LlValue]
    ) -> LlValue:
        """Call a function of which only the signature is known."""
        ll_owner, ll_code, ll_data = (self.field(ty, ll_function, n) for n in _FUNCTION_PARTS)
        ll_hidden = (self.ctx, ll_owner, ll_data)
        ll_result, ll_status = first_class.call_direct(
            self.builder, ty.signature, ll_code, ll_hidden, ll_args
        )
        self.leave_if(self.builder.icmp_signed("!=", ll_status, ll.Constant(ll_i32, 0)))
        return ll_result

    def destructor(self, target: FunctionTarget) -> LlValue:
        """The address of code that calls `target` with an object, and then frees that."""
        return self.builder.bitcast(destructors.destructor(self.module, target), ll_ptr)

    def block_data(self, ll_block: LlValue) -> LlValue:
        """The address of a block's first byte of data."""
        return offset_address(self.builder, ll_block, block.DATA)

    def retain(self, ty: Type, ll_value: LlValue) -> None:
        """One more reference to what the value holds."""
        references.retain(self.module, self.builder, model_of(ty), ll_value)

    def release(self, ty: Type, ll_value: LlValue) -> None:
        """One reference fewer; what nobody refers to any more is freed."""
        references.release(self.module, self.builder, model_of(ty), ll_value)

    # -- control ------------------------------------------------------------------------------

    def unlikely(self, ll_condition: LlValue, hint: str) -> tuple[ll.Block, ll.Block]:
        """Branch on a condition that hardly ever holds; gives the blocks (if it holds, if not)."""
        ll_then = self.builder.append_basic_block(hint)
        ll_else = self.builder.append_basic_block(f"{hint}.not")
        ll_branch = self.builder.cbranch(ll_condition, ll_then, ll_else)
        ll_branch.set_weights(UNLIKELY)
        return ll_then, ll_else

    def poll(self, ll_count: LlValue | None = None) -> None:
        """Count loop iterations (an i32; one), and every so often ask for an interrupt.

        The op must be one that may raise: KeyboardInterrupt leaves through it.
        """
        builder = self.builder
        address = offset_address(builder, self.ctx, context.BUDGET)
        ll_left = builder.load(address, typ=ll_i32, align=4)
        ll_left.set_metadata("tbaa", self.module.tags.context)
        ll_less = builder.sub(ll_left, ll_count or ll.Constant(ll_i32, 1))
        ll_store = builder.store(ll_less, address, align=4)
        ll_store.set_metadata("tbaa", self.module.tags.context)
        ll_spent = builder.icmp_signed("<=", ll_less, ll.Constant(ll_i32, 0))
        ll_poll, ll_after = self.unlikely(ll_spent, "poll")
        builder.position_at_end(ll_poll)
        self._ask_for_interrupt(ll_after)

    def turn(self) -> None:
        """Count a turn of a loop, and every so often ask for an interrupt.

        The count is the function's own: LLVM keeps it in a register.
        """
        builder, ll_full = self.builder, ll.Constant(ll_i32, TURNS)
        if self._ll_turns is None:
            with builder.goto_entry_block():
                self._ll_turns = builder.alloca(ll_i32)
                builder.store(ll_full, self._ll_turns)
        ll_left = builder.sub(builder.load(self._ll_turns, typ=ll_i32), ll.Constant(ll_i32, 1))
        builder.store(ll_left, self._ll_turns)
        ll_spent = builder.icmp_signed("==", ll_left, ll.Constant(ll_i32, 0))
        ll_poll, ll_after = self.unlikely(ll_spent, "poll")
        builder.position_at_end(ll_poll)
        builder.store(ll_full, self._ll_turns)
        self._ask_for_interrupt(ll_after)

    @contextmanager
    def python(self) -> Generator[None, None, None]:
        """Hold the interpreter lock while what the block emits runs; it must not leave."""
        if not references.may_lack_lock(self.module):
            yield
            return
        ll_ensure = self.declare("PyGILState_Ensure", ll.FunctionType(ll_i32, []))
        ll_release = self.declare("PyGILState_Release", ll.FunctionType(ll_void, [ll_i32]))
        ll_state = self.builder.call(ll_ensure, [])
        yield
        self.builder.call(ll_release, [ll_state])

    def leave_by_python_error(self, ll_failed: LlValue) -> None:
        """If the condition holds, leave by the exception that a call into Python left behind."""
        builder = self.builder
        with builder.if_then(ll_failed, likely=False):
            ll_pending = self.module.symbol(context.PENDING)
            ll_store = builder.store(ll_pending, offset_address(builder, self.ctx, 0), align=8)
            ll_store.set_metadata("tbaa", self.module.tags.context)
        self.leave_if(ll_failed)

    def _ask_for_interrupt(self, ll_after: ll.Block) -> None:
        builder = self.builder
        ll_type = ll.FunctionType(ll_i32, [ll_ptr])
        ll_fn = self.declare(context.POLL, ll_type, "cold")
        ll_status = builder.call(ll_fn, [self.ctx])
        self.leave_if(builder.icmp_signed("!=", ll_status, ll.Constant(ll_i32, 0)))
        builder.branch(ll_after)
        builder.position_at_end(ll_after)


def _heap(ty: HeapType) -> HeapModel:
    model = model_of(ty)
    assert isinstance(model, HeapModel)
    return model


def _record(ty: Type) -> Record:
    model = model_of(ty)
    assert isinstance(model, Record), f"{ty} has no parts"
    return model


def _show_nothing(name: str, ty: Type, ll_value: LlValue) -> None:
    """Where nothing is compiled for debuggers."""


def _cannot_capture(ty: Type, ll_exception: LlValue) -> LlValue:
    message = f"{ty} is made outside of a function of the IR: {ll_exception}"
    raise AssertionError(message)


def _cannot_leave(ll_condition: LlValue) -> None:
    message = f"no error exit for {ll_condition}: the function is said not to raise"
    raise AssertionError(message)
