"""Functions compiled for callers from C: what `cfunc` makes.

@cfunc("float64(float64, float64)")
def add(x, y): return x + y

add.address      code as C calls it        add.ctypes(4.0, 5.0)   the same, by ctypes
add(4.0, 5.0)    the Python function       in compiled code `add(x, y)` is an ordinary call
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

from pellucid.base.options import Options
from pellucid.codegen.names import c_symbol
from pellucid.runtime.specialisation import Compiler, NativeCode, compile_native
from pellucid.types import Boolean, Float, Integer, NoneType, Pointer, Signature, Type, uint8

P = ParamSpec("P")
R = TypeVar("R")


class CFunc(Generic[P, R]):
    """A function with one signature, whose address can be given away."""

    def __init__(
        self,
        pyfunc: Callable[P, R],
        signature: Signature,
        compiler: Compiler,
        options: Options,
        *,
        cache: bool = False,
    ) -> None:
        assert isinstance(pyfunc, FunctionType), f"{pyfunc!r} is not a Python function"
        functools.update_wrapper(self, pyfunc)
        self.__name__: str = pyfunc.__name__
        self.__qualname__: str = pyfunc.__qualname__
        self.py_func = pyfunc
        self.options = options
        self._signature = signature
        self._cache = cache
        self._native = compile_native(pyfunc, signature, options, compiler)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the Python function."""
        return self.py_func(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Pellucid C callback {self.__qualname__!r}>"

    @property
    def __pellucid_signature__(self) -> Signature:
        return self._signature

    @property
    def __pellucid_code__(self) -> NativeCode:
        return self._native

    @property
    def address(self) -> int:
        """The address of the code, as C calls it."""
        return self._native.address

    @property
    def native_name(self) -> str:
        """The symbol of the code."""
        return c_symbol(self._native.code.symbol)

    @property
    def cache_hits(self) -> int:
        """1 if the code came from the cache, else 0."""
        return int(self._native.code.from_cache)

    @functools.cached_property
    def ctypes(self) -> Any:
        """The function as ctypes has it, callable."""
        ret = self._signature.ret
        restype = None if isinstance(ret, NoneType) else _ctype(ret)
        made: Any = ctypes.CFUNCTYPE(restype, *map(_ctype, self._signature.params))(self.address)
        made.__name__ = self.__name__
        made._function = self  # the code lives as long as this object
        return made

    @property
    def cffi(self) -> Any:
        """The address as a `void *` of cffi."""
        import cffi  # few have it

        return cffi.FFI().cast("void *", self.address)

    def inspect_llvm(self) -> str:
        """The LLVM code that defines `native_name`."""
        return self._native.code.inspection.llvm_ir()


def _ctype(ty: Type) -> Any:
    """The class of ctypes for a type that C knows."""
    match ty:
        case Boolean():
            return ctypes.c_bool
        case Integer(bits=bits, signed=signed):
            return getattr(ctypes, f"c_{'' if signed else 'u'}int{bits}")
        case Float(bits=bits):
            return ctypes.c_float if bits == 32 else ctypes.c_double
        case Pointer(elem_ty=inner):
            is_any = isinstance(inner, NoneType) or inner == uint8
            return ctypes.c_void_p if is_any else ctypes.POINTER(_ctype(inner))
        case _:
            message = f"ctypes has no class for {ty}"
            raise TypeError(message)
