"""The functions that compiled code calls: put together, compiled once per machine, loaded once.

`support()` gives their addresses. The parts are LLVM text from `memory`, `interrupts`, `errors` and
`arrays`, and the slow path below:

    pellucid.slow   `ptr (self, args, nargsf, kwnames)`   a vectorcall function: the last of every
                                                         dispatcher's chain of entries

It passes the call to `self.__call__` in Python, which finds or compiles a specialisation. Bit 62 of
`nargsf` (`NO_SLOW_PATH`) says that the call already comes from there: that the entry refuses it is
then an internal error, not a reason to begin again.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

import pellucid.runtime.arrays as arrays_part
import pellucid.runtime.errors as errors_part
import pellucid.runtime.interrupts as interrupts_part
import pellucid.runtime.memory as memory_part
from pellucid.base.options import cache_enabled
from pellucid.cache.digest import blake2b
from pellucid.cache.loader import ObjectCode, UnsupportedObject
from pellucid.cache.store import default_store
from pellucid.codegen import pylayout
from pellucid.runtime.symbols import resolve_process_symbol

NO_SLOW_PATH = 1 << 62

_SLOW = """
@pellucid.python.call_slowly = external global i8
@pellucid.refused = private constant [$REFUSED_SIZE x i8] c"$REFUSED\\00"

declare ptr @PyObject_Vectorcall(ptr, ptr, i64, ptr)
declare void @PyErr_SetString(ptr, ptr)
@PyExc_SystemError = external global ptr

define ptr @pellucid.slow(ptr %self, ptr %args, i64 %nargsf, ptr %kwnames) {
  %is_again = and i64 %nargsf, $NO_SLOW_PATH
  %is_first = icmp eq i64 %is_again, 0
  br i1 %is_first, label %count, label %refuse
refuse:
  %class = load ptr, ptr @PyExc_SystemError
  call void @PyErr_SetString(ptr %class, ptr @pellucid.refused)
  ret ptr null
count:
  %nargs = and i64 %nargsf, $NARGS
  %has_names = icmp ne ptr %kwnames, null
  br i1 %has_names, label %names, label %copy
names:
  %names_at = getelementptr i8, ptr %kwnames, i64 $SIZE
  %nnames = load i64, ptr %names_at
  br label %copy
copy:
  %nkw = phi i64 [ 0, %count ], [ %nnames, %names ]
  %total = add i64 %nargs, %nkw
  %room = add i64 %total, 1
  %buffer = alloca ptr, i64 %room
  store ptr %self, ptr %buffer
  %rest = getelementptr ptr, ptr %buffer, i64 1
  %nbytes = shl i64 %total, 3
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %rest, ptr align 8 %args, i64 %nbytes, i1 false)
  %count1 = add i64 %nargs, 1
  %result = call ptr @PyObject_Vectorcall(ptr @pellucid.python.call_slowly, ptr %buffer,
      i64 %count1, ptr %kwnames)
  ret ptr %result
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""

_REFUSED = "a compiled entry refused the arguments that it was chosen for"


def call_slowly(dispatcher: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Call a dispatcher by its Python path; any dispatcher, hence Any."""
    return dispatcher.__call__(*args, **kwargs)


def text() -> str:
    """The LLVM text of all parts."""
    values = {
        "$REFUSED_SIZE": len(_REFUSED) + 1,
        "$REFUSED": _REFUSED,
        "$NO_SLOW_PATH": NO_SLOW_PATH,
        "$NARGS": NO_SLOW_PATH - 1,
        "$SIZE": pylayout.SIZE,
    }
    slow = _SLOW
    for name, value in values.items():
        slow = slow.replace(name, str(value))
    parts = (memory_part, interrupts_part, arrays_part, errors_part)
    return "\n".join([*(part.text() for part in parts), slow])


@cache
def support() -> Mapping[str, int]:
    """The addresses of the functions and counters. They stay for the life of the process."""
    with _lock:
        source = text()
        data = _object_code(source)
        try:
            return ObjectCode(data).load(_resolve).symbols
        except UnsupportedObject:
            return _load_by_llvm(source, data)


def address(name: str) -> int:
    """The address of one of the functions or counters; LookupError if there is none."""
    return support()[name]


def live_blocks() -> int:
    """How many blocks of memory compiled code and its results hold."""
    return memory_part.read_counter(address("pellucid.live_blocks"))


_lock = threading.Lock()

_CALLBACKS = {
    "pellucid.python.call_slowly": call_slowly,
    "pellucid.python.make_exception": errors_part.make_exception,
}


def _resolve(name: str) -> int:
    callback = _CALLBACKS.get(name)
    return resolve_process_symbol(name) if callback is None else id(callback)


def _object_code(source: str) -> bytes:
    if not cache_enabled():
        return _compile(source)
    store = default_store()
    key = blake2b(f"support\0{sys.platform}\0{source}".encode(), digest_size=16).hexdigest()
    kept = store.get(key)
    if kept is not None:
        return kept.blobs["object"]
    data = _compile(source)
    store.put(key, {}, {"object": data})
    return data


_DEFINED = re.compile(r"^(?:@([\w.]+) = (?:global|constant)|define [^i(].*?@([\w.]+)\()", re.M)
_DECLARED = re.compile(r"^(?:@([\w.]+) = external|declare .*?@([\w.]+)\()", re.M)


def _load_by_llvm(source: str, data: bytes) -> Mapping[str, int]:
    """On systems whose object files `cache.loader` cannot read."""
    from pellucid.backend.load import load_object  # loads LLVM

    defined = [a or b for a, b in _DEFINED.findall(source)]
    used = [a or b for a, b in _DECLARED.findall(source)]
    needed = {name: _resolve(name) for name in used if not name.startswith("llvm.")}
    loaded = load_object(data, defined, needed)
    _kept.append(loaded)
    return {name: loaded.address_of(name) for name in defined}


_kept: list[object] = []


def _compile(source: str) -> bytes:
    from llvmlite import binding as llvm  # LLVM is loaded only where nothing is cached

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(reloc="pic", codemodel="small", opt=2)
    module = llvm.parse_assembly(source)
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    module.verify()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(2))
    builder.getModulePassManager().run(module, builder)
    return machine.emit_object(module)
