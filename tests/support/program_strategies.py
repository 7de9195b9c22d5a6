"""Makes random small programs, as text, for comparing engines (Hypothesis).

    @given(programs())
    def test_...(program):
        f = program.load()              a Python function; program.load(njit) decorates each one
        for args in program.arguments: ...

A program is a few functions, of which the last is the one to call. Every variable keeps one type,
so the compiler can type it; every int stays far below 2**63 (bounds are tracked while the text is
written, and a remainder is taken where one grows), so Python's ints and int64 agree. What may go
wrong at run time is meant: division by zero, unbound variables, raises, assertions.
"""

# ruff: noqa: C901 (a list of kinds is one thing)

import re
from dataclasses import dataclass, field

from engines import define
from hypothesis import strategies as st

INT, FLOAT, BOOL, PAIR = "int", "float", "bool", "pair"
LIMIT = 10**6  # of what an int variable holds
_ERRORS = ("ValueError", "IndexError", "KeyError", "OverflowError", "RuntimeError")


@dataclass(frozen=True)
class Program:
    """The text, the name of the function to call, and argument tuples to call it with."""

    text: str
    name: str
    arguments: tuple

    def load(self, decorate=None):
        """The function to call; with `decorate`, every function is decorated."""
        text = self.text
        if decorate is not None:
            text = text.replace("def func", "@decorate\ndef func")
        return define(text, self.name, decorate=decorate)

    def __repr__(self):
        return f"{self.text}\n# {self.name}{self.arguments}"


@dataclass(frozen=True)
class Signature:
    """A function made earlier, for calls."""

    name: str
    params: tuple
    defaults: int
    ret: str


@st.composite
def programs(draw, max_functions=3, prints=True):
    """A program of up to `max_functions` functions."""
    made = []
    lines = ["import math", ""]
    for index in range(draw(st.integers(1, max_functions))):
        writer = Writer(draw, tuple(made), prints)
        lines += writer.function(f"func{index}")
        made.append(writer.signature)
    last = made[-1]
    sample = st.tuples(*(_VALUES[ty] for ty in last.params))
    arguments = tuple(draw(st.lists(sample, min_size=1, max_size=3)))
    return Program("\n".join(lines) + "\n", last.name, arguments)


_INTS = st.one_of(st.integers(-3, 12), st.integers(-LIMIT, LIMIT))
_FLOATS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 0.5, -2.5, 1e300, 1e-300, float("inf"), float("nan")]),
    st.floats(-100, 100),
)
_VALUES = {
    INT: _INTS,
    FLOAT: _FLOATS,
    BOOL: st.booleans(),
    PAIR: st.tuples(_INTS, _FLOATS),
}


@dataclass
class Writer:
    """Writes one function; the nesting of blocks is `depth`."""

    draw: object
    callable: tuple
    prints: bool
    lines: list = field(default_factory=list)
    types: dict = field(default_factory=dict)  # variables, each with its type
    maybe: set = field(default_factory=set)  # those that some path leaves unbound
    depth: int = 1
    loops: int = 0
    names: int = 0
    frozen: set = field(default_factory=set)  # those that an inner function reads
    statements: int = 0
    signature: Signature = None

    # Choices --------------------------------------------------------------------------------

    def pick(self, *options):
        return self.draw(st.sampled_from(options))

    def chance(self, percent):
        return self.draw(st.integers(0, 99)) < percent

    def number(self, low, high):
        return self.draw(st.integers(low, high))

    def value(self, ty):
        return self.draw(_VALUES[ty])

    def type(self):
        return self.pick(INT, INT, INT, FLOAT, FLOAT, BOOL, PAIR)

    def fresh(self, ty):
        self.names += 1
        name = f"{ty[0]}{self.names}"
        self.types[name] = ty
        return name

    def variables(self, ty):
        return [name for name, known in self.types.items() if known == ty]

    def targets(self, ty):
        return [name for name in self.variables(ty) if name not in self.frozen]

    # Functions ------------------------------------------------------------------------------

    def function(self, name):
        params = [self.fresh(self.type()) for _ in range(self.number(1, 3))]
        types = tuple(self.types[p] for p in params)
        defaults = self.number(0, len(params)) if self.chance(30) else 0
        ret = self.type()
        self.signature = Signature(name, types, defaults, ret)
        plain = len(params) - defaults
        shown = [p if i < plain else f"{p}={self.literal(types[i])}" for i, p in enumerate(params)]
        self.body(self.number(1, 6))
        self.line(f"return {self.expression(ret)}")
        return [f"def {name}({', '.join(shown)}):", *self.lines, ""]

    def line(self, text):
        self.lines.append("    " * self.depth + text)

    def block(self, header, size=None):
        """An indented block; the variables that it makes, which other ways leave unbound."""
        self.line(header)
        self.depth += 1
        before, known = dict(self.types), self.callable
        self.body(self.number(1, 3) if size is None else size)
        self.callable = known
        self.depth -= 1
        made = {name: ty for name, ty in self.types.items() if name not in before}
        self.maybe |= made.keys()
        self.types = before
        return made

    def body(self, size):
        start = len(self.lines)
        for _ in range(size):
            self.statement()
        if len(self.lines) == start:
            self.line("pass")

    def statement(self):
        self.statements += 1
        kinds = [self.assign, self.assign, self.augment, self.augment]
        if self.depth < 4 and self.statements < 25:
            kinds += [self.if_, self.if_, self.for_, self.while_]
        kinds += [self.unpack, self.inner]
        if self.chance(30):
            kinds += [self.raise_, self.assert_, self.early_return]
        if self.loops:
            kinds += [self.leave_loop, self.leave_loop]
        if self.prints:
            kinds.append(self.print_)
        if len(self.types) > 3:
            kinds.append(self.delete)
        self.pick(*kinds)()

    # Statements -----------------------------------------------------------------------------

    def assign(self):
        ty = self.type()
        value = self.expression(ty)
        known = self.targets(ty)
        name = self.pick(*known) if known and self.chance(60) else self.fresh(ty)
        if self.chance(10):
            other = self.fresh(ty)
            self.line(f"{name} = {other} = {value}")
        else:
            self.line(f"{name} = {value}")

    def augment(self):
        ty = self.pick(INT, INT, FLOAT)
        known = self.targets(ty)
        if not known:
            self.assign()
            return
        name = self.pick(*known)
        if ty == FLOAT:
            self.line(f"{name} {self.pick('+', '-', '*', '/')}= {self.expression(ty)}")
        elif self.chance(25):
            value, _ = self.int_expression(1)
            self.line(f"{name} {self.pick('//', '%', '&', '^', '|')}= {self.small(value)}")
        else:
            self.line(f"{name} {self.pick('+', '-')}= {self.expression(INT)}")
            self.line(f"{name} %= {self.pick(7, 1009, -13, LIMIT)}")

    def unpack(self):
        types = [self.type() for _ in range(self.number(2, 3))]
        values = [self.expression(ty) for ty in types]
        nested = self.chance(30)
        if nested:
            values.append(self.expression(PAIR))
        targets = []
        for ty in types:
            known = [n for n in self.targets(ty) if n not in targets]
            targets.append(self.pick(*known) if known and self.chance(60) else self.fresh(ty))
        if nested:
            targets.append(f"({self.fresh(INT)}, {self.fresh(FLOAT)})")
        self.line(f"{', '.join(targets)} = {', '.join(values)}")

    def if_(self):
        made = self.block(f"if {self.condition()}:")
        while self.chance(25):
            made |= self.block(f"elif {self.condition()}:")
        if self.chance(40):
            made |= self.block("else:")
        self.types |= made

    def for_(self):
        kind, step = self.number(0, 4), self.pick(1, 2, -1, -3)
        if kind == 0:
            iterable = f"range({self.small(self.int_expression(1)[0])})"
        elif kind == 1:
            iterable = f"range({self.number(-3, 3)}, {self.number(0, 6)})"
        else:
            iterable = f"range({self.number(-5, 9)}, {self.number(-5, 9)}, {step})"
        name = self.fresh(INT)
        self.maybe.add(name)
        self.loop(f"for {name} in {iterable}:")

    def while_(self):
        counter = f"k{len(self.types)}_{self.statements}"
        self.line(f"{counter} = {self.number(0, 5)}")
        self.loop(f"while {counter} > 0 and {self.condition()}:", f"{counter} -= 1")

    def loop(self, header, *first):
        self.line(header)
        self.depth += 1
        for text in first:
            self.line(text)
        self.loops += 1
        before, known = dict(self.types), self.callable
        self.body(self.number(1, 3))
        self.callable = known
        self.loops -= 1
        self.depth -= 1
        self.maybe |= self.types.keys() - before.keys()
        self.types |= before
        if self.chance(30):
            outer, self.loops = self.loops, 0
            self.types |= self.block("else:", 1)
            self.loops = outer

    def leave_loop(self):
        if self.chance(70):
            self.line(f"if {self.condition()}: {self.pick('break', 'continue')}")
        else:
            self.line(self.pick("break", "continue"))

    def early_return(self):
        self.line(f"if {self.condition()}: return {self.expression(self.signature.ret)}")

    def raise_(self):
        name = self.pick(*_ERRORS)
        form = self.pick("", '("bad")', '("value", {})', "({})")
        condition = self.condition()
        args = form.format(self.expression(INT)) if "{" in form else form
        self.line(f"if {condition}: raise {name}{args}")

    def assert_(self):
        condition = f"{self.condition()} or {self.condition()}"
        message = self.pick("", ', "checked"', ", {}")
        message = message.format(self.expression(INT)) if "{" in message else message
        self.line(f"assert {condition}{message}")

    def print_(self):
        self.line(f"print({self.expression(self.pick(INT, BOOL, FLOAT))}, 'seen')")

    def delete(self):
        name = self.pick(*self.types)
        if self.depth > 1 and name not in self.maybe | self.frozen:
            self.line(f"del {name}")
            self.maybe.add(name)
            del self.types[name]  # to the end of the block

    def inner(self):
        """A function in the function, which reads variables that change no more."""
        outer, types = self.types, tuple(self.type() for _ in range(self.number(0, 2)))
        self.names += 1
        name, ret = f"inner{self.names}", self.type()
        default = self.literal(types[-1]) if types and self.chance(30) else ""
        self.types = {n: ty for n, ty in outer.items() if n not in self.maybe}
        params = [self.fresh(ty) for ty in types]
        body = self.expression(ret)
        self.types = outer
        self.frozen |= outer.keys() & set(re.findall(r"\w+", body))
        shown = f"{', '.join(params)}{f'={default}' if default else ''}"
        if self.chance(50):
            self.line(f"def {name}({shown}): return {body}")
        else:
            self.line(f"{name} = lambda {shown}: {body}")
        self.callable = (*self.callable, Signature(name, types, bool(default), ret))

    # Expressions ----------------------------------------------------------------------------

    def literal(self, ty):
        return literal_text(self.value(ty))

    def small(self, text):
        return f"(({text}) % {self.pick(4, 7)})"

    def condition(self):
        return self.bool_expression(self.number(1, 2))

    def expression(self, ty, depth=2):
        if ty == INT:
            text, bound = self.int_expression(depth)
            return text if bound <= LIMIT else f"({text}) % {self.pick(1009, LIMIT)}"
        if ty == FLOAT:
            return self.float_expression(depth)
        if ty == BOOL:
            return self.bool_expression(depth)
        known = self.variables(PAIR)
        if known and self.chance(40):
            return self.pick(*known)
        return f"({self.expression(INT, depth - 1)}, {self.expression(FLOAT, depth - 1)})"

    def leaf(self, ty):
        known = self.variables(ty)
        pairs = self.variables(PAIR)
        if pairs and ty in (INT, FLOAT) and self.chance(15):
            return f"{self.pick(*pairs)}[{0 if ty == INT else 1}]"
        if known and self.chance(90):
            return self.pick(*known)
        return self.literal(ty)

    def int_expression(self, depth):
        """The text, and a bound of its absolute value."""
        if depth <= 0 or self.chance(20):
            text = self.leaf(INT)
            return (text if text.isidentifier() else f"({text})"), LIMIT
        kind = self.pick("+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "**", "~", "if",
                         "and", "abs", "minmax",
                         "call", "bool", "walrus", "neg", "int")  # fmt: skip
        if kind == "call":
            found = self.call(INT, depth)
            if found:
                return found, LIMIT
        if kind == "int":
            return f"int({self.bool_expression(depth - 1)})", 1
        a, x = self.int_expression(depth - 1)
        if kind in {"~", "neg", "call"}:
            return f"({'~' if kind == '~' else '-'}{a})", x + 1
        if kind in {"<<", ">>", "**"}:
            power = self.number(0, 3)
            bound = x << power if kind == "<<" else max(x, 1) ** max(power, 1)
            if bound > 2**40:
                return a, x
            return f"({a} {kind} {power})", bound
        if kind == "abs":
            return f"abs({a})", x
        if kind == "bool":
            return f"({a} + {self.bool_expression(depth - 1)})", x + 1
        if kind == "walrus":
            name = self.fresh(INT)
            self.maybe.add(name)
            return f"({name} := {a} % 1009)", 1009
        b, y = self.int_expression(depth - 1)
        if kind == "if":
            return f"({a} if {self.bool_expression(depth - 1)} else {b})", max(x, y)
        if kind == "and":
            return f"({a} {self.pick('and', 'or')} {b})", max(x, y)
        if kind == "minmax":
            return f"{self.pick('min', 'max')}({a}, {b})", max(x, y)
        if kind == "*":
            if x * y > 2**50:
                return f"({a} % 1009 * ({b} % 997))", 1009 * 997
            return f"({a} * {b})", x * y
        if kind in {"+", "-"}:
            return f"({a} {kind} {b})", x + y
        # Both results are no larger than the larger operand, rounded up to a power of two.
        return f"({a} {kind} {b})", 2 * max(x, y) + 1

    def float_expression(self, depth):
        if depth <= 0 or self.chance(20):
            text = self.leaf(FLOAT)
            return text if text.isidentifier() else f"({text})"
        kind = self.pick("+", "-", "*", "/", "//", "%", "**", "if", "int", "neg", "call",
                         "sqrt", "floor", "minmax", "or", "mixed", "int/int")  # fmt: skip
        if kind == "int":
            return f"float({self.expression(INT, depth - 1)})"
        if kind == "int/int":
            return f"({self.int_expression(depth - 1)[0]} / {self.int_expression(depth - 1)[0]})"
        if kind == "call":
            found = self.call(FLOAT, depth)
            if found:
                return found
        a = self.float_expression(depth - 1)
        if kind == "neg":
            return f"(-{a})"
        if kind == "**":
            # Held small: where a power overflows, Python raises and compiled code is infinite.
            return f"(min(max({a}, -1e6), 1e6) ** 2)"
        if kind == "mixed":
            return f"({a} {self.pick('+', '*', '-')} {self.int_expression(depth - 1)[0]})"
        if kind == "sqrt":
            return f"math.sqrt(abs({a}))"
        if kind == "floor":
            return f"math.{self.pick('fabs', 'degrees')}({a})"
        if kind == "call":
            return a
        b = self.float_expression(depth - 1)
        if kind == "if":
            return f"({a} if {self.bool_expression(depth - 1)} else {b})"
        if kind == "or":
            return f"({a} {self.pick('and', 'or')} {b})"
        if kind == "minmax":
            return f"{self.pick('min', 'max')}({a}, {b})"
        return f"({a} {kind} {b})"

    def bool_expression(self, depth):
        if depth <= 0 or self.chance(15):
            return self.leaf(BOOL)
        kind = self.pick(
            "int", "int", "int", "float", "and", "and", "not", "chain", "truth", "call"
        )
        if kind == "not":
            return f"(not {self.bool_expression(depth - 1)})"
        if kind == "and":
            parts = [self.bool_expression(depth - 1) for _ in range(self.number(2, 3))]
            word = f" {self.pick('and', 'or')} "
            return f"({word.join(parts)})"
        if kind == "truth":
            return f"bool({self.expression(self.pick(INT, FLOAT), depth - 1)})"
        if kind == "call":
            return self.call(BOOL, depth) or self.leaf(BOOL)
        ops = ("<", "<=", ">", ">=", "==", "!=")
        if kind == "float":
            a, b = self.float_expression(depth - 1), self.float_expression(depth - 1)
            return f"({a} {self.pick(*ops)} {b})"
        parts = [self.int_expression(depth - 1)[0] for _ in range(3 if kind == "chain" else 2)]
        text = parts[0]
        for part in parts[1:]:
            text += f" {self.pick(*ops)} {part}"
        return f"({text})"

    def call(self, ty, depth):
        """A call of a function made earlier; empty if there is none of this type."""
        known = [s for s in self.callable if s.ret == ty]
        if not known:
            return ""
        chosen = self.pick(*known)
        needed = len(chosen.params) - (self.number(0, chosen.defaults))
        args = [self.expression(p, depth - 1) for p in chosen.params[:needed]]
        return f"{chosen.name}({', '.join(args)})"


def literal_text(value):
    """Source text of a value; names for what has no literal."""
    if isinstance(value, tuple):
        return f"({''.join(f'{literal_text(v)}, ' for v in value)})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal_text, value))}]"
    if isinstance(value, set) and value:
        return f"{{{', '.join(map(literal_text, value))}}}"
    if isinstance(value, dict):
        shown = [f"{literal_text(k)}: {literal_text(v)}" for k, v in value.items()]
        return f"{{{', '.join(shown)}}}"
    if isinstance(value, float):
        if value != value:
            return "math.nan"
        if value in (float("inf"), -float("inf")):
            return "math.inf" if value > 0 else "-math.inf"
    return repr(value)
