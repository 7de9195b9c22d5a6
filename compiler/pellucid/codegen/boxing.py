"""Values of compiled code to Python objects, in the machine code of an entry.

`Boxing.box` consumes the references that the value holds, and gives a new reference, or null with
Python's error set. Numbers become Python's own, whatever their width: an int32 is an `int`, a
float32 a `float`. An array that came in as an argument goes out as the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from llvmlite import ir as ll

from pellucid.base.diagnostics import error
from pellucid.codegen import pylayout
from pellucid.codegen.generators import python_function
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import (
    LlValue,
    extract,
    ll_i1,
    ll_i32,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)
from pellucid.codegen.names import (
    BOX_ARRAY,
    BOX_BYTES,
    BOX_TEXT,
    DTYPE,
    GENERATOR_CLASS,
    MAKE_GENERATOR,
    RESULT,
)
from pellucid.codegen.objects import LIKELY, UNLIKELY, Objects, number
from pellucid.codegen.payload import class_symbol
from pellucid.types import (
    Array,
    Boolean,
    BytesType,
    Closure,
    Complex,
    Dispatcher,
    DType,
    EllipsisType,
    ExceptionClass,
    Float,
    FunctionUnion,
    Generator,
    Integer,
    Literal,
    Module,
    NoneType,
    NotImplementedType,
    Optional,
    PyObject,
    Range,
    Slice,
    Tuple,
    Type,
    UnicodeType,
    Union,
    dtype_of,
    int64,
)
from pellucid.types import Callable as CallableType

_ll_double = ll.DoubleType()
_null = ll.Constant(ll_ptr, None)
_KNOWN_OBJECTS = (
    CallableType,
    Closure,
    Dispatcher,
    ExceptionClass,
    FunctionUnion,
    Module,
    Generator,
)


@dataclass(frozen=True)
class Result:
    """A value of type `ty` to be boxed; `path` names its place in the symbols of known objects."""

    ty: Any  # the type class that the method is for
    ll_value: LlValue
    path: str


class Boxing:
    """Makes Python objects. In an entry, `ll_self` is the dispatcher that it is called for.

    `by_library` boxes what functions captured, if it is nothing that is boxed in place.
    """

    def __init__(
        self,
        objects: Objects,
        ll_self: LlValue | None = None,
        by_library: Callable[[Type, LlValue], LlValue | None] = lambda _ty, _value: None,
    ) -> None:
        self.objects = objects
        self.ll_self = ll_self
        self.by_library = by_library
        self.builder = objects.builder

    @classmethod
    def makes(cls, ty: Type, *, known_objects: bool = True) -> bool:
        """Whether values of a type are boxed in place, without a library function.

        What stands for known objects has a symbol in an entry only.
        """
        if isinstance(ty, Literal):
            return isinstance(ty.base_ty, (BytesType, UnicodeType)) or cls.makes(ty.base)
        if isinstance(ty, _KNOWN_OBJECTS) and not known_objects:
            return False
        parts = ty.elems if isinstance(ty, Tuple) else ()
        if isinstance(ty, Optional):
            parts = (ty.value_ty,)
        if isinstance(ty, Union):
            parts = ty.members
        return type(ty) in cls._by_class and all(
            cls.makes(part, known_objects=known_objects) for part in parts
        )

    def box(self, ty: Type, ll_value: LlValue, path: str = "0") -> LlValue:
        """The Python object of a value; `path` names it in the symbols of known objects."""
        ll_made = self.by_library(ty, ll_value)
        if ll_made is not None:
            return ll_made
        if isinstance(ty, Literal) and isinstance(ty.base_ty, UnicodeType):
            return self._constant_text(str(ty.value))
        if isinstance(ty, Literal) and isinstance(ty.base_ty, BytesType):
            ll_value = model_of(ty.base_ty).constant(ty.value, self.objects.module)
        ty = ty.base if isinstance(ty, Literal) else ty  # a tuple's texts stay known
        method = self._by_class.get(type(ty))
        if method is None:
            error(
                "unsupported-feature",
                f"a {ty} cannot be returned to Python",
                help="return a number, a bool, None, an array, or a tuple of those",
            )
        return method(self, Result(ty, ll_value, path))

    def _object(self, result: Result) -> LlValue:
        return result.ll_value

    def _singleton(self, ll_obj: LlValue) -> LlValue:
        if not pylayout.IMMORTAL_CONSTANTS:
            builder = self.builder
            ll_count = builder.load(ll_obj, typ=ll_i64, align=8)
            builder.store(builder.add(ll_count, number(ll_i64, 1)), ll_obj, align=8)
        return ll_obj

    def _none(self, _result: Result) -> LlValue:
        return self._singleton(self.objects.symbol("_Py_NoneStruct"))

    def _ellipsis(self, _result: Result) -> LlValue:
        return self._singleton(self.objects.symbol("_Py_EllipsisObject"))

    def _not_implemented(self, _result: Result) -> LlValue:
        return self._singleton(self.objects.symbol("_Py_NotImplementedStruct"))

    def _bool(self, result: Result) -> LlValue:
        symbol = self.objects.symbol
        return self._singleton(
            self.builder.select(
                result.ll_value, symbol("_Py_TrueStruct"), symbol("_Py_FalseStruct")
            )
        )

    def _integer(self, result: Result) -> LlValue:
        ll_value = result.ll_value
        if result.ty.bits < 64:
            extend = self.builder.sext if result.ty.signed else self.builder.zext
            ll_value = extend(ll_value, ll_i64)
        unsigned = not result.ty.signed and result.ty.bits == 64
        name = "PyLong_FromUnsignedLongLong" if unsigned else "PyLong_FromLongLong"
        return self.objects.call(name, ll_ptr, ll_value)

    def _double(self, ll_value: LlValue) -> LlValue:
        if ll_value.type == _ll_double:
            return ll_value
        return self.builder.fpext(ll_value, _ll_double)

    def _float(self, result: Result) -> LlValue:
        return self.objects.call("PyFloat_FromDouble", ll_ptr, self._double(result.ll_value))

    def _complex(self, result: Result) -> LlValue:
        ll_parts = [self._double(extract(self.builder, result.ll_value, i)) for i in range(2)]
        return self.objects.call("PyComplex_FromDoubles", ll_ptr, *ll_parts)

    def _known(self, result: Result) -> LlValue:
        return self._counted(self.objects.symbol(f"{RESULT}.{result.path}"))

    def _dtype(self, result: Result) -> LlValue:
        return self._counted(self.objects.symbol(f"{DTYPE}.{dtype_of(result.ty.dtype).name}"))

    def _counted(self, ll_obj: LlValue) -> LlValue:
        self.objects.call("Py_IncRef", ll_void, ll_obj)
        return ll_obj

    def _constant_text(self, text: str) -> LlValue:
        data = text.encode("utf-8", "surrogatepass")
        ll_data = self.objects.module.bytes_constant(data + b"\0", 1)
        ll_errors = self.objects.module.string("surrogatepass")
        ll_size = number(ll_i64, len(data))
        return self.objects.call("PyUnicode_DecodeUTF8", ll_ptr, ll_data, ll_size, ll_errors)

    def _text(self, result: Result) -> LlValue:
        ll_parts = [extract(self.builder, result.ll_value, index) for index in range(4)]
        return self.objects.call(BOX_TEXT, ll_ptr, *ll_parts)

    def _bytes(self, result: Result) -> LlValue:
        ll_parts = [extract(self.builder, result.ll_value, index) for index in range(3)]
        return self.objects.call(BOX_BYTES, ll_ptr, *ll_parts)

    # -- containers

    def _tuple(self, result: Result) -> LlValue:
        ll_items = [
            self.box(
                elem_ty, extract(self.builder, result.ll_value, index), f"{result.path}.{index}"
            )
            for index, elem_ty in enumerate(result.ty.elems)
        ]
        cls = result.ty.pyclass
        return self._together(ll_items, lambda: self._new_tuple(ll_items, cls))

    def _new_tuple(self, ll_items: Sequence[LlValue], cls: type | None = None) -> LlValue:
        """A tuple, of a class derived from `tuple` if need be, that takes over the references."""
        ll_size = number(ll_i64, len(ll_items))
        if cls is None:
            ll_tuple = self.objects.call("PyTuple_New", ll_ptr, ll_size)
        else:
            ll_class = self.objects.symbol(class_symbol(cls))
            ll_tuple = self.objects.call("PyType_GenericAlloc", ll_ptr, ll_class, ll_size)
        if not ll_items:
            return ll_tuple

        def fill() -> None:
            for index, ll_item in enumerate(ll_items):
                at = pylayout.TUPLE_ITEMS + 8 * index
                self.builder.store(ll_item, offset_address(self.builder, ll_tuple, at), align=8)

        self._if_made(ll_tuple, fill, lambda: self._drop(ll_items))
        return ll_tuple

    def _drop(self, ll_objects: Sequence[LlValue]) -> None:
        for ll_obj in ll_objects:
            self.objects.call("Py_DecRef", ll_void, ll_obj)  # takes null as well

    def _if_made(
        self, ll_obj: LlValue, made: Callable[[], None], failed: Callable[[], None]
    ) -> None:
        builder = self.builder
        ll_made, ll_failed, ll_done = (builder.append_basic_block() for _ in range(3))
        ll_is_null = builder.icmp_unsigned("==", ll_obj, _null)
        builder.cbranch(ll_is_null, ll_failed, ll_made).set_weights(UNLIKELY)
        for ll_block, act in ((ll_made, made), (ll_failed, failed)):
            builder.position_at_end(ll_block)
            act()
            builder.branch(ll_done)
        builder.position_at_end(ll_done)

    def _together(self, ll_items: Sequence[LlValue], make: Callable[[], LlValue]) -> LlValue:
        """What `make` makes of items that were all made; else null, with the items dropped."""
        if not ll_items:
            return make()
        builder = self.builder
        ll_all, ll_some, ll_done = (builder.append_basic_block() for _ in range(3))
        ll_good: LlValue = ll.Constant(ll_i1, 1)
        for ll_item in ll_items:
            ll_good = builder.and_(ll_good, builder.icmp_unsigned("!=", ll_item, _null))
        builder.cbranch(ll_good, ll_all, ll_some).set_weights(LIKELY)
        builder.position_at_end(ll_some)
        self._drop(ll_items)
        builder.branch(ll_done)
        builder.position_at_end(ll_all)
        ll_made = make()
        ll_all_end = builder.block
        builder.branch(ll_done)
        builder.position_at_end(ll_done)
        ll_phi = builder.phi(ll_ptr)
        ll_phi.add_incoming(_null, ll_some)
        ll_phi.add_incoming(ll_made, ll_all_end)
        return ll_phi

    def _slice(self, result: Result) -> LlValue:
        ll_items = [
            self.box(part_ty, extract(self.builder, result.ll_value, index), result.path)
            for index, part_ty in enumerate((result.ty.start, result.ty.stop, result.ty.step))
        ]

        def make() -> LlValue:
            ll_slice = self.objects.call("PySlice_New", ll_ptr, *ll_items)
            self._drop(ll_items)
            return ll_slice

        return self._together(ll_items, make)

    def _range(self, result: Result) -> LlValue:
        ll_items = [
            self.box(int64, extract(self.builder, result.ll_value, index), result.path)
            for index in range(3)
        ]

        def make() -> LlValue:
            ll_args = self._new_tuple(ll_items)
            ll_class = self.objects.symbol("PyRange_Type")
            ll_range = self.objects.call("PyObject_CallObject", ll_ptr, ll_class, ll_args)
            self._drop([ll_args])
            return ll_range

        return self._together(ll_items, make)

    def _closure(self, result: Result) -> LlValue:
        """A Python function, made by a `FunctionMaker` from the captured values."""
        ll_captured = [
            self.box(ty, extract(self.builder, result.ll_value, i), f"{result.path}.{i}")
            for i, ty in enumerate(result.ty.captured)
        ]
        assert self.ll_self is not None, "functions are made by entries only"
        ll_items = [self._counted(self.ll_self), *ll_captured]

        def make() -> LlValue:
            ll_args = self._new_tuple(ll_items)
            ll_maker = self.objects.symbol(f"{RESULT}.{result.path}")
            ll_made = self.objects.call("PyObject_CallObject", ll_ptr, ll_maker, ll_args)
            self._drop([ll_args])
            return ll_made

        return self._together(ll_items, make)

    def _generator(self, result: Result) -> LlValue:
        """An object with the protocol of Python's generators, which holds this one."""
        code = result.ty.code
        ll_call = python_function(self.objects.module, code.next_object)
        ll_class = self.objects.symbol(GENERATOR_CLASS)
        ll_name = self.objects.module.string(code.frame.fn.name)
        ll_args = (ll_class, result.ll_value, ll_call, self.ll_self, ll_name)
        return self.objects.call(MAKE_GENERATOR, ll_ptr, *ll_args)

    def _union(self, result: Result) -> LlValue:
        builder = self.builder
        ll_done = builder.append_basic_block()
        ll_tag = extract(builder, result.ll_value, 0)
        found: list[tuple[LlValue, ll.Block]] = []
        for index, member in enumerate(result.ty.members):
            ll_next = builder.append_basic_block()
            if index + 1 < len(result.ty.members):
                ll_is_it = builder.icmp_unsigned("==", ll_tag, number(ll_i64, index))
                ll_box = builder.append_basic_block()
                builder.cbranch(ll_is_it, ll_box, ll_next)
                builder.position_at_end(ll_box)
            else:
                builder.branch(ll_next)
                builder.position_at_end(ll_next)
            ll_member = extract(builder, result.ll_value, index + 1)
            ll_boxed = self.box(member, ll_member, f"{result.path}.{index}")
            assert builder.block is not None
            found.append((ll_boxed, builder.block))
            builder.branch(ll_done)
            builder.position_at_end(ll_next)
        builder.position_at_end(ll_done)
        ll_phi = builder.phi(ll_ptr)
        for ll_boxed, ll_block in found:
            ll_phi.add_incoming(ll_boxed, ll_block)
        return ll_phi

    def _optional(self, result: Result) -> LlValue:
        builder = self.builder
        ll_some, ll_none, ll_done = (builder.append_basic_block() for _ in range(3))
        builder.cbranch(extract(builder, result.ll_value, 0), ll_some, ll_none)
        builder.position_at_end(ll_some)
        ll_boxed = self.box(result.ty.value_ty, extract(builder, result.ll_value, 1), result.path)
        ll_some_end = builder.block
        builder.branch(ll_done)
        builder.position_at_end(ll_none)
        ll_nothing = self._none(result)
        builder.branch(ll_done)
        builder.position_at_end(ll_done)
        ll_phi = builder.phi(ll_ptr)
        ll_phi.add_incoming(ll_boxed, ll_some_end)
        ll_phi.add_incoming(ll_nothing, ll_none)
        return ll_phi

    def _array(self, result: Result) -> LlValue:
        builder, model = self.builder, model_of(result.ty)
        ll_record = self.objects.stack(model.size // 8)
        model.store(builder, result.ll_value, ll_record)
        dtype = dtype_of(result.ty.dtype)
        flags = 0 if result.ty.readonly else pylayout.FLAG_WRITEABLE
        constants = (result.ty.ndim, dtype.num, ord(dtype.kind), flags)
        ll_constants = [number(ll_i32, value) for value in constants]
        return self.objects.call(BOX_ARRAY, ll_ptr, ll_record, *ll_constants)

    _by_class: ClassVar[Mapping[type[Type], Callable[[Any, Result], LlValue]]] = {
        Array: _array,
        Boolean: _bool,
        BytesType: _bytes,
        CallableType: _known,
        Closure: _closure,
        Complex: _complex,
        DType: _dtype,
        Dispatcher: _known,
        EllipsisType: _ellipsis,
        ExceptionClass: _known,
        Float: _float,
        FunctionUnion: _union,
        Generator: _generator,
        Integer: _integer,
        Module: _known,
        NoneType: _none,
        NotImplementedType: _not_implemented,
        Optional: _optional,
        PyObject: _object,
        Range: _range,
        Slice: _slice,
        Tuple: _tuple,
        UnicodeType: _text,
        Union: _union,
    }
