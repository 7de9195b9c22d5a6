"""From a Python function and argument types to machine code: the rooms composed in order.

    front end -> inference -> passes -> code generation -> back end

`Compilation` keeps what each stage made, for the cache and the Report. Importing this module loads
LLVM: `compiler.py` does so only when no compiled code is found.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pellucid.backend.compile import MachineCode, compile_module
from pellucid.base.diagnostics import CompileError, error
from pellucid.base.events import EventSink, NullSink
from pellucid.base.options import Options
from pellucid.base.spans import NO_SPAN
from pellucid.cache.library import LibraryStore
from pellucid.codegen.boxing import Boxing
from pellucid.codegen.destructors import destructor, takes_apart
from pellucid.codegen.entry import (
    VAR_KEYWORD,
    VAR_POSITIONAL,
    Conversion,
    Conversions,
    EntryParam,
    add_entry,
)
from pellucid.codegen.first_class import add_native
from pellucid.codegen.module import ModuleBuilder
from pellucid.codegen.names import Accepts, destructor_symbol, exported_symbols
from pellucid.codegen.unboxing import Unboxing
from pellucid.frontend import build_function
from pellucid.inference.closures import closures_in
from pellucid.inference.code_key import code_key
from pellucid.inference.overloads import OverloadTable
from pellucid.inference.program import Program
from pellucid.inference.resolution import Resolved
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.function import Function
from pellucid.ir.params import MISSING, CapturedDefault, Param
from pellucid.ir.protocol import box, next_object, unbox, write_back
from pellucid.library.index import get_index
from pellucid.passes.pass_base import PassContext, callees
from pellucid.passes.pipeline import reachable, run_pipeline
from pellucid.targets.cpu.target import host
from pellucid.types import (
    Cell,
    Closure,
    DType,
    PassedFunction,
    Signature,
    Struct,
    Tuple,
    Type,
    pyobject,
)
from pellucid.types.functions import default_name
from pellucid.types.generators import generators_in
from pellucid.types.heap import all_types

Cells = tuple[tuple[str, Type], ...]
"""Captured variables by name, whose values are read when the function is called."""


@dataclass(eq=False)
class Compilation:
    """One function compiled for one tuple of argument types, up to typed IR after the passes.

    `target` is the function itself, `functions` all that were compiled with it, callees first;
    `conversions` are those that the entry calls, `objects` the Python objects that the generated
    code refers to. `libraries` tells where in the cache the machine code of library functions lies
    that were not compiled with it, by their symbols; `arg_tys` are the types that were asked for.
    """

    pyfunc: Any
    options: Options
    untyped: Function
    target: FunctionTarget
    functions: list[FunctionTarget]
    conversions: Conversions = field(default_factory=Conversions)
    objects: dict[str, Any] = field(default_factory=dict[str, Any])
    warnings: tuple[str, ...] = ()
    libraries: dict[str, str] = field(default_factory=dict[str, str])
    arg_tys: tuple[Type, ...] = ()

    @property
    def sig(self) -> Signature:
        """The inferred signature, without the captured variables that come as parameters."""
        sig = self.entry_target.sig
        return Signature(sig.ret, sig.params[self.untyped.captured :])

    @property
    def entry_target(self) -> FunctionTarget:
        """The function as an entry calls it: with the functions that Python passes."""
        return with_passed(self.target, self.arg_tys)

    @property
    def cells(self) -> list[int]:
        """Where among the function's cells those stand whose values are its leading parameters."""
        names = [p.name for p in self.untyped.params[: self.untyped.captured]]
        return [self.pyfunc.__code__.co_freevars.index(name) for name in names]

    def llvm_text(
        self,
        params: Sequence[Param] | None = None,
        accepts: Accepts = Accepts.EXACT,
        *,
        with_places: bool = True,
        visible: Iterable[str] = (),
    ) -> str:
        """The LLVM module as generated; with `params`, the entry that Python calls is in it.

        `with_places`: instructions know where they come from, at a tenth of the time and half of
        the object's size. `visible` are further symbols that the module gives outside.
        """
        info = host().info
        module = ModuleBuilder(self.options, self.target.name, info, with_places=with_places)
        module.add_functions(self.functions, {self.target.symbol, *visible})
        if accepts is Accepts.NATIVE:
            add_native(module, self.target)
        elif params is not None:
            add_entry(
                module,
                self.entry_target,
                entry_params(params),
                accepts=accepts,
                conversions=self.conversions,
                cells=self.cells,
            )
        self.objects = module.objects
        return module.text()

    def machine_code(
        self,
        params: Sequence[Param],
        accepts: Accepts = Accepts.EXACT,
        *,
        with_entry: bool = True,
        with_texts: bool = False,
        events: EventSink | None = None,
    ) -> MachineCode:
        """Object code, which calls that of library functions in the cache."""
        events = events or NullSink()
        symbol = self.target.symbol
        exported = set(exported_symbols(symbol, accepts)) if with_entry else {symbol}
        with phase(events, "code generation"), paused_collection():
            places = with_texts or self.options.debug
            asked = params if with_entry else None
            text = self.llvm_text(asked, accepts, with_places=places)
        return compile_module(
            text,
            host(),
            self.options,
            exported=exported,
            with_texts=with_texts,
            events=events,
        )


def entry_params(params: Sequence[Param]) -> list[EntryParam]:
    """Parameters as an entry sees them."""
    return [EntryParam(p.name, p.kind, p.default is not MISSING) for p in params]


@cache
def overload_table() -> OverloadTable:
    """The overloads of this process: the library's, and those that users registered."""
    return OverloadTable(get_index())


class FrontEnd:
    """Builds untyped IR, once for each function."""

    def __init__(self, *, debug: bool = False) -> None:
        self._built: dict[object, Function] = {}
        self._debug = debug

    def outermost(self, pyfunc: Any, cells: Cells = ()) -> Function:
        """The function that is asked for, with those captured variables as parameters."""
        if not cells:
            return self(pyfunc, False)
        names = [name for name, _ in cells]
        shared = frozenset(name for name, ty in cells if isinstance(ty, Cell))
        fn = build_function(pyfunc, cells=names, shared_cells=shared, shows_variables=self._debug)
        _drop_unread(fn)
        return fn

    def __call__(self, pyfunc: Any, is_library: bool) -> Function:
        key = code_key(pyfunc)
        fn = self._built.get(key)
        if fn is None:
            fn = build_function(pyfunc, is_library=is_library, shows_variables=self._debug)
            self._built[key] = fn
        return fn


def _drop_unread(fn: Function) -> None:
    """Take out captured variables that only Python reads, in blocks of its own.

    Passed in and out, a container would lose what Python does to it meanwhile.
    """
    ops = (op for block in fn.blocks for op in block.all_ops())
    read = {value for op in ops for value in op.operands()}
    for index in reversed(range(fn.captured)):
        if fn.entry.params[index] not in read:
            del fn.entry.params[index], fn.params[index]
            fn.captured -= 1


def with_passed(target: FunctionTarget, arg_tys: tuple[Type, ...]) -> FunctionTarget:
    """A function as it is called with values of the types that were asked for."""
    if not any(isinstance(part, PassedFunction) for part in all_types(arg_tys)):
        return target
    leading = len(target.sig.params) - len(arg_tys)
    sig = Signature(target.sig.ret, (*target.sig.params[:leading], *arg_tys))
    return replace(target, sig=sig)


def _as_closures(arg_tys: tuple[Type, ...], made: dict[Type, Closure]) -> tuple[Type, ...]:
    """The types by which compiled code knows arguments: functions are closures."""
    found: list[Type] = []
    for ty in arg_tys:
        if isinstance(ty, Tuple):
            found.append(Tuple(_as_closures(ty.elems, made), ty.cls))
        elif isinstance(ty, PassedFunction):
            if ty not in made:
                made[ty] = _closure(ty)
            found.append(made[ty])
        else:
            found.append(ty)
    return tuple(found)


def _closure(ty: PassedFunction) -> Closure:
    """The function as compiled code knows it: one that cannot be made into a Python object.

    That would be another than was passed. Where a function must become one, inference refuses it,
    and the dispatcher asks for code for this very function.
    """
    names = [name for name, _ in ty.captured]
    fn = build_function(getattr(ty.pyobj, "py_func", ty.pyobj), cells=names)
    for at, param in enumerate(fn.params[fn.captured :], fn.captured):
        if default_name(param.name) in names:
            default = CapturedDefault(names.index(default_name(param.name)))
            fn.params[at] = replace(param, default=default)
    fn.pycode = None
    return Closure(fn.symbol or fn.name, fn, tuple(held for _, held in ty.captured))


def specialise(
    program: Program,
    untyped: Function,
    arg_tys: tuple[Type, ...],
    cells: Cells,
    ret_ty: Type | None,
) -> FunctionTarget:
    """The typed function of the outermost one."""
    if program.options.forceobj:
        return program.specialise(untyped, arg_tys, is_library=True)
    arg_tys = _as_closures(arg_tys, {})
    code = untyped if cells else untyped.pyfunc
    read = {param.name for param in untyped.params[: untyped.captured]}
    passed = (ty for name, ty in cells if name in read)
    return program.specialise(code, (*passed, *arg_tys), ret_ty=ret_ty)


def compile_function(
    pyfunc: Any,
    arg_tys: tuple[Type, ...],
    options: Options,
    events: EventSink | None = None,
    *,
    ret_ty: Type | None = None,
    cells: Cells = (),
    use_library_cache: bool = True,
    untyped: Function | None = None,
) -> Compilation:
    """Compile `pyfunc` for arguments of these types; a `CompileError` says what is wrong.

    Library functions come from the cache where it has them, and go there where it has not;
    `cells` are the captured variables whose values come as parameters, with their types;
    `use_library_cache=False` compiles them all. `untyped` is the function's IR
    where it does not come from its source: in object mode.
    """
    events = events or NullSink()
    store = library_store(options) if use_library_cache else None
    front_end = FrontEnd(debug=options.debug)
    with paused_collection():
        with phase(events, "front end"):
            untyped = untyped or front_end.outermost(pyfunc, cells)
        program = Program(options, overload_table(), front_end, events, store)
        with phase(events, "inference"):
            target = specialise(program, untyped, arg_tys, cells, ret_ty)
            conversions = _conversions(program, untyped, with_passed(target, arg_tys))
        with phase(events, "passes"):
            ctx = PassContext(options, events, program.specialise_callable)
            functions = run_pipeline(target, ctx, conversions.functions)
    called = conversions.functions
    if store is not None:
        with phase(events, "library"):
            functions = keep_library((target,), functions, store, options, called)
    libraries = _places(functions, called)
    return Compilation(
        pyfunc,
        options,
        untyped,
        target,
        functions,
        conversions,
        warnings=tuple(program.warnings),
        libraries=libraries,
        arg_tys=arg_tys,
    )


def library_store(options: Options) -> LibraryStore | None:
    """Where compiled library functions are found and kept; None if nothing is to be."""
    return LibraryStore(options.for_library(), host().identity) if options.cache else None


def keep_library(
    roots: Sequence[FunctionTarget],
    functions: Iterable[FunctionTarget],
    store: LibraryStore,
    options: Options,
    called: Sequence[FunctionTarget] = (),
) -> list[FunctionTarget]:
    """Keep what can be of the library apart; gives the `functions` of the roots that are left.

    `called` are library functions that are called from elsewhere.
    """
    for_library = options.for_library()
    _keep_apart([t for t in functions if t.is_separate], store, for_library)
    left = reachable(*roots, *called)
    _keep_apart([*_library_roots(left), *called], store, for_library)
    return reachable(*roots, *called)


def _conversions(program: Program, untyped: Function, target: FunctionTarget) -> Conversions:
    """The library functions for arguments and a result that entries do not do in place.

    Where there is none, the entry says that such values cannot cross the boundary.
    """
    arguments: dict[Type, Conversion] = {}
    for param, ty in zip(untyped.params, target.sig.params, strict=True):
        parts = (ty,)
        if isinstance(ty, Tuple) and param.kind == VAR_POSITIONAL:
            parts = ty.elems
        if isinstance(ty, Struct) and param.kind == VAR_KEYWORD:
            parts = tuple(held for _, held in ty.fields)
        for each in parts:
            if each not in arguments and not Unboxing.reads(each):
                unboxing = _find_library(program, unbox, (pyobject, DType(each)))
                if unboxing is not None:
                    writing = _find_library(program, write_back, (pyobject, each))
                    arguments[each] = Conversion(unboxing, writing)
    ret = target.sig.ret
    result = None if Boxing.makes(ret) else _find_library(program, box, (ret,))
    others = _generator_functions(program, untyped, ret)
    return Conversions(arguments, result, _captured_boxes(program, ret), others)


def _captured_boxes(program: Program, ret: Type) -> dict[Type, FunctionTarget]:
    """What boxes the captured values of functions in a result, of types that need it."""
    held = {ty for closure in closures_in(ret) for ty in closure.captured if not Boxing.makes(ty)}
    found = {ty: _find_library(program, box, (ty,)) for ty in sorted(held, key=str)}
    return {ty: target for ty, target in found.items() if target is not None}


def _generator_functions(
    program: Program, untyped: Function, ret: Type
) -> tuple[FunctionTarget, ...]:
    """What makes the next object of the generators in a result."""
    others: list[FunctionTarget] = []
    for ty in generators_in(ret):
        found = _find_library(program, next_object, (ty, pyobject, pyobject))
        if found is None:
            error(
                "unsupported-feature",
                f"a generator of {ty.code.yield_ty} cannot be returned to Python",
                untyped.span,
                help="yield numbers, texts, arrays, or tuples or lists of such",
            )
        ty.code.next_object = found
        others.append(found)
    return tuple(others)


def _find_library(
    program: Program, function: Any, arg_tys: tuple[Type, ...]
) -> FunctionTarget | None:
    try:
        resolution = program.resolve_callable(function, arg_tys, NO_SPAN)
    except CompileError:
        return None
    found = resolution.target if isinstance(resolution, Resolved) else None
    return found if isinstance(found, FunctionTarget) else None


def _keep_apart(functions: Iterable[FunctionTarget], store: LibraryStore, options: Options) -> None:
    """Compile library functions to machine code of their own: they lose their bodies.

    What the passes inline is not kept: they could not see through its code, and users' loops would
    be slower for it. It is small, and inferred again. Where a function cannot be kept, it stays and
    is compiled with its callers.
    """
    for target in functions:
        if target.key is None or target.fn is None:
            continue
        parts = reachable(target)
        module = ModuleBuilder(options, target.name, host().info, with_places=options.debug)
        module.add_functions(parts, {target.symbol})
        exported = [target.symbol]
        if takes_apart(target):
            exported.append(destructor(module, target, is_exported=True).name)
        text = module.text()
        if module.objects:
            continue  # Python objects are this process's
        code = compile_module(text, host(), options, exported=set(exported))
        target.place = store.keep(
            target, code.data, exported, sorted(code.imported), _places(parts)
        )
        if target.place is not None:
            target.fn = None


def _places(
    functions: Iterable[FunctionTarget], called: Iterable[FunctionTarget] = ()
) -> dict[str, str]:
    """Where the machine code of library functions lies, that `functions` or the entry call."""
    found: dict[str, str] = {}
    used = [callee for target in functions if target.fn for callee in callees(target.fn)]
    for target in (*called, *used):
        if target.place is not None:
            found[target.symbol] = target.place
            if takes_apart(target):
                found[destructor_symbol(target.symbol)] = target.place
    return found


def _library_roots(functions: Iterable[FunctionTarget]) -> list[FunctionTarget]:
    """Library functions with a key that are called from functions without one."""
    roots: dict[FunctionTarget, None] = {}
    for caller in functions:
        if caller.fn is not None and caller.key is None:
            for callee in callees(caller.fn):
                if callee.key is not None and callee.fn is not None:
                    roots[callee] = None
    return list(roots)


@contextmanager
def paused_collection() -> Generator[None, None, None]:
    """Let Python's garbage collector rest.

    What the block makes is nearly all still in use: to look at it again and again takes a tenth of
    the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def phase(events: EventSink, name: str) -> Generator[None, None, None]:
    """Report how long the block took."""
    start = time.perf_counter()
    try:
        yield
    finally:
        events.phase(name, time.perf_counter() - start)
