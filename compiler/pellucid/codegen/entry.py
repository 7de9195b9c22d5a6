"""The entry of a specialisation: what Python calls, in machine code.

    PyObject *<symbol>.entry(PyObject *self, PyObject *const *args, size_t nargsf,
                             PyObject *kwnames)

is a vectorcall function. In the order of its blocks:

    guard       what the code was compiled for is still so: else the slow path, which looks closer
    count       as many positional arguments as parameters, no keywords: read them where they lie
    gather      else put positional, keyword and default arguments into slots, in order
    cells       read the captured variables that are parameters of the compiled function
    unbox       check each argument's type and read its value; the context goes onto the stack
    convert     the same by library functions, for types that are not read in place (`Conversions`)
    call        with the GIL, or without it where the function is compiled with nogil
    write back  what became of mutable arguments that were converted, also after an exception
    box         the result, or Python's exception from the context's error record
    miss        whatever does not fit: jump to the function in `<symbol>.next`, the entry of an
                older specialisation or, at the end of that chain, the slow path
                (`runtime/dispatch.py`)

A miss is complete: nothing was changed, and the next function sees the same call. Keywords are
compared as pointers (Python interns them); a name that is not found so is a miss, and the slow path
compares text, and raises the errors that CPython raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.base.options import Options
from pellucid.codegen import pylayout, references
from pellucid.codegen.abi import Abi
from pellucid.codegen.attributes import add_attributes, add_param_attributes
from pellucid.codegen.boxing import Boxing
from pellucid.codegen.destructors import start_context
from pellucid.codegen.entry_parts import (
    VAR_KEYWORD,
    VAR_POSITIONAL,
    Conversion,
    Conversions,
    Converted,
    EntryParam,
    Slot,
    slots_of,
)
from pellucid.codegen.models import block, context
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import (
    LlValue,
    extract,
    ll_i8,
    ll_i32,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)
from pellucid.codegen.module import ModuleBuilder
from pellucid.codegen.names import (
    DEFAULT,
    FETCH,
    IS_CURRENT,
    NARGS_MASK,
    NO_SLOW_PATH,
    NO_SLOW_PATH_BIT,
    PARAMETER,
    RAISE_OBJECT,
    SLOW,
    THROW,
    VERSION,
    Accepts,
    entry_symbol,
    next_symbol,
)
from pellucid.codegen.objects import LIKELY, Objects, number
from pellucid.codegen.unboxing import Unboxing
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.effects import Effects
from pellucid.types import Cell, Dict, HeapType, List, Set, Signature, Type
from pellucid.types.heap import held_types, may_outlive_call

_null = ll.Constant(ll_ptr, None)
_ll_entry_type = ll.FunctionType(ll_ptr, [ll_ptr, ll_ptr, ll_i64, ll_ptr])


class _EntryPointer(ll.LoadInstr):
    """The address of another entry. llvmlite asks a callee for its type, and a pointer has none."""

    function_type = _ll_entry_type  # type: ignore[assignment]  # a property of the base class


def add_entry(
    module: ModuleBuilder,
    target: FunctionTarget,
    params: Sequence[EntryParam],
    *,
    accepts: Accepts = Accepts.EXACT,
    conversions: Conversions | None = None,
    cells: Sequence[int] = (),
) -> None:
    """Add the entry of `target` to the module that holds or declares it.

    `cells` are the positions, among the function's cells, of those whose values are the leading
    parameters of `target`; `params` are the others.
    """
    _Entry(module, target, params, accepts, conversions or Conversions(), cells).emit()


def emit_entry(
    sig: Signature,
    params: Sequence[EntryParam],
    symbol: str,
    options: Options,
    *,
    effects: Effects = Effects.ANY,
    accepts: Accepts = Accepts.EXACT,
) -> str:
    """The text of a module that holds only the entry of the function `symbol`."""
    module = ModuleBuilder(options, entry_symbol(symbol))
    add_entry(module, FunctionTarget(symbol, symbol, sig, None, effects), params, accepts=accepts)
    return module.text()


class _Entry:
    def __init__(
        self,
        module: ModuleBuilder,
        target: FunctionTarget,
        params: Sequence[EntryParam],
        accepts: Accepts,
        conversions: Conversions,
        cells: Sequence[int],
    ) -> None:
        self.module = module
        self.conversions = conversions
        self.converted: list[Converted] = []
        self.target = target
        self.params = params
        self.cells = cells
        own = Signature(target.sig.ret, target.sig.params[len(cells) :])
        self.slots = slots_of(own, params)
        self.ll_fn = ll.Function(module.ll_module, _ll_entry_type, entry_symbol(target.symbol))
        add_attributes(self.ll_fn, "nounwind", *module.target.function_attributes)
        names = ("self", "args", "nargsf", "kwnames")
        for ll_arg, name in zip(self.ll_fn.args, names, strict=True):
            ll_arg.name = name
        add_param_attributes(self.ll_fn.args[1], "readonly")
        self.builder = ll.IRBuilder(self.ll_fn.append_basic_block("guard"))
        self.objects = Objects(module, self.builder)
        self.ll_miss = self.ll_fn.append_basic_block("miss")
        self.unboxing = Unboxing(self.objects, self.ll_miss, accepts)

    def emit(self) -> None:
        self._emit_miss()
        self._guard()
        cells = self._read_cells()
        ll_slots = self._arguments()
        self.ll_ctx = self._context()
        if self.conversions.arguments:
            ll_from_slow = self.builder.and_(
                self.builder.lshr(self.ll_fn.args[2], number(ll_i64, NO_SLOW_PATH_BIT)),
                number(ll_i64, context.UNBOXING_KNOWN),
            )
            self._store_unboxing(ll_from_slow)
        ll_values = self._unbox(cells, ll_slots)
        if self.converted:
            self._require_shown()
        self._call(ll_values)

    # -- what the code depends on

    def _guard(self) -> None:
        """Go on if nothing changed that the code was compiled for."""
        builder, objects = self.builder, self.objects
        ll_self = self.ll_fn.args[0]
        ll_guard = objects.field(ll_self, pylayout.DISPATCHER_GUARD, ll_ptr, 8)
        ll_check, ll_stale, ll_go_on = (
            builder.append_basic_block(name) for name in ("check", "stale", "count")
        )
        if pylayout.HAS_DICT_WATCHERS:
            ll_seen = objects.field(ll_guard, 0, ll_i64, 8)
            ll_now = builder.load(objects.symbol(VERSION), typ=ll_i64, align=8)
            builder.cbranch(
                builder.icmp_unsigned("==", ll_seen, ll_now), ll_go_on, ll_check
            ).set_weights(LIKELY)
        else:
            builder.branch(ll_check)
        builder.position_at_end(ll_check)
        ll_is_current = objects.call(IS_CURRENT, ll_i32, ll_guard)
        ll_is_so = builder.icmp_unsigned("!=", ll_is_current, number(ll_i32, 0))
        builder.cbranch(ll_is_so, ll_go_on, ll_stale).set_weights(LIKELY)
        builder.position_at_end(ll_stale)
        ll_flag = builder.and_(self.ll_fn.args[2], number(ll_i64, NO_SLOW_PATH))
        ll_is_slow = builder.icmp_unsigned("!=", ll_flag, number(ll_i64, 0))
        ll_ask = builder.append_basic_block("ask")
        builder.cbranch(ll_is_slow, ll_go_on, ll_ask)  # it has just looked
        builder.position_at_end(ll_ask)
        ll_slow = self.module.declare(SLOW, _ll_entry_type)
        tail: Any = "musttail"  # of this, llvmlite's types say less than it takes
        builder.ret(builder.call(ll_slow, self.ll_fn.args, tail=tail))
        builder.position_at_end(ll_go_on)

    def _read_cells(self) -> list[tuple[Slot, LlValue]]:
        """The captured variables that are parameters, each with its object.

        That of a shared variable is the cell; of others what is in it.
        """
        if not self.cells:
            return []
        found: list[tuple[Slot, LlValue]] = []
        ll_self = self.ll_fn.args[0]
        ll_cells = self.objects.field(ll_self, pylayout.DISPATCHER_CELLS, ll_ptr, 8)
        for position, index in enumerate(self.cells):
            ll_obj = self.objects.field(ll_cells, pylayout.TUPLE_ITEMS + 8 * index, ll_ptr, 8)
            ty, name = self.target.sig.params[position], f"cell.{position}"
            if not isinstance(ty, Cell):
                ll_obj = self.objects.field(ll_obj, pylayout.CELL_VALUE, ll_ptr, 8)
                is_set = self.builder.icmp_unsigned("!=", ll_obj, _null)
                self.objects.require(is_set, self.ll_miss)
            found.append((Slot(ty, name, EntryParam(name), position), ll_obj))
        return found

    # -- arguments

    def _arguments(self) -> LlValue:
        """The address of the arguments, one object for each slot."""
        builder = self.builder
        _, ll_args, ll_nargsf, ll_kwnames = self.ll_fn.args
        count = sum(slot.is_positional for slot in self.slots)
        ll_nargs = builder.and_(ll_nargsf, number(ll_i64, NARGS_MASK))
        ll_is_count = builder.icmp_unsigned("==", ll_nargs, number(ll_i64, count))
        ll_no_names = builder.icmp_unsigned("==", ll_kwnames, _null)
        ll_direct = builder.and_(ll_is_count, ll_no_names)
        if count < len(self.slots):
            # Callers never have keyword-only arguments in order; the slow path has.
            ll_flat = number(ll_i64, NO_SLOW_PATH | len(self.slots))
            ll_direct = builder.icmp_unsigned("==", ll_nargsf, ll_flat)
        is_spread = any(slot.param.kind == VAR_KEYWORD for slot in self.slots)
        if is_spread or not any(slot.is_keyword or slot.param.has_default for slot in self.slots):
            self.objects.require(ll_direct, self.ll_miss)
            return ll_args
        ll_count = builder.block
        ll_gather = builder.append_basic_block("gather")
        ll_unbox = builder.append_basic_block("unbox")
        builder.cbranch(ll_direct, ll_unbox, ll_gather).set_weights(LIKELY)
        builder.position_at_end(ll_gather)
        ll_gathered = self._gather(ll_nargs, count)
        ll_end = builder.block
        builder.branch(ll_unbox)
        builder.position_at_end(ll_unbox)
        ll_phi = builder.phi(ll_ptr)
        ll_phi.add_incoming(ll_args, ll_count)
        ll_phi.add_incoming(ll_gathered, ll_end)
        return ll_phi

    def _gather(self, ll_nargs: LlValue, count: int) -> LlValue:
        """Positional, keyword and default arguments, in the order of the slots."""
        builder = self.builder
        ll_slots = self.objects.stack(len(self.slots), ll_ptr)
        ll_few = builder.icmp_unsigned("<=", ll_nargs, number(ll_i64, count))
        self.objects.require(ll_few, self.ll_miss)
        self._copy_positional(ll_slots, ll_nargs)
        self._place_keywords(ll_slots, ll_nargs)
        for index, slot in enumerate(self.slots):
            self._fill_default(offset_address(builder, ll_slots, 8 * index), slot)
        return ll_slots

    def _copy_positional(self, ll_slots: LlValue, ll_nargs: LlValue) -> None:
        builder = self.builder
        for index, slot in enumerate(self.slots):
            at = 8 * index
            ll_slot = offset_address(builder, ll_slots, at)
            builder.store(_null, ll_slot, align=8)
            if not slot.is_positional:
                continue
            ll_is_given = builder.icmp_unsigned("<", number(ll_i64, index), ll_nargs)
            with builder.if_then(ll_is_given):
                ll_arg = self.objects.field(self.ll_fn.args[1], at, ll_ptr, 8)
                builder.store(ll_arg, ll_slot, align=8)

    def _place_keywords(self, ll_slots: LlValue, ll_nargs: LlValue) -> None:
        builder, objects = self.builder, self.objects
        _, ll_args, _, ll_kwnames = self.ll_fn.args
        names = ("start", "head", "body", "place", "done")
        ll_start, ll_head, ll_body, ll_place, ll_done = (
            builder.append_basic_block(f"keyword.{name}") for name in names
        )
        ll_no_names = builder.icmp_unsigned("==", ll_kwnames, _null)
        builder.cbranch(ll_no_names, ll_done, ll_start)
        builder.position_at_end(ll_start)
        ll_count = objects.field(ll_kwnames, pylayout.SIZE, ll_i64, 8)
        builder.branch(ll_head)

        builder.position_at_end(ll_head)
        ll_i = builder.phi(ll_i64, "i")
        ll_i.add_incoming(number(ll_i64, 0), ll_start)
        ll_more = builder.icmp_unsigned("<", ll_i, ll_count)
        builder.cbranch(ll_more, ll_body, ll_done)

        builder.position_at_end(ll_body)
        ll_names = offset_address(builder, ll_kwnames, pylayout.TUPLE_ITEMS)
        ll_name_at = builder.gep(ll_names, [ll_i], source_etype=ll_ptr)
        ll_name = builder.load(ll_name_at, typ=ll_ptr, align=8)
        ll_at = number(ll_i64, len(self.slots))
        for index, slot in enumerate(self.slots):
            if slot.is_keyword:
                ll_same = objects.is_same(ll_name, objects.symbol(f"{PARAMETER}.{slot.index}"))
                ll_at = builder.select(ll_same, number(ll_i64, index), ll_at)
        ll_is_known = builder.icmp_unsigned("<", ll_at, number(ll_i64, len(self.slots)))
        builder.cbranch(ll_is_known, ll_place, self.ll_miss)

        builder.position_at_end(ll_place)
        ll_slot = builder.gep(ll_slots, [ll_at], source_etype=ll_ptr)
        ll_present = builder.load(ll_slot, typ=ll_ptr, align=8)
        objects.require(builder.icmp_unsigned("==", ll_present, _null), self.ll_miss)
        ll_position = builder.add(ll_nargs, ll_i)
        ll_value_at = builder.gep(ll_args, [ll_position], source_etype=ll_ptr)
        builder.store(builder.load(ll_value_at, typ=ll_ptr, align=8), ll_slot, align=8)
        ll_i.add_incoming(builder.add(ll_i, number(ll_i64, 1)), builder.block)
        builder.branch(ll_head)

        builder.position_at_end(ll_done)

    def _fill_default(self, ll_slot: LlValue, slot: Slot) -> None:
        builder = self.builder
        ll_given = builder.load(ll_slot, typ=ll_ptr, align=8)
        ll_is_given = builder.icmp_unsigned("!=", ll_given, _null)
        if not slot.param.has_default:
            self.objects.require(ll_is_given, self.ll_miss)
            return
        ll_default = self.objects.symbol(f"{DEFAULT}.{slot.index}")
        builder.store(builder.select(ll_is_given, ll_given, ll_default), ll_slot, align=8)

    def _unbox(self, cells: list[tuple[Slot, LlValue]], ll_slots: LlValue) -> list[LlValue]:
        """The value of each parameter of the compiled function."""
        ll_objects = [
            self.objects.field(ll_slots, 8 * index, ll_ptr, 8) for index in range(len(self.slots))
        ]
        ll_values = self._unbox_all([*cells, *zip(self.slots, ll_objects, strict=True)])
        result, ll_values = ll_values[: len(cells)], ll_values[len(cells) :]
        for index, model in enumerate(Abi.of(self.target).params[len(cells) :]):
            ll_own = [v for s, v in zip(self.slots, ll_values, strict=True) if s.index == index]
            if self.params[index].kind in (VAR_POSITIONAL, VAR_KEYWORD):
                result.append(model.make(self.builder, ll_own))  # type: ignore[attr-defined]  # a tuple's model
            else:
                result.extend(ll_own)
        return result

    def _unbox_all(self, pairs: list[tuple[Slot, LlValue]]) -> list[LlValue]:
        # What may own something comes last: a miss before it has nothing to give back.
        ll_in_place = {
            slot: self.unboxing.unbox(slot.ty, ll_obj, slot.path)
            for slot, ll_obj in pairs
            if slot.ty not in self.conversions.arguments
        }
        if any(map(may_outlive_call, (self.target.sig.ret, *self.target.sig.params))):
            # A generator, or a container that is shared with Python, may hold an argument.
            for slot, ll_obj in pairs:
                if slot in ll_in_place and slot.ty.is_managed:
                    ll_own = self.unboxing.adopt(slot.ty, ll_in_place[slot])
                    ll_in_place[slot] = ll_own
                    self.converted.append(Converted(slot.ty, ll_obj, ll_own, None))
        return [
            ll_in_place[slot] if slot in ll_in_place else self._convert(slot.ty, ll_obj)
            for slot, ll_obj in pairs
        ]

    def _convert(self, ty: Type, ll_obj: LlValue) -> LlValue:
        """The value of an argument that a library function unboxes; the entry owns it.

        A container that is passed twice is one value.
        """
        builder = self.builder
        earlier = [c for c in self.converted if c.ty == ty and isinstance(ty, HeapType)]
        if not earlier:
            ll_value = self._unbox_by_library(ty, ll_obj)
        else:
            ll_known: LlValue = _null
            for argument in earlier:
                ll_is_it = self.objects.is_same(ll_obj, argument.ll_obj)
                ll_known = builder.select(ll_is_it, argument.ll_value, ll_known)
            names = ("argument.unbox", "argument.done")
            ll_unbox, ll_done = (builder.append_basic_block(name) for name in names)
            references.retain(self.module, builder, model_of(ty), ll_known)
            ll_start = builder.block
            builder.cbranch(self.objects.is_same(ll_known, _null), ll_unbox, ll_done)
            builder.position_at_end(ll_unbox)
            ll_new = self._unbox_by_library(ty, ll_obj)
            ll_unboxed = builder.block
            builder.branch(ll_done)
            builder.position_at_end(ll_done)
            ll_value = builder.phi(ll_ptr)
            ll_value.add_incoming(ll_known, ll_start)
            ll_value.add_incoming(ll_new, ll_unboxed)
        changes = self.target.effects & (Effects.WRITES | Effects.IO)
        write_back = self.conversions.arguments[ty].write_back if changes else None
        self.converted.append(Converted(ty, ll_obj, ll_value, write_back))
        return ll_value

    def _unbox_by_library(self, ty: Type, ll_obj: LlValue) -> LlValue:
        builder, conversion = self.builder, self.conversions.arguments[ty]
        ll_marker = model_of(conversion.unbox.sig.params[1]).zero()
        ll_pair, ll_failed = self._call_library(conversion.unbox, [ll_obj, ll_marker])
        if ll_failed is not None:
            ll_raise = builder.append_basic_block("unbox.raise")
            self.objects.require(builder.not_(ll_failed), ll_raise)
            with builder.goto_block(ll_raise):
                self._drop_converted()
                self.objects.call(THROW, ll_void, self.ll_ctx)
                builder.ret(_null)
        ll_value = extract(builder, ll_pair, 1)
        ll_no = builder.append_basic_block("unbox.miss")
        self.objects.require(extract(builder, ll_pair, 0), ll_no)
        with builder.goto_block(ll_no):
            references.release(self.module, builder, model_of(ty), ll_value)
            self._drop_converted()
            builder.branch(self.ll_miss)
        return ll_value

    def _call_library(
        self, target: FunctionTarget, ll_args: Sequence[LlValue]
    ) -> tuple[LlValue, LlValue | None]:
        """Call a library function; gives the result, and whether it failed if it may."""
        ll_fn = self.module.function(target)
        ll_result, ll_status = Abi.of(target).call(self.builder, ll_fn, self.ll_ctx, ll_args)
        if ll_status is None:
            return ll_result, None
        ll_ok = number(ll_i32, context.STATUS_OK)
        return ll_result, self.builder.icmp_unsigned("!=", ll_status, ll_ok)

    def _store_unboxing(self, ll_flags: LlValue) -> None:
        ll_at = offset_address(self.builder, self.ll_ctx, context.UNBOXING)
        self.builder.store(ll_flags, ll_at, align=8)

    def _require_shown(self) -> None:
        """Leave it to `typeof` where containers may have other types than what they were read as.

        So a list of ints is never taken for one of floats, unless a signature asks for that.
        """
        builder = self.builder
        ll_at = offset_address(builder, self.ll_ctx, context.UNBOXING)
        if not self.unboxing.converts:
            ll_flags = builder.load(ll_at, typ=ll_i64, align=8)
            ll_joined = number(ll_i64, context.UNBOXING_JOINED)  # and not UNBOXING_KNOWN
            ll_no = builder.append_basic_block("joined.miss")
            self.objects.require(builder.icmp_unsigned("!=", ll_flags, ll_joined), ll_no)
            with builder.goto_block(ll_no):
                self._drop_converted()
                builder.branch(self.ll_miss)
        builder.store(number(ll_i64, 0), ll_at, align=8)

    def _drop_converted(self) -> None:
        for argument in self.converted:
            references.release(self.module, self.builder, model_of(argument.ty), argument.ll_value)

    # -- the call

    def _call(self, ll_values: Sequence[LlValue]) -> None:
        builder, objects = self.builder, self.objects
        ll_state = self._let_others_run() if self.module.options.nogil else None
        ll_result, ll_failed = self._call_library(self.target, ll_values)
        if ll_state is not None:
            with builder.if_then(builder.icmp_unsigned("!=", ll_state, _null)):
                objects.call("PyEval_RestoreThread", ll_void, ll_state)
        if self.converted:
            self._write_back(ll_result, ll_failed)
        elif ll_failed is not None:
            ll_raise = builder.append_basic_block("raise")
            objects.require(builder.not_(ll_failed), ll_raise)
            with builder.goto_block(ll_raise):
                objects.call(THROW, ll_void, self.ll_ctx)
                builder.ret(_null)
        builder.ret(self._box(ll_result))

    def _let_others_run(self) -> LlValue | None:
        """Give the lock up; what gets it back, or null where it is kept (None: always).

        References to containers are counted without regard to other threads. So none may be
        visible to them: a container that only this call refers to was made of Python's own.
        """
        builder, objects = self.builder, self.objects
        kept = [ty for ty in self.target.sig.params if may_outlive_call(ty)]
        if not all(isinstance(ty, (Dict, List, Set)) for ty in kept):
            return None
        if any(isinstance(held, HeapType) for held in held_types(kept)):
            return None
        ll_start, ll_alone = builder.block, ll.Constant(ll.IntType(1), 1)
        for argument in self.converted:
            if isinstance(argument.ty, HeapType):
                ll_count = objects.field(argument.ll_value, block.REFCOUNT, ll_i64, 8)
                ll_is_one = builder.icmp_unsigned("==", ll_count, number(ll_i64, 1))
                ll_alone = builder.and_(ll_alone, ll_is_one)
        with builder.if_then(ll_alone):
            ll_saved = objects.call("PyEval_SaveThread", ll_ptr)
            ll_end = builder.block
        ll_state = builder.phi(ll_ptr)
        ll_state.add_incoming(_null, ll_start)
        ll_state.add_incoming(ll_saved, ll_end)
        return ll_state

    def _write_back(self, ll_result: LlValue, ll_failed: LlValue | None) -> None:
        """Bring converted arguments up to date, and leave if there is an exception.

        One that writing back raises has the function's own as its context.
        """
        builder, objects = self.builder, self.objects
        ll_exception_at = objects.stack(1, ll_ptr)
        builder.store(_null, ll_exception_at, align=8)
        self._catch(ll_failed, ll_exception_at)
        # What was read from them before can be read again, to find what has changed.
        self._store_unboxing(number(ll_i64, context.UNBOXING_KNOWN))
        for argument in self.converted:
            if argument.write_back is not None:
                ll_args = [argument.ll_obj, argument.ll_value]
                _, ll_failed = self._call_library(argument.write_back, ll_args)
                self._catch(ll_failed, ll_exception_at)
                self._store_unboxing(number(ll_i64, context.UNBOXING_KNOWN))
        ll_exception = builder.load(ll_exception_at, typ=ll_ptr, align=8)
        ll_raise = builder.append_basic_block("raise")
        objects.require(objects.is_same(ll_exception, _null), ll_raise)
        with builder.goto_block(ll_raise):
            ret_model = model_of(self.target.sig.ret)
            references.release(self.module, builder, ret_model, ll_result)
            self._drop_converted()
            objects.call(RAISE_OBJECT, ll_void, ll_exception)
            builder.ret(_null)

    def _catch(self, ll_failed: LlValue | None, ll_exception_at: LlValue) -> None:
        """Take the exception out of the context, if there is one, so that others can be called."""
        if ll_failed is None:
            return
        builder, objects = self.builder, self.objects
        with builder.if_then(ll_failed, likely=False):
            objects.call(THROW, ll_void, self.ll_ctx)
            ll_new = objects.call(FETCH, ll_ptr)
            ll_old = builder.load(ll_exception_at, typ=ll_ptr, align=8)
            with builder.if_then(builder.icmp_unsigned("!=", ll_old, _null)):
                objects.call("PyException_SetContext", ll_void, ll_new, ll_old)
            builder.store(ll_new, ll_exception_at, align=8)
            start_context(builder, self.ll_ctx)

    def _box(self, ll_result: LlValue) -> LlValue:
        """The object of the result, or null with Python's error set; drops what was converted."""
        ret = self.target.sig.ret
        if self.conversions.result is None:
            boxing = Boxing(self.objects, self.ll_fn.args[0], self._box_part)
            ll_obj = boxing.box(ret, ll_result)
        else:
            ll_obj = self._box_by_library(self.conversions.result, ret, ll_result)
        self._drop_converted()
        return ll_obj

    def _box_part(self, ty: Type, ll_value: LlValue) -> LlValue | None:
        """The object of what a function in the result captured; None: it is boxed in place."""
        target = self.conversions.parts.get(ty)
        return None if target is None else self._box_by_library(target, ty, ll_value)

    def _box_by_library(self, target: FunctionTarget, ty: Type, ll_value: LlValue) -> LlValue:
        builder = self.builder
        ll_obj, ll_failed = self._call_library(target, [ll_value])
        references.release(self.module, builder, model_of(ty), ll_value)
        if ll_failed is not None:  # then the result is null
            with builder.if_then(ll_failed, likely=False):
                self.objects.call(THROW, ll_void, self.ll_ctx)
                start_context(builder, self.ll_ctx)
        return ll_obj

    def _context(self) -> LlValue:
        ll_room = self.objects.stack(context.SIZE, ll_i8, context.ALIGNMENT)
        return start_context(self.builder, ll_room)

    def _emit_miss(self) -> None:
        # Any: of these, llvmlite's types say less than it takes.
        builder: Any = self.builder
        name = next_symbol(self.target.symbol)
        ll_next: Any = ll.GlobalVariable(self.module.ll_module, ll_ptr, name)
        ll_next.initializer = self.module.declare(SLOW, _ll_entry_type)
        with builder.goto_block(self.ll_miss):
            ll_older: Any = _EntryPointer(builder.block, ll_next, typ=ll_ptr)
            ll_older.align = 8
            builder._insert(ll_older)  # there is no public way to insert an instruction
            builder.ret(builder.call(ll_older, self.ll_fn.args, tail="musttail"))


__all__ = [
    "Accepts",
    "Conversion",
    "Conversions",
    "EntryParam",
    "add_entry",
    "emit_entry",
    "entry_symbol",
    "next_symbol",
]
