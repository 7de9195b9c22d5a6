"""Python objects to values of compiled code, in the machine code of an entry.

`Unboxing` checks that an object has exactly the type that a parameter was compiled for, as
`types.typeof` would find it, and reads its value; any other object goes to the block `ll_miss`.
`Accepts` (`names.py`) says what an entry for an explicit signature takes besides: C arrays where
any layout is wanted, ints as floats or as narrower ints that hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from llvmlite import ir as ll

from pellucid.base.diagnostics import error
from pellucid.codegen import pylayout
from pellucid.codegen.models import block, text_form
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
from pellucid.codegen.names import (
    ARGUMENT,
    DTYPE,
    FALSE,
    HOLD_OBJECT,
    MEMMAP,
    NUMPY,
    SCALAR,
    TRUE,
    Accepts,
)
from pellucid.codegen.objects import LIKELY, UNLIKELY, Objects, number
from pellucid.codegen.passed import PassedFunctions
from pellucid.codegen.payload import class_symbol
from pellucid.types import (
    Array,
    Boolean,
    BytesType,
    Complex,
    Dispatcher,
    DType,
    ExceptionClass,
    Float,
    Integer,
    MemoryView,
    Module,
    NoneType,
    Optional,
    PassedFunction,
    PyObject,
    Range,
    Slice,
    Tuple,
    Type,
    UnicodeType,
    dtype_of,
    float32,
    float64,
    int64,
    uint64,
)
from pellucid.types import Callable as CallableType

_ll_double = ll.DoubleType()
_KNOWN_OBJECTS = (CallableType, Dispatcher, ExceptionClass, Module)
_SYMBOLS = (*_KNOWN_OBJECTS, PassedFunction)


@dataclass(frozen=True)
class Argument:
    """An object that must be a `ty`; `path` names its place in the symbols of known objects."""

    ty: Any  # the type class that the method is for
    ll_obj: LlValue
    path: str

    def part(self, ty: Type, ll_obj: LlValue, index: int) -> Argument:
        """An item of it."""
        return Argument(ty, ll_obj, f"{self.path}.{index}")


class Unboxing:
    """Reads Python objects, and borrows what they hold.

    Array headers are made on the stack: `adopt` makes a value that outlives its object.
    """

    def __init__(self, objects: Objects, ll_miss: ll.Block, accepts: Accepts) -> None:
        self.objects = objects
        self.builder = objects.builder
        self.ll_miss = ll_miss
        self.converts = accepts is Accepts.CONVERTING
        self.exact_arrays = accepts is Accepts.EXACT

    @classmethod
    def reads(cls, ty: Type, *, known_objects: bool = True) -> bool:
        """Whether objects of a type are read in place, without a library function.

        What stands for known objects has a symbol in an entry only.
        """
        ty = ty.base
        if isinstance(ty, _SYMBOLS) and not known_objects:
            return False
        parts = ty.elems if isinstance(ty, Tuple) else ()
        if isinstance(ty, Optional):
            parts = (ty.value_ty,)
        return type(ty) in cls._by_class and all(
            cls.reads(part, known_objects=known_objects) for part in parts
        )

    def unbox(self, ty: Type, ll_obj: LlValue, path: str) -> LlValue:
        """The value of a parameter; `path` names it in the symbols of known objects."""
        return self._unbox(Argument(ty.base, ll_obj, path))

    def adopt(self, ty: Type, ll_value: LlValue) -> LlValue:
        """What `unbox` read, with references of its own to the objects that it came from."""
        ty = ty.base
        if not ty.is_managed:
            return ll_value
        builder, model = self.builder, model_of(ty)
        if isinstance(ty, PyObject):
            self.objects.call("Py_IncRef", ll_void, ll_value)
            return ll_value
        assert isinstance(model, Record), f"{ty} is not read natively"
        if isinstance(ty, (Array, BytesType, MemoryView, UnicodeType)):
            ll_header = extract(builder, ll_value, 0)
            ll_pyobj = self.objects.field(ll_header, block.PYOBJ, ll_ptr, 8)
            ll_owner = self.objects.call(HOLD_OBJECT, ll_ptr, ll_pyobj)
            return builder.insert_value(ll_value, ll_owner, 0)
        if isinstance(ty, Optional):
            ll_is_some = extract(builder, ll_value, 0)
            with builder.if_else(ll_is_some) as (some, none):
                with some:
                    ll_adopted = self.adopt(ty.value_ty, extract(builder, ll_value, 1))
                    ll_some_end = builder.block
                with none:
                    ll_none_end = builder.block
            ll_phi = builder.phi(ll_adopted.type)
            ll_phi.add_incoming(ll_adopted, ll_some_end)
            ll_phi.add_incoming(ll.Constant(ll_adopted.type, None), ll_none_end)
            return self._record(ty, [ll_is_some, ll_phi])
        assert isinstance(ty, (Tuple, PassedFunction)), f"{ty} is not read natively"
        parts = ty.elems if isinstance(ty, Tuple) else [held for _, held in ty.captured]
        ll_parts = [
            self.adopt(part_ty, extract(builder, ll_value, index))
            for index, part_ty in enumerate(parts)
        ]
        return self._record(ty, ll_parts)

    def _unbox(self, arg: Argument) -> LlValue:
        method = self._by_class.get(type(arg.ty))
        if method is None:
            error(
                "unsupported-feature",
                f"a parameter of type {arg.ty} cannot be passed from Python",
                help="give the value in another form, or make it inside the compiled function",
            )
        return method(self, arg)

    def _require(self, ll_condition: LlValue) -> None:
        self.objects.require(ll_condition, self.ll_miss)

    def _is_a(self, ll_obj: LlValue, symbol: str) -> LlValue:
        return self.objects.is_same(self.objects.type_of(ll_obj), self.objects.symbol(symbol))

    def _object(self, arg: Argument) -> LlValue:
        return arg.ll_obj

    def _none(self, arg: Argument) -> LlValue:
        self._require(self.objects.is_same(arg.ll_obj, self.objects.symbol("_Py_NoneStruct")))
        return model_of(arg.ty).zero()

    def _known(self, arg: Argument) -> LlValue:
        self._require(
            self.objects.is_same(arg.ll_obj, self.objects.symbol(f"{ARGUMENT}.{arg.path}"))
        )
        return model_of(arg.ty).zero()

    def _passed_function(self, arg: Argument) -> LlValue:
        parts = PassedFunctions(self.objects, self.ll_miss).parts(arg.ty, arg.ll_obj, arg.path)
        pairs = zip(arg.ty.captured, parts, strict=True)
        return self._record(arg.ty, [self.unbox(ty, ll, arg.path) for (_, ty), ll in pairs])

    def _dtype(self, arg: Argument) -> LlValue:
        name = dtype_of(arg.ty.dtype).name
        same, symbol = self.objects.is_same, self.objects.symbol
        ll_forms = [same(arg.ll_obj, symbol(f"{form}.{name}")) for form in (SCALAR, DTYPE)]
        self._require(self.objects.any_of(ll_forms))
        return model_of(arg.ty).zero()

    # -- numbers

    def _bool(self, arg: Argument) -> LlValue:
        same, symbol = self.objects.is_same, self.objects.symbol
        ll_true = self.objects.any_of(
            [same(arg.ll_obj, symbol("_Py_TrueStruct")), same(arg.ll_obj, symbol(TRUE))]
        )
        ll_false = self.objects.any_of(
            [same(arg.ll_obj, symbol("_Py_FalseStruct")), same(arg.ll_obj, symbol(FALSE))]
        )
        self._require(self.builder.or_(ll_true, ll_false))
        return ll_true

    def _scalar(self, ty: Type, ll_obj: LlValue) -> tuple[LlValue, Callable[[], LlValue]]:
        """A NumPy scalar of exactly this type."""
        model = model_of(ty)
        ll_value = offset_address(self.builder, ll_obj, pylayout.SCALAR_VALUE)
        ll_condition = self._is_a(ll_obj, f"{SCALAR}.{dtype_of(ty).name}")
        return ll_condition, lambda: model.load(self.builder, ll_value)

    def _integer(self, arg: Argument) -> LlValue:
        tries = [self._scalar(arg.ty, arg.ll_obj)]
        takes_ints = arg.ty in (int64, uint64) or self.converts
        if takes_ints:
            tries.insert(
                0, (self._is_a(arg.ll_obj, "PyLong_Type"), lambda: self._int(arg.ty, arg.ll_obj))
            )
        return self.objects.alternatives(model_of(arg.ty).ll_type, tries, self.ll_miss)

    def _int(self, ty: Integer, ll_obj: LlValue) -> LlValue:
        """The value of a Python int that fits in `ty`."""
        if ty == uint64:
            return self._unsigned(ll_obj)
        ll_value = self._long_long(ll_obj)
        if ty == int64:
            return ll_value
        ll_low = self.builder.icmp_signed(">=", ll_value, number(ll_i64, ty.min))
        ll_high = self.builder.icmp_signed("<=", ll_value, number(ll_i64, ty.max))
        self._require(self.builder.and_(ll_low, ll_high))
        return self.builder.trunc(ll_value, ll.IntType(ty.bits))

    def _long_long(self, ll_obj: LlValue) -> LlValue:
        """The value of a Python int of up to 64 signed bits."""
        builder = self.builder
        ll_small = builder.append_basic_block("small")
        ll_large = builder.append_basic_block("large")
        ll_done = builder.append_basic_block("read")
        ll_tag = self.objects.field(ll_obj, pylayout.LONG_TAG, ll_i64, 8)
        if pylayout.HAS_LONG_TAG:
            ll_limit = number(ll_i64, pylayout.LONG_COMPACT_TAGS)
            ll_is_small = builder.icmp_unsigned("<", ll_tag, ll_limit)
        else:  # ob_size is -1, 0 or 1
            ll_shifted = builder.add(ll_tag, number(ll_i64, 1))
            ll_is_small = builder.icmp_unsigned("<", ll_shifted, number(ll_i64, 3))
        builder.cbranch(ll_is_small, ll_small, ll_large).set_weights(LIKELY)

        builder.position_at_end(ll_small)
        ll_digit = self.objects.field(ll_obj, pylayout.LONG_DIGIT, ll_i32, 4)
        ll_sign = ll_tag
        if pylayout.HAS_LONG_TAG:
            ll_bits = builder.and_(ll_tag, number(ll_i64, pylayout.LONG_SIGN_MASK))
            ll_sign = builder.sub(number(ll_i64, 1), ll_bits)
        ll_value = builder.mul(builder.zext(ll_digit, ll_i64), ll_sign)
        builder.branch(ll_done)

        builder.position_at_end(ll_large)
        ll_overflow_at = self.objects.stack(1, ll_i32)
        ll_read = self.objects.call("PyLong_AsLongLongAndOverflow", ll_i64, ll_obj, ll_overflow_at)
        ll_overflow = builder.load(ll_overflow_at, typ=ll_i32, align=4)
        ll_fits = builder.icmp_unsigned("==", ll_overflow, number(ll_i32, 0))
        builder.cbranch(ll_fits, ll_done, self.ll_miss).set_weights(LIKELY)

        builder.position_at_end(ll_done)
        ll_phi = builder.phi(ll_i64)
        ll_phi.add_incoming(ll_value, ll_small)
        ll_phi.add_incoming(ll_read, ll_large)
        return ll_phi

    def _unsigned(self, ll_obj: LlValue) -> LlValue:
        """A Python int of 64 unsigned bits, and unless numbers convert, more than int64 holds."""
        builder = self.builder
        ll_value = self.objects.call("PyLong_AsUnsignedLongLong", ll_i64, ll_obj)
        ll_maybe_error = builder.icmp_unsigned("==", ll_value, number(ll_i64, -1))
        ll_check, ll_clear = (builder.append_basic_block() for _ in range(2))
        ll_ok = builder.append_basic_block()
        builder.cbranch(ll_maybe_error, ll_check, ll_ok).set_weights(UNLIKELY)
        builder.position_at_end(ll_check)
        ll_error = self.objects.call("PyErr_Occurred", ll_ptr)
        ll_is_fine = builder.icmp_unsigned("==", ll_error, ll.Constant(ll_ptr, None))
        builder.cbranch(ll_is_fine, ll_ok, ll_clear)
        builder.position_at_end(ll_clear)
        self.objects.call("PyErr_Clear", ll_void)
        builder.branch(self.ll_miss)
        builder.position_at_end(ll_ok)
        if not self.converts:
            self._require(builder.icmp_signed("<", ll_value, number(ll_i64, 0)))
        return ll_value

    def _float(self, arg: Argument) -> LlValue:
        builder = self.builder
        ll_type = model_of(arg.ty).ll_type

        def narrowed(ll_value: LlValue) -> LlValue:
            return builder.fptrunc(ll_value, ll_type) if arg.ty == float32 else ll_value

        def read_float() -> LlValue:
            return narrowed(self.objects.field(arg.ll_obj, pylayout.SCALAR_VALUE, _ll_double, 8))

        tries = [self._scalar(arg.ty, arg.ll_obj)]
        if arg.ty == float64 or self.converts:
            tries.insert(0, (self._is_a(arg.ll_obj, "PyFloat_Type"), read_float))
        if self.converts:
            ll_is_int = self._is_a(arg.ll_obj, "PyLong_Type")
            tries.append(
                (
                    ll_is_int,
                    lambda: narrowed(builder.sitofp(self._long_long(arg.ll_obj), _ll_double)),
                )
            )
        return self.objects.alternatives(ll_type, tries, self.ll_miss)

    def _complex(self, arg: Argument) -> LlValue:
        ll_condition, read = self._scalar(arg.ty, arg.ll_obj)
        if arg.ty.bits == 128:  # Python's complex has the same field in the same place
            ll_condition = self.builder.or_(self._is_a(arg.ll_obj, "PyComplex_Type"), ll_condition)
        self._require(ll_condition)
        return read()

    # -- containers

    def _tuple(self, arg: Argument) -> LlValue:
        cls = arg.ty.pyclass
        symbol = "PyTuple_Type" if cls is None else class_symbol(cls)
        self._require(self._is_a(arg.ll_obj, symbol))
        ll_size = self.objects.field(arg.ll_obj, pylayout.SIZE, ll_i64, 8)
        self._require(self.builder.icmp_unsigned("==", ll_size, number(ll_i64, len(arg.ty.elems))))
        ll_parts: list[LlValue] = []
        for index, elem_ty in enumerate(arg.ty.elems):
            ll_item = self.objects.field(arg.ll_obj, pylayout.TUPLE_ITEMS + 8 * index, ll_ptr, 8)
            ll_parts.append(self._unbox(arg.part(elem_ty.base, ll_item, index)))
        return self._record(arg.ty, ll_parts)

    def _record(self, ty: Type, ll_parts: Sequence[LlValue]) -> LlValue:
        model = model_of(ty)
        assert isinstance(model, Record)
        return model.make(self.builder, ll_parts)

    def _slice(self, arg: Argument) -> LlValue:
        self._require(self._is_a(arg.ll_obj, "PySlice_Type"))
        parts = zip((arg.ty.start, arg.ty.stop, arg.ty.step), pylayout.SLICE_FIELDS, strict=True)
        return self._record(
            arg.ty,
            [
                self.unbox(part_ty, self.objects.field(arg.ll_obj, offset, ll_ptr, 8), arg.path)
                for part_ty, offset in parts
            ],
        )

    def _range(self, arg: Argument) -> LlValue:
        self._require(self._is_a(arg.ll_obj, "PyRange_Type"))
        return self._record(
            arg.ty,
            [
                self.unbox(int64, self.objects.field(arg.ll_obj, offset, ll_ptr, 8), arg.path)
                for offset in pylayout.RANGE_FIELDS
            ],
        )

    def _optional(self, arg: Argument) -> LlValue:
        builder = self.builder
        ll_none, ll_some, ll_done = (builder.append_basic_block() for _ in range(3))
        ll_is_none = self.objects.is_same(arg.ll_obj, self.objects.symbol("_Py_NoneStruct"))
        builder.cbranch(ll_is_none, ll_none, ll_some)
        builder.position_at_end(ll_none)
        builder.branch(ll_done)
        builder.position_at_end(ll_some)
        ll_value = self.unbox(arg.ty.value_ty, arg.ll_obj, arg.path)
        ll_some_end = builder.block
        builder.branch(ll_done)
        builder.position_at_end(ll_done)
        ll_phi = builder.phi(ll_value.type)
        ll_phi.add_incoming(ll.Constant(ll_value.type, None), ll_none)
        ll_phi.add_incoming(ll_value, ll_some_end)
        return self._record(arg.ty, [builder.not_(ll_is_none), ll_phi])

    # -- text

    def _text(self, arg: Argument) -> LlValue:
        """A `str`, whose text is read where it lies."""
        objects, builder = self.objects, self.builder
        self._require(self._is_a(arg.ll_obj, "PyUnicode_Type"))
        ll_state = objects.field(arg.ll_obj, pylayout.TEXT_STATE, ll_i32, 4)
        ll_compact = builder.and_(ll_state, number(ll_i32, pylayout.TEXT_COMPACT))
        self._require(builder.icmp_unsigned("!=", ll_compact, number(ll_i32, 0)))
        ll_ascii = builder.icmp_unsigned(
            "!=", builder.and_(ll_state, number(ll_i32, pylayout.TEXT_ASCII)), number(ll_i32, 0)
        )
        ll_start = builder.select(
            ll_ascii,
            number(ll_i64, pylayout.TEXT_ASCII_DATA),
            number(ll_i64, pylayout.TEXT_DATA),
        )
        ll_width = builder.and_(
            builder.lshr(ll_state, number(ll_i32, pylayout.TEXT_KIND_SHIFT)), number(ll_i32, 7)
        )
        ll_flag = builder.select(ll_ascii, number(ll_i32, text_form.ASCII), number(ll_i32, 0))
        return self._record(
            arg.ty,
            [
                self._header(arg.ll_obj),
                builder.gep(arg.ll_obj, [ll_start], inbounds=True, source_etype=ll_i8),
                objects.field(arg.ll_obj, pylayout.TEXT_LENGTH, ll_i64, 8),
                builder.or_(ll_width, ll_flag),
            ],
        )

    def _bytes(self, arg: Argument) -> LlValue:
        self._require(self._is_a(arg.ll_obj, "PyBytes_Type"))
        return self._record(
            arg.ty,
            [
                self._header(arg.ll_obj),
                offset_address(self.builder, arg.ll_obj, pylayout.BYTES_DATA),
                self.objects.field(arg.ll_obj, pylayout.SIZE, ll_i64, 8),
            ],
        )

    # -- arrays

    def _array(self, arg: Argument) -> LlValue:
        objects, builder = self.objects, self.builder
        self._require_array(arg.ll_obj)
        ll_ndim = objects.field(arg.ll_obj, pylayout.ARRAY_NDIM, ll_i32, 4)
        self._require(builder.icmp_unsigned("==", ll_ndim, number(ll_i32, arg.ty.ndim)))
        self._require_dtype(arg.ty, objects.field(arg.ll_obj, pylayout.ARRAY_DESCR, ll_ptr, 8))
        mask, wanted = self._flags(arg.ty)
        ll_flags = objects.field(arg.ll_obj, pylayout.ARRAY_FLAGS, ll_i32, 4)
        ll_relevant = builder.and_(ll_flags, number(ll_i32, mask))
        self._require(builder.icmp_unsigned("==", ll_relevant, number(ll_i32, wanted)))
        return self._record(
            arg.ty,
            [
                self._header(arg.ll_obj),
                objects.field(arg.ll_obj, pylayout.ARRAY_DATA, ll_ptr, 8),
                self._axes(arg.ll_obj, pylayout.ARRAY_SHAPE, arg.ty, "shape"),
                self._axes(arg.ll_obj, pylayout.ARRAY_STRIDES, arg.ty, "strides"),
            ],
        )

    def _memory_view(self, arg: Argument) -> LlValue:
        objects, builder, ty = self.objects, self.builder, arg.ty
        field = partial(objects.field, arg.ll_obj)

        def require_same(ll_found: LlValue, wanted: int) -> None:
            self._require(builder.icmp_unsigned("==", ll_found, number(ll_found.type, wanted)))

        self._require(self._is_a(arg.ll_obj, "PyMemoryView_Type"))
        layout = ty.array.layout
        mask = pylayout.VIEW_RELEASED | pylayout.VIEW_INDIRECT | pylayout.VIEW_C
        wanted = pylayout.VIEW_C if layout == "C" else 0
        if layout != "C":
            mask |= pylayout.VIEW_F
            wanted = pylayout.VIEW_F if layout == "F" else 0
        ll_flags = field(pylayout.MEMORY_VIEW_FLAGS, ll_i32, 4)
        require_same(builder.and_(ll_flags, number(ll_i32, mask)), wanted)
        require_same(field(pylayout.MEMORY_VIEW_NDIM, ll_i32, 4), ty.array.ndim)
        ll_readonly = field(pylayout.MEMORY_VIEW_READONLY, ll_i32, 4)
        ll_is_readonly = builder.icmp_unsigned("!=", ll_readonly, number(ll_i32, 0))
        require_same(ll_is_readonly, int(ty.array.readonly))
        # The format is one letter, and the end of the text.
        for place, letter in enumerate((ord(ty.format), 0)):
            ll_format = field(pylayout.MEMORY_VIEW_FORMAT, ll_ptr, 8)
            require_same(objects.field(ll_format, place, ll_i8, 1), letter)
        ll_data = field(pylayout.MEMORY_VIEW_DATA, ll_ptr, 8)
        last = number(ll_i64, dtype_of(ty.array.dtype).alignment - 1)
        ll_odd = builder.and_(builder.ptrtoint(ll_data, ll_i64), last)
        ll_is_aligned = builder.icmp_unsigned("==", ll_odd, number(ll_i64, 0))
        ll_bytes = field(pylayout.MEMORY_VIEW_BYTES, ll_i64, 8)
        ll_is_empty = builder.icmp_unsigned("==", ll_bytes, number(ll_i64, 0))
        self._require(builder.or_(ll_is_aligned, ll_is_empty))
        return self._record(
            ty,
            [
                self._header(arg.ll_obj),
                ll_data,
                self._axes(arg.ll_obj, pylayout.MEMORY_VIEW_SHAPE, ty.array, "shape"),
                self._axes(arg.ll_obj, pylayout.MEMORY_VIEW_STRIDES, ty.array, "strides"),
            ],
        )

    def _require_array(self, ll_obj: LlValue) -> None:
        """An ndarray or a memmap; arrays of other subclasses go the slow path."""
        ll_map, ll_array = (self.builder.append_basic_block() for _ in range(2))
        ll_is_plain = self._is_a(ll_obj, f"{NUMPY}.PyArray_Type")
        self.builder.cbranch(ll_is_plain, ll_array, ll_map).set_weights(LIKELY)
        self.builder.position_at_end(ll_map)
        self.builder.cbranch(self._is_a(ll_obj, MEMMAP), ll_array, self.ll_miss)
        self.builder.position_at_end(ll_array)

    def _require_dtype(self, ty: Array, ll_descr: LlValue) -> None:
        objects, builder = self.objects, self.builder
        ll_num = objects.field(ll_descr, pylayout.DESCR_TYPE_NUM, ll_i32, 4)
        ll_same = [
            builder.icmp_unsigned("==", ll_num, number(ll_i32, num))
            for num in pylayout.type_numbers(dtype_of(ty.dtype).name)
        ]
        ll_order = objects.field(ll_descr, pylayout.DESCR_BYTEORDER, ll_i8, 1)
        ll_native = builder.icmp_unsigned("!=", ll_order, number(ll_i8, pylayout.FOREIGN_ORDER))
        self._require(builder.and_(objects.any_of(ll_same), ll_native))

    def _flags(self, ty: Array) -> tuple[int, int]:
        """Which flags of an array are looked at, and what they must be."""
        mask = wanted = pylayout.FLAG_ALIGNED
        if ty.layout == "C":
            mask |= pylayout.FLAG_C
            wanted |= pylayout.FLAG_C
        elif ty.layout == "F":
            mask |= pylayout.FLAG_F | (pylayout.FLAG_C if self.exact_arrays else 0)
            wanted |= pylayout.FLAG_F
        elif self.exact_arrays:
            mask |= pylayout.FLAG_C | pylayout.FLAG_F
        if not ty.readonly:
            mask |= pylayout.FLAG_WRITEABLE
            wanted |= pylayout.FLAG_WRITEABLE
        elif self.exact_arrays:
            mask |= pylayout.FLAG_WRITEABLE
        return mask, wanted

    def _axes(self, ll_obj: LlValue, offset: int, ty: Array, part: str) -> LlValue:
        model = model_of(ty)
        assert isinstance(model, Record)
        axes = model.parts[model.index(part)]
        if ty.ndim == 0:
            return axes.zero()
        return axes.load(self.builder, self.objects.field(ll_obj, offset, ll_ptr, 8))

    def _header(self, ll_obj: LlValue) -> LlValue:
        builder = self.builder
        ll_header = self.objects.stack(block.SIZE // 8 + 1, align=16)
        for offset, ll_value in (
            (block.REFCOUNT, number(ll_i64, 1)),
            (block.DESTROY, ll.Constant(ll_ptr, None)),
            (block.PYOBJ, ll_obj),
            (block.SIZE, number(ll_i64, 0)),
        ):
            builder.store(ll_value, offset_address(builder, ll_header, offset), align=8)
        return ll_header

    _by_class: ClassVar[Mapping[type[Type], Callable[[Any, Argument], LlValue]]] = {
        Array: _array,
        MemoryView: _memory_view,
        Boolean: _bool,
        BytesType: _bytes,
        Complex: _complex,
        DType: _dtype,
        Float: _float,
        Integer: _integer,
        NoneType: _none,
        Optional: _optional,
        PassedFunction: _passed_function,
        PyObject: _object,
        Range: _range,
        Slice: _slice,
        Tuple: _tuple,
        UnicodeType: _text,
        **dict.fromkeys(_KNOWN_OBJECTS, _known),
    }
