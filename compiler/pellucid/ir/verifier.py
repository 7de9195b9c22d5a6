"""Says whether a function is well formed. Run between passes in tests, and with PELLUCID_VERIFY=1.

Every function:
  1. has an entry block that nothing jumps to, with one parameter value for each parameter;
  2. has blocks of distinct names, values of distinct names, and each value is defined once;
  3. has no terminator inside a block, and its edges lead to its own blocks;
  4. gives each edge one argument for each parameter of the block;
  5. defines a value before it is read: in the same block above, or in a dominating block;
     (a guard's call is the last op of its block, and its result is only defined in `then`);
  6. has keyword names and star positions that fit the arguments of the call.

A typed function (`sig` is set) besides:
  7. has a type on every value; the entry's parameters have the types of the signature;
  8. passes each edge argument with exactly the type of the parameter;
  9. has a target on each call, no keywords or stars, arguments of exactly the target's parameter
     types, and a result of exactly its return type;
 10. branches on a bool, returns exactly the signature's type, raises exceptions only;
 11. retains and releases managed values only; cleanups hold managed values defined above, each
     once, on calls that may raise and on raises only.

An untyped function besides:
 12. has no type, target, convert, retain, release or cleanup anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from pellucid.base.diagnostics import error
from pellucid.ir.dominance import Dominators
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Convert,
    Edge,
    Guard,
    Leaving,
    Op,
    Raise,
    Release,
    Retain,
    Return,
    Terminator,
)
from pellucid.ir.printer import op_text
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors
from pellucid.types import (
    Boolean,
    ExceptionClass,
    ExceptionInstance,
    Type,
)


def verify(fn: Function, after: str = "") -> None:
    """Raise an `InternalError` that lists what is wrong with `fn`, if anything is.

    `after` says which step made the function what it is.
    """
    problems = find_problems(fn)
    if problems:
        step = f" after {after}" if after else ""
        error(
            "internal-error",
            f"the IR of `{fn.name}` is malformed{step}",
            notes=tuple(problems),
            help="this is a mistake in Pellucid; please report it with the function's source",
        )


def find_problems(fn: Function) -> list[str]:
    """One sentence for each rule broken; empty if `fn` is well formed."""
    if not fn.blocks:
        return ["the function has no blocks"]
    problems = [*_structure_problems(fn), *_name_problems(fn)]
    if problems:
        return problems  # dominance makes no sense on a broken graph
    problems.extend(_dominance_problems(fn))
    problems.extend(_typed_problems(fn) if fn.sig is not None else _untyped_problems(fn))
    return problems


def _structure_problems(fn: Function) -> Iterator[str]:
    if len(fn.entry.params) != len(fn.params):
        yield f"{len(fn.params)} parameters, but the entry has {len(fn.entry.params)} values"
    own = set(fn.blocks)
    for block in fn.blocks:
        for op in block.ops:
            if isinstance(op, Terminator):
                yield f"terminator inside block {block.name}: {op_text(op)}"
            if isinstance(op, Call):
                yield from _call_shape_problems(op)
        end = block.terminator
        if isinstance(end, Guard) and not (block.ops and block.ops[-1] is end.call):
            yield f"the guard of {block.name} does not stand after its call"
        for edge in end.edges():
            yield from _edge_problems(fn, own, block, edge)


def _edge_problems(fn: Function, own: set[Block], block: Block, edge: Edge) -> Iterator[str]:
    where = f"edge {block.name} -> {edge.block.name}"
    if edge.block not in own:
        yield f"{where}: leads out of the function"
    if edge.block is fn.entry:
        yield f"{where}: leads to the entry"
    if len(edge.args) != len(edge.block.params):
        yield f"{where}: {len(edge.args)} arguments for {len(edge.block.params)} parameters"


def _call_shape_problems(op: Call) -> Iterator[str]:
    if len(op.kwnames) > len(op.args) or len(set(op.kwnames)) != len(op.kwnames):
        yield f"keyword names do not fit: {op_text(op)}"
    if any(star not in range(len(op.args) - len(op.kwnames)) for star in op.stars):
        yield f"star positions do not fit: {op_text(op)}"


def _name_problems(fn: Function) -> Iterator[str]:
    blocks: set[str] = set()
    for block in fn.blocks:
        if block.name in blocks:
            yield f"two blocks are named {block.name}"
        blocks.add(block.name)
    names: set[str] = set()
    values: set[Value] = set()
    for value in fn.values():
        if value in values:
            yield f"{value.name} is defined twice"
        elif value.name in names:
            yield f"two values are named {value.name}"
        names.add(value.name)
        values.add(value)


def _dominance_problems(fn: Function) -> Iterator[str]:
    dominators = Dominators(fn)
    home: dict[Value, tuple[Block, int]] = {}
    for block in fn.blocks:
        home.update((param, (block, -1)) for param in block.params)
        for index, op in enumerate(block.ops):
            if op.result is not None:
                home[op.result] = (block, index)
    guarded = _move_guarded(fn, home)
    for block in fn.blocks:
        if not dominators.is_reachable(block):
            continue
        for index, op in enumerate(block.all_ops()):
            for value in _read_here(op):
                place = home.get(value)
                if place is None:
                    where = "on every way here" if value in guarded else "in the function"
                    yield f"{value.name} is not defined {where}: {op_text(op)}"
                elif place[0] is block:
                    if place[1] >= index:
                        yield f"{value.name} is read before it is defined: {op_text(op)}"
                elif not (
                    dominators.is_reachable(place[0]) and dominators.dominates(place[0], block)
                ):
                    yield f"{value.name} is not defined on every way here: {op_text(op)}"


def _read_here(op: Op) -> Iterator[Value]:
    """What must be defined where `op` is: a guard passes on the result of its call."""
    if not isinstance(op, Guard):
        yield from op.operands()
        yield from _cleanup(op)
        return
    yield from (value for value in op.then.args if value is not op.call.out)
    yield from op.handler.args


def _move_guarded(fn: Function, home: dict[Value, tuple[Block, int]]) -> set[Value]:
    """Results of guarded calls: defined at the start of `then`, if only the guard leads there."""
    before = predecessors(fn)
    guarded: set[Value] = set()
    for block in fn.blocks:
        end = block.terminator
        if isinstance(end, Guard):
            guarded.add(end.call.out)
            home.pop(end.call.out, None)
            if len(before[end.then.block]) == 1:
                home[end.call.out] = end.then.block, -1
    return guarded


def _cleanup(op: Op) -> tuple[Value, ...]:
    return op.cleanup if isinstance(op, (Call, Leaving)) else ()


def _untyped_problems(fn: Function) -> Iterator[str]:
    for value in fn.values():
        if value.ty is not None:
            yield f"{value.name} has a type in an untyped function"
    for op in fn.ops():
        if isinstance(op, (Convert, Retain, Release)) or _cleanup(op):
            yield f"not allowed in an untyped function: {op_text(op)}"
        if isinstance(op, Call) and op.target is not None:
            yield f"call with a target in an untyped function: {op_text(op)}"


def _typed_problems(fn: Function) -> Iterator[str]:
    assert fn.sig is not None
    untyped = [value.name for value in fn.values() if value.ty is None]
    if untyped:
        yield f"no type on {', '.join(untyped)}"
        return
    params = tuple(param.ty for param in fn.entry.params)
    if params != fn.sig.params:
        yield f"the entry's parameters are {params}, the signature says {fn.sig.params}"
    for block in fn.blocks:
        for op in block.all_ops():
            yield from _typed_op_problems(op, fn.sig.ret)


def _typed_op_problems(op: Op, ret_ty: Type) -> Iterator[str]:
    match op:
        case Const() | Convert():
            pass
        case Call():
            yield from _typed_call_problems(op)
        case Retain() | Release():
            if not op.value.typed.is_managed:
                yield f"{op.value.typed} is not counted: {op_text(op)}"
        case Branch() if not isinstance(op.cond.typed.base, Boolean):
            yield f"branch on a {op.cond.typed}: {op_text(op)}"
        case Return() if op.value.ty != ret_ty:
            yield f"returns a {op.value.typed}, the signature says {ret_ty}"
        case Raise() if not isinstance(op.value.ty, (ExceptionClass, ExceptionInstance)):
            yield f"raises a {op.value.typed}: {op_text(op)}"
        case _:
            pass
    yield from _cleanup_problems(op)
    if isinstance(op, Terminator):
        for edge in op.edges():
            for arg, param in zip(edge.args, edge.block.params, strict=True):
                if arg.ty != param.ty:
                    yield (
                        f"{arg.name}: {arg.ty} is passed for {param.name}: {param.ty} "
                        f"of {edge.block.name}"
                    )


def _typed_call_problems(op: Call) -> Iterator[str]:
    if op.target is None:
        yield f"call without a target: {op_text(op)}"
        return
    if op.kwnames or op.stars:
        yield f"keywords or stars in a typed call: {op_text(op)}"
    given = tuple(arg.ty for arg in op.args)
    if given != op.target.sig.params:
        yield f"arguments {given} for parameters {op.target.sig.params}: {op_text(op)}"
    if op.out.ty != op.target.sig.ret:
        yield f"the target returns a {op.target.sig.ret}: {op_text(op)}"


def _cleanup_problems(op: Op) -> Iterator[str]:
    cleanup = _cleanup(op)
    if not cleanup:
        return
    if not op.effects.may_raise and not isinstance(op, Leaving):
        yield f"cleanup on an op that does not raise: {op_text(op)}"
    if len(set(cleanup)) != len(cleanup):
        yield f"a value is cleaned up twice: {op_text(op)}"
    for value in cleanup:
        if not value.typed.is_managed:
            yield f"{value.typed} is not counted: {op_text(op)}"
