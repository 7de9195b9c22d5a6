"""The decorators `jit` and `njit`: a Python function in, a `Dispatcher` out.

    @njit                                       compiled at the first call, for each argument types
    def total(xs): ...

    @njit("float64(float64[:])", nogil=True)    compiled now, for these argument types only
    def total(xs): ...

`njit` and `jit` are the same: compiled code never falls back to the interpreter. Every keyword that
Numba's decorators take is taken; one that asks for what Pellucid does not do yet is refused here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, ParamSpec, Protocol, TypedDict, TypeVar, Unpack, overload

from pellucid.base import options as settings
from pellucid.base.diagnostics import error
from pellucid.base.options import Options
from pellucid.codegen.names import Accepts
from pellucid.errors import NumbaDeprecationWarning
from pellucid.runtime.dispatch import Dispatcher, disable_jit
from pellucid.runtime.specialisation import CompiledCode, CompileRequest
from pellucid.types import Signature, Type
from pellucid.types.syntax import signature_from_text
from pellucid.types.typeof import is_dispatcher

P = ParamSpec("P")
R = TypeVar("R")

SignatureLike = str | Signature | tuple[Type, ...]
"""`"float64(int64)"`, `float64(int64)`, or only argument types: `(int64,)`."""

FAST_MATH_FLAGS = frozenset({"fast", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc"})
FAST_MATH = FAST_MATH_FLAGS - {"fast", "nnan", "ninf"}
"""What `fastmath=True` allows: NaN and infinities keep their meaning unless they are named."""


class JitOptions(TypedDict, total=False):
    """The decorators' keywords, as Numba spells them."""

    nopython: bool
    nogil: bool
    cache: bool
    parallel: bool | Mapping[str, bool]
    fastmath: bool | set[str] | frozenset[str] | Mapping[str, bool]
    error_model: str
    overflow: str
    annotations: bool
    boundscheck: bool | None
    debug: bool
    forceobj: bool
    inline: str | Callable[..., bool]
    locals: Mapping[str, Type]
    looplift: bool
    no_rewrites: bool
    no_cpython_wrapper: bool
    no_cfunc_wrapper: bool
    forceinline: bool
    writable_args: bool
    target_backend: str
    pipeline_class: type | None


class Decorator(Protocol):
    """What `njit(...)` with options gives."""

    def __call__(self, function: Callable[P, R], /) -> Dispatcher[P, R]:
        """Decorate a function."""
        ...


@overload
def jit(function: Callable[P, R], /) -> Dispatcher[P, R]: ...
@overload
def jit(
    signature: SignatureLike | Sequence[SignatureLike] | None = None,
    /,
    **options: Unpack[JitOptions],
) -> Decorator: ...
def jit(signature_or_function: Any = None, /, **options: Any) -> Any:
    """Compile a function. Used bare, with options, or with explicit signatures.

    Without a signature the function is compiled when it is called, once for each combination of
    argument types. With one or more, it is compiled at once for those only; later calls convert
    their arguments to the signature that fits best.
    """
    if "signature" in options:
        signature_or_function = options.pop("signature")
    if not options.get("nopython", True) and not options.get("forceobj"):
        message = "nopython=False has no effect: Pellucid never falls back to the interpreter"
        warnings.warn(message, NumbaDeprecationWarning, stacklevel=2)
    return _decorate(signature_or_function, options)


@overload
def njit(function: Callable[P, R], /) -> Dispatcher[P, R]: ...
@overload
def njit(
    signature: SignatureLike | Sequence[SignatureLike] | None = None,
    /,
    **options: Unpack[JitOptions],
) -> Decorator: ...
def njit(signature_or_function: Any = None, /, **options: Any) -> Any:
    """Compile a function; the same as `jit`."""
    for name in ("nopython", "forceobj"):
        if options.pop(name, None) is not None:
            message = f"{name} is set for njit and is ignored"
            warnings.warn(message, RuntimeWarning, stacklevel=2)
    if "signature" in options:
        signature_or_function = options.pop("signature")
    return _decorate(signature_or_function, options)


prange = range
"""`range`, in a loop that may run in parallel. For now all of them run one after the other."""


def literal_unroll(container: R) -> R:
    """The container itself: loops over tuples of several types are unrolled without being asked."""
    return container


def _decorate(given: Any, keywords: dict[str, Any]) -> Any:
    options = make_options(keywords)
    if given is None or isinstance(given, (str, Signature, list, tuple)):
        signatures = read_signatures(given)

        def decorate(function: Any) -> Any:  # any function
            return _make(function, options, keywords, signatures)

        return decorate
    return _make(given, options, keywords, None)


def _make(
    function: Any,
    options: Options,
    keywords: Mapping[str, Any],
    signatures: list[Signature | tuple[Type, ...]] | None,
) -> Any:
    check_function(function)
    if settings.jit_disabled():
        return function
    dispatcher = Dispatcher(function, COMPILER, options, keywords)
    if keywords.get("annotations"):
        _declare(dispatcher, has_signatures=signatures is not None)
    if signatures is not None:
        accepts = Accepts.CONVERTING if len(signatures) == 1 else Accepts.LAYOUTS
        for signature in signatures:
            dispatcher.compile(signature, accepts=accepts)
        dispatcher.disable_compile()
    return dispatcher


def _declare(dispatcher: Dispatcher[..., Any], *, has_signatures: bool) -> None:
    """Let annotations say what arguments are, and compile now if they say it of all."""
    from pellucid.annotations import read_annotations  # few ask for it

    if has_signatures:
        message = "annotations=True and an explicit signature contradict each other"
        raise TypeError(message)
    declared, ret_ty = read_annotations(dispatcher.py_func)
    dispatcher.declared = declared
    types = [wanted.ty for wanted in declared if wanted is not None and wanted.ty is not None]
    if len(types) == len(declared):
        dispatcher.compile(tuple(types) if ret_ty is None else Signature(ret_ty, tuple(types)))


def check_function(function: Any) -> None:
    """Refuse what is not a Python function."""
    if isinstance(function, FunctionType):
        return
    if is_dispatcher(function):
        message = f"{function.__qualname__} is compiled already: decorate its .py_func instead"
    elif isinstance(function, type):
        message = f"{function.__qualname__} is a class, not a function: decorate its methods' parts"
    elif isinstance(function, (staticmethod, classmethod)):
        message = f"put @{type(function).__name__} above the decorator, not under it"
    else:
        message = (
            f"{function!r} is not a function written in Python, so there is nothing to compile"
        )
    raise TypeError(message)


class _LazyCompiler:
    """The compiler, loaded when the first function is compiled."""

    def compile(self, request: CompileRequest) -> CompiledCode:
        """Compile; raises `CompileError`."""
        from pellucid.compiler import CachingCompiler  # loads what compiling needs

        return CachingCompiler().compile(request)

    def why(self, request: CompileRequest) -> Any:
        """The `inspection.why.TypeReasons` of a request."""
        from pellucid.compiler import CachingCompiler

        return CachingCompiler().why(request)


COMPILER = _LazyCompiler()


# -- signatures and options --------------------------------------------------------------------


def read_signatures(given: Any) -> list[Signature | tuple[Type, ...]] | None:
    """The explicit signatures that a decorator was given; None if there are none."""
    if given is None:
        return None
    several = given if isinstance(given, list) else [given]
    found = [_read_signature(one) for one in several]
    return list(dict.fromkeys(found))


def _read_signature(given: Any) -> Signature | tuple[Type, ...]:
    if isinstance(given, str):
        return signature_from_text(given)
    if isinstance(given, Signature):
        return given
    if isinstance(given, tuple) and all(isinstance(ty, Type) for ty in given):
        return given
    message = f"{given!r} is not a signature; write 'float64(int64)' or (int64,)"
    raise TypeError(message)


def make_options(keywords: Mapping[str, Any]) -> Options:
    """The compilation's options from a decorator's keywords; TypeError, ValueError if wrong."""
    _check_names(keywords)
    _refuse_unsupported(keywords)
    model = keywords.get("error_model", "python")
    if model not in ("python", "numpy"):
        message = f"error_model={model!r}: expected 'python' or 'numpy'"
        raise KeyError(message)
    overflow = keywords.get("overflow", "wrap")
    if overflow not in ("wrap", "raise"):
        message = f"overflow={overflow!r}: expected 'wrap' or 'raise'"
        raise ValueError(message)
    boundscheck = keywords.get("boundscheck")
    debug = bool(keywords.get("debug", settings.debug_default()))
    default = settings.boundscheck_default()
    return Options(
        boundscheck=default if boundscheck is None else bool(boundscheck),
        error_model=model,
        overflow=overflow,
        fastmath=_fastmath(keywords.get("fastmath", False)),
        nogil=bool(keywords.get("nogil", False)),
        cache=bool(keywords.get("cache", True)),
        debug=debug,
        parallel=bool(keywords.get("parallel", False)),
        opt_level=settings.opt_level(debug=debug),
        forceobj=bool(keywords.get("forceobj", False)),
        looplift=bool(keywords.get("looplift", True)),
    )


def _check_names(keywords: Mapping[str, Any]) -> None:
    known = JitOptions.__annotations__
    unknown = [name for name in keywords if name not in known]
    if unknown:
        names = ", ".join(sorted(known))
        message = f"unknown option {', '.join(unknown)}; there are: {names}"
        raise KeyError(message)


def _refuse_unsupported(keywords: Mapping[str, Any]) -> None:
    if keywords.get("forceobj") and keywords.get("nopython"):
        message = "nopython=True and forceobj=True contradict each other"
        raise ValueError(message)
    if keywords.get("locals"):
        _refuse("locals={...}", "convert where the name is assigned: x = np.int8(...)")
    if keywords.get("pipeline_class"):
        _refuse("pipeline_class=...", "")
    if keywords.get("target_backend", "cpu") != "cpu":
        _refuse(f"target_backend={keywords['target_backend']!r}", "only 'cpu' is there yet")


def _refuse(what: str, advice: str) -> None:
    error("unsupported-feature", f"{what} is not supported yet", help=advice)


def _fastmath(given: Any) -> frozenset[str]:
    if isinstance(given, bool) or given is None:
        return FAST_MATH if given else frozenset()
    if isinstance(given, Mapping):
        given = {name for name, is_on in given.items() if is_on}
    if not isinstance(given, (set, frozenset)):
        message = f"fastmath={given!r}: expected True, False, or a set or dict of LLVM's flags"
        raise ValueError(message)
    unknown = given - FAST_MATH_FLAGS
    if unknown:
        message = (
            f"Unrecognized fastmath flags: {', '.join(sorted(map(str, unknown)))}; "
            f"there are {', '.join(sorted(FAST_MATH_FLAGS))}"
        )
        raise ValueError(message)
    return frozenset(given)


__all__ = ["Dispatcher", "JitOptions", "disable_jit", "jit", "literal_unroll", "njit", "prange"]
