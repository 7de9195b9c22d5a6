"""Types from text: `type_from_text(str(ty)) == ty` for every concrete type.

Numba's spellings are read as well, since signatures may be given as strings:

    "float64(int64, f8[:, ::1])"    "void(i4)"    "(int64, float64)"    "Tuple((int64, f8))"
    "UniTuple(f8, 3)"               "b1"          "optional(intp)"      "array(float64, 2d, C)"

Types that stand for Python objects (`Function(operator.add)`, `Module(numpy)`) name the object by
its dotted path; `find_object` finds it, by import unless the caller knows better.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import re
from collections.abc import Callable as PyCallable
from functools import partial
from typing import Any, NoReturn

from pellucid.base.diagnostics import error
from pellucid.types.arrays import (
    LAYOUTS,
    VIEW_FORMATS,
    Array,
    DType,
    MemoryView,
    Pointer,
    array_from_slices,
)
from pellucid.types.containers import (
    Optional,
    Range,
    Slice,
    Struct,
    Tuple,
    uni_tuple,
)
from pellucid.types.dataclass import DataClass
from pellucid.types.enums import EnumMember
from pellucid.types.exceptions import CaughtException, ExceptionInstance, Raised
from pellucid.types.functions import (
    BoundMethod,
    Callable,
    Closure,
    Dispatcher,
    ExceptionClass,
    FunctionType,
    FunctionUnion,
    Module,
    Union,
)
from pellucid.types.generators import Generator
from pellucid.types.heap import (
    DICTS,
    Cell,
    Deque,
    Dict,
    Environment,
    List,
    Set,
)
from pellucid.types.instance import JitInstance, class_named
from pellucid.types.kinds import Literal, Type
from pellucid.types.names import TYPES_BY_NAME
from pellucid.types.plain import OwnKind, PlainInstance
from pellucid.types.signature import Signature

_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_SPACE = re.compile(r"\s*")
_CLOSING = {"(": ")", "[": "]", "{": "}"}

FindObject = PyCallable[[str], Any]


def type_from_text(text: str, find_object: FindObject | None = None) -> Type:
    """The type that `text` spells; a `CompileError` if none does."""
    scanner = TypeScanner(text, find_object=find_object)
    try:
        ty = scanner.type()
        scanner.end()
    except SyntaxProblem as problem:
        _report("type", text, problem)
    return ty


def signature_from_text(text: str) -> Signature | tuple[Type, ...]:
    """The signature that `text` spells; only the parameters where it names no return type."""
    scanner = TypeScanner(text)
    try:
        found = scanner.signature()
        scanner.end()
    except SyntaxProblem as problem:
        _report("signature", text, problem)
    return found


def import_object(path: str) -> Any:
    """The Python object with this dotted path; LookupError if there is none. Any: any object."""
    parts = path.split(".")
    if len(parts) == 1 and hasattr(builtins, path):
        return getattr(builtins, path)
    for length in range(len(parts), 0, -1):
        try:
            pyobj: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            if not hasattr(pyobj, name):
                raise LookupError(path)
            pyobj = getattr(pyobj, name)
        return pyobj
    raise LookupError(path)


def _report(what: str, text: str, problem: SyntaxProblem) -> NoReturn:
    pointer = f"{text}\n{' ' * problem.position}^ {problem.message}"
    error(
        f"invalid-{what}",
        f"`{text}` is not a {what}",
        notes=(f"here:\n{pointer}",),
        help="signatures are spelt as in `float64(int64, float64[:, ::1])`",
    )


class SyntaxProblem(Exception):
    """Text is not what it should be, at `position`."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Scanner:
    """Reads words, marks and quoted text from `text`, at `position`; spaces are skipped."""

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position

    def fail(self, message: str, position: int | None = None) -> NoReturn:
        """Raise a `SyntaxProblem` here."""
        raise SyntaxProblem(message, self.position if position is None else position)

    def skip(self) -> None:
        """Go to the next character that is not a space."""
        match = _SPACE.match(self.text, self.position)
        assert match is not None
        self.position = match.end()

    def peek(self, mark: str) -> bool:
        """Whether `mark` comes next."""
        self.skip()
        return self.text.startswith(mark, self.position)

    def accept(self, mark: str) -> bool:
        """Read `mark` if it comes next."""
        found = self.peek(mark)
        if found:
            self.position += len(mark)
        return found

    def expect(self, mark: str) -> None:
        """Read `mark`, which must come next."""
        if not self.accept(mark):
            self.fail(f"expected `{mark}`")

    def match(self, pattern: re.Pattern[str]) -> str | None:
        """Read what `pattern` matches here."""
        self.skip()
        found = pattern.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        return found.group()

    def word(self) -> str:
        """Read a Python identifier."""
        return self.match(_WORD) or self.fail("expected a name")

    def number(self) -> int:
        """Read a number without sign."""
        return int(self.match(_NUMBER) or self.fail("expected a number"))

    def end(self) -> None:
        """Nothing may follow."""
        self.skip()
        if self.position < len(self.text):
            self.fail("nothing more was expected")

    def raw(self, stops: str) -> str:
        """Read up to one of `stops` outside brackets and quotes; the stop itself stays."""
        self.skip()
        start = self.position
        pending: list[str] = []
        while self.position < len(self.text):
            char = self.text[self.position]
            if not pending and char in stops:
                break
            if char in "\"'":
                self._skip_quoted(char)
                continue
            if char in _CLOSING:
                pending.append(_CLOSING[char])
            elif pending and char == pending[-1]:
                pending.pop()
            self.position += 1
        return self.text[start : self.position].rstrip()

    def _skip_quoted(self, quote: str) -> None:
        start = self.position
        self.position += 1
        while self.position < len(self.text) and self.text[self.position] != quote:
            self.position += 2 if self.text[self.position] == "\\" else 1
        if self.position >= len(self.text):
            self.fail("this quote is not closed", start)
        self.position += 1

    def literal(self, stops: str) -> Any:
        """Read a Python literal up to one of `stops`. Any: a literal's value."""
        start = self.position
        text = self.raw(stops)
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            self.fail("expected a Python literal", start)


class TypeScanner(Scanner):
    """Reads types."""

    def __init__(self, text: str, position: int = 0, find_object: FindObject | None = None) -> None:
        super().__init__(text, position)
        self._find_object = find_object or import_object

    def type(self) -> Type:
        """Read a type, with its array suffix."""
        self.skip()
        start = self.position
        word = self.word()
        ty = self._by_word(word, start)
        while self.accept("["):
            ty = self._array_suffix(ty)
        return ty

    def types(self, closing: str) -> tuple[Type, ...]:
        """Read types up to `closing`, which is read too."""
        found: list[Type] = []
        while not self.accept(closing):
            found.append(self.type())
            if not self.accept(","):
                self.expect(closing)
                break
        return tuple(found)

    def signature(self) -> Signature | tuple[Type, ...]:
        """Read `ret(params)`, `(params) -> ret` or `(params)`."""
        if self.accept("("):
            params = self.types(")")
            return Signature(self.type(), params) if self.accept("->") else params
        ret = self.type()
        self.expect("(")
        return Signature(ret, self.types(")"))

    def _by_word(self, word: str, start: int) -> Type:
        reader = _READERS.get(word)
        if reader is not None and (self.peek("(") or self.peek("[") or word == "readonly"):
            return reader(self)
        ty = TYPES_BY_NAME.get(word)
        if ty is None:
            self.fail(f"`{word}` is not the name of a type", start)
        return ty

    def _array_suffix(self, ty: Type) -> Type:
        start = self.position
        slices: list[slice] = []
        while not self.accept("]"):
            self.expect(":")
            step = self.number() if self.accept(":") and not self.peek("]") else None
            slices.append(slice(None, None, step))
            if not self.accept(","):
                self.expect("]")
                break
        if not slices:
            self.fail("expected slices, such as `[:, ::1]`", start)
        try:
            return array_from_slices(ty, tuple(slices))
        except TypeError as problem:
            self.fail(str(problem), start)

    # Types of several words ---------------------------------------------------------------------

    def read_one_type(self, make: PyCallable[[Type], Type]) -> Type:
        """Read `(ty)`, and make a type of that."""
        self.expect("(")
        inner = self.type()
        self.expect(")")
        return make(inner)

    def read_dict(self, kind: type[Dict] = Dict) -> Type:
        """Read `(key, value)`, or `(key, value, factory)`."""
        self.expect("(")
        key_ty = self.type()
        self.expect(",")
        value_ty = self.type()
        factory = self.type() if self.accept(",") else None
        self.expect(")")
        return kind(key_ty, value_ty, factory)

    def read_readonly(self) -> Type:
        """Read what follows `readonly`."""
        self.expect("array")
        array = self.read_array()
        return Array(array.dtype, array.ndim, array.layout, readonly=True)

    def read_memory_view(self) -> Type:
        """`memoryview(array(uint8, 1d, C), 'B')`."""
        self.expect("(")
        array = self.type()
        self.expect(",")
        letter = self.literal(")")
        self.expect(")")
        if not isinstance(array, Array) or letter not in VIEW_FORMATS:
            self.fail("a memoryview is of an array and a format")
        return MemoryView(array, letter)

    def read_array(self) -> Array:
        """`array(float64, 2d, C)`, or Numba's `Array(float64, 2, 'C')` and its keywords."""
        self.expect("(")
        dtype = self.type()
        self.expect(",")
        ndim = self.number()
        self.accept("d")
        self.expect(",")
        start = self.position
        layout = self.raw(",)").strip("'\"")
        if layout not in LAYOUTS:
            self.fail("the layout is C, F or A", start)
        readonly = self.accept(",") and self.raw(")").replace(" ", "") in {
            "readonly",
            "True",
            "readonly=True",
        }
        self.expect(")")
        return Array(dtype, ndim, layout, readonly)

    def read_tuple(self) -> Type:
        """Read `(ty, ...)`, or Numba's `((ty, ...))`."""
        self.expect("(")
        if not self.accept("("):
            return Tuple(self.types(")"))
        elems = self.types(")")
        self.accept(",")
        self.expect(")")
        return Tuple(elems)

    def read_class(self) -> tuple[Callable, tuple[Type, ...]]:
        """Read `(path, name: ty, ...)`: a class, and what its fields hold."""
        self.expect("(")
        path = self.raw(",)")
        cls = self.cls(path)
        elems: list[Type] = []
        while self.accept(","):
            self.word()
            self.expect(":")
            elems.append(self.type())
        self.expect(")")
        return cls, tuple(elems)

    def read_named_tuple(self) -> Type:
        """Read `(path, name: ty, ...)`."""
        cls, elems = self.read_class()
        return Tuple(elems, cls)

    def read_uni_tuple(self) -> Type:
        """Read `(ty, count)`."""
        self.expect("(")
        elem = self.type()
        self.expect(",")
        count = self.number()
        self.expect(")")
        return uni_tuple(elem, count)

    def read_slice(self) -> Type:
        """Read `(start, stop, step)`."""
        self.expect("(")
        start = self.position
        parts = self.types(")")
        if len(parts) != 3:
            self.fail("a slice has three parts", start)
        return Slice(*parts)

    def read_struct(self) -> Type:
        """Read `[name](field: ty, ...)`."""
        self.expect("[")
        name = self.raw("]")
        self.expect("]")
        self.expect("(")
        fields: list[tuple[str, Type]] = []
        while not self.accept(")"):
            field = self.word()
            self.expect(":")
            fields.append((field, self.type()))
            if not self.accept(","):
                self.expect(")")
                break
        return Struct(name, tuple(fields))

    def read_literal(self) -> Type:
        """Read `[base](value)`."""
        self.expect("[")
        base = self.type()
        self.expect("]")
        self.expect("(")
        value = self.literal(")")
        self.expect(")")
        return Literal(base.pyclass[value] if isinstance(base, EnumMember) else value, base)

    def read_object(self, make: PyCallable[[str, Any], Type]) -> Type:
        """Read `(path)`, the name of a Python object."""
        self.expect("(")
        path = self.raw(")")
        ty = make(path, self.object(path))
        self.expect(")")
        return ty

    def cls(self, path: str) -> Callable:
        """The class with this path, just read."""
        return Callable(path, class_named(path) or self.object(path))

    def object(self, path: str) -> Any:
        """The object with this path, just read. Any: any Python object."""
        try:
            return self._find_object(path)
        except LookupError:
            self.fail(f"there is no `{path}`", self.position - len(path))

    def read_exception(self) -> Type:
        """Read `(path, ty, ..., template='...')`."""
        self.expect("(")
        path = self.raw(",)")
        cls = ExceptionClass(path, self.object(path))
        args: list[Type] = []
        template: str | None = None
        while self.accept(","):
            if self.accept("template="):
                template = self.literal(")")
                break
            args.append(self.type())
        self.expect(")")
        return ExceptionInstance(cls, tuple(args), template)

    def read_caught(self) -> Type:
        """Read `(path, ...)`."""
        self.expect("(")
        classes: list[ExceptionClass] = []
        raised: list[Type] = []
        while not self.accept(")"):
            if self.accept("Exception("):
                self.position -= 1
                raised.append(self.read_exception())
            else:
                path = self.raw(",)")
                classes.append(ExceptionClass(path, self.object(path)))
            self.accept(",")
        return CaughtException(tuple(classes), tuple(raised))  # type: ignore[arg-type]  # instances

    def read_raised(self) -> Type:
        """Read `(own, ...; other, ...)`."""
        self.expect("(")
        parts: list[list[Type]] = []
        for end in (";", ")"):
            parts.append([])
            while not self.accept(end):
                self.expect("Exception")
                parts[-1].append(self.read_exception())
                self.accept(",")
        own, others = (tuple(part) for part in parts)
        return Raised(own, others)  # type: ignore[arg-type]  # instances

    def read_closure(self) -> Type:
        """Read `(name: ty, ...)`."""
        self.expect("(")
        name = self.raw(":)")
        code = self.object(name)
        captured = self.types(")") if self.accept(":") else ()
        if not captured:
            self.accept(")")
        return Closure(name, code, captured)

    def read_union(self, cls: type[Union]) -> Type:
        """Read `(ty, ty, ...)`."""
        self.expect("(")
        return cls(self.types(")"))

    def read_function_type(self) -> Type:
        """Read `(ret(params))`."""
        self.expect("(")
        start = self.position
        signature = self.signature()
        if not isinstance(signature, Signature):
            self.fail("a function type needs a return type", start)
        self.expect(")")
        return FunctionType(signature)

    def read_generator(self) -> Type:
        """Read `('name')`."""
        self.expect("(")
        start = self.position
        name = self.literal(")")
        if not isinstance(name, str):
            self.fail("expected a name", start)
        self.expect(")")
        return Generator(name, None if self._find_object is import_object else self.object(name))

    def read_bound_method(self) -> Type:
        """Read `(receiver, 'name')`, or with a class, `(receiver, 'name', path)`."""
        self.expect("(")
        receiver = self.type()
        self.expect(",")
        name = self.literal(",)")
        after = self.cls(self.raw(")").strip()) if self.accept(",") else None
        self.expect(")")
        return BoundMethod(receiver, name, after)


_OF_ONE: dict[str, PyCallable[[Type], Type]] = {
    "Optional": Optional, "optional": Optional, "range": Range, "pointer": Pointer,
    "CPointer": Pointer, "dtype": DType, "list": List, "set": Set,
    "frozenset": lambda ty: Set(ty, is_frozen=True), "deque": Deque, "cell": Cell,
    "environment": Environment,
}  # fmt: skip

_READERS: dict[str, PyCallable[[TypeScanner], Type]] = {
    "readonly": TypeScanner.read_readonly,
    "array": TypeScanner.read_array,
    "memoryview": TypeScanner.read_memory_view,
    "Array": TypeScanner.read_array,
    "Tuple": TypeScanner.read_tuple,
    "UniTuple": TypeScanner.read_uni_tuple,
    "NamedTuple": TypeScanner.read_named_tuple,
    "DataClass": lambda scanner: DataClass(*scanner.read_class()),
    "object": lambda scanner: PlainInstance(*scanner.read_class()),
    "own": lambda scanner: OwnKind(scanner.read_class()[0]),
    "instance": lambda scanner: JitInstance(scanner.read_class()[0]),
    "Enum": lambda scanner: EnumMember(scanner.read_class()[0]),
    "slice": TypeScanner.read_slice,
    "Struct": TypeScanner.read_struct,
    "Literal": TypeScanner.read_literal,
    "Exception": TypeScanner.read_exception,
    "Caught": TypeScanner.read_caught,
    "Raised": TypeScanner.read_raised,
    "Closure": TypeScanner.read_closure,
    "FunctionType": TypeScanner.read_function_type,
    "FunctionUnion": lambda scanner: scanner.read_union(FunctionUnion),
    "Union": lambda scanner: scanner.read_union(Union),
    "BoundMethod": TypeScanner.read_bound_method,
    "Generator": TypeScanner.read_generator,
    **{kind.spelling: partial(TypeScanner.read_dict, kind=kind) for kind in DICTS},
    **{name: partial(TypeScanner.read_one_type, make=make) for name, make in _OF_ONE.items()},
    "Function": lambda scanner: scanner.read_object(Callable),
    "Dispatcher": lambda scanner: scanner.read_object(Dispatcher),
    "Module": lambda scanner: scanner.read_object(Module),
    "ExceptionClass": lambda scanner: scanner.read_object(ExceptionClass),
}
