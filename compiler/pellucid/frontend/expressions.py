"""Lowers expressions to values, and conditions to branches.

Every operator is a call of the function in `operator` that Python defines it by; `and`, `or`,
conditional expressions and chained comparisons are control flow:

    a < b < c      t = call operator.lt(a, b)
                   branch bool(t), more, done(t)
                 more:
                   u = call operator.lt(b, c)
                   jump done(u)
"""

from __future__ import annotations

import ast
import inspect
import operator
from types import CodeType

from pellucid.base.diagnostics import Diagnostic, Label
from pellucid.base.spans import Span
from pellucid.frontend import generators
from pellucid.frontend.context import Context, LowerExpression
from pellucid.frontend.scopes import closest
from pellucid.ir.callee import Ref
from pellucid.ir.function import Block
from pellucid.ir.protocol import (
    BOOL,
    BUILD_TUPLE,
    CONTAINS,
    GETATTR,
    GETITEM,
    NOT,
    SLICE,
    YIELD,
    callable_path,
    ref,
)
from pellucid.ir.values import Value

_BINARY: dict[type[ast.operator], Ref] = {
    ast.Add: ref(operator.add),
    ast.Sub: ref(operator.sub),
    ast.Mult: ref(operator.mul),
    ast.Div: ref(operator.truediv),
    ast.FloorDiv: ref(operator.floordiv),
    ast.Mod: ref(operator.mod),
    ast.Pow: ref(operator.pow),
    ast.LShift: ref(operator.lshift),
    ast.RShift: ref(operator.rshift),
    ast.BitOr: ref(operator.or_),
    ast.BitXor: ref(operator.xor),
    ast.BitAnd: ref(operator.and_),
    ast.MatMult: ref(operator.matmul),
}

_UNARY: dict[type[ast.unaryop], Ref] = {
    ast.USub: ref(operator.neg),
    ast.UAdd: ref(operator.pos),
    ast.Invert: ref(operator.invert),
    ast.Not: NOT,
}

_COMPARE: dict[type[ast.cmpop], Ref] = {
    ast.Eq: ref(operator.eq),
    ast.NotEq: ref(operator.ne),
    ast.Lt: ref(operator.lt),
    ast.LtE: ref(operator.le),
    ast.Gt: ref(operator.gt),
    ast.GtE: ref(operator.ge),
    ast.Is: ref(operator.is_),
    ast.IsNot: ref(operator.is_not),
    ast.In: CONTAINS,
    ast.NotIn: CONTAINS,
}


def lower_expression(cx: Context, node: ast.expr, hint: str = "t") -> Value:
    """The value of an expression; `hint` names it where it is new."""
    lower = cx.expressions.get(type(node))
    if lower is None:
        cx.refuse(node)
        return cx.placeholder(node)
    return lower(cx, node, hint)


# Leaves -----------------------------------------------------------------------------------------


def _constant(cx: Context, node: ast.Constant, hint: str) -> Value:
    return cx.const(cx.positions.span(node), node.value, const_hint(hint))


def const_hint(hint: str) -> str:
    """What a constant is called in IR: as the variable it is assigned to."""
    return "c" if hint == "t" else hint


def _name(cx: Context, node: ast.Name, _hint: str) -> Value:
    known = cx.find_static(node)
    if known is None and cx.is_variable(node.id):
        return cx.load(node)
    if known is None:
        _note_unknown_name(cx, node)
        return cx.placeholder(node)
    return cx.const(cx.positions.span(node), known.pyobj, node.id, known.path)


def _note_unknown_name(cx: Context, node: ast.Name) -> None:
    name = node.id
    if cx.scope.has_empty_cell(name):
        headline = f"`{name}` of the enclosing function has no value yet"
        advice = f"assign `{name}` before the function is compiled"
    else:
        similar = cx.scope.suggestion(name)
        headline = f"`{name}` is not defined"
        advice = f"did you mean `{similar}`?" if similar else ""
    primary = Label(cx.positions.span(node), "no such name" if not advice else "")
    cx.note(Diagnostic("unknown-name", headline, primary, help=advice))


def _attribute(cx: Context, node: ast.Attribute, hint: str) -> Value:
    known = cx.find_static(node)
    span = cx.span_of_mention(node)
    if known is not None:
        return cx.const(span, known.pyobj, node.attr, known.path)
    base = cx.find_static(node.value) if _is_chain(node.value) else None
    if base is not None and inspect.ismodule(base.pyobj):
        similar = closest(node.attr, dir(base.pyobj))
        headline = f"module `{base.pyobj.__name__}` has no attribute `{node.attr}`"
        advice = f"did you mean `{base.text}.{similar}`?" if similar else ""
        cx.note(Diagnostic("unknown-name", headline, Label(span), help=advice))
        return cx.placeholder(node)
    value = lower_expression(cx, node.value)
    hint = node.attr if hint == "t" else hint
    return cx.call(span, GETATTR, value, cx.const(span, mangled(cx, node.attr)), hint=hint)


def mangled(cx: Context, name: str) -> str:
    """The name of an attribute: in a class, Python puts the class's before private ones."""
    if not name.startswith("__") or name.endswith("__"):
        return name
    todo = [cx.scope.pyfunc.__code__]
    while todo:
        code = todo.pop()
        for own in code.co_names:
            if own.endswith(name) and own != name and own.startswith("_"):
                return own
        todo.extend(const for const in code.co_consts if isinstance(const, CodeType))
    return name


def _is_chain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


# Operators --------------------------------------------------------------------------------------


def binary_ref(op: ast.operator) -> Ref:
    """The function of a binary operator."""
    return _BINARY[type(op)]


def _bin_op(cx: Context, node: ast.BinOp, hint: str) -> Value:
    # `a + b + c + ...` leans to the left: a loop, so that a long one is not deep.
    chain = [node]
    while isinstance(chain[-1].left, ast.BinOp):
        chain.append(chain[-1].left)
    value = lower_expression(cx, chain[-1].left)
    for link in reversed(chain):
        rhs = lower_expression(cx, link.right)
        span = cx.positions.span(link, cx.positions.after(link.left))
        name = hint if link is node else "t"
        value = cx.call(span, _BINARY[type(link.op)], value, rhs, hint=name)
    return value


def _unary_op(cx: Context, node: ast.UnaryOp, hint: str) -> Value:
    span = cx.positions.span(node)
    number = node.operand.value if isinstance(node.operand, ast.Constant) else None
    if isinstance(number, (int, float, complex)) and not isinstance(number, bool):
        # A negative literal is one constant, as in CPython: -2**63 is an int64, 2**63 is not.
        if isinstance(node.op, ast.USub):
            return cx.const(span, -number, const_hint(hint))
        if isinstance(node.op, ast.UAdd):
            return cx.const(span, number, const_hint(hint))
    operand = lower_expression(cx, node.operand)
    return cx.call(span, _UNARY[type(node.op)], operand, hint=hint)


def _compare(cx: Context, node: ast.Compare, hint: str) -> Value:
    if len(node.ops) == 1:
        lhs = lower_expression(cx, node.left)
        return _compare_one(cx, node, 0, lhs, _comparator(cx, node, 0), hint)
    since = cx.ssa.mark()
    done = cx.ssa.new_block("compared")
    out = cx.ssa.param(done, hint)
    lhs = lower_expression(cx, node.left)
    for index in range(len(node.ops)):
        rhs = _comparator(cx, node, index)
        result = _compare_one(cx, node, index, lhs, rhs, hint)
        span = _compare_span(cx, node, index)
        if index + 1 == len(node.ops):
            cx.ssa.jump(done, result, span=span)
        else:
            more = cx.ssa.new_block("more")
            _branch_out(cx, result, more, done, result, if_true=True, span=span)
            cx.ssa.start(more, since)
        lhs = rhs
    cx.ssa.start(done, since)
    return out


def _comparator(cx: Context, node: ast.Compare, index: int) -> Value:
    comparator = node.comparators[index]
    if isinstance(node.ops[index], (ast.In, ast.NotIn)):
        return lower_iterable(cx, comparator, may_be_set=True)
    return lower_expression(cx, comparator)


def lower_iterable(cx: Context, node: ast.expr, *, may_be_set: bool = False) -> Value:
    """What a loop runs over, or `in` looks in: `[1, 2]` is a constant there, as in CPython."""
    if isinstance(node, (ast.List, ast.Set) if may_be_set else ast.List):
        kinds = {type(e.value) if isinstance(e, ast.Constant) else None for e in node.elts}
        if len(kinds) == 1 and None not in kinds:
            items = [lower_expression(cx, element) for element in node.elts]
            return cx.call(cx.positions.span(node), BUILD_TUPLE, *items)
    return lower_consumed(cx, node)


def _compare_one(
    cx: Context, node: ast.Compare, index: int, lhs: Value, rhs: Value, hint: str
) -> Value:
    op = node.ops[index]
    span = _compare_span(cx, node, index)
    callee = _COMPARE[type(op)]
    if not isinstance(op, (ast.In, ast.NotIn)):
        return cx.call(span, callee, lhs, rhs, hint=hint)
    found = cx.call(span, callee, rhs, lhs, hint=hint)
    return found if isinstance(op, ast.In) else cx.call(span, NOT, found, hint=hint)


def _compare_span(cx: Context, node: ast.Compare, index: int) -> Span:
    before = node.left if index == 0 else node.comparators[index - 1]
    return cx.positions.span(node, cx.positions.after(before))


def _bool_op(cx: Context, node: ast.BoolOp, hint: str) -> Value:
    since = cx.ssa.mark()
    done = cx.ssa.new_block("decided")
    out = cx.ssa.param(done, hint)
    goes_on_if = isinstance(node.op, ast.And)
    for index, operand in enumerate(node.values):
        value = lower_expression(cx, operand, hint)
        if index + 1 == len(node.values):
            cx.ssa.jump(done, value, span=_bool_span(cx, node, index - 1))
        else:
            more = cx.ssa.new_block("more")
            span = _bool_span(cx, node, index)
            _branch_out(cx, value, more, done, value, if_true=goes_on_if, span=span)
            cx.ssa.start(more, since)
    cx.ssa.start(done, since)
    return out


def _bool_span(cx: Context, node: ast.BoolOp, index: int) -> Span:
    """The `and` or `or` after the operand."""
    return cx.positions.span(node, cx.positions.after(node.values[index]))


def _branch_out(
    cx: Context, test: Value, more: Block, done: Block, result: Value, *, if_true: bool, span: Span
) -> None:
    """Go on in `more` if the test is `if_true`, else leave for `done` with `result`."""
    cond = cx.call(span, BOOL, test)
    ways = (more, done) if if_true else (done, more)
    args = ((), (result,)) if if_true else ((result,), ())
    cx.ssa.branch(cond, *ways, span=span, then_args=args[0], orelse_args=args[1])


def _if_exp(
    cx: Context, node: ast.IfExp, hint: str, lower: LowerExpression = lower_expression
) -> Value:
    span = cx.positions.span(node, cx.positions.after(node.body))
    since = cx.ssa.mark()
    then, orelse = cx.ssa.new_block("then"), cx.ssa.new_block("else")
    done = cx.ssa.new_block("chosen")
    out = cx.ssa.param(done, hint)
    lower_condition(cx, node.test, then, orelse, span)
    for block, arm in ((then, node.body), (orelse, node.orelse)):
        cx.ssa.start(block, since)
        if cx.ssa.reachable:
            cx.ssa.jump(done, lower(cx, arm, hint), span=span)
    cx.ssa.start(done, since)
    return out


def _named_expr(cx: Context, node: ast.NamedExpr, _hint: str) -> Value:
    value = lower_expression(cx, node.value, node.target.id)
    cx.store(node.target, value)
    return value


def _yield(cx: Context, node: ast.Yield, hint: str) -> Value:
    span = cx.positions.span(node)
    value = cx.const(span, None) if node.value is None else lower_expression(cx, node.value)
    return cx.call(span, YIELD, value, hint=hint)


def _yield_from(cx: Context, node: ast.YieldFrom, hint: str) -> Value:
    iterable = lower_consumed(cx, node.value)
    return generators.yield_from(cx, cx.positions.span(node), iterable, hint)


def _generator_expression(cx: Context, node: ast.GeneratorExp, hint: str) -> Value:
    if any(part.is_async for part in node.generators):
        cx.refuse(node, "asynchronous generator expressions")
        return cx.placeholder(node)
    iterable = lower_consumed(cx, node.generators[0].iter)
    function = cx.lower_function(cx, generators.function_of(node), "")
    return cx.call(cx.positions.span(node), function, iterable, hint=hint)


def _lambda(cx: Context, node: ast.Lambda, _hint: str) -> Value:
    return cx.lower_function(cx, node, "")


# Calls, subscripts ------------------------------------------------------------------------------


def lower_arguments(
    cx: Context, nodes: list[ast.expr], lower: LowerExpression = lower_expression
) -> tuple[list[Value], frozenset[int]]:
    """The values of arguments or elements, and which of them are starred."""
    args: list[Value] = []
    stars: set[int] = set()
    for index, node in enumerate(nodes):
        if isinstance(node, ast.Starred):
            stars.add(index)
            args.append(_lower_spread(cx, node.value))
        else:
            args.append(lower(cx, node, "t"))
    return args, frozenset(stars)


def _lower_spread(cx: Context, node: ast.expr) -> Value:
    """What a star spreads: nobody sees the list in `f(*[a, b])`, and `zip(*[iter(xs)] * 2)`."""
    match node:
        case ast.List(elts=elts) if not any(isinstance(e, ast.Starred) for e in elts):
            items = [lower_expression(cx, element) for element in elts]
            return cx.call(cx.positions.span(node), BUILD_TUPLE, *items)
        case ast.BinOp(left=ast.List() as items, op=ast.Mult(), right=times):
            made = _lower_spread(cx, items), lower_expression(cx, times)
            span = cx.positions.span(node, cx.positions.after(node.left))
            return cx.call(span, ref(operator.mul), *made)
        case _:
            return lower_consumed(cx, node)


def lower_callee(cx: Context, node: ast.expr) -> Ref | Value:
    """What a call calls: a reference, where it is known while compiling."""
    known = cx.find_static(node) if _is_chain(node) else None
    if known is not None and callable(known.pyobj):
        return Ref(known.path or known.text, known.pyobj)
    return lower_expression(cx, node)


def _call(cx: Context, node: ast.Call, hint: str) -> Value:
    """What `zip()` and the like give is kept: an iterator, whose items are taken once."""
    value = _call_once(cx, node, hint)
    known = cx.find_static(node.func) if _is_chain(node.func) else None
    if known is None or known.pyobj not in _RECORDS:
        return value
    span = cx.positions.span(node, cx.positions.after(node.func))
    return cx.call(span, Ref("builtins.iter", iter), value, hint=hint)


_RECORDS = (enumerate, reversed, zip)


def lower_consumed(cx: Context, node: ast.expr, hint: str = "t") -> Value:
    """As `lower_expression`, where the items are taken at once, and nothing else has the value.

    There `zip()` and the like give records, over which a loop would start anew each time.
    """
    match node:
        case ast.Call():
            return _call_once(cx, node, hint)
        case ast.IfExp():
            return _if_exp(cx, node, hint, lower_consumed)
        case _:
            return lower_expression(cx, node, hint)


_CONSUMERS = frozenset({"builtins", "collections", "heapq", "itertools", "math", "numpy"})
"""Modules whose functions iterate once over an iterator that they are given."""

_CONSUMING_METHODS = frozenset({"extend", "from_iterable", "fromkeys", "join"})


def _consumes(node: ast.expr, callee: Ref | Value) -> bool:
    """Whether what is called takes the items of its arguments at once, or keeps them to itself."""
    if isinstance(callee, Ref):
        module, *owner, name = callable_path(callee.pyobj).split(".")
        if not owner:
            return module in _CONSUMERS and callee.pyobj is not next
    else:
        name = node.attr if isinstance(node, ast.Attribute) else ""
    return name in _CONSUMING_METHODS


def _call_once(cx: Context, node: ast.Call, hint: str) -> Value:
    callee = lower_callee(cx, node.func)
    lower = lower_consumed if _consumes(node.func, callee) else lower_expression
    if isinstance(callee, Ref) and callee.pyobj is super and not node.args and not node.keywords:
        args, stars = _class_and_self(cx, node), frozenset[int]()
    else:
        args, stars = lower_arguments(cx, node.args, lower)
    kwnames: list[str] = []
    for keyword in node.keywords:
        if keyword.arg is None and _has_literal_keys(keyword.value):
            assert isinstance(keyword.value, ast.Dict)
            for key, item in zip(keyword.value.keys, keyword.value.values, strict=True):
                assert isinstance(key, ast.Constant)
                kwnames.append(str(key.value))
                args.append(lower_expression(cx, item))
        else:
            kwnames.append(keyword.arg or f"**{len(kwnames)}")
            args.append(lower(cx, keyword.value, "t"))
    if len(set(kwnames)) < len(kwnames):
        cx.refuse(node, "keyword arguments that are given twice", "")
        return cx.placeholder(node)
    span = cx.positions.span(node, cx.positions.after(node.func))
    return cx.call_with(span, callee, args, tuple(kwnames), stars, hint)


def _class_and_self(cx: Context, node: ast.Call) -> list[Value]:
    """What `super()` is short for: the class whose method it stands in, and the method's object."""
    known = cx.scope.find("__class__")
    if known is None or not cx.fn.params[cx.fn.captured :]:
        cx.refuse(node, "`super()` outside of a method")
        return []
    first = ast.copy_location(ast.Name(cx.fn.params[cx.fn.captured].name, ast.Load()), node)
    return [cx.const(cx.positions.span(node), known.pyobj, "cls"), cx.load(first)]


def _has_literal_keys(node: ast.expr) -> bool:
    """Whether it is a dict display, as `**` spreads it: `**{"a": 1}`."""
    return isinstance(node, ast.Dict) and all(
        isinstance(key, ast.Constant) and isinstance(key.value, str) for key in node.keys
    )


def _subscript(cx: Context, node: ast.Subscript, hint: str) -> Value:
    base = lower_expression(cx, node.value)
    index = lower_expression(cx, node.slice)
    return cx.call(subscript_span(cx, node), GETITEM, base, index, hint=hint)


def subscript_span(cx: Context, node: ast.Subscript) -> Span:
    """The range of `a[i]`, anchored at its `[`."""
    return cx.positions.span(node, cx.positions.after(node.value))


def _slice(cx: Context, node: ast.Slice, hint: str) -> Value:
    anchor = None if node.lower is None else cx.positions.after(node.lower)
    span = cx.positions.span(node, anchor)
    parts = [
        cx.const(span, None) if part is None else lower_expression(cx, part)
        for part in (node.lower, node.upper, node.step)
    ]
    return cx.call(span, SLICE, *parts, hint=hint)


# Conditions -------------------------------------------------------------------------------------


def lower_condition(
    cx: Context, node: ast.expr, if_true: Block, if_false: Block, span: Span
) -> None:
    """Branch on the truth of an expression. `span` is that of the statement that asks."""
    match node:
        case ast.Constant():
            cx.ssa.jump(if_true if node.value else if_false, span=span)
        case ast.UnaryOp(op=ast.Not()):
            lower_condition(cx, node.operand, if_false, if_true, span)
        case ast.BoolOp():
            _bool_condition(cx, node, if_true, if_false, span)
        case ast.Compare() if len(node.ops) > 1:
            _chain_condition(cx, node, if_true, if_false, span)
        case _:
            value = lower_expression(cx, node)
            cx.ssa.branch(cx.call(span, BOOL, value), if_true, if_false, span=span)


def _bool_condition(
    cx: Context, node: ast.BoolOp, if_true: Block, if_false: Block, span: Span
) -> None:
    is_and = isinstance(node.op, ast.And)
    since = cx.ssa.mark()
    for index, operand in enumerate(node.values[:-1]):
        more = cx.ssa.new_block("and" if is_and else "or")
        ways = (more, if_false) if is_and else (if_true, more)
        lower_condition(cx, operand, *ways, _bool_span(cx, node, index))
        cx.ssa.start(more, since)
        if not cx.ssa.reachable:
            return
    lower_condition(cx, node.values[-1], if_true, if_false, span)


def _chain_condition(
    cx: Context, node: ast.Compare, if_true: Block, if_false: Block, span: Span
) -> None:
    since = cx.ssa.mark()
    lhs = lower_expression(cx, node.left)
    for index in range(len(node.ops)):
        rhs = _comparator(cx, node, index)
        result = _compare_one(cx, node, index, lhs, rhs, "t")
        if index + 1 == len(node.ops):
            cx.ssa.branch(cx.call(span, BOOL, result), if_true, if_false, span=span)
            return
        more = cx.ssa.new_block("more")
        link = _compare_span(cx, node, index)
        cx.ssa.branch(cx.call(link, BOOL, result), more, if_false, span=link)
        cx.ssa.start(more, since)
        lhs = rhs


EXPRESSIONS: dict[type[ast.expr], LowerExpression] = {
    ast.Attribute: _attribute,
    ast.BinOp: _bin_op,
    ast.BoolOp: _bool_op,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.GeneratorExp: _generator_expression,
    ast.IfExp: _if_exp,
    ast.Lambda: _lambda,
    ast.Name: _name,
    ast.NamedExpr: _named_expr,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.UnaryOp: _unary_op,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
}
