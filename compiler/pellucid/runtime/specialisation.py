"""One compiled signature of a function: what a compilation gives, and what of it can be called.

`CompiledCode` is what the compiler hands over; `Specialisation` is that code in memory, with its
addresses. A dispatcher asks for compilations by `CompileRequest`, of a `Compiler` that the api
passes in.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pellucid.base.options import Options
from pellucid.cache.content import Content
from pellucid.cache.loader import LoadedObject
from pellucid.codegen.names import (
    ARGUMENT,
    DEFAULT,
    NATIVE_FUNCTION,
    NO_SLOW_PATH,
    PARAMETER,
    RESULT,
    Accepts,
    c_symbol,
    direct_symbol,
    entry_symbol,
    next_symbol,
)
from pellucid.ir.params import MISSING, Param
from pellucid.runtime import support
from pellucid.runtime.parameters import parameters_of
from pellucid.runtime.ranking import looseness
from pellucid.runtime.symbols import Constants
from pellucid.types import Dict, JitInstance, List, Set, Signature, Type
from pellucid.types.generators import generators_in
from pellucid.types.heap import all_types, held_types

Resolve = Callable[[str], int]


@dataclass(frozen=True)
class CompileRequest:
    """What to compile: `pyfunc` for arguments of these types.

    `ret_ty` is the return type that an explicit signature asks for. The entry is made for `params`
    (`codegen.entry.add_entry`) and takes arguments as `accepts` says. `cells` are the captured
    variables whose values are read at each call; `content` is what the rest depends on, if read.
    """

    pyfunc: Callable[..., Any]
    arg_types: tuple[Type, ...]
    options: Options
    params: tuple[Param, ...]
    accepts: Accepts = Accepts.EXACT
    ret_ty: Type | None = None
    cells: tuple[tuple[str, Type], ...] = ()
    content: Content | None = None


class Inspection(Protocol):
    """What can be asked about a compilation afterwards; each answer may be computed when asked."""

    def typed_ir(self) -> str:
        """The typed IR before the passes."""
        ...

    def llvm_ir(self) -> str:
        """The optimised LLVM IR."""
        ...

    def assembly(self) -> str:
        """The machine code as text."""
        ...

    def control_flow(self) -> str:
        """The control flow graph in Graphviz's language."""
        ...

    def report(self, *, remarks: bool = False) -> Any:
        """The `inspection.Report`, a higher room: hence Any."""
        ...


@dataclass(frozen=True, eq=False)
class CompiledCode:
    """A compilation that is done: `load` places its object code, given where symbols are.

    The code defines the symbols `<symbol>.entry` and `<symbol>.next`. `from_cache` tells where it
    came from, `objects` are the Python objects that it refers to, `lifted` the loops that were
    taken out of a function in object mode (`lifted.py`, which is above: hence Any).
    """

    sig: Signature
    symbol: str
    load: Callable[[Resolve], LoadedObject]
    inspection: Inspection
    from_cache: bool = False
    objects: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lifted: tuple[Any, ...] = ()


class Compiler(Protocol):
    """What turns requests into code."""

    def compile(self, request: CompileRequest) -> CompiledCode:
        """Compile; raises `CompileError`."""
        ...

    def why(self, request: CompileRequest) -> Any:
        """Why variables have their types: `inspection.why.TypeReasons`, a higher room: hence Any.

        Of a function that is refused too, as far as it was typed.
        """
        ...


class LoadedCode:
    """Code in memory with the Python objects it holds addresses of: gone together, and last.

    Nothing here refers back to the dispatcher, which keeps it where the garbage collector does not
    look: so it goes when the dispatcher does, and not a moment earlier.
    """

    def __init__(
        self, loaded: LoadedObject, constants: Constants, *, is_outlived: bool = False
    ) -> None:
        self.symbols = loaded.symbols
        self._is_outlived = is_outlived
        self._loaded = loaded
        self._constants = constants

    def __del__(self, is_finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        # While Python ends, `sys` may be gone, and code is called in any order.
        if not is_finalizing() and not self._is_outlived:
            self._loaded.unload()


@dataclass(eq=False)
class Specialisation:
    """A compiled signature of one dispatcher, ready to be called."""

    code: CompiledCode
    request: CompileRequest
    loaded: LoadedCode
    entry: int = field(init=False)
    next_slot: int = field(init=False)

    def __post_init__(self) -> None:
        self.entry = self.loaded.symbols[entry_symbol(self.code.symbol)]
        self.next_slot = self.loaded.symbols[next_symbol(self.code.symbol)]

    @property
    def signature(self) -> Signature:
        """The argument types and the return type."""
        return self.code.sig

    @property
    def lifted(self) -> tuple[Any, ...]:
        """The loops that were taken out of a function in object mode."""
        return self.code.lifted

    def looseness(self) -> int:
        """How much more the entry takes than arguments of exactly its types."""
        if self.request.accepts is Accepts.EXACT:
            return 0
        return sum(map(looseness, self.signature.params))

    def link(self, older: int) -> None:
        """Pass calls that do not fit to the entry at the address `older`."""
        ctypes.c_void_p.from_address(self.next_slot).value = older


def call_entry(address: int, dispatcher: object, args: Sequence[Any]) -> Any:
    """Call an entry from Python, with one object for each slot: the ones that it takes."""
    array = (ctypes.py_object * len(args))(*args)
    return _ENTRY(address)(dispatcher, array, len(args) | NO_SLOW_PATH, None)


_ENTRY = ctypes.PYFUNCTYPE(
    ctypes.py_object,
    ctypes.py_object,
    ctypes.POINTER(ctypes.py_object),
    ctypes.c_size_t,
    ctypes.c_void_p,
)


@dataclass(eq=False)
class NativeCode:
    """A function compiled for callers by address, in memory."""

    code: CompiledCode
    request: CompileRequest
    loaded: LoadedCode

    @property
    def signature(self) -> Signature:
        """The argument types and the return type."""
        return self.code.sig

    @property
    def direct(self) -> int:
        """The address for compiled code, by the convention of function types."""
        return self.loaded.symbols[direct_symbol(self.code.symbol)]

    @property
    def address(self) -> int:
        """The address for C."""
        return self.loaded.symbols[c_symbol(self.code.symbol)]


def load(code: CompiledCode, request: CompileRequest) -> Specialisation:
    """Place the code of an entry in memory, with the function's own constants."""
    return Specialisation(code, request, _place(code, request))


def compile_native(
    pyfunc: Callable[..., Any], signature: Signature, options: Options, compiler: Compiler
) -> NativeCode:
    """Compile for callers that have the address; they may not hold the interpreter lock."""
    request = CompileRequest(
        pyfunc,
        signature.params,
        replace(options, nogil=True),
        parameters_of(pyfunc),
        Accepts.NATIVE,
        signature.ret,
    )
    return load_native(compiler.compile(request), request)


def load_native(code: CompiledCode, request: CompileRequest) -> NativeCode:
    """Place code for callers by address in memory."""
    return NativeCode(code, request, _place(code, request))


def _place(code: CompiledCode, request: CompileRequest) -> LoadedCode:
    constants = Constants()
    for index, param in enumerate(request.params):
        constants.add(f"{PARAMETER}.{index}", sys.intern(param.name))
        if param.default is not MISSING:
            constants.add(f"{DEFAULT}.{index}", param.default)
    for name, pyobj in code.objects.items():
        constants.add(name, pyobj)
    constants.add(NATIVE_FUNCTION, request.pyfunc)
    constants.add_known(ARGUMENT, _by_position(code.sig.params))
    constants.add_known(RESULT, {"0": code.sig.ret})
    loaded = code.load(constants.resolver(support.address))
    return LoadedCode(loaded, constants, is_outlived=_is_outlived(code.sig))


def _is_outlived(sig: Signature) -> bool:
    """Whether containers that the code makes may outlive it: they know how they are taken apart.

    Python holds what is given to it as a typed container, or put into one.
    """
    shared = (Dict, JitInstance, List, Set)
    generators = [*generators_in(sig.ret)]
    if any(generator.code is None for generator in generators):
        return True  # nothing is known of what it gives
    items = tuple((g.code.yield_ty, g.code.return_ty) for g in generators)
    given = any(isinstance(ty, shared) for ty in all_types((sig.ret, *items)))
    held = {*held_types(sig.params), *(ty for ty in all_types(sig.params) if _is_shared(ty))}
    return given or any(isinstance(ty, shared) for ty in held)


def _is_shared(ty: Type) -> bool:
    """Whether Python holds the very object."""
    return isinstance(ty, JitInstance)


def _by_position(tys: Sequence[Type]) -> Mapping[str, Type]:
    return {str(index): ty for index, ty in enumerate(tys)}
