"""Ask a dispatcher what became of its function: the methods that Numba's dispatchers have.

Each takes the argument types of one specialisation, or nothing for all of them. The answers come
from the compilation's `Inspection` (`specialisation.py`), which may compile again to give them.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO, TypeVar

from pellucid.base.options import Options
from pellucid.runtime.specialisation import Inspection, Specialisation
from pellucid.types import Signature, Type
from pellucid.types.syntax import signature_from_text, type_from_text
from pellucid.types.typeof import typeof

T = TypeVar("T")
Types = tuple[Type, ...]


_PLAIN = {ord(k): v for k, v in zip("←├└─│…", ["<-", "+", "+", "-", "|", "..."], strict=True)}
"""How trees are drawn where the output takes no other characters."""


class ControlFlow:
    """A control flow graph; its text is in Graphviz's language."""

    def __init__(self, dot: str) -> None:
        self._dot = dot

    def __str__(self) -> str:
        return self._dot

    def display(self, filename: str | None = None, view: bool = False) -> Any:
        """Draw it with the `graphviz` package, which must be installed; gives its `Source`."""
        try:
            graphviz = importlib.import_module("graphviz")
        except ImportError:
            message = "drawing needs the graphviz package and program: pip install graphviz"
            raise ImportError(message) from None
        source = graphviz.Source(self._dot)
        if filename is not None:
            source.render(filename, view=view)
        return source


class Inspectable:
    """A dispatcher's methods for looking inside; the dispatcher has the rest."""

    py_func: Any  # the Python function
    options: Options

    @property
    def overloads(self) -> Mapping[Types, Specialisation]:
        """The specialisations by their argument types."""
        raise NotImplementedError

    def compile(self, sig: Signature | Sequence[Type] | str) -> None:
        """Make a specialisation."""
        raise NotImplementedError

    def specialisation(self, signature: Sequence[Type] | None = None) -> Specialisation:
        """The specialisation for these argument types, or the only one; KeyError if none is."""
        if signature is not None:
            return self.overloads[tuple(signature)]
        if len(self.overloads) != 1:
            name, count = self.py_func.__qualname__, len(self.overloads)
            message = f"{name} has {count} specialisations: name the argument types of one"
            raise KeyError(message)
        return next(iter(self.overloads.values()))

    def explain(self, *types: Type | str | Any, remarks: bool = False) -> Any:
        """The `inspection.Report` of one compilation, a higher room: hence Any.

        `types` are the argument types, as types, text or example values; needed where the function
        was not called yet, or for more than one kind of arguments. With `remarks`, the events have
        what LLVM says of each loop: why it works on single items, or on how many at once.
        """
        if not types:
            return self.specialisation().code.inspection.report(remarks=remarks)
        params = _types_of(types)
        if params not in self.overloads:
            self.compile(params)
        return self.overloads[params].code.inspection.report(remarks=remarks)

    def type_reasons(self, arg_types: Types | None) -> Any:
        """Why variables have their types."""
        raise NotImplementedError

    def why(
        self, variable: str | None = None, *types: Type | str | Any, file: TextIO | None = None
    ) -> None:
        """Print the chain of expressions and lines that gave a variable its type.

            f.why("z")
            z: float64 ← z = x / y (line 4) ← int64 / int64
            ├─ x: int64 ← argument
            └─ y: int64 ← argument

        Without a name, print the variables with their types; `"return"` is what the function
        returns. `types` are the argument types as in `explain`, by default those met last, also
        where the function was refused for them.
        """
        reasons = self.type_reasons(_types_of(types) if types else None)
        out = file or sys.stdout
        text: str = reasons.render(variable)
        try:
            text.encode(getattr(out, "encoding", None) or "utf-8")
        except UnicodeEncodeError:
            text = text.translate(_PLAIN)
        out.write(f"{text}\n")

    def inspect_types(
        self,
        file: TextIO | None = None,
        signature: Sequence[Type] | None = None,
        pretty: bool = False,
    ) -> None:
        """Write the typed IR of each specialisation to `file` (default: standard output)."""
        if pretty:
            message = "pretty=True is not supported: f.explain(...) has the annotated source"
            raise NotImplementedError(message)
        out = file or sys.stdout
        for params, text in self._all(signature, lambda i: i.typed_ir()).items():
            out.write(f"{self.py_func.__name__} ({', '.join(map(str, params))})\n")
            out.write(f"{'-' * 80}\n{text.rstrip()}\n\n")

    def inspect_llvm(self, signature: Sequence[Type] | None = None) -> Any:
        """The optimised LLVM IR: a text for one signature, else a dict by argument types."""
        return self._one_or_all(signature, lambda i: i.llvm_ir())

    def inspect_asm(self, signature: Sequence[Type] | None = None) -> Any:
        """The machine code as text: for one signature, else a dict by argument types."""
        return self._one_or_all(signature, lambda i: i.assembly())

    def inspect_cfg(self, signature: Sequence[Type] | None = None) -> Any:
        """The control flow graph: for one signature, else a dict by argument types."""
        return self._one_or_all(signature, lambda i: ControlFlow(i.control_flow()))

    def parallel_diagnostics(self, signature: Sequence[Type] | None = None, level: int = 1) -> None:
        """Print what became parallel. Nothing does yet: `prange` is `range`."""
        if level not in (1, 2, 3, 4):
            message = f"level is 1 to 4, not {level}"
            raise ValueError(message)
        if not self.options.parallel:
            message = f"{self.py_func.__qualname__} is not compiled with parallel=True"
            raise RuntimeError(message)
        for params in self._all(signature, lambda _inspection: None):
            types = ", ".join(map(str, params))
            sys.stdout.write(f"{self.py_func.__qualname__}({types}): no loop is parallel\n")

    def _all(
        self, signature: Sequence[Type] | None, ask: Callable[[Inspection], T]
    ) -> dict[Types, T]:
        chosen = list(self.overloads) if signature is None else [_params(signature)]
        return {params: ask(self.overloads[params].code.inspection) for params in chosen}

    def _one_or_all(
        self, signature: Sequence[Type] | None, ask: Callable[[Inspection], Any]
    ) -> Any:
        found = self._all(signature, ask)
        return found if signature is None else next(iter(found.values()))


def _params(signature: Any) -> Types:
    if isinstance(signature, str):
        signature = signature_from_text(signature)
    return signature.params if isinstance(signature, Signature) else tuple(signature)


def _types_of(types: Sequence[Any]) -> Types:
    """Argument types given as types, as text, or by example values."""
    first = types[0]
    if isinstance(first, Signature) or (isinstance(first, str) and first.startswith("(")):
        return _params(first)
    return tuple(
        ty if isinstance(ty, Type) else type_from_text(ty) if isinstance(ty, str) else typeof(ty)
        for ty in types
    )
