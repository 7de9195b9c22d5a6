"""The reference interpreter: what a function means, which native code is compared with.

Untyped functions run on Python objects: a call calls the Python callable itself. Typed functions
run on the values of `interp_values.py`: a primitive runs its `run`, whose result is kept to the
width of its type; a call of a typed function interprets that function. Exceptions are real.

On request references are counted, in functions that the ownership pass went over: a primitive's
managed result is one more reference, `Retain`, `Release` and cleanups do what they say.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from pellucid.ir.callee import FunctionTarget, Primitive, Ref
from pellucid.ir.function import Block, Function
from pellucid.ir.handling import IN_FLIGHT
from pellucid.ir.interp_values import (
    ArrayValue,
    BlockValue,
    References,
    StructValue,
    array_from_numpy,
    convert,
    numpy_from_array,
    value_from_python,
    value_to_python,
    wrap,
)
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Convert,
    Edge,
    Guard,
    Jump,
    Op,
    Raise,
    Release,
    Reraise,
    Retain,
    Return,
    Terminator,
)
from pellucid.ir.params import CapturedDefault, Param
from pellucid.ir.printer import op_text
from pellucid.ir.protocol import YIELD, make_closure
from pellucid.ir.values import Value
from pellucid.types import Array, Tuple, Type

# Any: the interpreter's values are Python objects of every kind.


class OutOfSteps(Exception):
    """The function was stopped after the number of ops that the caller allowed."""


_KINDS = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL,
    inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)
"""By the number of each."""


@dataclass(frozen=True)
class UntypedClosure:
    """A function made inside an untyped one: Python code may call it too."""

    interpreter: Interpreter
    code: Function
    captured: tuple[Any, ...]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        own = [
            inspect.Parameter(param.name, _KINDS[param.kind], default=self._default(param))
            for param in self.code.params[self.code.captured :]
        ]
        bound = inspect.Signature(own).bind(*args, **kwargs)
        bound.apply_defaults()
        return self.interpreter.run(self.code, [*self.captured, *bound.arguments.values()])

    def _default(self, param: Param) -> Any:
        if isinstance(param.default, CapturedDefault):
            return self.captured[param.default.index]
        return inspect.Parameter.empty


@dataclass
class Interpreter:
    """One run: the references counted, and the steps left in it (None: no counting, no limit)."""

    references: References | None = None
    steps: int | None = None

    def run(self, fn: Function, args: Sequence[Any]) -> Any:
        """The result of `fn` for `args`, in the interpreter's own values if `fn` is typed."""
        if fn.is_generator and fn.sig is None:
            return self._untyped_generator(fn, args)
        env: dict[Value, Any] = {}
        block, values = fn.entry, list(args)
        is_typed = fn.sig is not None
        while True:
            if len(values) != len(block.params):
                message = f"{fn.name} takes {len(block.params)} values, {len(values)} given"
                raise TypeError(message)
            env.update(zip(block.params, values, strict=True))
            edge: Edge | None = None
            terminator = block.terminator
            for op in block.ops:
                self._count_step(fn)
                try:
                    if is_typed:
                        self._typed_op(op, env)
                    else:
                        self._untyped_op(op, env)
                except BaseException as raised:
                    edge = _handler(raised, op, terminator)
            self._count_step(fn)
            if isinstance(terminator, Return):
                return env[terminator.value]
            edge = edge or self._next(block, env)
            block, values = edge.block, [env[arg] for arg in edge.args]

    def _untyped_generator(self, fn: Function, args: Sequence[Any]) -> Generator[Any, Any, Any]:
        env: dict[Value, Any] = {}
        block, values = fn.entry, list(args)
        while True:
            env.update(zip(block.params, values, strict=True))
            edge: Edge | None = None
            for op in block.ops:
                self._count_step(fn)
                try:
                    if isinstance(op, Call) and op.callee is YIELD:
                        env[op.out] = yield env[op.args[0]]
                    else:
                        self._untyped_op(op, env)
                except BaseException as raised:
                    edge = _handler(raised, op, block.terminator)
            self._count_step(fn)
            if isinstance(block.terminator, Return):
                return env[block.terminator.value]
            edge = edge or self._next(block, env)
            block, values = edge.block, [env[arg] for arg in edge.args]

    def _count_step(self, fn: Function) -> None:
        if self.steps is not None:
            self.steps -= 1
            if self.steps < 0:
                message = f"{fn.name} was stopped"
                raise OutOfSteps(message)

    def _next(self, block: Block, env: dict[Value, Any]) -> Edge:
        terminator = block.terminator
        match terminator:
            case Jump(edge=edge):
                return edge
            case Guard(then=then):
                return then
            case Branch(cond=cond, then=then, orelse=orelse):
                return then if env[cond] else orelse
            case Raise(value=value, cleanup=cleanup, handler=handler):
                raised = env[value]
                if handler is None:
                    self._clean_up(cleanup, env)
                    raise raised
                IN_FLIGHT.exception = raised() if isinstance(raised, type) else raised
                return handler
            case Reraise(cleanup=cleanup, handler=handler):
                if handler is None:
                    self._clean_up(cleanup, env)
                    raised, IN_FLIGHT.exception = IN_FLIGHT.exception, None
                    assert raised is not None, "an exception is in flight"
                    raise raised
                return handler
            case _:
                message = f"control reached {op_text(terminator)} in {block.name}"
                raise AssertionError(message)

    def _clean_up(self, cleanup: tuple[Value, ...], env: dict[Value, Any]) -> None:
        for value in cleanup:
            self._count(env[value], value.typed, -1)

    def _count(self, value: Any, ty: Type, change: int) -> None:
        if self.references is not None:
            self.references.add(value, ty, change)

    # Untyped ------------------------------------------------------------------------------------

    def _untyped_op(self, op: Op, env: dict[Value, Any]) -> None:
        match op:
            case Const():
                env[op.out] = op.value
            case Call():
                callee = op.callee.pyobj if isinstance(op.callee, Ref) else env[op.callee]
                if callee is make_closure:
                    code, *captured = [env[arg] for arg in op.args]
                    env[op.out] = UntypedClosure(self, code, tuple(captured))
                else:
                    env[op.out] = self._call_python(callee, op, env)
            case _:
                message = f"in an untyped function: {op_text(op)}"
                raise AssertionError(message)

    def _call_python(self, callee: Any, op: Call, env: dict[Value, Any]) -> Any:
        first_keyword = len(op.args) - len(op.kwnames)
        positional: list[Any] = []
        for index, arg in enumerate(op.args[:first_keyword]):
            if index in op.stars:
                positional.extend(env[arg])
            else:
                positional.append(env[arg])
        keywords = {
            name: env[arg]
            for name, arg in zip(op.kwnames, op.args[first_keyword:], strict=True)
            if name[:2] != "**"
        }
        for name, arg in zip(op.kwnames, op.args[first_keyword:], strict=True):
            if name[:2] == "**":
                keywords |= env[arg]
        # A compiled function stands for the Python function that it was made from.
        return getattr(callee, "py_func", callee)(*positional, **keywords)

    # Typed --------------------------------------------------------------------------------------

    def _typed_op(self, op: Op, env: dict[Value, Any]) -> None:
        match op:
            case Const():
                env[op.out] = constant_value(op.value, op.out.typed)
            case Call():
                env[op.out] = self._call_typed(op, env)
            case Convert():
                env[op.out] = convert(env[op.value], op.value.typed, op.out.typed)
            case Retain():
                self._count(env[op.value], op.value.typed, 1)
            case Release():
                self._count(env[op.value], op.value.typed, -1)
            case _:
                message = f"in a typed function: {op_text(op)}"
                raise AssertionError(message)

    def _call_typed(self, op: Call, env: dict[Value, Any]) -> Any:
        args = [env[arg] for arg in op.args]
        try:
            return self.call(op.target, args)
        except OutOfSteps:
            raise
        except BaseException:
            self._clean_up(op.cleanup, env)
            raise

    def call(self, target: Primitive | FunctionTarget | None, args: Sequence[Any]) -> Any:
        """Call a target with the interpreter's values."""
        match target:
            case Primitive():
                ret = target.sig.ret
                result = wrap(target.run(*args), ret)
                if ret.is_managed and not target.is_lent:
                    self._count(result, ret, 1)
                return result
            case FunctionTarget() if target.fn is not None:
                return self.run(target.fn, args)
            case _:
                message = f"{target} has no body to interpret"
                raise AssertionError(message)


def _handler(raised: BaseException, op: Op, terminator: Terminator) -> Edge:
    """Where `raised`, which came out of `op`, goes; called while it is handled."""
    is_guarded = isinstance(terminator, Guard) and terminator.call is op
    if isinstance(raised, OutOfSteps) or not is_guarded:
        raise raised
    IN_FLIGHT.exception = raised
    return terminator.handler  # type: ignore[union-attr]  # a guard


def constant_value(pyobj: Any, ty: Type) -> Any:
    """The value of a typed constant. Memory of constants is not counted."""
    if isinstance(pyobj, np.ndarray) and isinstance(ty, Array):
        return ArrayValue(None, pyobj.ctypes.data, pyobj.shape, pyobj.strides)
    if isinstance(ty, Tuple):
        items = cast("tuple[Any, ...]", pyobj)
        return tuple(constant_value(v, e) for v, e in zip(items, ty.elems, strict=True))
    return value_from_python(pyobj, ty)


def run(fn: Function, args: Sequence[Any], *, steps: int | None = None) -> Any:
    """Interpret `fn` on Python objects: those that its Python function takes and gives.

    A typed function gets its arguments as its parameter types, and its result as a Python object.
    """
    interpreter = Interpreter(steps=steps)
    if fn.sig is None:
        return interpreter.run(fn, args)
    return _run_typed(interpreter, fn, args)


def run_counting(
    fn: Function, args: Sequence[Any], *, steps: int | None = None
) -> tuple[Any, list[Any]]:
    """As `run`, after the ownership pass; and the owners of memory that leaked.

    If the function raises, the leaked owners are the exception's attribute `leaked`.
    """
    assert fn.sig is not None, "references are counted in typed functions"
    references = References()
    interpreter = Interpreter(references, steps)
    try:
        result = _run_typed(interpreter, fn, args)
    except Exception as problem:
        problem.leaked = references.leaked()  # type: ignore[attr-defined]  # for the test's eyes
        raise
    return result, references.leaked()


def _run_typed(interpreter: Interpreter, fn: Function, args: Sequence[Any]) -> Any:
    assert fn.sig is not None
    values = [value_from_python(arg, ty) for arg, ty in zip(args, fn.sig.params, strict=True)]
    result = interpreter.run(fn, values)
    if interpreter.references is not None:
        interpreter.references.add(result, fn.sig.ret, -1)  # the caller's, which is us
    return value_to_python(result, fn.sig.ret)


__all__ = [
    "ArrayValue",
    "BlockValue",
    "Interpreter",
    "OutOfSteps",
    "References",
    "StructValue",
    "array_from_numpy",
    "convert",
    "numpy_from_array",
    "run",
    "run_counting",
    "value_from_python",
    "value_to_python",
    "wrap",
]
