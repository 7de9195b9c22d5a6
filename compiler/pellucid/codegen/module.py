"""One LLVM module under construction: functions, declarations, constants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.base.options import Options
from pellucid.codegen.abi import Abi
from pellucid.codegen.alias import make_tags
from pellucid.codegen.attributes import add_attributes
from pellucid.codegen.debug_types import DebugTypes
from pellucid.codegen.debuginfo import DebugInfo
from pellucid.codegen.function import emit_function
from pellucid.codegen.models.model import LlValue, ll_i8, ll_ptr
from pellucid.codegen.names import OBJECT
from pellucid.codegen.recursion import recursive_symbols
from pellucid.codegen.target_info import GENERIC, TargetInfo
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.function import Function
from pellucid.ir.walk import effects_of_ops

LONG = 1 << 10
"""Bytes from which on a constant is not text to be read."""


class ModuleBuilder:
    """An LLVM module that typed functions, entries and runtime functions are added to."""

    def __init__(
        self,
        options: Options,
        name: str,
        target: TargetInfo = GENERIC,
        *,
        with_places: bool = True,
    ) -> None:
        # A context of its own: llvmlite's global one keeps every named type of the process.
        self.ll_module = ll.Module(name, context=ll.Context())
        self.ll_module.triple = target.triple or self.ll_module.triple
        self.ll_module.data_layout = target.data_layout
        self.options = options
        self.target = target
        self.tags = make_tags(self.ll_module)
        self.debug = DebugInfo(with_places=with_places, for_debuggers=options.debug)
        self.debug_types = DebugTypes(self.debug)
        self._constants: dict[tuple[bytes, int], LlValue] = {}
        self._records: dict[tuple[str, ...], LlValue] = {}
        self._used: list[ll.Function] = []
        self.objects: dict[str, Any] = {}
        self._object_names: dict[int, str] = {}

    def add_functions(
        self, functions: Iterable[Function | FunctionTarget], exported: Iterable[str]
    ) -> None:
        """Emit typed functions; those not exported are internal."""
        targets = [f if isinstance(f, FunctionTarget) else target_of(f) for f in functions]
        exported = frozenset(exported)
        for target in targets:
            ll_fn = self.function(target)
            ll_fn.linkage = "" if target.symbol in exported else "internal"
        recursive = recursive_symbols(targets)
        for target in targets:
            emit_function(self, target, is_recursive=target.symbol in recursive)

    def function(self, target: FunctionTarget) -> ll.Function:
        """The LLVM function of a target, declared if it is not there yet."""
        found = self.ll_module.globals.get(target.symbol)
        if isinstance(found, ll.Function):
            return found
        return Abi.of(target).declare(self, target.symbol)

    def declare(self, name: str, ll_type: ll.FunctionType, *attributes: str) -> ll.Function:
        """A function from elsewhere: libm, the runtime. `attributes` are in LLVM's text form."""
        found = self.ll_module.globals.get(name)
        if isinstance(found, ll.Function):
            return found
        ll_fn = ll.Function(self.ll_module, ll_type, name)
        add_attributes(ll_fn, "nounwind", *attributes)
        return ll_fn

    def symbol(self, name: str) -> LlValue:
        """The address of an object of this process: `names.py` lists them."""
        found: LlValue = self.ll_module.globals.get(name)
        if found is None:
            found = ll.GlobalVariable(self.ll_module, ll_i8, name)
            found.linkage = "external"
            found.type = ll_ptr  # not llvmlite's pointer to one type
        return found

    def python_object(self, pyobj: Any) -> LlValue:
        """The address of any Python object; `objects` says by which symbol the code knows it."""
        name = self._object_names.get(id(pyobj))
        if name is None:
            name = self._object_names[id(pyobj)] = f"{OBJECT}.{len(self._object_names)}"
            self.objects[name] = pyobj
        return self.symbol(name)

    def keep(self, ll_fn: ll.Function) -> None:
        """Keep a declaration that no instruction refers to: the vectoriser may."""
        if ll_fn not in self._used:
            self._used.append(ll_fn)

    def bytes_constant(self, data: bytes, alignment: int) -> LlValue:
        """The address of constant `data`."""
        key = (data, alignment)
        ll_global = self._constants.get(key)
        if ll_global is None:
            ll_type = ll.ArrayType(ll_i8, len(data))
            if len(data) > LONG:
                ll_data = ll.values.FormattedConstant(ll_type, hexadecimal(data))
            else:
                ll_data = ll.Constant(ll_type, bytearray(data))
            ll_global = self.constant_global("constant", ll_data)
            ll_global.align = alignment
            self._constants[key] = ll_global
        return ll_global

    def string(self, text: str) -> LlValue:
        """The address of `text` in UTF-8, ended by a zero byte."""
        return self.bytes_constant(text.encode("utf-8", "surrogatepass") + b"\0", 1)

    def record(self, hint: str, ll_fields: Sequence[LlValue]) -> LlValue:
        """The address of a constant record; equal ones are one."""
        key = tuple(map(str, ll_fields))
        ll_global = self._records.get(key)
        if ll_global is None:
            ll_global = self.constant_global(hint, ll.Constant.literal_struct(list(ll_fields)))
            self._records[key] = ll_global
        return ll_global

    def constant_global(self, hint: str, ll_value: ll.Constant) -> LlValue:
        """A constant of this module, with a name made from `hint`."""
        name = self.ll_module.get_unique_name(hint)
        while name in self.ll_module.globals:
            name = self.ll_module.get_unique_name(f"{hint}.")
        ll_global: LlValue = ll.GlobalVariable(self.ll_module, ll_value.type, name)
        ll_global.global_constant = True
        ll_global.linkage = "private"
        ll_global.unnamed_addr = True
        ll_global.initializer = ll_value
        ll_global.type = ll_ptr  # llvmlite would print a typed pointer
        return ll_global

    def text(self) -> str:
        """The module in LLVM's text form."""
        if self._used:
            self._list_used()
        if self.debug.with_places and not self.debug.for_debuggers:
            self._give_scopes()
        return f"{self.ll_module}\n{self.debug.text()}"

    def _give_scopes(self) -> None:
        """Let functions that the compiler made have a place for what is inlined into them.

        LLVM drops the locations of code that is inlined into a function without a scope.
        """
        for ll_fn in self.ll_module.functions:
            if ll_fn.is_declaration or "dbg" in ll_fn.metadata:
                continue
            scope = self.debug.made_by_compiler(ll_fn.name)
            ll_fn.set_metadata("dbg", scope)
            nowhere = self.debug.nowhere(scope)
            for ll_block in ll_fn.blocks:
                for ll_op in ll_block.instructions:
                    if isinstance(ll_op, ll.instructions.CallInstr):
                        ll_op.metadata.setdefault("dbg", nowhere)

    def _list_used(self) -> None:
        ll_type = ll.ArrayType(ll_ptr, len(self._used))
        ll_list: LlValue = ll.GlobalVariable(self.ll_module, ll_type, "llvm.compiler.used")
        ll_list.linkage = "appending"
        ll_list.section = "llvm.metadata"
        ll_list.initializer = ll.Constant(ll_type, self._used)
        self._used = []


def hexadecimal(data: bytes) -> str:
    """`data` as an LLVM string of hexadecimal escapes: llvmlite looks at each byte in Python."""
    digits = np.frombuffer(data.hex().encode(), np.uint8).reshape(-1, 2)
    escapes = np.empty((len(digits), 3), np.uint8)
    escapes[:, 0] = ord("\\")
    escapes[:, 1:] = digits
    return f'c"{escapes.tobytes().decode()}"'


def target_of(fn: Function) -> FunctionTarget:
    """A target for a typed function, with the effects of its ops."""
    assert fn.sig is not None, f"{fn.name} is not typed"
    return FunctionTarget(fn.symbol, fn.name, fn.sig, fn, effects_of_ops(fn), fn.is_library)


__all__ = ["ModuleBuilder", "target_of"]
