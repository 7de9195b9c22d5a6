"""Makes random programs over the whole language: texts, containers, functions, exceptions.

    program = language_program(seed)    the same program for the same seed
    f = program.load()

Directed by types: `grammar.py` holds a template for each way to get a value of a type or to change
one, with holes for values of other types; this file fills the holes. Arithmetic comes from
`program_strategies`, as do the bounds on ints. A variable keeps one type. What may go wrong at run
time is meant: absent keys, empty containers, containers that change size under a loop.
"""

import copy
import random
import sys
from dataclasses import dataclass, field

from grammar import EXPRESSIONS, STATEMENTS, Hole, fill, fits, variables_of
from program_strategies import BOOL, FLOAT, INT, LIMIT, Program, Signature, Writer, literal_text

STR = "str"
SCALARS = (INT, INT, INT, FLOAT, BOOL, STR, STR)
KEYS = (INT, INT, STR, STR, FLOAT, BOOL, ("tuple", INT, STR))
ORDERED = (INT, INT, FLOAT, STR, STR, ("tuple", INT, STR))
TEXTS = ("", "a", "b", "ab", "Ab a", "a b ab", "7", "-3", "Zoë", "日本", "🎈b", "x\ty", "ß", "\x00")
# No infinity and so no NaN: how NaNs are sorted, or found in sets, depends on which object each is.
FLOATS = (0.0, -0.0, 1.0, 0.5, -2.5, 3.0, 1e20, 1e-7, 123456789.125)
ERRORS = ("ValueError", "KeyError", "IndexError", "ZeroDivisionError", "TypeError", "RuntimeError")
CAUGHT = (*ERRORS, "(KeyError, IndexError)", "LookupError", "ArithmeticError", "Exception")
PALETTE = 5
LONGEST = 40  # items of a container that a loop goes over


def language_program(seed, size=14):
    """The program of a seed; `size` bounds the statements of a function."""
    rng = random.Random(seed)
    palette = []
    made, lines = [], ["import math", "from contextlib import nullcontext, suppress", ""]
    count = rng.choice((1, 1, 2, 2, 3) if size > 6 else (1, 1, 2))
    for index in range(count):
        is_last = index == count - 1
        writer = LanguageWriter(
            None, tuple(made), True, rng=rng, last=is_last, size=size, palette=palette
        )
        lines += writer.function(f"func{index}")
        made.append(writer.signature)
    last = made[-1]
    arguments = []
    for _ in range(3):
        given = [argument(rng, ty) for ty in last.params]
        for i in range(1, len(given)):  # one object as two arguments
            if last.params[i] == last.params[i - 1] and rng.random() < 0.3:
                given[i] = given[i - 1]
        arguments.append(tuple(given))
    return Program("\n".join(lines) + "\n", last.name, tuple(arguments))


def shown(ty):
    """Whether the text of its values does not depend on the order of a set."""
    return "set" not in variables_of(ty)


def copied(arguments):
    """Arguments of one's own, with what is one object still one."""
    return copy.deepcopy(arguments)


def argument(rng, ty):
    """A Python value of a type."""
    if ty == INT:
        return rng.randint(-3, 9) if rng.random() < 0.9 else rng.randint(-LIMIT, LIMIT)
    if ty == FLOAT:
        return rng.choice((rng.choice(FLOATS), round(rng.uniform(-9, 9), 2)))
    if ty == BOOL:
        return rng.random() < 0.5
    if ty == STR:
        return rng.choice(TEXTS)
    kind, *inner = ty
    if kind == "tuple":
        return tuple(argument(rng, t) for t in inner)
    size = rng.choice((1, 1, 2, 3))
    if kind == "list":
        return [argument(rng, inner[0]) for _ in range(size)]
    if kind == "set":
        return {argument(rng, inner[0]) for _ in range(size)}
    return {argument(rng, inner[0]): argument(rng, inner[1]) for _ in range(size)}


@dataclass
class LanguageWriter(Writer):
    rng: random.Random = None
    last: bool = False
    size: int = 14
    palette: list = None  # types that the program uses again and again
    scopes: int = 0  # of comprehensions and lambdas
    finals: int = 0  # depth of `finally` blocks, which nothing may leave
    generator: str = None  # what is yielded, in a generator

    # Choices --------------------------------------------------------------------------------

    def pick(self, *options):
        found = self.rng.choice(options)
        # An assignment in a generator expression is refused.
        return "neg" if found == "walrus" and self.scopes else found

    def number(self, low, high):
        return self.rng.randint(low, high)

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def value(self, ty):
        return argument(self.rng, ty)

    def type(self, depth=2):
        while len(self.palette) < PALETTE:
            self.palette.append(self.any_type(2))
        if depth > 1 and self.chance(80):
            return self.pick(*self.palette)
        return self.any_type(min(depth, 1))

    def any_type(self, depth):
        if depth <= 0 or self.chance(45):
            return self.pick(*SCALARS)
        kind = self.pick("list", "list", "list", "dict", "dict", "set", "tuple")
        if kind == "list":
            return ("list", self.any_type(depth - 1))
        if kind == "set":
            return ("set", self.pick(*KEYS))
        if kind == "dict":
            return ("dict", self.pick(*KEYS), self.any_type(depth - 1))
        return ("tuple", *(self.any_type(depth - 1) for _ in range(self.number(1, 3))))

    def fresh(self, ty):
        self.names += 1
        kind = ty if isinstance(ty, str) else ty[0]
        name = f"{kind[:1]}{self.names}"
        self.types[name] = ty
        return name

    def literal(self, ty):
        return literal_text(self.value(ty))

    # Functions ------------------------------------------------------------------------------

    def function(self, name):
        params = [self.fresh(self.type()) for _ in range(self.number(1, 3))]
        types = tuple(self.types[p] for p in params)
        for _ in range(self.number(0, 2)):
            self.assign()
        self.body(self.number(2, 6 if self.size > 6 else 3))
        if self.last:
            sure = [v for v in self.types if v not in self.maybe]
            shown = self.rng.sample(sure, min(len(sure), 3))
            ret = ("tuple", *(self.types[v] for v in shown))
            self.line(f"return ({''.join(f'{v}, ' for v in shown)})")
        else:
            ret = self.type()
            self.line(f"return {self.expression(ret)}")
        self.signature = Signature(name, types, 0, ret)
        return [f"def {name}({', '.join(params)}):", *self.lines, ""]

    def inner(self):
        """A function in the function, which may change variables of the outer one."""
        if self.depth > 2 or self.generator:
            return self.assign()
        outer, maybe, lines = dict(self.types), set(self.maybe), self.lines
        frozen, loops, depth, finals = set(self.frozen), self.loops, self.depth, self.finals
        types, ret = tuple(self.type(1) for _ in range(self.number(0, 2))), self.type(1)
        self.names += 1
        name = f"inner{self.names}"
        self.types = {n: ty for n, ty in outer.items() if n not in maybe}
        shared = [n for n in self.types if n not in frozen]
        changed = self.rng.sample(shared, 1) if shared and self.chance(40) else []
        self.frozen = set(outer) - set(changed)
        params = [self.fresh(ty) for ty in types]
        self.lines, self.loops, self.finals = [], 0, 0
        kind = self.pick("plain", "plain", "lambda", "generator")
        self.depth += 1
        if kind == "lambda":
            body = [f"{name} = lambda {', '.join(params)}: {self.expression(ret)}"]
        else:
            for n in changed:
                self.line(f"nonlocal {n}")
            self.generator = ret if kind == "generator" else None
            self.body(self.number(1, 3))
            if kind == "generator":
                self.line(f"yield {self.expression(ret)}")
            else:
                self.line(f"return {self.expression(ret)}")
            self.generator = None
            body = [f"def {name}({', '.join(params)}):"]
        inner = self.lines
        self.types, self.maybe, self.frozen, self.lines = outer, maybe, frozen, lines
        self.loops, self.depth, self.finals = loops, depth, finals
        for text in body:
            self.line(text)
        self.lines += inner
        result = ("generator", ret) if kind == "generator" else ret
        self.callable = (*self.callable, Signature(name, types, 0, result))
        return None

    # Statements -----------------------------------------------------------------------------

    def statement(self):
        self.statements += 1
        room = self.depth < 4 and self.statements < self.size
        kinds = [self.assign, self.augment, self.print_]
        kinds += [self.from_template] * 9
        if room:
            kinds += [self.if_, self.while_, self.inner, self.try_, self.try_, self.block_template]
            kinds += [self.block_template] * 3
        if self.chance(20):
            kinds += [self.raise_, self.assert_]
            kinds += [] if self.finals else [self.early_return]
        if self.loops and not self.finals:
            kinds.append(self.leave_loop)
        if self.generator:
            kinds += [self.yield_, self.yield_]
        if len(self.types) > 5:
            kinds.append(self.delete)
        self.pick(*kinds)()

    def yield_(self):
        self.line(f"yield {self.expression(self.generator)}")

    def early_return(self):
        if self.generator:
            self.line(f"if {self.condition()}: return")
        elif self.signature is not None:
            super().early_return()

    def assign(self):
        ty = self.type()
        if not isinstance(ty, str) and ty[0] != "tuple" and self.chance(10):
            value = {"list": "[]", "dict": "{}", "set": "set()"}[ty[0]]
        else:
            value = self.held(ty, self.expression(ty))
        known = self.targets(ty)
        name = self.pick(*known) if known and self.chance(50) else self.fresh(ty)
        self.line(f"{name} = {value}")

    def held(self, ty, text):
        """The text of a value that does not grow without end where it is assigned in a loop."""
        if ty == STR or ty[0] == "list":
            return f"{text}[:9]" if text.isidentifier() and not self.loops else f"({text})[:9]"
        return text

    def print_(self):
        ty = self.pick(INT, BOOL, FLOAT, STR, ("list", STR), ("tuple", INT, FLOAT), self.type())
        if not shown(ty):
            ty = STR
        self.line(f"print({self.expression(ty)}, 'seen')")

    def delete(self):
        if self.chance(30):
            super().delete()

    def try_(self):
        before = set(self.types)
        self.block("try:")
        for _ in range(self.number(1, 2)):
            name = ""
            if self.chance(50):
                self.names += 1
                name = f"e{self.names}"
            self.line(f"except {self.pick(*CAUGHT)}{name and f' as {name}'}:")
            self.depth += 1
            if name:
                self.line(f"print({self.pick('str({})', 'repr({})', '{}').format(name)})")
            if self.chance(15):
                self.line(self.pick("raise", f"raise {self.pick(*ERRORS)}({self.literal(STR)})"))
            self.inside(1)
            self.depth -= 1
        if self.chance(25):
            self.block("else:", 1)
        if self.chance(35):
            self.finals += 1
            self.block("finally:", 1)
            self.finals -= 1
        self.types = {n: ty for n, ty in self.types.items() if n in before}

    def inside(self, size):
        """Statements; what they bind is forgotten after them."""
        before, known = dict(self.types), self.callable
        self.body(size)
        self.maybe |= self.types.keys() - before.keys()
        self.types, self.callable = {n: t for n, t in before.items() if n in self.types}, known

    def from_template(self):
        self.template([s for s in STATEMENTS if not s.block])

    def block_template(self):
        self.template([s for s in STATEMENTS if s.block])

    def template(self, choices):
        for _ in range(6):
            chosen = self.pick(*choices)
            if self.emit(chosen):
                return
        self.assign()

    def emit(self, template):
        """Write a statement of templates; False if it does not fit what there is."""
        types, names = dict(self.types), self.names
        try:
            self.emit_lines(template)
        except Unfit:
            self.types, self.names = types, names
            return False
        return True

    def emit_lines(self, template):
        holes = Holes(self, {}, 2)
        bound = holes.bind_all(template.parts)
        written = len(self.lines)
        depth, loops, frozen = self.depth, self.loops, self.frozen
        try:
            for indent, parts in template.lines:
                self.depth = depth + indent
                if parts == "*":
                    self.types |= bound
                    self.frozen = self.frozen | set(bound)
                    self.loops = loops + template.loop
                    if template.loop and self.chance(85):
                        guard = holes.guard()
                        if guard:
                            self.line(f"if len({guard}) > {LONGEST}: break")
                    self.inside(self.number(1, 3))
                    self.loops = loops
                else:
                    self.line(holes.text(parts))
        except Unfit:
            del self.lines[written:]
            raise
        finally:
            self.depth, self.loops, self.frozen = depth, loops, frozen
            if template.block:
                for name in bound:
                    self.types.pop(name, None)
        self.types |= holes.made

    # Expressions ----------------------------------------------------------------------------

    def expression(self, ty, depth=2):
        if ty in {INT, FLOAT, BOOL} and self.chance(45):
            return super().expression(ty, depth)
        return self.typed(ty, depth)

    def leaf(self, ty):
        if self.chance(25):
            return f"({self.typed(ty, 1)})"
        return self.simple(ty)

    def simple(self, ty):
        known = self.variables(ty)
        if known and self.chance(85):
            return self.pick(*known)
        return self.literal(ty)

    def typed(self, ty, depth):
        if depth <= 0 or self.chance(20):
            return self.simple(ty)
        if self.chance(12):
            found = self.call(ty, depth)
            if found:
                return found
        if not isinstance(ty, str) and ty[0] == "tuple" and self.chance(50):
            return f"({''.join(f'{self.expression(t, depth - 1)}, ' for t in ty[1:])})"
        rules = [(r, found) for r in EXPRESSIONS if (found := fits(r.result, ty)) is not None]
        specific = [r for r in rules if not isinstance(r[0].result, str) or len(r[0].result) > 1]
        for _ in range(4):
            if not rules:
                break
            rule, found = self.pick(*(specific if specific and self.chance(75) else rules))
            types, names = dict(self.types), self.names
            try:
                holes = Holes(self, dict(found), depth - 1)
                holes.bind_all(rule.parts)
                text = holes.text(rule.parts)
            except Unfit:
                self.names = names
                continue
            finally:
                self.types = types
            return text if text[0] in "([{" and text[-1] in ")]}" and rule.closed else f"({text})"
        return self.simple(ty)


class Unfit(Exception):
    """There is no variable that a template asks for."""


@dataclass
class Holes:
    """Fills the holes of one template; `types` are its type variables, `named` its variables."""

    writer: LanguageWriter
    types: dict
    depth: int
    named: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)
    bound: dict = field(default_factory=dict)

    def resolve(self, pattern):
        for variable in sorted(variables_of(pattern)):
            if len(variable) == 1 and variable not in self.types:
                choices = {"K": KEYS, "O": ORDERED}.get(variable)
                self.types[variable] = self.choose(choices, shows=variable == "P")
        return fill(pattern, self.types)

    def choose(self, choices, shows):
        """A type for a type variable: mostly one that a variable has."""
        writer = self.writer
        known = (
            [ty for ty in writer.types.values() if ty in choices]
            if choices
            else [ty for ty in writer.types.values() if not shows or shown(ty)]
        )
        if known and writer.chance(65):
            return writer.pick(*known)
        if choices:
            return writer.pick(*choices)
        used = [ty for ty in writer.palette if not shows or shown(ty)]
        if used and writer.chance(60):
            return writer.pick(*used)
        return writer.pick(*SCALARS) if shows else writer.type(1)

    def bind_all(self, parts):
        """Choose the variables first: what they are decides the type variables."""
        writer = self.writer
        for part in parts:
            if isinstance(part, Hole) and part.kind == "=":
                known = [
                    (name, found)
                    for name, ty in writer.types.items()
                    if (found := fits(part.pattern, ty, self.types)) is not None
                    and (not part.change or name not in writer.frozen)
                ]
                if not known:
                    raise Unfit
                name, found = writer.pick(*known)
                self.types |= found
                self.named[part.name] = name
        for part in parts:
            if isinstance(part, Hole) and part.kind == ":":
                ty = self.resolve(part.pattern)
                writer.names += 1
                name = f"v{writer.names}"
                self.bound[name] = ty
                self.named[part.name or f":{id(part)}"] = name
        return self.bound

    def text(self, parts):
        return "".join(p if isinstance(p, str) else self.hole(p) for p in parts)

    def hole(self, part):
        writer = self.writer
        if part.kind in ("=", ":"):
            return self.named[part.name or f":{id(part)}"]
        if part.kind == "ref":
            return self.named[part.name]
        ty = self.resolve(part.pattern)
        if part.kind == "+":
            known = [n for n in writer.targets(ty) if n not in self.made and n not in self.named]
            if known and writer.chance(50):
                name = writer.pick(*known)
            else:
                types = dict(writer.types)
                name = writer.fresh(ty)
                writer.types = types
            self.made[name] = ty
            return name
        types = writer.types
        writer.scopes += part.kind == "!"
        if part.kind == "!":
            writer.types = {**types, **self.bound}
        try:
            text = writer.expression(ty, self.depth)
            if part.kind == "!" and self.bound and text.strip("()") == "False":
                # What stands under a constant is not typed: nothing would say what is collected.
                name = next(iter(self.bound))
                return f"({name} != {name})"
            return text
        finally:
            writer.types = types
            writer.scopes -= part.kind == "!"

    def guard(self):
        """A container whose growth could keep a loop going."""
        sized = [n for n in self.named.values() if n not in self.bound]
        return sized[0] if sized else None


if __name__ == "__main__":
    print(language_program(int(sys.argv[1]), *map(int, sys.argv[2:])))
