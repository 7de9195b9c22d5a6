"""The functions that compiled code calls: put together, compiled once per machine, loaded once.

`support()` gives their addresses. The parts are LLVM text from `memory`, `interrupts`, `errors`,
`arrays`, `text`, `slow_path` and `objects`.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Mapping

import pellucid.runtime.arrays as arrays_part
import pellucid.runtime.errors as errors_part
import pellucid.runtime.exceptions as exceptions_part
import pellucid.runtime.generators as generators_part
import pellucid.runtime.guards as guards_part
import pellucid.runtime.instances as instances_part
import pellucid.runtime.interrupts as interrupts_part
import pellucid.runtime.memory as memory_part
import pellucid.runtime.native as native_part
import pellucid.runtime.objects as objects_part
import pellucid.runtime.randomness as random_part
import pellucid.runtime.slow_path as slow_part
import pellucid.runtime.text as text_part
from pellucid.base.digest import blake2b
from pellucid.base.options import cache_enabled, verify_ir
from pellucid.cache.environment import cpu_text
from pellucid.cache.loader import ObjectCode, UnsupportedObject
from pellucid.cache.store import default_store
from pellucid.codegen.names import GENERATOR_CLASS
from pellucid.runtime.symbols import resolve_process_symbol

_lock = threading.Lock()
_loaded: Mapping[str, int] | None = None
_kept: list[object] = []

_CALLBACKS = {
    "pellucid.python.prepare": slow_part.prepare,
    "pellucid.python.find_class": exceptions_part.find_class,
    "pellucid.python.find_function": native_part.find,
    "pellucid.python.make_object": errors_part.make_object,
    "pellucid.python.make_exception": errors_part.make_exception,
}


def text() -> str:
    """The LLVM text of all parts."""
    parts = (
        *(memory_part, interrupts_part, arrays_part, text_part, errors_part),
        *(exceptions_part, slow_part, objects_part, generators_part, guards_part),
        *(random_part, native_part, instances_part),
    )
    lines = "\n".join(part.text() for part in parts).split("\n")
    seen: set[str] = set()
    return "\n".join(line for line in lines if not _is_repeated(line, seen))


def _is_repeated(line: str, seen: set[str]) -> bool:
    """Whether a line declares what an earlier part has declared."""
    if not (line.startswith("declare ") or " = external global" in line):
        return False
    is_repeated = line in seen
    seen.add(line)
    return is_repeated


def support() -> Mapping[str, int]:
    """The addresses of the functions and counters. They stay for the life of the process."""
    return _loaded or _load(may_compile=True) or {}


def find_slow() -> int | None:
    """The address of `pellucid.slow`, unless it would have to be compiled in every process."""
    found = _loaded or _load(may_compile=cache_enabled() and not default_store().problem)
    return None if found is None else found["pellucid.slow"]


def find_loaded() -> Mapping[str, int] | None:
    """The addresses, if something asked for them before."""
    return _loaded


def address(name: str) -> int:
    """The address of one of the functions or counters; LookupError if there is none."""
    if name == GENERATOR_CLASS:
        return id(generators_part.generator_class(address))
    return support()[name]


def live_blocks() -> int:
    """How many blocks of memory compiled code and its results hold: with PELLUCID_VERIFY=1."""
    return memory_part.read_counter(address("pellucid.live_blocks"))


def _load(*, may_compile: bool) -> Mapping[str, int] | None:
    global _loaded
    with _lock:
        if _loaded is not None:
            return _loaded
        source = text()
        data = _object_code(source, may_compile=may_compile)
        if data is None:
            return None
        try:
            _loaded = ObjectCode(data).load(_resolve).symbols
        except UnsupportedObject:
            _loaded = _load_by_llvm(source, data)
        if verify_ir():  # it costs an atomic addition for each
            memory_part.count_blocks(_loaded["pellucid.counts_blocks"])
        random_part.watch_forks(_loaded["pellucid.random_epoch"])
        return _loaded


def _resolve(name: str) -> int:
    callback = _CALLBACKS.get(name)
    return resolve_process_symbol(name) if callback is None else id(callback)


def _object_code(source: str, *, may_compile: bool) -> bytes | None:
    if not cache_enabled():
        return _compile(source) if may_compile else None
    store = default_store()
    parts = ("support", sys.platform, cpu_text(), source)
    key = blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
    kept = store.get(key)
    if kept is not None:
        return kept.blobs["object"]
    if not may_compile:
        return None
    data = _compile(source)
    store.put(key, {}, {"object": data})
    return data


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


# -- where `cache.loader` cannot read object files ---------------------------------------------

_DEFINED = re.compile(
    r"^(?:@([\w.]+) = (?:global|constant)|define (?!internal).*?@([\w.]+)\()", re.MULTILINE
)
_DECLARED = re.compile(r"^(?:@([\w.]+) = external|declare .*?@([\w.]+)\()", re.MULTILINE)


def _load_by_llvm(source: str, data: bytes) -> Mapping[str, int]:
    from pellucid.backend.load import load_object  # loads LLVM

    defined = [a or b for a, b in _DEFINED.findall(source)]
    used = [a or b for a, b in _DECLARED.findall(source)]
    needed = {name: _resolve(name) for name in used if not name.startswith("llvm.")}
    loaded = load_object(data, defined, needed)
    _kept.append(loaded)
    return {name: loaded.address_of(name) for name in defined}
