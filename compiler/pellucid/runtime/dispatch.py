"""Functions that compile themselves: `Dispatcher`.

    f(2, 3)   the slot of `f` holds `pellucid.slow`: `prepare` finds the types, compiles, and puts
              the entry of the new specialisation into the slot
    f(2, 3)   the slot holds the entry: machine code, no Python
    f(2., 3)  the entry does not take these: it jumps to the entry that was in the slot before it,
              and the last of that chain to `pellucid.slow`

Invariants, each held by `_lock`, which is reentrant and belongs to one dispatcher:

    * the slot is null (there is no cache to keep the runtime's functions in, and they are not
      compiled yet; or compiled functions are disabled), or the newest entry of a chain that ends in
      `pellucid.slow`
    * `_code` (`entry_type.py`) keeps all code that ever was in the chain: another thread may be
      running it
    * a specialisation is in `overloads` before its entry can be reached
"""

from __future__ import annotations

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
from pellucid.cache.store import default_store
from pellucid.codegen.names import Accepts
from pellucid.ir.params import Param
from pellucid.runtime import pickling, support
from pellucid.runtime.arguments import plain
from pellucid.runtime.entry_type import EntryType, enable, set_entry
from pellucid.runtime.inspecting import Inspectable
from pellucid.runtime.parameters import Binder, make_binder, parameters_of
from pellucid.runtime.ranking import choose
from pellucid.runtime.slow_path import RAISE, RETURN
from pellucid.runtime.specialisation import (
    Compiler,
    CompileRequest,
    Specialisation,
    call_entry,
    load,
)
from pellucid.types import Array, Signature, Tuple, Type
from pellucid.types.syntax import signature_from_text
from pellucid.types.typeof import typeof

P = ParamSpec("P")
R = TypeVar("R")


class Stats(NamedTuple):
    """Where compiled code came from: Numba's names."""

    cache_path: str | None
    cache_hits: int
    cache_misses: int


class Dispatcher(EntryType, Inspectable, Generic[P, R]):
    """A compiled function: calls like the Python function that it was made from.

    `compiler` makes the code. `targetoptions` are the decorator's keywords as given.
    """

    __pellucid_dispatcher__ = True

    def __init__(
        self,
        pyfunc: Callable[P, R],
        compiler: Compiler,
        options: Options,
        targetoptions: Mapping[str, Any] | None = None,
    ) -> None:
        assert isinstance(pyfunc, FunctionType), f"{pyfunc!r} is not a Python function"
        functools.update_wrapper(self, pyfunc)
        self.py_func = pyfunc
        self.options = options
        self.targetoptions = dict(targetoptions or {})
        self._compiler = compiler
        self._lock = threading.RLock()
        self._specialisations: dict[tuple[Type, ...], Specialisation] = {}
        self._chain: list[Specialisation] = []
        self._can_compile = True
        self._asked: tuple[Type, ...] | None = None  # what was compiled last, or refused
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
            found = self._find(self._types_of(values))
        except (CompileError, TypeError, OverflowError) as error:
            # What the caller did wrong: the frames from here to the mistake are our own.
            return RAISE, error.with_traceback(None)
        params = found.signature.params
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
            else:
                flat.append(value)
        return tuple(flat)

    def _types_of(self, values: Sequence[Any]) -> tuple[Type, ...]:
        types: list[Type] = []
        for param, value in zip(self.params, values, strict=True):
            try:
                types.append(typeof(value))
            except (TypeError, OverflowError) as error:
                message = f"{self.py_func.__qualname__}() argument '{param.name}': {error}"
                raise type(error)(message) from None
        return tuple(types)

    def _find(self, arg_types: tuple[Type, ...]) -> Specialisation:
        found = self._specialisations.get(arg_types)
        if found is not None:
            return found
        if not self._can_compile:
            return self._specialisations[
                choose(self.py_func.__qualname__, arg_types, list(self._specialisations))
            ]
        return self._specialise(arg_types, Accepts.EXACT)

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
        self._specialise(params, accepts, ret_ty)

    def _specialise(
        self, arg_types: tuple[Type, ...], accepts: Accepts, ret_ty: Type | None = None
    ) -> Specialisation:
        with self._lock:
            found = self._specialisations.get(arg_types)
            if found is not None:  # another thread was faster
                return found
            request = CompileRequest(
                self.py_func, arg_types, self.options, self.params, accepts, ret_ty
            )
            is_first = support.find_loaded() is None
            self._asked = arg_types
            made = load(self._compiler.compile(request), request)
            self._add(made)
        if is_first:  # those made before had nothing to put into their slots
            _set_entries()
        return made

    def _add(self, made: Specialisation) -> None:
        self._code = [*self._code, made.loaded]
        self._specialisations = {**self._specialisations, made.request.arg_types: made}
        # Entries that take several layouts must not hide those that take one.
        self._chain = sorted([made, *self._chain], key=_looseness)
        older = support.address("pellucid.slow")
        for specialisation in reversed(self._chain):
            specialisation.link(older)
            older = specialisation.entry
        set_entry(self, None if _disabled else older)

    def find_entry(self, slow: int | None) -> None:
        """Put into the slot what belongs there, unless another thread is compiling and will."""
        if self._lock.acquire(blocking=False):
            try:
                first = self._chain[0].entry if self._chain else slow
                set_entry(self, None if _disabled else first)
            finally:
                self._lock.release()

    def renew_lock(self) -> None:
        """Forget who holds the lock: it was a thread of another process."""
        self._lock = threading.RLock()

    def recompile(self) -> None:
        """Compile every signature again, with the present values of globals and closure cells."""
        with self._lock:
            requests = [s.request for s in self._specialisations.values()]
            self._forget()
            for request in requests:
                self._specialise(request.arg_types, request.accepts, request.ret_ty)

    def _forget(self) -> None:
        """Drop all specialisations. Their code stays: it may be running."""
        set_entry(self, support.find_slow())
        self._chain = []
        self._specialisations = {}
        self.__dict__.pop("params", None)
        self.__dict__.pop("_bind", None)

    def type_reasons(self, arg_types: tuple[Type, ...] | None) -> Any:
        """The `inspection.why.TypeReasons` for these argument types, or for those met last."""
        chosen = arg_types if arg_types is not None else self._asked
        if chosen is None:
            name = self.py_func.__qualname__
            message = f"{name} was not called yet: name the types, as in {name}.why('x', 'int64')"
            raise KeyError(message)
        request = CompileRequest(self.py_func, chosen, self.options, self.params)
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
        return list(self._specialisations)

    @property
    def overloads(self) -> Mapping[tuple[Type, ...], Specialisation]:
        """The specialisations by their argument types; each has a `signature`."""
        return MappingProxyType(self._specialisations)

    @property
    def nopython_signatures(self) -> list[Signature]:
        """The full signatures compiled so far."""
        return [s.signature for s in self._specialisations.values()]

    @property
    def stats(self) -> Stats:
        """Where the cache is, how many specialisations came from it, and how many did not."""
        path = default_store().path if self.options.cache and cache_enabled() else None
        hits = sum(s.code.from_cache for s in self._specialisations.values())
        return Stats(path, hits, len(self._specialisations) - hits)

    # -- being a Python function ----------------------------------------------------------------

    @overload
    def __get__(self, instance: None, owner: type) -> Dispatcher[P, R]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> Callable[..., R]: ...
    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """A method bound to an instance, as for a Python function."""
        return self if instance is None else MethodType(self, instance)

    def derive(self, pyfunc: FunctionType) -> Dispatcher[..., Any]:
        """A dispatcher for a function that this one's compiled code made."""
        return Dispatcher(pyfunc, self._compiler, self.options, self.targetoptions)

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
_disabled = False


def _looseness(specialisation: Specialisation) -> int:
    if specialisation.request.accepts is Accepts.EXACT:
        return 0
    return sum(map(_loose_parts, specialisation.signature.params))


def _loose_parts(ty: Type) -> int:
    if isinstance(ty, Tuple):
        return sum(map(_loose_parts, ty.elems))
    return isinstance(ty, Array) and (ty.layout == "A") + ty.readonly


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
