"""The symbols by which object code names Python objects and the runtime; no LLVM is loaded here.

Addresses of Python and NumPy objects are external symbols (`runtime/symbols.py` resolves them), so
that the code can be kept on disk:

    PyLong_Type, _Py_NoneStruct     what Python's C API exports
    pellucid.numpy.PyArray_Type     NumPy's C API table
    pellucid.scalar.int32           the class of a NumPy scalar
    pellucid.dtype.int32            a dtype
    pellucid.true, pellucid.false   NumPy's two bool objects
    pellucid.unicode.flags          a table of code points (`runtime/unicode.py`)
    pellucid.memmap                 the class of NumPy's memory-mapped arrays
    pellucid.generator_class        the class of generators of compiled code
    pellucid.argument.0.1           the object that a parameter's type stands for: here, item 1 of
                                    the tuple that is parameter 0
    pellucid.result.0               the same in the result
    pellucid.class.m:C              the class `C` of the module `m`
    pellucid.members.m:C            the tuple of the members of the enumeration `C`
    pellucid.name.x                 the str "x", as Python's call instructions hold it
    pellucid.parameter.1            the name of parameter 1, so held
    pellucid.default.1              the default of parameter 1
    pellucid.object.2               any other object that the code refers to
    pellucid.native_function        the Python function that code for C was compiled from
"""

from __future__ import annotations

from enum import Enum

ARGUMENT, RESULT = "pellucid.argument", "pellucid.result"
NAME, DEFAULT, OBJECT = "pellucid.name", "pellucid.default", "pellucid.object"
PARAMETER = "pellucid.parameter"
CLASS, MEMBERS = "pellucid.class", "pellucid.members"
SCALAR, DTYPE = "pellucid.scalar", "pellucid.dtype"
TRUE, FALSE = "pellucid.true", "pellucid.false"
NUMPY, MEMMAP = "pellucid.numpy", "pellucid.memmap"
UNICODE = "pellucid.unicode"

SLOW, THROW = "pellucid.slow", "pellucid.throw"
BOX_ARRAY, BOX_TEXT = "pellucid.box_array", "pellucid.box_text"
BOX_BYTES = "pellucid.box_bytes"
VERSION, IS_CURRENT = "pellucid.version", "pellucid.is_current"
BOX_INSTANCE = "pellucid.box_instance"
HOLD_OBJECT = "pellucid.hold_object"
MAKE_GENERATOR, GENERATOR_CLASS = "pellucid.make_generator", "pellucid.generator_class"
GENERATOR_STOP, GENERATOR_FAILED = "pellucid.generator_stop", "pellucid.generator_failed"
FIND_FUNCTION, UNRAISABLE = "pellucid.find_function", "pellucid.unraisable"
NATIVE_FUNCTION = "pellucid.native_function"
FETCH, RAISE_OBJECT = "pellucid.fetch", "pellucid.raise_object"

NO_SLOW_PATH_BIT = 62
NO_SLOW_PATH = 1 << NO_SLOW_PATH_BIT
"""The bit of an entry's `nargsf` which says that the call comes from the slow path: there is one
argument for each slot, in order, and a refusal is an internal error."""

NARGS_MASK = NO_SLOW_PATH - 1
"""The bits of `nargsf` that count: bit 63 is PY_VECTORCALL_ARGUMENTS_OFFSET."""

BREAKPOINT = "pellucid_gdb_breakpoint"
"""`void ()`: does nothing. Debuggers stop there, so its name is one that they can read."""


class Accepts(Enum):
    """Which arguments an entry takes.

    EXACT: those whose `typeof` is the parameter's type. LAYOUTS: also arrays in a layout that the
    parameter's type includes, and writable ones where it is read-only: several explicit
    signatures. CONVERTING: also numbers that convert without loss of meaning: one explicit
    signature, where there is no other to choose. NATIVE: no Python objects; there is no entry, but
    code that is called by its address (`first_class.py`).
    """

    EXACT = "exact"
    LAYOUTS = "layouts"
    CONVERTING = "converting"
    NATIVE = "native"


SHARED = "pellucid.function"
"""What an entry that many functions share (`shared_entries.py`) calls its function."""


def entry_symbol(symbol: str) -> str:
    """The name of the entry of a function."""
    return f"{symbol}.entry"


def direct_symbol(symbol: str) -> str:
    """The name of the code of a function for callers who have its address."""
    return f"{symbol}.direct"


def c_symbol(symbol: str) -> str:
    """The name of the code of a function for callers from C."""
    return f"{symbol}.c"


def exported_symbols(symbol: str, accepts: Accepts) -> tuple[str, str]:
    """What the object code of a function defines for others."""
    if accepts is Accepts.NATIVE:
        return direct_symbol(symbol), c_symbol(symbol)
    return entry_symbol(symbol), next_symbol(symbol)


def destructor_symbol(symbol: str) -> str:
    """The name of what the header of objects holds that a function takes apart."""
    return f"{symbol}.destructor"


def next_symbol(symbol: str) -> str:
    """The name of the pointer that the entry of a function jumps through on a miss."""
    return f"{symbol}.next"
