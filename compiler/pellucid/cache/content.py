"""Read what a Python function's compilation depends on: its code, and all that the code refers to.

    content = read_content(pyfunc)
    content.digest           equal for functions that compile to the same
    content.reason           why it cannot be known, in the user's words; empty if it can
    content.dependencies     the names it looked up, to notice later that one means something else

Two functions have the same digest if their bytecode, constants, names, defaults, and the *content*
of every global and cell that they use are the same: numbers, text and tuples by value, arrays by
their bytes, functions and dispatchers by their own content wherever they are defined, what belongs
to Python, NumPy or Pellucid by its name (their versions are in `environment.py`). A line table is
relative to its function's first line, so moving a function, or editing above it, changes nothing.

Globals are found in the bytecode: `LOAD_GLOBAL a`, `LOAD_ATTR b` is `a.b`, followed while `a` is a
module. What is mutable, or an object of a class that is not known here, has no content.
"""

from __future__ import annotations

import enum
import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from opcode import opmap
from types import (
    BuiltinFunctionType,
    CellType,
    CodeType,
    EllipsisType,
    FunctionType,
    ModuleType,
    NoneType,
    NotImplementedType,
)
from typing import Any, NamedTuple, cast

import numpy as np

from pellucid.base.digest import blake2b
from pellucid.cache.classes import find_class_parts
from pellucid.types import PassedFunction, PyObjectType, Type
from pellucid.types.plain import is_plain_class

ARRAY_LIMIT = 4 << 20
"""The largest array whose bytes are read, in bytes: four milliseconds."""

_NAMED_PACKAGES = frozenset(
    {"builtins", "numpy", "math", "cmath", "operator", "_operator", "pellucid"}
)
_ATOMS = frozenset(
    {int, float, complex, str, bytes, bool, NoneType, EllipsisType, NotImplementedType}
)

_LOAD_GLOBAL, _LOAD_NAME, _CACHE = opmap["LOAD_GLOBAL"], opmap["LOAD_NAME"], opmap["CACHE"]
_LOAD_ATTR, _EXTENDED_ARG = opmap["LOAD_ATTR"], opmap["EXTENDED_ARG"]
_LOAD_METHOD = opmap.get("LOAD_METHOD", _LOAD_ATTR)  # one instruction since 3.12
_LOAD_DEREF = opmap["LOAD_DEREF"]
_ATTRIBUTE_SHIFT = 1 if sys.version_info >= (3, 12) else 0  # a flag in the lowest bit
_INTERESTING = frozenset({_LOAD_GLOBAL, _LOAD_NAME, _LOAD_DEREF})

ABSENT: Any = object()
"""The value of a name that its namespace does not have."""


class Dependency(NamedTuple):
    """A name that was looked up while compiling: `namespace[name] is value`, or it is absent.

    The namespace of a captured variable is its cell.
    """

    namespace: dict[str, Any] | CellType
    name: str
    value: Any  # any Python object

    def is_unchanged(self) -> bool:
        """Whether the name still means the same object."""
        if isinstance(self.namespace, CellType):
            return _cell_contents(self.namespace) is self.value
        return self.namespace.get(self.name, ABSENT) is self.value


class Content:
    """What a function's compilation depends on. `codes` has every Python function it includes."""

    __slots__ = ("codes", "dependencies", "digest", "reason")

    def __init__(
        self,
        digest: str,
        reason: str,
        dependencies: list[Dependency],
        codes: list[CodeType],
    ) -> None:
        self.digest = digest
        self.reason = reason
        self.dependencies = dependencies
        self.codes = codes

    def with_others(self, others: Iterable[Content]) -> Content:
        """The same, with what else must not change."""
        dependencies = [*self.dependencies, *(d for each in others for d in each.dependencies)]
        return Content(self.digest, self.reason, dependencies, self.codes)

    def find_change(self) -> Dependency | None:
        """A name that means something else now; None if all are as they were."""
        for dependency in self.dependencies:
            if not dependency.is_unchanged():
                return dependency
        return None


def read_content(pyfunc: Callable[..., Any], parameters: Iterable[str] = ()) -> Content:
    """Read a Python function, and everything it refers to.

    `parameters` are captured variables whose values are read at each call.
    """
    reader = _Reader()
    for name in parameters:
        index = pyfunc.__code__.co_freevars.index(name)
        reader.parameters.add(id((pyfunc.__closure__ or ())[index]))
    reader.value(pyfunc, getattr(pyfunc, "__qualname__", "the function"))
    return reader.content()


def value_digest(value: object, name: str) -> tuple[str, str]:
    """The digest of one object's content, and why it has none."""
    reader = _Reader()
    reader.value(value, name)
    found = reader.content()
    return found.digest, found.reason


class _Reader:
    """Writes the content as text; every part is a `repr`, so no two contents have the same."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.reason = ""
        self.seen: dict[int, int] = {}  # functions by identity: their number
        self.alive: list[object] = []  # what `seen` names
        self.dependencies: dict[tuple[int, str], Dependency] = {}
        self.codes: list[CodeType] = []
        self.parameters: set[int] = set()  # cells by identity

    def content(self) -> Content:
        text = "\n".join(self.parts).encode("utf-8", "surrogatepass")
        digest = blake2b(text, digest_size=20).hexdigest()
        return Content(digest, self.reason, list(self.dependencies.values()), self.codes)

    def refuse(self, reason: str) -> None:
        self.reason = self.reason or reason

    # Functions

    def function(self, pyfunc: FunctionType) -> None:
        number = self.seen.get(id(pyfunc))
        if number is not None:
            self.parts.append(f"function {number}")
            return
        self.seen[id(pyfunc)] = len(self.alive)
        self.alive.append(pyfunc)
        code = pyfunc.__code__
        self.codes.append(code)
        cells: dict[str, CellType] = {}
        if pyfunc.__closure__:
            cells = dict(zip(code.co_freevars, pyfunc.__closure__, strict=True))
        self.parts.append("def")
        if pyfunc.__defaults__:
            self.value(pyfunc.__defaults__, f"a default of {pyfunc.__qualname__}")
        for name, value in sorted((pyfunc.__kwdefaults__ or {}).items()):
            self.parts.append(name)
            self.value(value, f"the default of {name}")
        self.code(code, code.co_firstlineno, pyfunc, cells)

    def code(
        self, code: CodeType, first_line: int, pyfunc: FunctionType, cells: Mapping[str, CellType]
    ) -> None:
        """One code object, with those in it: `first_line` is the enclosing function's."""
        consts = code.co_consts
        self.parts.append(
            repr(
                (
                    code.co_code, code.co_names, code.co_varnames, code.co_freevars,
                    code.co_cellvars, code.co_argcount, code.co_posonlyargcount,
                    code.co_kwonlyargcount, code.co_flags, code.co_qualname,
                    code.co_linetable, code.co_exceptiontable, code.co_firstlineno - first_line,
                )
            )
        )  # fmt: skip
        self.parts.append(_constants_text(consts))
        for base, attributes in _find_chains(code, cells):
            self.chain(base, attributes, pyfunc, cells)
        for const in consts:
            if isinstance(const, CodeType):
                inner = {name: cells[name] for name in const.co_freevars if name in cells}
                self.code(const, first_line, pyfunc, inner)

    def chain(
        self,
        base: str,
        attributes: tuple[str, ...],
        pyfunc: FunctionType,
        cells: Mapping[str, CellType],
    ) -> None:
        """What `base.attribute...` refers to, as far as modules go."""
        if base in cells and id(cells[base]) in self.parameters:
            self.parts.append(f"parameter {base}")
            return
        if base in cells:
            value = _cell_contents(cells[base])
            self.note(cells[base], base, value)
        else:
            value = pyfunc.__globals__.get(base, ABSENT)
            self.note(pyfunc.__globals__, base, value)
            if value is ABSENT:
                value = pyfunc.__builtins__.get(base, ABSENT)
        path = base
        for position, attribute in enumerate(attributes):
            if not isinstance(value, ModuleType):
                break
            if _is_named(value.__name__):
                rest = ".".join(attributes[position:])
                self.parts.append(f"named {value.__name__}.{rest}")
                return
            path = f"{path}.{attribute}"
            inner = value
            value = inner.__dict__.get(attribute, ABSENT)
            self.note(inner.__dict__, attribute, value)
            if value is ABSENT:
                value = getattr(inner, attribute, ABSENT)  # a module may make it on demand
        self.parts.append(path)
        self.value(value, path)

    def note(self, namespace: dict[str, Any] | CellType, name: str, value: object) -> None:
        self.dependencies.setdefault((id(namespace), name), Dependency(namespace, name, value))

    # Values

    def value(self, value: Any, name: str) -> None:  # any Python object
        """The content of an object that is known to the user as `name`."""
        kind = type(value)
        if kind in _ATOMS:
            self.parts.append(repr(value))
        elif kind is FunctionType:
            if _is_named(value.__module__) and "<" not in value.__qualname__:
                self.parts.append(f"named {value.__module__}.{value.__qualname__}")
            else:
                self.function(value)
        elif value is ABSENT:
            self.parts.append("absent")
        elif isinstance(value, (tuple, slice)):
            self.sequence(value, name)
        elif isinstance(value, (np.ndarray, np.generic, np.dtype)):
            self.numpy(value, name)
        elif isinstance(value, enum.Enum):
            self.parts.append(f"member {value.name}")
            self.value(kind, name)
        elif isinstance(value, Type):
            self.parts.append(f"type {value}")
            for pyobj in objects_in(value):
                self.value(pyobj, name)
        elif (text := _name_text(value)) is not None:
            self.parts.append(text)
        elif isinstance(value, type) and (parts := find_class_parts(value)) is not None:
            self.of_class(value, parts)
        else:
            self.decorated(value, name)

    def decorated(self, value: Any, name: str) -> None:
        """What was made of a function."""
        if isinstance(getattr(value, "py_func", None), FunctionType):
            self.parts.append(f"dispatcher {_options_text(value)}")
            self.function(value.py_func)
        elif isinstance(getattr(value, "template", None), FunctionType):  # a user's overload
            self.parts.append(f"overload {getattr(value, 'key', '')}")
            self.function(value.template)
        else:
            self.refuse(f"`{name}` is a {type(value).__qualname__}, whose content can change")

    def of_class(self, cls: Any, parts: Iterable[tuple[str, Any]]) -> None:
        number = self.seen.get(id(cls))
        if number is not None:
            self.parts.append(f"class {number}")
            return
        self.seen[id(cls)] = len(self.alive)
        self.alive.append(cls)
        if not _is_found_by_name(cls):
            self.refuse(f"`{cls.__qualname__}` is a class that no import finds")
        self.parts.append(f"class {cls.__module__}.{cls.__qualname__}")
        for name, part in parts:
            self.parts.append(name)
            self.value(part, f"{cls.__qualname__}.{name}")
        if is_plain_class(cls):
            self.watch(cls)

    def watch(self, cls: Any) -> None:
        """Depend on what a class, and those that it derives from, have under their names now."""
        for base in cls.__mro__[:-1]:
            (namespace,) = gc.get_referents(vars(base))
            for name, value in list(namespace.items()):
                self.note(namespace, name, value)

    def sequence(self, value: tuple[Any, ...] | slice, name: str) -> None:
        items = (value.start, value.stop, value.step) if isinstance(value, slice) else value
        kind = type(value)
        fields = getattr(kind, "_fields", None)
        self.parts.append(f"{kind.__module__}.{kind.__qualname__} {fields} {len(items)}")
        if fields is not None:
            self.value(kind, kind.__qualname__)
        for item in items:
            self.value(item, name)

    def numpy(self, value: np.ndarray | np.generic | np.dtype, name: str) -> None:
        if isinstance(value, np.dtype):
            self.parts.append(f"dtype {value!r} {value.alignment}")
            return
        if value.dtype.hasobject:
            self.refuse(f"`{name}` holds Python objects, whose content can change")
            return
        if isinstance(value, np.generic):
            self.parts.append(f"scalar {value.dtype!r} {value.tobytes()!r}")
            return
        if type(value) is not np.ndarray:
            self.refuse(f"`{name}` is a {type(value).__qualname__}, not a plain array")
        elif value.nbytes > ARRAY_LIMIT:
            self.refuse(f"`{name}` is an array of {value.nbytes >> 20} MiB, too large to compare")
        else:
            flags = value.flags
            data = blake2b(np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)
            self.parts.append(
                f"array {value.dtype!r} {value.shape} {flags.c_contiguous} {flags.f_contiguous} "
                f"{flags.aligned} {data.hexdigest()}"
            )


def objects_in(ty: object) -> Iterator[object]:
    """The Python objects that stand in a type."""
    if isinstance(ty, (PyObjectType, PassedFunction)):
        yield ty.pyobj
    elif isinstance(ty, tuple):
        for item in cast("tuple[object, ...]", ty):  # a field that holds types, or anything
            yield from objects_in(item)
    elif isinstance(ty, Type) and is_dataclass(ty):
        for part in fields(ty):
            yield from objects_in(getattr(ty, part.name))


def _cell_contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # assigned later, or deleted
        return ABSENT


def _is_named(module: str | None) -> bool:
    """Whether what a module holds is known by its name, its package's version being known."""
    return module is not None and module.partition(".")[0] in _NAMED_PACKAGES


def _name_text(value: Any) -> str | None:
    """The text of an object that is known by its name; None if it is not."""
    kind = type(value)
    if isinstance(value, ModuleType):
        return f"module {value.__name__}" if _is_named(value.__name__) else None
    if isinstance(value, type):
        # An exception class is only raised: code holds its name, and finds it when it raises.
        is_raised = issubclass(value, BaseException) and _is_found_by_name(value)
        if _is_named(value.__module__) or is_raised:
            return f"class {value.__module__}.{value.__qualname__}"
        return None
    if isinstance(value, BuiltinFunctionType):
        owner = value.__self__
        if isinstance(owner, ModuleType) and _is_named(owner.__name__):
            return f"named {owner.__name__}.{value.__qualname__}"
        return None
    if isinstance(value, np.ufunc):
        is_numpys = getattr(np, value.__name__, None) is value
        return f"named numpy.{value.__name__}" if is_numpys else None
    module, qualname = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if _is_named(kind.__module__) and isinstance(module, str) and isinstance(qualname, str):
        return f"named {module}.{qualname}" if _is_named(module) else None
    return None


def _is_found_by_name(cls: type) -> bool:
    found: Any = sys.modules.get(cls.__module__)
    for name in cls.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is cls


def _options_text(dispatcher: Any) -> str:
    text = getattr(getattr(dispatcher, "options", None), "text", None)
    return str(text()) if callable(text) else ""


def _constants_text(consts: Iterable[Any]) -> str:
    """The text of a code object's constants, without the code objects among them."""
    return repr([_constant_text(const) for const in consts])


def _constant_text(const: Any) -> Any:  # text, or a list of them
    if type(const) is tuple:
        return [_constant_text(item) for item in const]
    if type(const) is frozenset:  # its order changes from process to process
        return {"set": sorted(repr(_constant_text(item)) for item in const)}
    return "code" if isinstance(const, CodeType) else repr(const)


def _find_chains(
    code: CodeType, cells: Mapping[str, CellType]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The globals and captured variables that the bytecode loads, each with its attributes."""
    names, data = code.co_names, code.co_code
    locals_plus: tuple[str, ...] = ()
    if cells:
        varnames = code.co_varnames
        cellvars = tuple(name for name in code.co_cellvars if name not in varnames)
        locals_plus = varnames + cellvars + code.co_freevars
    chains: dict[tuple[str, tuple[str, ...]], None] = {}
    base: str | None = None
    attributes: tuple[str, ...] = ()
    high = 0
    for op, low in zip(data[::2], data[1::2], strict=True):
        if op == _CACHE:
            continue
        arg, high = high | low, 0
        if op == _EXTENDED_ARG:
            high = arg << 8
        elif base is not None and op in {_LOAD_ATTR, _LOAD_METHOD}:
            attributes += (names[arg >> (_ATTRIBUTE_SHIFT if op == _LOAD_ATTR else 0)],)
        else:
            if base is not None:
                chains[base, attributes] = None
                base, attributes = None, ()
            if op not in _INTERESTING:
                continue
            if op == _LOAD_DEREF:
                base = locals_plus[arg] if cells and locals_plus[arg] in cells else None
            else:
                base = names[arg >> 1] if op == _LOAD_GLOBAL else names[arg]
    return chains
