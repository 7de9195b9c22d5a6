"""Functions that compile themselves: `Dispatcher`.

    f(2, 3)   the slot of `f` holds `pellucid.slow`: `prepare` finds the types, compiles, and puts
              the entry of the new specialisation into the slot
    f(2, 3)   the slot holds the entry: machine code, no Python
    f(2., 3)  the entry does not take these: it jumps to the entry that was in the slot before it,
              and the last of that chain to `pellucid.slow`

    K = 5     a global that `f` reads: the next call's entry sees it, and asks `prepare`, which
              leaves the specialisations behind, and finds or compiles others

Functions that one factory made have the same content, but for what is in their cells, which entries
read at each call (`cells.py`): such dispatchers share one `Family` of specialisations.

Invariants, each held by the family's lock, which is reentrant:

    * the slot is null (there is no cache to keep the runtime's functions in, and they are not
      compiled yet; or compiled functions are disabled), or the newest entry of a chain that ends in
      `pellucid.slow`
    * `_code` (`entry_type.py`) keeps all code that ever was in the chain: another thread may be
      running it
    * the guard (`guards.py`) is set before any entry can be reached, and says what the chain was
      compiled for
    * a specialisation is in `overloads` before its entry can be reached
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType, MappingProxyType, MethodType
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, overload

import numpy as np

from pellucid.base.diagnostics import CompileError
from pellucid.base.options import Options, cache_enabled
from pellucid.cache.content import Content, read_content
from pellucid.cache.store import default_store
from pellucid.codegen.names import Accepts
from pellucid.ir.params import Param
from pellucid.runtime import pickling, support
from pellucid.runtime.arguments import keywords_type, objects_type, plain
from pellucid.runtime.cells import Cells, functions_in, has_constant_cells, read_cells
from pellucid.runtime.declared import Declared, take_all
from pellucid.runtime.entry_type import EntryType, enable, set_entry, set_guard
from pellucid.runtime.guards import Guard
from pellucid.runtime.inspecting import Inspectable
from pellucid.runtime.native import require_functions
from pellucid.runtime.parameters import Binder, make_binder, parameters_of
from pellucid.runtime.passed import passed_types
from pellucid.runtime.ranking import choose
from pellucid.runtime.slow_path import RAISE, RETURN
from pellucid.runtime.specialisation import (
    Compiler,
    CompileRequest,
    LoadedCode,
    NativeCode,
    Specialisation,
    call_entry,
    compile_native,
    load,
)
from pellucid.types import (
    Cell,
    Signature,
    Type,
    pyobject,
)
from pellucid.types.syntax import signature_from_text
from pellucid.types.typeof import typeof

P = ParamSpec("P")
R = TypeVar("R")


class Stats(NamedTuple):
    """Where compiled code came from: Numba's names."""

    cache_path: str | None
    cache_hits: int
    cache_misses: int


class Family:
    """The specialisations of one content, under one lock; `code` keeps all that was compiled."""

    def __init__(self, key: object = None) -> None:
        self.key = key
        self.lock = threading.RLock()
        self.specialisations: dict[tuple[Type, ...], Specialisation] = {}
        self.chain: list[Specialisation] = []
        self.code: list[object] = []

    def add(self, made: Specialisation) -> None:
        """Put a new specialisation into the chain."""
        self.code = [*self.code, made.loaded]
        self.specialisations = {**self.specialisations, made.request.arg_types: made}
        # Entries that take several layouts must not hide those that take one.
        self.chain = sorted([made, *self.chain], key=Specialisation.looseness)
        older = support.address("pellucid.slow")
        for specialisation in reversed(self.chain):
            specialisation.link(older)
            older = specialisation.entry


@functools.cache
def _families() -> weakref.WeakValueDictionary[object, Family]:
    """The families that functions with captured variables share, by their content."""
    return weakref.WeakValueDictionary()


class Dispatcher(EntryType, Inspectable, Generic[P, R]):
    """A compiled function: calls like the Python function that it was made from.

    `compiler` makes the code. `targetoptions` are the decorator's keywords as given; `shared` the
    types of variables that compiled code shares with the function, where that made it.
    """

    __pellucid_dispatcher__ = True

    def __init__(
        self,
        pyfunc: Callable[P, R],
        compiler: Compiler,
        options: Options,
        targetoptions: Mapping[str, Any] | None = None,
        shared: Mapping[str, Type] | None = None,
    ) -> None:
        assert isinstance(pyfunc, FunctionType), f"{pyfunc!r} is not a Python function"
        functools.update_wrapper(self, pyfunc)
        self.py_func = pyfunc
        self._cells_read = pyfunc.__closure__  # entries have the address, also if `py_func` changes
        self.options = options
        self.targetoptions = dict(targetoptions or {})
        self._compiler = compiler
        self._family = Family()
        self._guard: Guard | None = None
        self._content: Content | None = None  # of the function itself
        self._passed: dict[int, Any] = {}  # functions that were arguments, by identity
        self._by_identity = False  # code must know what functions among the arguments captured
        self.passed_as: tuple[Any, FunctionType] | None = None  # `runtime/passed.py`
        self._renewals = 0  # how often one of those changed
        self._cells: Cells = ()
        self.shared = dict(shared or {})
        # In object mode the interpreter reads captured variables, where they are.
        self._is_shared = bool(pyfunc.__closure__) and not options.forceobj
        self._has_constant_cells = options.forceobj or has_constant_cells(pyfunc)
        self._can_compile = True
        self.declared: Sequence[Declared | None] | None = None  # what annotations ask of arguments
        self._asked: tuple[Type, ...] | None = None  # what was compiled last, or refused
        self._natives: dict[Signature, tuple[NativeCode, Guard]] = {}
        self._former_natives: list[NativeCode] = []
        self._native_lock = threading.RLock()
        self._code = []
        _all_dispatchers().add(self)
        if not _disabled:
            set_entry(self, support.find_slow())

    # -- calling ------------------------------------------------------------------------------

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function; in Python, this is only the way of calls that no entry takes."""
        if _disabled:
            return self.py_func(*args, **kwargs)
        what, given = self.prepare(args, kwargs)
        if what == RAISE:
            raise given
        return given if what == RETURN else call_entry(what, self, given)

    def prepare(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, Any]:
        """What a call comes to (`slow_path.py`); compiles if need be. Any: any arguments."""
        try:
            values = self._bind(*args, **kwargs)
            self._settle()
            types = self._types_of(values)
            if self.declared is not None:
                values, types = take_all(self.declared, self.py_func.__qualname__, values, types)
            found = self._find_for(values, types)
        except (CompileError, TypeError, OverflowError) as error:
            # What the caller did wrong: the frames from here to the mistake are our own.
            return RAISE, error.with_traceback(None)
        params = found.signature.params
        if not self._can_compile:
            for value, ty in zip(values, params, strict=True):
                require_functions(value, ty, self.py_func.__qualname__)
        plain_values = [plain(value, ty) for value, ty in zip(values, params, strict=True)]
        flat = self._flat(plain_values)
        for value, plain_value in zip(values, plain_values, strict=True):
            if isinstance(value, np.ndarray) and value is not plain_value:
                result = call_entry(found.entry, self, flat)  # an array subclass may come back
                return RETURN, value if result is plain_value else result
        return found.entry, flat

    def _flat(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """One object for each slot of the entry: `*args` spread, as a caller would give them."""
        flat: list[Any] = []
        for param, value in zip(self.params, values, strict=True):
            if param.kind == _VAR_POSITIONAL:
                flat.extend(value)
            elif param.kind == _VAR_KEYWORD:
                flat.extend(value.values())
            else:
                flat.append(value)
        return tuple(flat)

    def _types_of(self, values: Sequence[Any]) -> tuple[Type, ...]:
        if self.options.forceobj:
            return tuple(map(objects_type, self.params, values))
        types: list[Type] = []
        for index, (param, value) in enumerate(zip(self.params, values, strict=True)):
            if index in self._object_params:
                types.append(pyobject)
                continue
            try:
                is_record = param.kind == _VAR_KEYWORD
                types.append(keywords_type(value) if is_record else typeof(value))
            except (TypeError, OverflowError) as error:
                message = f"{self.py_func.__qualname__}() argument '{param.name}': {error}"
                raise type(error)(message) from None
        return tuple(types)

    @property
    def _object_params(self) -> set[int]:
        """The parameters that an explicit signature takes as any Python object."""
        if self._can_compile:
            return set()
        return {
            index
            for params in self._family.specialisations
            for index, ty in enumerate(params)
            if ty == pyobject
        }

    def _find_for(self, values: Sequence[Any], types: tuple[Type, ...]) -> Specialisation:
        """The code for these arguments: for all functions like those among them, if that goes."""
        alike = types
        if self._can_compile and not self._by_identity and not self.options.forceobj:
            alike = passed_types(values, types, self.options)
        if alike == types:
            return self._find(types)
        with contextlib.suppress(CompileError):
            return self._find(alike)
        found = self._find(types)  # or the error is the user's
        self._by_identity = True
        return found

    def _find(self, arg_types: tuple[Type, ...]) -> Specialisation:
        self._watch(arg_types)
        known = self._family.specialisations
        found = known.get(arg_types)
        if found is not None:
            return found
        if not self._can_compile:
            return known[choose(self.py_func.__qualname__, arg_types, list(known))]
        return self._specialise(arg_types, Accepts.EXACT)

    # -- what the code depends on -------------------------------------------------------------

    def _settle(self) -> None:
        """Be in the family of what the function's content is now."""
        guard = self._guard
        if guard is not None and self._cells == self._cells_now():
            if guard.is_current():
                return
            if guard.find_change() is None:
                guard.renew()
                return
            self._renewals += self._passed != {}
        with self._family.lock:
            self._read_content()

    def _cells_now(self) -> Cells:
        """The captured variables that are parameters."""
        return () if self._has_constant_cells else read_cells(self.py_func, self.shared)

    def _read_content(self) -> None:
        old, old_guard = self._family, self._guard
        cells = self._cells_now()
        content = read_content(self.py_func, [name for name, _ in cells])
        passed = [read_content(function) for function in self._passed.values()]
        guard = Guard(content.with_others(passed), support.address)
        places = [(code.co_filename, code.co_firstlineno) for code in content.codes]
        key = (content.digest, cells, repr(places), self.options.text(), repr(self.options.nogil))
        key = (*key, self._renewals)
        is_same = key == old.key and not content.reason
        if old_guard is None and not self._is_shared:
            old.key = key
        elif self._is_shared and not content.reason:
            self._family = _families().setdefault(key, Family(key))
        elif not is_same:
            self._family = Family(key)
        self._guard, self._content, self._cells = guard, content, cells
        if self._family is not old and not self._can_compile:
            for request in [s.request for s in old.specialisations.values()]:
                self._specialise(request.arg_types, request.accepts, request.ret_ty)
        self._show_entries()

    def _show_entries(self) -> None:
        """Have calls go to the newest entry of the family."""
        assert self._guard is not None
        self._code = [*self._family.code, *self._code_of_before(), self._guard.memory]
        self._cells_read = cells = self.py_func.__closure__
        set_guard(self, None if cells is None else id(cells), self._guard.address)
        chain = self._family.chain
        first = chain[0].entry if chain else support.find_slow()
        set_entry(self, None if _disabled else first)

    def _code_of_before(self) -> list[Any]:
        """What was in the chain before: another thread may be running it."""
        own = self._family.code
        return [c for c in self._code if isinstance(c, LoadedCode) and c not in own]

    # -- compiling ----------------------------------------------------------------------------

    def compile(
        self, sig: Signature | Sequence[Type] | str, *, accepts: Accepts = Accepts.EXACT
    ) -> None:
        """Compile for these argument types now; a `Signature` also fixes the return type.

        Text is read as in the decorator: `"float64(int64)"`.
        """
        if isinstance(sig, str):
            sig = signature_from_text(sig)
        params = sig.params if isinstance(sig, Signature) else tuple(sig)
        ret_ty = sig.ret if isinstance(sig, Signature) else None
        if len(params) != len(self.params):
            message = (
                f"Signature mismatch: {len(params)} argument types given, "
                f"but {self.py_func.__qualname__} takes {len(self.params)} arguments"
            )
            raise TypeError(message)
        if self._guard is None:
            self._is_shared = False  # what it is compiled for is its own
        self._settle()
        self._specialise(params, accepts, ret_ty)

    def _specialise(
        self, arg_types: tuple[Type, ...], accepts: Accepts, ret_ty: Type | None = None
    ) -> Specialisation:
        family = self._family
        with family.lock:
            found = family.specialisations.get(arg_types)
            if found is None:  # another thread was faster, or another function of the family
                found = self._compile(arg_types, accepts, ret_ty)
            self._show_entries()
        return found

    def _watch(self, arg_types: tuple[Type, ...]) -> None:
        """Notice from now on what changes that functions among the arguments depend on."""
        found = functions_in(arg_types)
        if not found.keys() <= self._passed.keys():
            with self._family.lock:
                self._passed |= found
                self._read_content()

    def _compile(
        self, arg_types: tuple[Type, ...], accepts: Accepts, ret_ty: Type | None
    ) -> Specialisation:
        self._asked = arg_types
        assert self._guard is not None, "a function is compiled for its content"
        request = CompileRequest(
            self.py_func,
            arg_types,
            self.options,
            self.params,
            accepts,
            ret_ty,
            self._cells,
            self._content,
        )
        try:
            made = load(self._compiler.compile(request), request)
        except CompileError:
            if not self._cells or any(isinstance(ty, Cell) for _, ty in self._cells):
                raise
            return self._compile_with_constants(arg_types, accepts, ret_ty)
        self._family.add(made)
        return made

    def _compile_with_constants(
        self, arg_types: tuple[Type, ...], accepts: Accepts, ret_ty: Type | None
    ) -> Specialisation:
        """The same where the numbers in cells must be known: as an axis, or a tuple's index."""
        self._has_constant_cells = True
        try:
            self._read_content()
            return self._specialise(arg_types, accepts, ret_ty)
        except CompileError:
            self._has_constant_cells = False
            self._read_content()
            raise

    def native(self, signature: Signature) -> NativeCode:
        """The function's code for callers that have its address; compiled if it is not yet.

        It is anew where something changed that it depends on. A TypeError, if explicit signatures
        say what it is compiled for and this is none of them.
        """
        if not self._can_compile and signature not in self.nopython_signatures:
            known = ", ".join(map(str, self.nopython_signatures)) or "nothing"
            message = f"{self.py_func.__qualname__} is compiled for {known}, not for {signature}"
            raise TypeError(message)
        if self.options.forceobj or self.targetoptions.get("no_cfunc_wrapper"):
            message = f"{self.py_func.__qualname__} is compiled without code for other callers"
            raise TypeError(message)
        with self._native_lock:
            known_code = self._natives.get(signature)
            if known_code is not None:
                made, guard = known_code
                if guard.is_current() or guard.find_change() is None:
                    return made
            guard = Guard(read_content(self.py_func), support.address)
            made = compile_native(self.py_func, signature, self.options, self._compiler)
            if known_code is not None:
                self._former_natives.append(known_code[0])  # somebody may still call it
            self._natives[signature] = (made, guard)
        return made

    def find_entry(self, slow: int | None) -> None:
        """Put into the slot what belongs there, unless another thread is compiling and will."""
        lock = self._family.lock
        if lock.acquire(blocking=False):
            try:
                chain = self._family.chain if self._guard is not None else []
                first = chain[0].entry if chain else slow
                set_entry(self, None if _disabled else first)
            finally:
                lock.release()

    def renew_lock(self) -> None:
        """Forget who holds the locks: it was a thread of another process."""
        self._family.lock = threading.RLock()
        self._native_lock = threading.RLock()

    def recompile(self) -> None:
        """Compile every signature again, with the present values of globals and closure cells."""
        with self._family.lock:
            requests = [s.request for s in self._family.specialisations.values()]
            # Nothing of it is dropped: other functions may share it, and it may be running.
            self._is_shared = False
            self._family, self._guard = Family(), None
            self.__dict__.pop("params", None)
            self.__dict__.pop("_bind", None)
            self._settle()
            for request in requests:
                self._specialise(request.arg_types, request.accepts, request.ret_ty)

    def type_reasons(self, arg_types: tuple[Type, ...] | None) -> Any:
        """The `inspection.why.TypeReasons` for these argument types, or for those met last."""
        chosen = arg_types if arg_types is not None else self._asked
        if chosen is None:
            name = self.py_func.__qualname__
            message = f"{name} was not called yet: name the types, as in {name}.why('x', 'int64')"
            raise KeyError(message)
        request = CompileRequest(self.py_func, chosen, self.options, self.params, cells=self._cells)
        return self._compiler.why(request)

    def disable_compile(self, val: bool = True) -> None:
        """Compile no more: later calls convert their arguments to a signature there is."""
        self._can_compile = not val

    # -- what it was compiled for ----------------------------------------------------------

    @functools.cached_property
    def params(self) -> tuple[Param, ...]:
        """The parameters of the Python function."""
        return parameters_of(self.py_func)

    @functools.cached_property
    def _bind(self) -> Binder:
        return make_binder(self.py_func)

    @property
    def signatures(self) -> list[tuple[Type, ...]]:
        """The argument types compiled so far, in order."""
        natives = [signature.params for signature in self._natives]
        return list(dict.fromkeys([*self._family.specialisations, *natives]))

    @property
    def overloads(self) -> Mapping[tuple[Type, ...], Specialisation]:
        """The specialisations by their argument types; each has a `signature`."""
        return MappingProxyType(self._family.specialisations)

    @property
    def nopython_signatures(self) -> list[Signature]:
        """The full signatures compiled so far; none in object mode."""
        if self.options.forceobj:
            return []
        return [s.signature for s in self._family.specialisations.values()]

    @property
    def stats(self) -> Stats:
        """Where the cache is, how many specialisations came from it, and how many did not."""
        path = default_store().path if self.options.cache and cache_enabled() else None
        made = self._family.specialisations.values()
        hits = sum(s.code.from_cache for s in made)
        return Stats(path, hits, len(made) - hits)

    # -- being a Python function ----------------------------------------------------------------

    @overload
    def __get__(self, instance: None, owner: type) -> Dispatcher[P, R]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> Callable[..., R]: ...
    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """A method bound to an instance, as for a Python function."""
        return self if instance is None else MethodType(self, instance)

    def derive(self, pyfunc: FunctionType, shared: Mapping[str, Type]) -> Dispatcher[..., Any]:
        """A dispatcher for a function that this one's compiled code made."""
        return Dispatcher(pyfunc, self._compiler, self.options, self.targetoptions, shared)

    def __repr__(self) -> str:
        return f"Dispatcher({self.py_func!r})"

    def __copy__(self) -> Dispatcher[P, R]:
        return self  # as functions do

    def __deepcopy__(self, memo: dict[int, Any]) -> Dispatcher[P, R]:
        return self

    def __reduce__(self) -> Any:
        return pickling.reduce(
            self, self.py_func, (self._compiler, self.options, self.targetoptions)
        )

    @property
    def __code__(self) -> Any:
        return self.py_func.__code__

    @property
    def __defaults__(self) -> tuple[Any, ...] | None:
        return self.py_func.__defaults__

    @property
    def __kwdefaults__(self) -> dict[str, Any] | None:
        return self.py_func.__kwdefaults__


enable(Dispatcher)

_VAR_POSITIONAL = 2  # inspect.Parameter.VAR_POSITIONAL
_VAR_KEYWORD = 4  # inspect.Parameter.VAR_KEYWORD
_disabled = False


class disable_jit:
    """Inside the `with` block, compiled functions run as the Python functions they are from."""

    def __enter__(self) -> None:
        _set_disabled(True)

    def __exit__(self, *exc_info: object) -> None:
        _set_disabled(False)


def _set_disabled(value: bool) -> None:
    global _disabled
    _disabled = value
    _set_entries()


def _set_entries() -> None:
    """Put into every dispatcher's slot what belongs there; one that compiles now does it itself."""
    slow = support.find_slow()
    for dispatcher in list(_all_dispatchers()):
        dispatcher.find_entry(slow)


@functools.cache
def _all_dispatchers() -> weakref.WeakSet[Dispatcher[Any, Any]]:
    """All dispatchers of the process; made with the first, which also prepares for fork()."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_renew_locks)
    return weakref.WeakSet()


def _renew_locks() -> None:
    """In a forked child: a lock that another thread of the parent held would never open."""
    for dispatcher in list(_all_dispatchers()):
        dispatcher.renew_lock()
