"""What Python does of a function, and what each operation costs, as marks on its source.

In object mode the interpreter does all but the lifted loops. Else it does the `objmode` blocks, and
Python's C API what compiled code does with values of type `pyobject`. The cost classes are those
that one sees in a profile:

    1   makes an object or counts references        some nanoseconds
    2   finds what to do by the classes of objects  some tens of nanoseconds
    3   calls Python code, or enters it             a hundred nanoseconds and more
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.base.options import Options
from pellucid.base.spans import NO_SPAN, Span
from pellucid.frontend.lifting import plan_function
from pellucid.frontend.positions import Positions
from pellucid.frontend.source import Source
from pellucid.ir.callee import Primitive, Ref
from pellucid.ir.function import Function
from pellucid.ir.object_mode import PythonBlock
from pellucid.ir.ops import Call, Const
from pellucid.ir.protocol import FORMAT, ITER_START, UNPACK, UNPACK_STAR
from pellucid.types import PyObject

REASONS = {
    1: "makes an object",
    2: "finds what to do by the objects' classes",
    3: "runs Python code",
}


@dataclass(frozen=True)
class PythonOperation:
    """One operation on Python objects; `what` names it, `cost` is its class."""

    span: Span
    what: str
    cost: int


def python_operations(
    pyfunc: Any,
    source: Source,
    untyped: Function | None,
    typed: Sequence[Function],
    options: Options,
) -> list[PythonOperation]:
    """The operations that Python does, in the order of the source.

    `typed` are the function, and those defined inside it, as inference left them.
    """
    node, positions = source.node, Positions(source.file, source.lines, source.offset)
    if options.forceobj:
        plan = plan_function(pyfunc, lifts=options.looplift)
        lifted = {loop.__code__.co_firstlineno - source.offset for loop in plan.loops}
        body: Sequence[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
        found = [op for part in body for op in _operations(part, positions, lifted)]
    else:
        lines = {line - source.offset for line in _block_lines(untyped)}
        found = [
            op
            for part in ast.walk(node)
            if isinstance(part, ast.With) and part.lineno in lines
            for op in _block(part, positions)
        ]
        found += dict.fromkeys(made for fn in typed for made in _on_objects(fn))
    return sorted(found, key=lambda op: op.span.key)


def _block_lines(fn: Function | None) -> Iterator[int]:
    for op in fn.ops() if fn is not None else ():
        if isinstance(op, Const) and isinstance(op.value, PythonBlock):
            yield op.value.function.__code__.co_firstlineno


_ATTRIBUTE = ("an attribute of a Python object", 2)
_OPERATIONS: dict[str, tuple[str, int]] = {
    "pellucid.runtime.box": ("a value becomes a Python object", 1),
    "operator.is_": ("a comparison of Python objects", 1),
    "operator.is_not": ("a comparison of Python objects", 1),
    "builtins.getattr": _ATTRIBUTE,
    "builtins.setattr": _ATTRIBUTE,
    "builtins.delattr": _ATTRIBUTE,
    "builtins.hasattr": _ATTRIBUTE,
    ITER_START.path: ("a loop over a Python object", 2),
    UNPACK.path: ("a Python object is unpacked", 2),
    UNPACK_STAR.path: ("a Python object is unpacked", 2),
    FORMAT.path: ("a text made by Python", 2),
    "builtins.print": ("a text made by Python", 3),
    **dict.fromkeys(
        ("operator.getitem", "operator.setitem", "operator.delitem", "operator.contains"),
        ("an item of a Python object", 2),
    ),
    **dict.fromkeys(
        [f"operator.{name}" for name in ("lt", "le", "eq", "ne", "gt", "ge")],
        ("a comparison of Python objects", 2),
    ),
    **dict.fromkeys(
        [f"builtins.{name}" for name in ("bool", "len", "hash", "isinstance", "issubclass")],
        ("a question to a Python object", 2),
    ),
    **dict.fromkeys(
        [f"builtins.{name}" for name in ("int", "float", "complex", "str", "repr", "format")],
        ("a Python object becomes a value", 2),
    ),
}
"""What is marked of the calls that take or give objects, by the callee; other operators as such."""


def _on_objects(fn: Function) -> Iterator[PythonOperation]:
    """What a typed function does with objects."""
    for op in fn.ops():
        if not isinstance(op, Call) or op.target is None or op.span == NO_SPAN:
            continue
        sig = op.target.sig
        if not any(isinstance(ty, PyObject) for ty in (sig.ret, *sig.params)):
            continue
        path = op.callee.path if isinstance(op.callee, Ref) else ""
        is_library = isinstance(op.target, Primitive) or op.target.is_library
        if op.target.name == "call" and is_library:
            yield PythonOperation(op.span, "a call of a Python object", 3)
        elif path in _OPERATIONS:
            yield PythonOperation(op.span, *_OPERATIONS[path])
        elif path.startswith("operator."):
            yield PythonOperation(op.span, "an operator on Python objects", 2)


def _block(node: ast.With, positions: Positions) -> Iterator[PythonOperation]:
    """An `objmode` block: its inputs are boxed, and it is called with the interpreter lock."""
    head = node.items[0].context_expr
    yield PythonOperation(positions.span(head), "a block of Python", 3)
    for stmt in node.body:
        yield from _operations(stmt, positions, set())


def _operations(node: ast.AST, positions: Positions, lifted: set[int]) -> Iterator[PythonOperation]:
    if isinstance(node, (ast.For, ast.While)) and node.lineno in lifted:
        yield PythonOperation(positions.keyword(node), "a call of a lifted loop", 3)
        return
    found = _operation(node, positions)
    if found is not None:
        yield found
    for child in ast.iter_child_nodes(node):
        yield from _operations(child, positions, lifted)


def _operation(node: ast.AST, positions: Positions) -> PythonOperation | None:
    """What a node itself does; the front end's anchor for it."""
    after, span = positions.after, positions.span
    match node:
        case ast.Call():
            return PythonOperation(span(node, after(node.func)), "a call of a Python object", 3)
        case ast.BinOp():
            return PythonOperation(span(node, after(node.left)), "an operator on Python objects", 2)
        case ast.Compare():
            return PythonOperation(
                span(node, after(node.left)), "a comparison of Python objects", 2
            )
        case ast.AugAssign():
            return PythonOperation(
                span(node, after(node.target)), "an operator on Python objects", 2
            )
        case ast.UnaryOp():
            return PythonOperation(span(node), "an operator on Python objects", 2)
        case ast.Attribute():
            return PythonOperation(
                span(node, after(node.value)), "an attribute of a Python object", 2
            )
        case ast.Subscript():
            return PythonOperation(span(node, after(node.value)), "an item of a Python object", 2)
        case ast.For() | ast.AsyncFor():
            return PythonOperation(
                positions.reach(node, node.iter), "a loop over a Python object", 2
            )
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return PythonOperation(span(node), "a comprehension of Python objects", 3)
        case ast.JoinedStr():
            return PythonOperation(span(node), "a text made by Python", 2)
        case ast.List(ctx=ast.Load()) | ast.Tuple(ctx=ast.Load()) | ast.Set() | ast.Dict():
            return PythonOperation(span(node), "a container made by Python", 1)
        case _:
            return None
