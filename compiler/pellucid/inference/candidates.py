"""Ask the overloads of a callable which of them takes these types, and why others do not."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from inspect import Parameter
from typing import NoReturn

from pellucid.base.diagnostics import error
from pellucid.base.spans import Span
from pellucid.inference.binding import (
    Arguments,
    BindError,
    Given,
    Packed,
    PackedKeywords,
    Receiver,
    Recipe,
    Unwrapped,
    bind,
)
from pellucid.inference.overloads import Overload, Refused, Typed
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import (
    BUILD_DICT,
    BUILD_LIST,
    BUILD_SET,
    DICT_SETITEM,
    DICT_UPDATE,
    FORMAT,
    ITER_START,
    JOIN_STR,
    LIST_APPEND,
    LIST_EXTEND,
    MAPPING_REST,
    RUN_BLOCK,
    SET_ADD,
    SET_UPDATE,
    UNPACK,
    UNPACK_STAR,
    UNWRAP_OPTIONAL,
)
from pellucid.types import (
    KEYWORDS,
    EnumMember,
    Literal,
    Optional,
    PyObject,
    Struct,
    Tuple,
    Type,
    int64,
)
from pellucid.types.containers import items_of
from pellucid.types.convert import can_convert

_SHOWN_CANDIDATES = 5
_OF_OTHER_KIND = re.compile(r"^neither |\b(is not|is no|has no __)\b")

OPERATORS = {
    "operator.add": "+", "operator.sub": "-", "operator.mul": "*", "operator.truediv": "/",
    "operator.floordiv": "//", "operator.mod": "%", "operator.pow": "**", "operator.matmul": "@",
    "operator.lshift": "<<", "operator.rshift": ">>", "operator.and_": "&", "operator.or_": "|",
    "operator.xor": "^", "operator.iadd": "+=", "operator.isub": "-=", "operator.imul": "*=",
    "operator.itruediv": "/=", "operator.ifloordiv": "//=", "operator.imod": "%=",
    "operator.ipow": "**=", "operator.imatmul": "@=", "operator.ilshift": "<<=",
    "operator.irshift": ">>=", "operator.iand": "&=", "operator.ior": "|=", "operator.ixor": "^=",
    "operator.eq": "==", "operator.ne": "!=", "operator.lt": "<", "operator.le": "<=",
    "operator.gt": ">", "operator.ge": ">=", "operator.is_": "is", "operator.is_not": "is not",
    "operator.neg": "-", "operator.pos": "+", "operator.invert": "~", "operator.not_": "not",
}  # fmt: skip


_SYNTAX = {
    "operator.getitem": "x[i]", "operator.setitem": "x[i] = value", "operator.delitem": "del x[i]",
    "builtins.setattr": "x.name = value", "builtins.delattr": "del x.name",
    BUILD_LIST.path: "[...]", LIST_APPEND.path: "[...]", LIST_EXTEND.path: "[*...]",
    BUILD_SET.path: "{...}", SET_ADD.path: "{...}", SET_UPDATE.path: "{*...}",
    BUILD_DICT.path: "{key: value}", DICT_SETITEM.path: "{key: value}",
    DICT_UPDATE.path: "{**...}", MAPPING_REST.path: "**rest",
    FORMAT.path: "{value} of an f-string", JOIN_STR.path: "f-string",
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """The overload that takes the call, what its template answered, and how arguments reach it."""

    overload: Overload
    answer: object
    recipes: tuple[Recipe, ...]
    types: tuple[Type, ...]


def choose(path: str, candidates: list[Overload], arguments: Arguments, span: Span) -> Chosen:
    """The first candidate that accepts; a `no-matching-overload` error with each one's reason."""
    reasons: list[str] = []
    for attempt in _attempts(arguments):
        for candidate in candidates:
            found = _ask(candidate, attempt, reasons)
            if found is not None:
                return found
    return _no_match(path, arguments, reasons, span)


def _attempts(arguments: Arguments) -> list[Arguments]:
    """The arguments as they are; then, if some are optional, with None excluded."""
    attempts = [arguments]
    if any(isinstance(ty, Optional) for ty in arguments.types):
        attempts.append(WithoutNone(**vars(arguments)))
    own = (*arguments.types, arguments.receiver)
    if any(ty is not None and isinstance(ty.base, EnumMember) and ty.base.is_int for ty in own):
        attempts.append(WithInts(**vars(arguments)))
    return attempts


class WithInts(Arguments):
    """The same arguments where members that are ints are taken as such."""

    def type_of(self, recipe: Recipe) -> Type:
        """The type of an int in place of a member's."""
        ty = super().type_of(recipe)
        return int64 if isinstance(ty.base, EnumMember) and ty.base.is_int else ty


class WithoutNone(Arguments):
    """The same arguments where each optional one must hold a value."""

    def type_of(self, recipe: Recipe) -> Type:
        """The type inside an optional."""
        ty = super().type_of(recipe)
        return ty.value_ty if isinstance(ty, Optional) else ty

    def wrap(self, recipe: Recipe) -> Recipe:
        """The recipe that takes the value out of an optional."""
        is_simple = isinstance(recipe, (Given, Receiver))
        if is_simple and isinstance(super().type_of(recipe), Optional):
            return Unwrapped(recipe)
        return recipe


def _ask(candidate: Overload, arguments: Arguments, reasons: list[str]) -> Chosen | None:
    try:
        recipes = bind(candidate.params, arguments)
    except BindError as problem:
        reasons.append(str(problem))
        return None
    types = [arguments.type_of(recipe) for recipe in recipes]
    try:
        answer = _call_template(candidate, recipes, types)
    except Refused as refusal:
        reasons.append(str(refusal))
        return None
    if isinstance(arguments, WithoutNone):
        recipes = [arguments.wrap(recipe) for recipe in recipes]
    wanted_types: tuple[Type, ...] = ()
    if isinstance(answer, Primitive):
        recipes, types = _flatten(recipes, types)
        wanted_types = answer.sig.params
    elif isinstance(answer, Typed):
        wanted_types = answer.types
    elif answer is None:
        reasons.append("not for these types")
        return None
    for ty, wanted in zip(types, wanted_types, strict=bool(wanted_types)):
        if not can_convert(ty, wanted):
            reasons.append(f"{ty.base} does not convert to {wanted}")
            return None
    return Chosen(candidate, answer, tuple(recipes), tuple(types))


def _call_template(candidate: Overload, recipes: list[Recipe], types: list[Type]) -> object:
    """Call the template as its signature wants: keyword-only by name, `*args` spread."""
    positional: list[Type] = []
    keywords: dict[str, Type] = {}
    for param, recipe, ty in zip(candidate.params, recipes, types, strict=True):
        if isinstance(recipe, Packed):
            assert isinstance(ty, Tuple)
            positional.extend(ty.elems)
        elif isinstance(recipe, PackedKeywords):
            keywords.update(ty.fields if isinstance(ty, Struct) else ())
        elif param.kind == Parameter.KEYWORD_ONLY:
            keywords[param.name] = ty
        else:
            positional.append(ty)
    return candidate.template(*positional, **keywords)


def _flatten(recipes: list[Recipe], types: list[Type]) -> tuple[list[Recipe], list[Type]]:
    flat: list[Recipe] = []
    flat_types: list[Type] = []
    for recipe, ty in zip(recipes, types, strict=True):
        if isinstance(recipe, Packed):
            assert isinstance(ty, Tuple)
            flat.extend(recipe.items)
            flat_types.extend(ty.elems)
        elif isinstance(recipe, PackedKeywords):
            assert isinstance(ty, Struct)
            flat.extend(recipe.items)
            flat_types.extend(field for _, field in ty.fields)
        else:
            flat.append(recipe)
            flat_types.append(ty)
    return flat, flat_types


def display_types(arguments: Arguments) -> str:
    """The argument types as a message shows them: literals dropped."""
    shown = [str(_shown(ty)) for ty in arguments.types]
    named = len(shown) - len(arguments.kwnames)
    shown[named:] = [
        f"{name}={ty}" for name, ty in zip(arguments.kwnames, shown[named:], strict=True)
    ]
    return ", ".join(shown)


def _shown(ty: Type) -> Type | str:
    if isinstance(ty, Literal) and isinstance(ty.value, (str, bytes)):
        return repr(ty.value)
    if isinstance(ty, Struct) and ty.name == KEYWORDS:
        return f"{{{', '.join(f'{name!r}: {_shown(held)}' for name, held in ty.fields)}}}"
    items = items_of(ty)
    if items is not None and isinstance(ty, Struct):
        return f"[{', '.join(str(_shown(item)) for item in items.elems)}]"
    return ty.base


def _no_match(path: str, arguments: Arguments, reasons: list[str], span: Span) -> NoReturn:
    types = display_types(arguments)
    headline = _headline(path, arguments, types)
    # What says more than that something is of another kind comes first.
    distinct = sorted(dict.fromkeys(reasons), key=lambda text: bool(_OF_OTHER_KIND.search(text)))
    if path == RUN_BLOCK.path:
        error("no-matching-overload", headline, span, notes=tuple(distinct))
    notes = tuple(f"candidate: {reason}" for reason in distinct[:_SHOWN_CANDIDATES])
    if len(distinct) > _SHOWN_CANDIDATES:
        notes = (*notes, f"and {len(distinct) - _SHOWN_CANDIDATES} more candidates")
    opaque = any(isinstance(ty, PyObject) for ty in arguments.types)
    help_text = _OPAQUE if opaque else ""
    error("no-matching-overload", headline, span, types, notes=notes, help=help_text)


_OPAQUE = "a Python object is made a value by int(x), float(x), str(x) and the like"


def _headline(path: str, arguments: Arguments, types: str) -> str:
    """What does not work, in Python's terms rather than in the compiler's."""
    shown = [str(_shown(ty)) for ty in arguments.types]
    symbol = OPERATORS.get(path)
    if symbol is not None and len(shown) == 2:
        return f"`{symbol}` is not defined between {shown[0]} and {shown[1]}"
    if symbol is not None:
        return f"`{symbol}` is not defined for {types}"
    if path == "builtins.bool":
        return f"{types} is neither true nor false"
    if path == "operator.contains":
        return f"`in` is not defined between {shown[1]} and {shown[0]}"
    if path == RUN_BLOCK.path:
        return "this block reads a variable that Python cannot be given"
    if path == UNPACK.path:
        return f"{shown[0]} cannot be unpacked into {_literal(arguments.types[1])} names"
    if path == UNPACK_STAR.path:
        return f"{shown[0]} cannot be unpacked"
    if path == ITER_START.path:
        return f"{types} cannot be iterated over in compiled code"
    if path == UNWRAP_OPTIONAL.path:
        return f"{types} is never None"
    return f"`{spelling(path)}` does not take ({types})"


def spelling(path: str) -> str:
    """How a call of a function is spelt in source, where it is not by the function's name."""
    return _SYNTAX.get(path) or path.rpartition(":")[2].removeprefix("builtins.")


def _literal(ty: Type) -> object:
    return ty.value if isinstance(ty, Literal) else ty


def did_you_mean(name: str, known: list[str]) -> str:
    """Help that names a likely spelling; empty if there is none."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean `{close[0]}`?" if close else ""
