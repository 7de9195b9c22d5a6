"""The grammar that `language_programs` writes programs by: templates with typed holes.

    int: len(`list[T]`)             a value of type int, from a value of any list type

A hole is in backquotes: `` `T` `` any expression of the type; `` `:T` `` a new variable, which
holes with a `!` may read (comprehensions, lambdas, blocks); `` `a=T` `` a variable there is, which
is read again as `` `a` `` and may be changed if written `` `a~T` ``; `` `+T` `` one to assign to.
Single capital letters are type variables; K stands for types of keys, O for what has an order, P
for what prints the same each time.
"""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Hole:
    kind: str  # "" expression, "!" one that sees new variables, ":", "=", "ref", "+"
    name: str
    pattern: object
    change: bool = False


@dataclass(frozen=True)
class Template:
    result: object
    text: str

    @cached_property
    def parts(self):
        return parse(self.text)

    @cached_property
    def closed(self):
        """Whether the text is one bracketed expression, or a call."""
        return bool(re.match(r"^[\[{(][^\])}]*[\])}]$", self.text))

    @cached_property
    def lines(self):
        """Each line: its indent in steps, and its parts, or `*` for a block."""
        found = []
        for line in self.text.split("\n"):
            stripped = line.lstrip(" ")
            indent = (len(line) - len(stripped)) // 4
            found.append((indent, "*" if stripped == "*" else parse(stripped)))
        named = iter([p for p in self.parts if isinstance(p, Hole)])
        # The holes of the lines are those of the whole text, one by one.
        return [
            (n, p if p == "*" else [next(named) if isinstance(x, Hole) else x for x in p])
            for n, p in found
        ]

    @cached_property
    def block(self):
        return any(parts == "*" for _, parts in self.lines)

    @cached_property
    def loop(self):
        return self.text.startswith(("for ", "while "))


_HOLE = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"\w+|[\[\],]")


def parse(text):
    parts = _HOLE.split(text)
    return [hole(part) if i % 2 else part for i, part in enumerate(parts)]


def hole(text):
    if found := re.fullmatch(r"([a-z]\d?)([=~])(.+)", text):
        return Hole("=", found[1], read(found[3]), found[2] == "~")
    if found := re.fullmatch(r"([a-z]?\d?):(.+)", text):
        return Hole(":", found[1], read(found[2]))
    if re.fullmatch(r"[a-z]\d?", text):
        return Hole("ref", text, None)
    if text.startswith("+"):
        return Hole("+", "", read(text[1:]))
    if text.endswith("!"):
        return Hole("!", "", read(text[:-1]))
    return Hole("", "", read(text))


def read(text):
    """A type or a pattern of one from its text: `dict[K,list[T]]`."""
    words = _WORD.findall(text)

    def one(at):
        name = words[at]
        if at + 1 < len(words) and words[at + 1] == "[":
            inner, at = [], at + 1
            while words[at] != "]":
                item, at = one(at + 1)
                inner.append(item)
            return (name, *inner), at + 1
        return name, at + 1

    return one(0)[0]


def variables_of(pattern):
    """The names in a pattern: type variables and types."""
    if isinstance(pattern, str):
        return {pattern}
    return set().union(*map(variables_of, pattern))


KEY_TYPES = ("int", "str", "float", "bool")


def fits(pattern, ty, known=None):
    """What the type variables of a pattern stand for if it is this type, or None."""
    found = dict(known or {})
    return found if _match(pattern, ty, found) else None


def _match(pattern, ty, found):
    if isinstance(pattern, str) and len(pattern) == 1:
        if pattern in found:
            return found[pattern] == ty
        if pattern == "K" and not _key(ty):
            return False
        if pattern == "P" and "set" in variables_of(ty):
            return False
        if pattern == "O" and not (_key(ty) and ty != "bool"):
            return False
        found[pattern] = ty
        return True
    if isinstance(pattern, str) or isinstance(ty, str):
        return pattern == ty
    return len(pattern) == len(ty) and all(
        _match(p, t, found) for p, t in zip(pattern, ty, strict=True)
    )


def _key(ty):
    return ty in KEY_TYPES if isinstance(ty, str) else ty[0] == "tuple" and all(map(_key, ty[1:]))


def fill(pattern, types):
    if isinstance(pattern, str):
        return types.get(pattern, pattern) if len(pattern) == 1 else pattern
    return tuple(fill(p, types) for p in pattern)


def _templates(text):
    found = []
    for line in text.strip().splitlines():
        if line.strip():
            result, _, template = line.partition(": ")
            found.append(Template(read(result.strip()), template.strip()))
    return tuple(found)


EXPRESSIONS = _templates(r"""
int: len(`list[T]`)
int: len(`str`)
int: len(`dict[K,T]`)
int: len(`set[K]`)
int: len({`K`, `K`})
int: sum(`list[int]`) % 1009
int: sum([`int!` for `:T` in `list[T]`]) % 1009
int: sum(`int!` for `:T` in `list[T]` if `bool!`) % 1009
int: sum(`x:int` * 2 for `x` in `list[int]`) % 1009
int: sum(1 for `:str` in `str` if `bool!`)
int: `list[T]`.index(`T`)
int: `list[T]`.count(`T`)
int: `str`.find(`str`)
int: `str`.count(`str`)
int: `str`.index(`str`)
int: `str`.rfind(`str`, `int`)
int: ord(`s=str`[0])
int: ord(`str`[:1] or 'z')
int: int(`str`)
int: int(str(`int`))
int: int(max(-1e15, min(1e15, `float`))) % 1009
int: round(max(-1e15, min(1e15, `float`))) % 1009
int: min(`list[int]`)
int: max(`list[int]`, default=`int`)
int: max(`int`, `int`, `int`)
int: max(`set[int]`)
int: min((`int!` for `:T` in `list[T]`), default=-1)
int: `a~list[int]`.pop()
int: `a~list[int]`.pop(0)
int: [`:int` for _ in range(3)][-1] if False else `int`
int: `d=dict[K,int]`.get(`K`, 0)
int: sum(`dict[K,int]`.values()) % 1009
int: next((`int!` for `:T` in `list[T]` if `bool!`), 5)
int: divmod(`int`, `int`)[1]
int: (lambda `:T`: `int!`)(`T`)
int: [h(`int`) % 1009 for h in [lambda z, i=i: z * i for i in range(3)]][1]
int: (`list[int]` or [`int`])[0]
int: `tuple[int,T]`[0]
int: `tuple[T,int]`[-1]
float: sum(`list[float]`, 0.0)
float: max(`list[float]`, default=0.0)
float: float(`str`)
float: sum((`float!` for `:T` in `list[T]`), 0.0)
float: abs(`float`)
float: round(`float`, 2)
float: `dict[K,float]`.get(`K`, 1.5)
float: `tuple[T,float]`[1]
float: sum([`float`, `float`]) / 2
bool: `T` == `T`
bool: `T` != `T`
bool: `O` < `O`
bool: `O` <= `O`
bool: `list[O]` < `list[O]`
bool: `tuple[O,int]` >= `tuple[O,int]`
bool: `T` in `list[T]`
bool: `T` not in `list[T]`
bool: `K` in `dict[K,T]`
bool: `K` in `set[K]`
bool: `K` not in {`K`, `K`}
bool: `T` in (`T`, `T`)
bool: `str` in `str`
bool: bool(`T`)
bool: not `T`
bool: any(`list[bool]`)
bool: all([`bool!` for `:T` in `list[T]`])
bool: any(`bool!` for `:T` in `list[T]`)
bool: all(`bool!` for `:K` in `set[K]`)
bool: `str`.startswith(`str`)
bool: `str`.endswith((`str`, `str`))
bool: `str`.isalpha()
bool: `str`.isdigit()
bool: `set[K]` <= `set[K]`
bool: `set[K]`.isdisjoint(`set[K]`)
bool: isinstance(`T`, (int, str))
bool: `a=list[T]` is `b=list[T]`
bool: `a=T` is None
str: `str` + `str`
str: (`str` * 3)[:7]
str: `str`[`int`]
str: `str`[`int`:]
str: `str`[:`int`:-1]
str: `str`[::2]
str: `str`.upper()
str: `str`.title()
str: `str`.strip()
str: `str`.replace(`str`, `str`)[:9]
str: `str`.replace('a', `str`, 1)
str: `str`.join(`list[str]`)
str: ','.join(str(`x:P`) for `x` in `list[P]`)
str: '-'.join([`str!` for `:T` in `list[T]`])
str: '/'.join(map(str, `list[int]`))
str: ''.join(sorted(`str`))
str: ''.join(reversed(`str`))
str: '|'.join(`dict[str,T]`)
str: str(`int`)
str: str(`float`)
str: str(`bool`)
str: str(`list[P]`)
str: str((`O`, `O`))
str: repr(`str`)
str: repr(`float`)
str: chr(`int` % 1000 + 65)
str: f'{`x=P`}'
str: f'<{`x=int`:>6}|{`y=float`:.3f}>'
str: f'{`x=str`!r:>8}{`y=int`:+,d}'
str: f'{`x=float`:g}{`y=int`:#x}'
str: f'{`x=str`:*^7.2}'
str: '%s=%d' % (`str`, `int`)
str: '%5.1f' % `float`
str: '{}-{!r}'.format(`int`, `str`)
str: format(`int`, '05')
str: min(`list[str]`)
str: max(`str`, `str`, key=len)
str: (`str`.split() or ['q'])[0]
str: `str`.partition(`str`)[2]
str: `dict[K,str]`.get(`K`, 'none')
str: (`str` or `str`)
str: `a~list[str]`.pop()
str: (`s=str`[0] if `s` else `str`)
list[int]: list(range(`int` % 5))
list[int]: [ord(`x:str`) for `x` in `str`]
list[int]: [i for i, `x:T` in enumerate(`list[T]`) if `bool!`]
list[int]: [len(`x:str`) for `x` in `list[str]`]
list[int]: list(map(len, `list[list[T]]`))
list[int]: list(map(lambda `:T`: `int!`, `list[T]`))
list[int]: [*range(3), *`list[int]`]
list[int]: [`x:int` + `y:int` for `x`, `y` in zip(`list[int]`, `list[int]`)]
list[int]: [h(1) for h in [(lambda z, i=i: z + i) for i in range(3)]]
list[str]: `str`.split()
list[str]: `str`.split(`str`)
list[str]: list(`str`)
list[str]: [`x:str`.upper() for `x` in `str`]
list[str]: [str(`x:P`) for `x` in `list[P]`]
list[str]: `str`.splitlines()
list[tuple[int,T]]: list(enumerate(`list[T]`))
list[tuple[A,B]]: list(zip(`list[A]`, `list[B]`))
list[tuple[K,T]]: list(`dict[K,T]`.items())
list[O]: sorted(`set[O]`)
list[O]: sorted(`list[O]`)
list[O]: sorted(`list[O]`, reverse=True)
list[O]: sorted({`O`, `O`})
list[K]: sorted(set(`list[K]`))
list[K]: list(`dict[K,T]`)
list[K]: [`x:K` for `x` in `dict[K,T]`]
list[T]: list(`dict[K,T]`.values())
list[T]: `list[T]`[`int`:`int`]
list[T]: `list[T]`[::-1]
list[T]: `list[T]`[1:]
list[T]: `list[T]`[::`int`]
list[T]: `list[T]` + `list[T]`
list[T]: [`T`] * (`int` % 4)
list[T]: (`list[T]` * 2)[:6]
list[T]: `list[T]`.copy()
list[T]: list(`list[T]`)
list[T]: list(reversed(`list[T]`))
list[T]: [`x:T` for `x` in `list[T]` if `bool!`]
list[T]: [`T!` for `:A` in `list[A]`]
list[T]: [`T!` for `:A` in `list[A]` for `:B` in `list[B]`][:8]
list[T]: [`x:T` for `y:list[T]` in `list[list[T]]` for `x` in `y`][:8]
list[T]: list(filter(lambda `:T`: `bool!`, `list[T]`))
list[T]: sorted(`list[T]`, key=lambda `:T`: `int!`)
list[T]: sorted(`list[T]`, key=lambda `:T`: `str!`, reverse=True)
list[T]: [`T`, *`list[T]`]
list[T]: [*`list[T]`, `T`, *`list[T]`][:8]
list[T]: `dict[K,list[T]]`.get(`K`, [])
list[T]: (`list[T]` or [`T`])
list[list[T]]: [[`T!` for `:int` in range(2)] for `:int` in range(2)]
list[list[T]]: [`x:list[T]`[:1] for `x` in `list[list[T]]`]
set[K]: {`K`, `K`}
set[K]: set(`list[K]`)
set[K]: set(`dict[K,T]`)
set[K]: {`K!` for `:T` in `list[T]`}
set[K]: {`x:K` for `x` in `set[K]` if `bool!`}
set[K]: `set[K]` | `set[K]`
set[K]: `set[K]` & `set[K]`
set[K]: `set[K]` - `set[K]`
set[K]: `set[K]` ^ `set[K]`
set[K]: `set[K]`.union(`set[K]`)
set[K]: `set[K]`.copy()
set[str]: set(`str`)
dict[K,T]: {`K`: `T`, `K`: `T`}
dict[K,T]: {`K!`: `T!` for `:A` in `list[A]`}
dict[K,T]: {`k:K`: `v:T` for `k`, `v` in zip(`list[K]`, `list[T]`)}
dict[K,T]: dict(zip(`list[K]`, `list[T]`))
dict[K,T]: {**`dict[K,T]`, `K`: `T`}
dict[K,T]: `dict[K,T]` | `dict[K,T]`
dict[K,T]: `dict[K,T]`.copy()
dict[K,T]: dict(`dict[K,T]`)
dict[K,T]: {`k:K`: `v:T` for `k`, `v` in `dict[K,T]`.items() if `bool!`}
dict[K,int]: {`x:K`: i for i, `x` in enumerate(`list[K]`)}
tuple[A,B]: (`B`, `A`)[::-1]
tuple[A,B]: (`a=tuple[A,B]`[0], `a`[1])
tuple[int,int]: divmod(`int`, `int`)
tuple[int,T]: max(enumerate(`list[T]`))
tuple[O,O]: (min(`O`, `O`), max(`O`, `O`))
tuple[O,O]: (lambda x, y: (y, x))(`O`, `O`)
T: `a=list[T]`[`int` % len(`a`)]
T: `list[T]`[-1]
T: `a~list[T]`.pop()
T: (`list[T]` or [`T`])[0]
T: `dict[K,T]`[`K`]
T: `dict[K,T]`.get(`K`, `T`)
T: `d~dict[K,T]`.setdefault(`K`, `T`)
T: `d~dict[K,T]`.pop(`K`, `T`)
T: `T` if `bool` else `T`
T: (`T`, `T`)[`bool`]
T: (lambda: `T`)()
T: (lambda `:A`: `T!`)(`A`)
T: next(iter(`list[T]`))
T: next((`x:T` for `x` in `list[T]` if `bool!`), `T`)
T: [`T`, `T`][`int` % 2]
T: `tuple[T,A]`[0]
T: `tuple[A,T]`[1]
""")


def _statements(text):
    return tuple(Template(None, block) for block in text.strip("\n").split("\n;\n"))


STATEMENTS = _statements("""
`a~list[T]`.append(`T`)
;
`a~list[T]`.append(`T`)
;
`a~list[T]`.extend((`list[T]`)[:3])
;
`a~list[T]` += (`list[T]`)[:3]
;
`a~list[T]`[`int` % len(`a`)] = `T`
;
`a~list[T]`[`int`] = `T`
;
`a~list[T]`[`int`:`int`] = (`list[T]`)[:3]
;
`a~list[T]`.insert(`int`, `T`)
;
`a~list[T]`.pop(`int`)
;
`a~list[T]`.remove(`T`)
;
`a~list[T]`.clear()
;
`a~list[T]`.reverse()
;
`a~list[O]`.sort()
;
`a~list[T]`.sort(key=lambda `:T`: `int!`)
;
`a~list[T]`.sort(key=lambda `:T`: `str!`, reverse=True)
;
del `a~list[T]`[`int`]
;
del `a~list[T]`[`int`:]
;
del `a~list[T]`[::2]
;
`a~list[list[T]]`[0].append(`T`)
;
`a=list[int]`[0] += `int` % 7
;
`+list[T]` = `a=list[T]`
;
`+list[T]` = []
;
`+list[T]` = `+list[T]` = (`list[T]`)[:9]
;
`d~dict[K,T]`[`K`] = `T`
;
`d~dict[K,T]`[`K`] = `T`
;
`d~dict[K,int]`[`K`] = (`d`.get(`K`, 0) + 1) % 99
;
`d~dict[K,int]`[`K`] += 1
;
`d~dict[K,list[T]]`.setdefault(`K`, []).append(`T`)
;
del `d~dict[K,T]`[`K`]
;
`d~dict[K,T]`.update(`dict[K,T]`)
;
`d~dict[K,T]`.pop(`K`)
;
`d~dict[K,T]`.clear()
;
`+tuple[K,T]` = `d~dict[K,T]`.popitem()
;
`+dict[K,T]` = {}
;
`s~set[K]`.add(`K`)
;
`s~set[K]`.discard(`K`)
;
`s~set[K]`.remove(`K`)
;
`s~set[K]`.update(`list[K]`)
;
`s~set[K]` |= `set[K]`
;
`s~set[K]` -= `set[K]`
;
`s~str` += (`str`)[:3]
;
`+A`, `+B` = `tuple[A,B]`
;
`+A`, `+A` = (`list[A]`)[:2]
;
`+A`, *`+list[A]` = `list[A]`
;
*`+list[A]`, `+A` = `A`, `A`, `A`
;
(`+A`, `+B`), `+C` = (`A`, `B`), `C`
;
`a~list[T]`[0], `a`[-1] = `a`[-1], `a`[0]
;
print(*`tuple[int,str]`, sep=`str`)
;
print(f'{`x=P`!r}' if `bool` else 'no', end=';')
;
assert `bool` or `bool`, `str`
;
for `:T` in `a=list[T]`:
    *
;
for `:T` in (`list[T]`)[:5]:
    *
;
for `:int`, `:T` in enumerate(`a=list[T]`):
    *
;
for `:A`, `:B` in zip(`a=list[A]`, `b=list[B]`):
    *
;
for `:T` in reversed(`a=list[T]`):
    *
;
for `:O` in sorted(`set[O]`):
    *
;
for `:str` in (`str`)[:5]:
    *
;
for `:K` in `d=dict[K,T]`:
    *
;
for `:K`, `:T` in `d=dict[K,T]`.items():
    *
;
for `:T` in list(`d=dict[K,T]`.values()):
    *
;
for `:int` in range(`int` % 4):
    *
else:
    print('else')
;
for `:int` in filter(lambda z: z % 2 == 0, range(4)):
    *
;
while `a~list[T]`:
    `:T` = `a`.pop()
    *
;
with suppress(KeyError, IndexError):
    *
;
with nullcontext(`T`) as `:T`:
    *
;
match `int` % 3:
    case 0:
        *
    case 1 | 2 if `bool`:
        *
    case _:
        *
;
match `str`:
    case 'a' | 'b':
        *
    case '':
        *
;
match `list[T]`:
    case []:
        print('empty')
    case [`:T`]:
        *
    case [`x:T`, *`r:list[T]`]:
        *
;
match `tuple[int,A]`:
    case (0, `:A`):
        *
    case (`x:int`, `:A`) if `x` > 3:
        *
    case _:
        *
;
match `dict[str,T]`:
    case {'a': `:T`}:
        *
    case {}:
        *
;
if (`n:int` := len(`list[T]`)) > 1:
    *
else:
    *
""")
