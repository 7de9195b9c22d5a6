"""One simple use of each builtin, method and standard function: `docs/python.md` is tested on them.

A sample is an expression, or statements that end in one; what stands in
capitals is in `CLASSES`. What has no sample is not supported, or asks for a terminal.
"""

from __future__ import annotations

_STR = '"Pellucid text"'
_BYTES = 'b"Pellucid text"'


def _methods(owner: str, samples: str) -> dict[str, str]:
    """Samples of methods, one in a line: `name: use`, or a call without arguments."""
    found: dict[str, str] = {}
    for line in samples.strip().splitlines():
        name, _, use = line.strip().partition(": ")
        found[f"{owner}.{name}"] = use
    return found


def _text_methods(owner: str, quote: str) -> dict[str, str]:
    t, p = f"{quote}'Pellucid text'", quote
    uses = {
        "capitalize": "()", "center": f"(20, {p}'*')", "count": f"({p}'l')",
        "endswith": f"({p}'xt')", "expandtabs": "(4)", "find": f"({p}'l')", "index": f"({p}'l')",
        "isalnum": "()", "isalpha": "()", "isascii": "()", "isdigit": "()", "islower": "()",
        "isspace": "()", "istitle": "()", "isupper": "()", "join": f"([{p}'a', {p}'b'])",
        "ljust": "(20)", "lower": "()", "lstrip": "()", "partition": f"({p}' ')",
        "removeprefix": f"({p}'Pel')", "removesuffix": f"({p}'xt')",
        "replace": f"({p}'l', {p}'L')", "rfind": f"({p}'l')", "rindex": f"({p}'l')",
        "rjust": "(20)", "rpartition": f"({p}' ')", "rsplit": "()", "rstrip": "()",
        "split": f"({p}' ')", "splitlines": "()", "startswith": f"({p}'Pel')", "strip": "()",
        "swapcase": "()",
        "title": "()", "upper": "()", "zfill": "(20)",
    }  # fmt: skip
    return {f"{owner}.{name}": f"{t}.{name}{call}" for name, call in uses.items()}


_BUILTINS = {
    "abs": "abs(-3)", "all": "all([True, False])", "any": "any([True, False])",
    "ascii": "ascii('é')", "bin": "bin(5)", "bool": "bool(3)",
    "bytearray": "bytearray(b'abc')", "bytes": "bytes([1, 2])",
    "callable": "callable(len)", "chr": "chr(955)", "classmethod": "classmethod(len)",
    "compile": "compile('1', 'f', 'eval')", "complex": "complex(1.0, 2.0)",
    "delattr": "delattr(range(3), 'start')", "dict": "dict([(1, 2.0)])", "dir": "dir()",
    "divmod": "divmod(7, 3)", "enumerate": "list(enumerate('ab'))", "eval": "eval('1')",
    "exec": "exec('1')", "filter": "list(filter(lambda x: x > 1, [1, 2]))",
    "float": "float('1.5')", "format": "format(3.5, '.2f')", "frozenset": "frozenset([1, 2])",
    "getattr": "getattr(1j, 'imag')", "globals": "globals()", "hasattr": "hasattr(1j, 'imag')",
    "hash": "hash(2.5)", "hex": "hex(255)", "id": "id([1]) != 0",
    "int": "int('12')", "isinstance": "isinstance(3, int)",
    "issubclass": "issubclass(bool, int)", "iter": "next(iter([1, 2]))", "len": "len([1, 2])",
    "list": "list(range(3))", "locals": "locals()", "map": "list(map(abs, [-1, 2]))",
    "max": "max([1, 2])", "memoryview": "memoryview(b'ab')[0]", "min": "min(1, 2)",
    "next": "next(iter([1, 2]))", "object": "object()", "oct": "oct(8)",
    "open": "open('f')", "ord": "ord('λ')", "pow": "pow(2, 5)", "print": "print('x')",
    "property": "property(len)", "range": "list(range(1, 9, 3))", "repr": "repr('é')",
    "reversed": "list(reversed([1, 2]))", "round": "round(2.567, 1)", "set": "set([1, 2])",
    "setattr": "x = RECORD(1, 2.0); setattr(x, 'count', 3); x.count",
    "slice": "[1, 2, 3][slice(1, 3)]", "sorted": "sorted([2, 1], key=lambda x: -x)",
    "staticmethod": "staticmethod(len)",
    "str": "str(1.5)", "sum": "sum([1, 2])", "super": "super()",
    "tuple": "tuple((1, 2))", "type": "type(3) is int", "vars": "vars()",
    "zip": "list(zip([1, 2], 'ab', strict=True))", "__import__": "__import__('math')",
    "aiter": "aiter([1])", "anext": "anext([1])",
}  # fmt: skip

_NUMBERS = {
    **_methods(
        "bool",
        """\
as_integer_ratio: True.as_integer_ratio()
bit_count: True.bit_count()
bit_length: True.bit_length()
to_bytes: True.to_bytes(2, 'big')
conjugate: True.conjugate()
denominator: True.denominator
imag: True.imag
is_integer: True.is_integer()
numerator: True.numerator
real: True.real""",
    ),
    **_methods(
        "int",
        """\
as_integer_ratio: (6).as_integer_ratio()
bit_count: (6).bit_count()
bit_length: (6).bit_length()
conjugate: (6).conjugate()
denominator: (6).denominator
from_bytes: int.from_bytes(b'ab', 'big')
imag: (6).imag
is_integer: (6).is_integer()
numerator: (6).numerator
real: (6).real
to_bytes: (6).to_bytes(2, 'big')""",
    ),
    **_methods(
        "float",
        """\
as_integer_ratio: (1.5).as_integer_ratio()
conjugate: (1.5).conjugate()
from_number: float.from_number(3)
fromhex: float.fromhex('0x1.8p+0')
hex: (1.5).hex()
imag: (1.5).imag
is_integer: (1.5).is_integer()
real: (1.5).real""",
    ),
    **_methods(
        "complex",
        """\
conjugate: (1+2j).conjugate()
from_number: complex.from_number(3)
imag: (1+2j).imag
real: (1+2j).real""",
    ),
}

_TEXTS = {
    **_text_methods("str", ""),
    **_text_methods("bytes", "b"),
    **{
        name.replace("bytes", "bytearray"): use.replace(
            "b'Pellucid text'", "bytearray(b'Pellucid text')", 1
        )
        for name, use in _text_methods("bytes", "b").items()
    },
    **_methods(
        "str",
        """\
casefold: 'Straße'.casefold()
encode: 'é'.encode()
format: '{:>5}|{}'.format(3, 'a')
format_map: '{x}'.format_map({'x': 1})
isdecimal: '12'.isdecimal()
isidentifier: 'ab'.isidentifier()
isnumeric: '½'.isnumeric()
isprintable: 'ab'.isprintable()
maketrans: str.maketrans('ab', 'cd')
translate: 'ab'.translate(str.maketrans('ab', 'cd'))""",
    ),
    **_methods(
        "bytes",
        """\
decode: b'ab'.decode()
fromhex: bytes.fromhex('0aff')
hex: b'ab'.hex()
maketrans: bytes.maketrans(b'ab', b'cd')
translate: b'ab'.translate(bytes.maketrans(b'ab', b'cd'))""",
    ),
    **_methods(
        "bytearray",
        """\
append: x = bytearray(b'ab'); x.append(1); x[2]
clear: x = bytearray(b'ab'); x.clear(); len(x)
copy: bytearray(b'ab').copy()[0]
decode: bytearray(b'ab').decode()
extend: x = bytearray(b'ab'); x.extend(b'cd'); x[3]
fromhex: bytearray.fromhex('0aff')[0]
hex: bytearray(b'ab').hex()
insert: x = bytearray(b'ab'); x.insert(0, 1); x[0]
maketrans: bytearray.maketrans(b'ab', b'cd')
pop: bytearray(b'ab').pop()
remove: x = bytearray(b'ab'); x.remove(97); x[0]
resize: x = bytearray(b'ab'); x.resize(3); len(x)
reverse: x = bytearray(b'ab'); x.reverse(); x[0]
translate: bytearray(b'ab').translate(bytes.maketrans(b'ab', b'cd'))[0]""",
    ),
    **_methods(
        "memoryview",
        """\
c_contiguous: memoryview(b'ab').c_contiguous
cast: memoryview(b'ab').cast('B')[0]
contiguous: memoryview(b'ab').contiguous
count: memoryview(b'ab').count(97)
f_contiguous: memoryview(b'ab').f_contiguous
format: memoryview(b'ab').format
hex: memoryview(b'ab').hex()
index: memoryview(b'ab').index(97)
itemsize: memoryview(b'ab').itemsize
nbytes: memoryview(b'ab').nbytes
ndim: memoryview(b'ab').ndim
obj: memoryview(b'ab').obj
readonly: memoryview(b'ab').readonly
release: memoryview(b'ab').release()
shape: memoryview(b'ab').shape
strides: memoryview(b'ab').strides
suboffsets: memoryview(b'ab').suboffsets
tobytes: memoryview(b'ab').tobytes()
tolist: memoryview(b'ab').tolist()
toreadonly: memoryview(b'ab').toreadonly()[0]""",
    ),
}

_SET = """\
copy: {t}([1]).copy()
difference: {t}([1, 2]).difference([2])
intersection: {t}([1, 2]).intersection([2])
isdisjoint: {t}([1, 2]).isdisjoint([3])
issubset: {t}([1]).issubset([1, 2])
issuperset: {t}([1, 2]).issuperset([1])
symmetric_difference: {t}([1, 2]).symmetric_difference([2, 3])
union: {t}([1, 2]).union([3])"""

_DICT = """\
clear: x = {t}; x.clear(); x
copy: {t}.copy()
get: {t}.get(1)
items: list({t}.items())
keys: list({t}.keys())
pop: {t}.pop(1)
setdefault: x = {t}; x.setdefault(2, 5); x
update: x = {t}; x.update({{2: 5}}); x
values: list({t}.values())"""
_POPITEM = "popitem: {t}.popitem()"

_COLLECTIONS = {
    **_methods("Counter", _DICT.format(t="collections.Counter({1: 2})")),
    **_methods("Counter", _POPITEM.format(t="collections.Counter({1: 2})")),
    **_methods("OrderedDict", _DICT.format(t="collections.OrderedDict([(1, 2)])")),
    **_methods("defaultdict", _DICT.format(t="collections.defaultdict(int, {1: 2})")),
    **_methods("defaultdict", _POPITEM.format(t="collections.defaultdict(int, {1: 2})")),
    **_methods(
        "Counter",
        """\
elements: list(collections.Counter('abca').elements())
most_common: collections.Counter('abca').most_common(1)
subtract: x = collections.Counter('aab'); x.subtract('ac'); x
total: collections.Counter('aab').total()""",
    ),
    **_methods(
        "OrderedDict",
        """\
fromkeys: collections.OrderedDict.fromkeys([1, 2], 0)
move_to_end: x = collections.OrderedDict([(1, 2), (3, 4)]); x.move_to_end(1); x
popitem: collections.OrderedDict([(1, 2), (3, 4)]).popitem(last=False)""",
    ),
    **_methods(
        "defaultdict", "default_factory: collections.defaultdict(None, {1: 2}).default_factory"
    ),
    **_methods(
        "deque",
        """\
append: x = collections.deque([1]); x.append(2); x
appendleft: x = collections.deque([1]); x.appendleft(2); x
clear: x = collections.deque([1]); x.clear(); x
copy: collections.deque([1]).copy()
count: collections.deque([1]).count(1)
extend: x = collections.deque([1]); x.extend((2, 3)); x
extendleft: x = collections.deque([1]); x.extendleft((2, 3)); x
index: collections.deque([1]).index(1)
insert: x = collections.deque([1]); x.insert(0, 2); x
maxlen: collections.deque([1], 3).maxlen
pop: collections.deque([1]).pop()
popleft: collections.deque([1]).popleft()
remove: x = collections.deque([1]); x.remove(1); x
reverse: x = collections.deque([1, 2]); x.reverse(); x
rotate: x = collections.deque([1, 2, 3]); x.rotate(); x""",
    ),
}

_CONTAINERS = {
    **_methods(
        "list",
        """\
append: x = [1]; x.append(2); x
clear: x = [1]; x.clear(); x
copy: [1].copy()
count: [1].count(1)
extend: x = [1]; x.extend((2, 3)); x
index: [1].index(1)
insert: x = [1]; x.insert(0, 2); x
pop: [1].pop()
remove: x = [1]; x.remove(1); x
reverse: x = [1, 2]; x.reverse(); x
sort: x = [2, 1]; x.sort(reverse=True); x""",
    ),
    **_methods("tuple", "count: (1, 2).count(1)\nindex: (1, 2).index(1)"),
    **_methods(
        "dict",
        """\
clear: x = {1: 'a'}; x.clear(); x
copy: {1: 'a'}.copy()
fromkeys: dict.fromkeys([1, 2], 0)
get: {1: 'a'}.get(1)
items: list({1: 'a'}.items())
keys: list({1: 'a'}.keys())
pop: {1: 'a'}.pop(1)
popitem: {1: 'a'}.popitem()
setdefault: {1: 'a'}.setdefault(2, 'b')
update: x = {1: 'a'}; x.update({2: 'b'}); x
values: list({1: 'a'}.values())""",
    ),
    **_methods("set", _SET.format(t="set")),
    **_methods("frozenset", _SET.format(t="frozenset")),
    **_methods(
        "set",
        """\
add: x = {1}; x.add(2); x
clear: x = {1}; x.clear(); x
difference_update: x = {1}; x.difference_update([1]); x
discard: x = {1}; x.discard(1); x
intersection_update: x = {1}; x.intersection_update([1]); x
pop: {1}.pop()
remove: x = {1}; x.remove(1); x
symmetric_difference_update: x = {1}; x.symmetric_difference_update([1, 2]); x
update: x = {1}; x.update([2]); x""",
    ),
    **_methods(
        "range",
        """\
count: range(3).count(1)
index: range(3).index(1)
start: range(3).start
step: range(3).step
stop: range(3).stop""",
    ),
    **_methods(
        "slice",
        """\
indices: slice(1, 5).indices(3)
start: slice(1, 5).start
step: slice(1, 5).step
stop: slice(1, 5).stop""",
    ),
}

_ONE = "acos acosh asin asinh atan atanh ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor"
_ONE += " gamma isfinite isinf isnan lgamma log log10 log1p log2 radians sin sinh sqrt tan tanh"
_ONE += " trunc ulp modf frexp cbrt"
_TWO = "atan2 copysign fmod hypot isclose nextafter pow remainder fmax fmin"
_COMPLEX = "acos acosh asin asinh atan atanh cos cosh exp isfinite isinf isnan log log10 phase"
_COMPLEX += " polar sin sinh sqrt tan tanh"
_UNARY = "abs index inv invert neg not_ pos truth is_none is_not_none"
_BINARY = "add and_ eq floordiv ge gt is_ is_not le lshift lt mod mul ne or_ pow rshift sub truediv"
_BINARY += " xor iadd iand ifloordiv ilshift imod imul ior ipow irshift isub itruediv ixor"

_MATH = {
    **{f"math.{n}": f"math.{n}({'1.5' if n == 'acosh' else '0.5'})" for n in _ONE.split()},
    **{f"math.{n}": f"math.{n}(1.5, 2.5)" for n in _TWO.split()},
    **{f"math.{n}": f"math.{n}" for n in ("e", "inf", "nan", "pi", "tau")},
    "math.comb": "math.comb(5, 2)", "math.dist": "math.dist((0.0, 1.0), (2.0, 3.0))",
    "math.factorial": "math.factorial(5)", "math.fma": "math.fma(1.0, 2.0, 3.0)",
    "math.fsum": "math.fsum([0.1, 0.2])", "math.gcd": "math.gcd(6, 4)",
    "math.isqrt": "math.isqrt(17)", "math.lcm": "math.lcm(6, 4)",
    "math.ldexp": "math.ldexp(0.5, 3)", "math.perm": "math.perm(5, 2)",
    "math.prod": "math.prod([1, 2, 3])", "math.sumprod": "math.sumprod((1, 2), (3, 4))",
    "math.isnormal": "math.isnormal(1.0)", "math.issubnormal": "math.issubnormal(1.0)",
    "math.signbit": "math.signbit(-1.0)",
    **{f"cmath.{n}": f"cmath.{n}(0.5+0.5j)" for n in _COMPLEX.split()},
    **{f"cmath.{n}": f"cmath.{n}" for n in ("e", "inf", "infj", "nan", "nanj", "pi", "tau")},
    "cmath.isclose": "cmath.isclose(1j, 2j)", "cmath.rect": "cmath.rect(1.0, 2.0)",
    **{f"operator.{n}": f"operator.{n}(3)" for n in _UNARY.split()},
    **{f"operator.{n}": f"operator.{n}(7, 3)" for n in _BINARY.split()},
    "operator.attrgetter": "operator.attrgetter('imag')(1j)",
    "operator.call": "operator.call(abs, -1)", "operator.concat": "operator.concat([1], [2])",
    "operator.contains": "operator.contains([1], 1)",
    "operator.countOf": "operator.countOf([1], 1)",
    "operator.delitem": "x = [1]; operator.delitem(x, 0); x",
    "operator.getitem": "operator.getitem([1], 0)",
    "operator.iconcat": "operator.iconcat([1], [2])",
    "operator.indexOf": "operator.indexOf([1], 1)",
    "operator.itemgetter": "operator.itemgetter(1)((2, 3))",
    "operator.length_hint": "operator.length_hint([1])",
    "operator.matmul": "operator.matmul(np.ones((2, 2)), np.ones(2))",
    "operator.imatmul": "operator.imatmul(np.ones((2, 2)), np.ones((2, 2)))",
    "operator.methodcaller": "operator.methodcaller('upper')('ab')",
    "operator.setitem": "x = [1]; operator.setitem(x, 0, 2); x",
}  # fmt: skip

_RANDOM = {
    "betavariate": "(1.0, 2.0)", "binomialvariate": "(5, 0.5)", "choice": "([1, 2])",
    "choices": "([1, 2], k=2)", "expovariate": "(1.0)", "gammavariate": "(1.0, 2.0)",
    "gauss": "(0.0, 1.0)", "getrandbits": "(5)", "lognormvariate": "(0.0, 1.0)",
    "normalvariate": "(0.0, 1.0)", "paretovariate": "(1.0)", "randbytes": "(3)",
    "randint": "(1, 5)", "random": "()", "randrange": "(5)", "sample": "([1, 2, 3], 2)",
    "seed": "(1)", "shuffle": "([1, 2])", "triangular": "(0.0, 1.0, 0.5)",
    "uniform": "(0.0, 1.0)", "vonmisesvariate": "(0.0, 1.0)", "weibullvariate": "(1.0, 2.0)",
    "getstate": "()", "setstate": "(random.getstate())",
}  # fmt: skip
_ITERTOOLS = {
    "accumulate": "([1, 2])", "batched": "([1, 2, 3, 4], 2, strict=True)", "chain": "([1], [2])",
    "combinations": "([1, 2, 3], 2)", "combinations_with_replacement": "([1, 2, 3], 2)",
    "compress": "([1, 2], [True, False])", "dropwhile": "(lambda x: x < 2, [1, 2])",
    "filterfalse": "(lambda x: x < 2, [1, 2])", "islice": "([1, 2, 3], 2)",
    "pairwise": "([1, 2, 3])", "permutations": "([1, 2, 3], 2)", "product": "([1, 2], [3])",
    "repeat": "(1, 3)", "starmap": "(lambda a, b: a + b, [(1, 2)])",
    "takewhile": "(lambda x: x < 2, [1, 2])", "zip_longest": "([1, 2], [3], fillvalue=0)",
}  # fmt: skip

_STANDARD = {
    **{f"random.{name}": f"random.{name}{call}" for name, call in _RANDOM.items()},
    **{f"itertools.{name}": f"list(itertools.{name}{call})" for name, call in _ITERTOOLS.items()},
    "itertools.count": "next(iter(itertools.count(3)))",
    "itertools.cycle": "next(iter(itertools.cycle([1, 2])))",
    "itertools.groupby": "[(k, list(g)) for k, g in itertools.groupby([1, 1, 2])]",
    "itertools.tee": "a, b = itertools.tee([1, 2]); list(a)",
    "heapq.heapify": "x = [2, 1]; heapq.heapify(x); x",
    "heapq.heappop": "heapq.heappop([1, 2])",
    "heapq.heappush": "x = [2]; heapq.heappush(x, 1); x",
    "heapq.heappushpop": "heapq.heappushpop([1, 2], 3)",
    "heapq.heapreplace": "heapq.heapreplace([1, 2], 3)",
    "heapq.heapify_max": "x = [1, 2]; heapq.heapify_max(x); x",
    "heapq.heappop_max": "heapq.heappop_max([2, 1])",
    "heapq.heappush_max": "x = [1]; heapq.heappush_max(x, 2); x",
    "heapq.heappushpop_max": "heapq.heappushpop_max([2, 1], 3)",
    "heapq.heapreplace_max": "heapq.heapreplace_max([2, 1], 3)",
    "heapq.merge": "list(heapq.merge([1], [2]))",
    "heapq.nlargest": "heapq.nlargest(1, [1, 2])",
    "heapq.nsmallest": "heapq.nsmallest(1, [1, 2])",
    **{f"bisect.{n}": f"bisect.{n}([1, 3], 2)" for n in ("bisect", "bisect_left", "bisect_right")},
    **{
        f"bisect.{n}": f"x = [1, 3]; bisect.{n}(x, 2); x"
        for n in ("insort", "insort_left", "insort_right")
    },
    "functools.partial": "functools.partial(pow, 2)(5)",
    "functools.reduce": "functools.reduce(lambda x, y: x + y, [1, 2])",
    "functools.cmp_to_key": "sorted([2, 1], key=functools.cmp_to_key(lambda x, y: x - y))",
    "functools.wraps": "functools.wraps(abs)(lambda x: x)(1)",
    "functools.lru_cache": "functools.lru_cache(abs)(1)",
    "functools.cache": "functools.cache(abs)(1)",
    "functools.update_wrapper": "functools.update_wrapper(lambda x: x, abs)(1)",
    "string.capwords": "string.capwords('ab cd')",
    **{
        f"string.{n}": f"string.{n}"
        for n in (
            "ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits",
            "octdigits", "printable", "punctuation", "whitespace",
        )
    },
    "struct.Struct": "struct.Struct('<if').size",
    "struct.calcsize": "struct.calcsize('<if')",
    "struct.pack": "struct.pack('<if', 1, 2.0)",
    "struct.unpack": "struct.unpack('<hh', b'abcd')",
    "struct.iter_unpack": "list(struct.iter_unpack('<h', b'abcd'))",
    "struct.unpack_from": "struct.unpack_from('<h', b'abcd', 1)",
    "struct.pack_into": "x = bytearray(4); struct.pack_into('<h', x, 0, 3); x[0]",
    **{
        f"time.{n}": f"time.{n}() > 0"
        for n in (
            "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
            "process_time_ns", "thread_time", "thread_time_ns", "time", "time_ns",
        )
    },
    "time.sleep": "time.sleep(0.0)", "time.ctime": "time.ctime(0)",
    "time.gmtime": "time.gmtime(0)", "time.localtime": "time.localtime(0)",
    "time.strftime": "time.strftime('%Y')",
    **{
        f"statistics.{n}": f"statistics.{n}([1.0, 2.0, 2.0, 4.0])"
        for n in (
            "fmean", "geometric_mean", "harmonic_mean", "mean", "median", "median_grouped",
            "median_high", "median_low", "mode", "multimode", "pstdev", "pvariance", "quantiles",
            "stdev", "variance",
        )
    },
    **{
        f"statistics.{n}": f"statistics.{n}([1.0, 2.0, 4.0], [2.0, 3.0, 9.0])"
        for n in ("correlation", "covariance", "linear_regression")
    },
    "collections.Counter": "collections.Counter('abca')['a']",
    "collections.OrderedDict": "collections.OrderedDict([(1, 2)])[1]",
    "collections.defaultdict": "x = collections.defaultdict(int); x['a'] += 1; x['a']",
    "collections.deque": "x = collections.deque([1, 2]); x.appendleft(0); x.popleft()",
    "collections.namedtuple": "POINT(1, 2).x",
    "collections.ChainMap": "collections.ChainMap({1: 2})[1]",
    "dataclasses.dataclass": "RECORD(1, 2.0).size",
    "dataclasses.replace": "dataclasses.replace(RECORD(1, 2.0), count=3).count",
    "dataclasses.astuple": "dataclasses.astuple(RECORD(1, 2.0))[0]",
    "dataclasses.asdict": "dataclasses.asdict(RECORD(1, 2.0))",
    "dataclasses.is_dataclass": "dataclasses.is_dataclass(RECORD(1, 2.0))",
    "dataclasses.fields": "len(dataclasses.fields(RECORD(1, 2.0)))",
    "enum.Enum": "COLOUR.RED is COLOUR.RED",
    "enum.IntEnum": "LEVEL.LOW + 1",
    "enum.IntFlag": "(FLAGS.A | FLAGS.B) == 3",
    "enum.StrEnum": "WORD.A == 'a'",
    "enum.Flag": "FLAG.A is FLAG.A",
}  # fmt: skip

SAMPLES: dict[str, str] = {
    **_BUILTINS, **_NUMBERS, **_TEXTS, **_CONTAINERS, **_COLLECTIONS, **_MATH, **_STANDARD
}  # fmt: skip
