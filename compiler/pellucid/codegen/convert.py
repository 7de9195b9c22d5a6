"""Convert ops: numbers between widths and kinds, literals to their type, optionals, tuples.

Real to integer is as NumPy does it on x86-64: values out of range and NaN give the least integer
(for 64 and 32 bits), narrower types keep the low bits of the 32-bit result. LLVM's own conversion
is poison there, so its result is frozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.base.diagnostics import error
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import LlBuilder, LlValue, Record, extract, ll_i64
from pellucid.types import (
    Array,
    Boolean,
    BoundMethod,
    BytesType,
    Closure,
    Complex,
    EnumMember,
    Float,
    Integer,
    Literal,
    NoneType,
    Number,
    Optional,
    Slice,
    Struct,
    Tuple,
    Type,
    Undefined,
    UnicodeType,
    Union,
    int64,
)
from pellucid.types.convert import member_index

if TYPE_CHECKING:
    from pellucid.codegen.lowering import Lowering


def convert(cg: Lowering, source: Type, target: Type, ll_value: LlValue) -> LlValue:
    """`ll_value` of type `source` as the type `target`."""
    if source == target:
        return ll_value
    if isinstance(target, BoundMethod):
        ll_receiver = convert(cg, source, target.receiver, ll_value)
        return cg.make(target, receiver=ll_receiver)
    if isinstance(source, BoundMethod):
        ll_receiver = cg.field(source, ll_value, "receiver")
        return convert(cg, source.receiver, target, ll_receiver)
    if isinstance(source, Literal) and isinstance(source.base_ty, (UnicodeType, BytesType)):
        return convert(cg, source.base_ty, target, cg.constant(source.base_ty, source.value))
    if isinstance(source, Tuple) and isinstance(target, Tuple):
        return _by_part(cg, source.elems, target.elems, target, ll_value)
    if isinstance(source, Tuple) and isinstance(target, Optional):
        return _to_optional(cg, source, target, ll_value)  # its texts may be known ones
    if isinstance(source, Tuple) and isinstance(target, Union):
        return _to_union(cg, source, target, ll_value)
    return _from_plain(cg, source.base, target.base, ll_value)


def _from_plain(cg: Lowering, source: Type, target: Type, ll_value: LlValue) -> LlValue:
    if source == target:
        return ll_value
    if isinstance(source, Undefined):
        return model_of(target).zero()
    if isinstance(target, Optional):
        return _to_optional(cg, source, target, ll_value)
    if isinstance(source, Optional):
        # Only where the value is known to be there.
        return convert(cg, source.value_ty, target, extract(cg.builder, ll_value, 1))
    if isinstance(target, Union):
        return _to_union(cg, source, target, ll_value)
    if isinstance(target, (Number, Boolean)) and isinstance(source, (Number, Boolean)):
        return _scalar(cg, source, target, ll_value)
    if isinstance(source, Array) and isinstance(target, Array):
        return ll_value
    if isinstance(source, EnumMember) and isinstance(target, Number):
        return _scalar(cg, int64, target, ll_value)
    parts = _part_types(source), _part_types(target)
    if type(source) is type(target) and len(parts[0]) == len(parts[1]) > 0:
        return _by_part(cg, *parts, target, ll_value)
    if model_of(source).ll_type == model_of(target).ll_type:
        return ll_value
    return error("internal-error", f"code generation knows no conversion from {source} to {target}")


def _to_optional(cg: Lowering, source: Type, target: Optional, ll_value: LlValue) -> LlValue:
    record = model_of(target)
    assert isinstance(record, Record)
    if isinstance(source, NoneType):
        return record.zero()
    if isinstance(source, Optional):
        ll_valid, ll_inner = (extract(cg.builder, ll_value, i) for i in (0, 1))
        ll_inner = convert(cg, source.value_ty, target.value_ty, ll_inner)
        return record.make(cg.builder, [ll_valid, ll_inner])
    ll_inner = convert(cg, source, target.value_ty, ll_value)
    return record.make(cg.builder, [ll.Constant(ll.IntType(1), 1), ll_inner])


def _to_union(cg: Lowering, source: Type, target: Union, ll_value: LlValue) -> LlValue:
    """One more type that it may be of, or a union with fewer members."""
    record = model_of(target)
    assert isinstance(record, Record)
    ll_parts: list[LlValue] = [part.zero() for part in record.parts]
    members = source.members if isinstance(source, Union) else (source,)
    places = [member_index(member, target) for member in members]
    for index, (member, place) in enumerate(zip(members, places, strict=True)):
        assert place is not None, f"{member} is none of {target}"
        is_union = isinstance(source, Union)
        ll_member = extract(cg.builder, ll_value, index + 1) if is_union else ll_value
        ll_member = convert(cg, member, target.members[place], ll_member)
        ll_tag = ll.Constant(ll_i64, place)
        if index == 0:
            ll_parts[0], ll_parts[place + 1] = ll_tag, ll_member
            continue
        ll_source_tag = extract(cg.builder, ll_value, 0)
        ll_is_it = cg.builder.icmp_unsigned("==", ll_source_tag, ll.Constant(ll_i64, index))
        ll_parts[0] = cg.builder.select(ll_is_it, ll_tag, ll_parts[0])
        if places.index(place) < index and not record.parts[place + 1].is_empty:
            ll_member = cg.builder.select(ll_is_it, ll_member, ll_parts[place + 1])
        ll_parts[place + 1] = ll_member
    return record.make(cg.builder, ll_parts)


def _part_types(ty: Type) -> tuple[Type, ...]:
    match ty:
        case Tuple():
            return ty.elems
        case Struct():
            return tuple(field for _, field in ty.fields)
        case Closure():
            return ty.captured
        case Slice():
            return (ty.start, ty.stop, ty.step)
        case _:
            return ()


def _by_part(
    cg: Lowering,
    sources: tuple[Type, ...],
    targets: tuple[Type, ...],
    target: Type,
    ll_value: LlValue,
) -> LlValue:
    record = model_of(target)
    assert isinstance(record, Record)
    ll_parts = [
        convert(cg, have, want, extract(cg.builder, ll_value, index))
        for index, (have, want) in enumerate(zip(sources, targets, strict=True))
    ]
    return record.make(cg.builder, ll_parts)


def _scalar(cg: Lowering, source: Type, target: Type, ll_value: LlValue) -> LlValue:
    if isinstance(target, Complex):
        return _to_complex(cg, source, target, ll_value)
    if isinstance(source, Complex):
        return _from_complex(cg, source, target, ll_value)
    ll_type = model_of(target).ll_type
    match source, target:
        case Float(), Boolean():
            return cg.builder.fcmp_unordered("!=", ll_value, model_of(source).zero())
        case Float(), Integer():
            return _float_to_int(cg, source, target, ll_value)
        case Float(), Float():
            narrower = target.bits < source.bits
            return (cg.builder.fptrunc if narrower else cg.builder.fpext)(ll_value, ll_type)
        case Integer(), Boolean():
            return cg.builder.icmp_signed("!=", ll_value, model_of(source).zero())
        case Integer(), Float() if source.signed:
            return cg.builder.sitofp(ll_value, ll_type)
        case _, Float():
            return cg.builder.uitofp(ll_value, ll_type)
        case Integer(), Integer() if target.bits < source.bits:
            return cg.builder.trunc(ll_value, ll_type)
        case Integer(), Integer() if target.bits == source.bits:
            return ll_value
        case Integer(), Integer() if source.signed:
            return cg.builder.sext(ll_value, ll_type)
        case _:
            return cg.builder.zext(ll_value, ll_type)


def _to_complex(cg: Lowering, source: Type, target: Complex, ll_value: LlValue) -> LlValue:
    record = model_of(target)
    assert isinstance(record, Record)
    if isinstance(source, Complex):
        ll_parts = [extract(cg.builder, ll_value, i) for i in (0, 1)]
        ll_parts = [convert(cg, source.part, target.part, p) for p in ll_parts]
    else:
        ll_parts = [convert(cg, source, target.part, ll_value), model_of(target.part).zero()]
    return record.make(cg.builder, ll_parts)


def _from_complex(cg: Lowering, source: Complex, target: Type, ll_value: LlValue) -> LlValue:
    ll_real, ll_imag = (extract(cg.builder, ll_value, i) for i in (0, 1))
    if isinstance(target, Boolean):
        tests = [convert(cg, source.part, target, p) for p in (ll_real, ll_imag)]
        return cg.builder.or_(*tests)
    return convert(cg, source.part, target, ll_real)


def _float_to_int(cg: Lowering, source: Float, target: Integer, ll_value: LlValue) -> LlValue:
    if target.bits == 64 and not target.signed:
        return _float_to_uint64(cg, source, ll_value)
    # As gcc compiles NumPy's casts: uint32 through 64 bits, what is narrower through 32 bits.
    bits = 64 if target.bits == 64 or (target.bits == 32 and not target.signed) else 32
    ll_wide = _frozen(cg, cg.builder.fptosi(ll_value, ll.IntType(bits)))
    return ll_wide if bits == target.bits else cg.builder.trunc(ll_wide, ll.IntType(target.bits))


def _float_to_uint64(cg: Lowering, source: Float, ll_value: LlValue) -> LlValue:
    builder = cg.builder
    ll_half = ll.Constant(model_of(source).ll_type, 2.0**63)
    ll_low = _frozen(cg, builder.fptosi(ll_value, ll_i64))
    ll_rest = _frozen(cg, builder.fptosi(builder.fsub(ll_value, ll_half), ll_i64))
    ll_high = builder.xor(ll_rest, ll.Constant(ll_i64, 1 << 63))
    return builder.select(builder.fcmp_unordered("<", ll_value, ll_half), ll_low, ll_high)


def _frozen(cg: Lowering, ll_value: LlValue) -> LlValue:
    """`ll_value`, with some fixed value in place of poison; llvmlite's builder has no freeze."""
    builder: LlBuilder = cg.builder
    instruction = ll.instructions.Instruction(builder.block, ll_value.type, "freeze", [ll_value])
    builder._insert(instruction)  # the only way in for an instruction of our own
    return instruction
