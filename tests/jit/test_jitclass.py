"""Classes that compiled code and Python share, against the same classes without the decorator."""

import copy
import gc
import math
import os
import pickle
import subprocess
import sys
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import (
    deferred_type,
    float32,
    float64,
    int32,
    int64,
    jitclass,
    njit,
    optional,
    typeof,
    types,
)
from pellucid.base.diagnostics import CompileError
from pellucid.runtime import support
from pellucid.typed import Dict, List


def undecorated(cls):
    """The plain class: the oracle."""
    return cls


# ---- the same bodies, with and without the decorator ----------------------------------------


def make_bag(decorate):  # noqa: C901 (one class)
    @decorate
    class Bag:
        """Holds numbers."""

        value: int
        array: np.ndarray[tuple[int], np.dtype[np.float64]]

        def __init__(self, value, *, fill=0.0):
            self.value = value
            self.array = np.full(value, fill)

        @property
        def size(self):
            return self.array.size

        @property
        def first(self):
            return self.array[0]

        @first.setter
        def first(self, value):
            self.array[0] = value

        def increment(self, by, times=1):
            for i in range(self.size):
                self.array[i] += by * times
            return self

        @staticmethod
        def add(x, y=10):
            return x + y

        @classmethod
        def of_two(cls, fill):
            return cls(2, fill=fill)

        def total(self):
            return self.array.sum()

        def items(self):
            for i in range(self.size):
                yield self.array[i] * 2

        def refuse(self, limit):
            if self.value > limit:
                raise ValueError("too many", self.value)
            return limit

    return Bag


JitBag, PlainBag = make_bag(jitclass), make_bag(undecorated)


def use_bag(bag):
    bag.increment(2.0).increment(by=0.5, times=3)
    bag.first = -1.5
    bag.value += 3
    return (
        bag.total(),
        bag.size,
        bag.first,
        bag.value,
        list(bag.items()),
        bag.add(1),
        bag.add(1, y=2),
    )


compiled_use_bag = njit(use_bag)


def test_an_instance_does_what_a_plain_one_does_from_python_and_compiled():
    expected = use_bag(PlainBag(4, fill=1.0))
    assert use_bag(JitBag(4, fill=1.0)) == expected
    assert compiled_use_bag(JitBag(4, fill=1.0)) == expected
    assert JitBag.add(3, 4) == 7
    assert JitBag.of_two(2.5).total() == 5.0


@njit
def make_and_use(n):
    bag = JitBag(n)
    bag.increment(1.5)
    two = JitBag.of_two(fill=4.0)
    return JitBag.add(bag.total(), y=two.total()), use_bag(two)


def test_instances_are_made_in_compiled_code():
    bag = PlainBag(3)
    bag.increment(1.5)
    two = PlainBag.of_two(fill=4.0)
    assert make_and_use(3) == (PlainBag.add(bag.total(), y=two.total()), use_bag(two))


@njit
def grow(bag):
    bag.value *= 2
    bag.array = np.ones(bag.value)
    return bag


def test_both_worlds_see_one_object():
    bag = JitBag(3)
    other = bag
    assert grow(bag) is other
    assert (other.value, other.size) == (6, 6)
    array = bag.array
    array[0] = 7.0
    assert bag.first == 7.0
    del bag, other
    gc.collect()
    assert array.tolist() == [7.0, 1, 1, 1, 1, 1]


def test_exceptions_leave_methods_with_their_arguments():
    for cls in (PlainBag, JitBag):
        with pytest.raises(ValueError, match="too many") as caught:
            cls(5).refuse(4)
        assert caught.value.args == ("too many", 5)
        assert cls(5).refuse(5) == 5


def test_what_python_sees_of_the_class():
    assert JitBag.__doc__ == "Holds numbers."
    assert (JitBag.__name__, JitBag.__module__) == ("Bag", __name__)
    assert JitBag.__qualname__ == PlainBag.__qualname__
    bag = JitBag(1)
    assert isinstance(bag, JitBag)
    assert typeof(bag) == JitBag.class_type.instance_type == bag._numba_type_
    assert bag != JitBag(1)
    assert len({bag, bag}) == 1
    assert weakref.ref(bag)() is bag
    with pytest.raises(AttributeError, match="unknown"):
        bag.unknown = 2
    with pytest.raises(AttributeError):
        bag.size = 2  # it has no setter
    for attempt in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="cannot pickle 'Bag' object"):
            attempt(bag)
    with pytest.raises(AttributeError, match="cannot be assigned"):
        JitBag.K = 3


def test_wrong_arguments_are_told_as_python_tells_them():
    for cls in (PlainBag, JitBag):
        with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'value'"):
            cls()
        with pytest.raises(TypeError, match=r"unexpected keyword argument 'limits'"):
            cls(1).refuse(limits=3)


# ---- the spec -------------------------------------------------------------------------------


def narrow():
    @jitclass([("v", int32), ("items", float32[:])])
    class Narrow:
        def __init__(self, v):
            self.v = v
            self.items = np.zeros(2, dtype=np.float32)

    return Narrow


Narrow = narrow()


@settings(max_examples=30)
@given(st.integers(-(2**63), 2**63 - 1) | st.floats(-1e9, 1e9))
def test_a_field_converts_what_it_is_given(value):
    item = Narrow(value)
    with np.errstate(all="ignore"):
        wrapped = np.int64(int(value)).astype(np.int32)
    assert item.v == wrapped
    item.v = 1
    item.v = value
    assert item.v == wrapped


@pytest.mark.parametrize(
    ("spec", "message"),
    [([(1, int32)], "spec keys should be strings, got 1"), ({"x": 3}, "types, got 3")],
)
def test_a_spec_that_is_none(spec, message):
    with pytest.raises(TypeError, match=message):
        jitclass(spec)


def test_classes_that_cannot_be():
    with pytest.raises(NameError, match="name shadowing: x"):

        @jitclass({"x": int64})
        class Shadowed:
            def __init__(self):
                pass

            def x(self):
                return 1

    with pytest.raises(TypeError, match="has no __init__"):

        @jitclass({"x": int64})
        class NoInit:
            pass

    with pytest.raises(TypeError, match="deleter"):

        @jitclass
        class Deleter:
            def __init__(self):
                pass

            @property
            def x(self):
                return 1

            @x.deleter
            def x(self):
                pass

    with pytest.raises(TypeError, match="Method '__getattr__' is not supported"):

        @jitclass
        class Dynamic:
            def __init__(self):
                pass

            def __getattr__(self, name):
                return name

    class Derived(Narrow):
        pass

    with pytest.raises(TypeError, match="decorate it with @jitclass"):
        Derived(1)


def test_mistakes_in_methods_are_told_at_the_first_call():
    @jitclass({"x": int64})
    class Faulty:
        def __init__(self):
            self.x = 1

        def store(self):
            self.y = 2

        def read(self):
            return self.z

    faulty = Faulty()
    with pytest.raises(CompileError, match="has no field 'y'"):
        faulty.store()
    with pytest.raises(CompileError, match="no attribute `z`"):
        faulty.read()


def test_fields_that_are_read_before_they_are_assigned():
    @jitclass({"items": types.ListType(int64), "number": int64, "word": types.unicode_type})
    class Late:
        def __init__(self):
            pass

        def add(self, item):
            self.items.append(item)

    late = Late()
    with pytest.raises(AttributeError, match="'Late' object has no attribute 'items'"):
        late.add(1)
    assert late.number == 0
    with pytest.raises(AttributeError, match="'word'"):
        late.word  # noqa: B018 (it raises)
    late.items = List.empty_list(int64)
    late.add(5)
    assert list(late.items) == [5]


# ---- inheritance ----------------------------------------------------------------------------


def make_shapes(decorate):  # noqa: C901 (a few classes)
    @decorate
    class Shape:
        name: str
        sides: int
        K = 4

        def __init__(self, name, sides=0):
            self.name = name
            self.sides = sides

        def area(self):
            return 0.0

        def describe(self):
            return f"{self.name} of {self.sides} with {self.area():.3f}"

        @property
        def label(self):
            return "shape " + self.name

        @classmethod
        def plain(cls):
            return cls.K * 2

    class Scaled:
        def twice(self):
            return self.area() * self.K

    @decorate
    class Square(Scaled, Shape):
        side: float
        K = 5

        def __init__(self, side):
            super().__init__("square", sides=4)
            self.side = side

        def area(self):
            return self.side**2

        def describe(self):
            return super().describe() + "!"

        @property
        def label(self):
            return "a " + super().label

    @decorate
    class Named(Square):
        def __init__(self, side, name):
            Square.__init__(self, side)
            self.name = name

        def __repr__(self):
            return f"Named({self.side!r}, {self.name!r})"

    return Shape, Square, Named


JIT_SHAPES, PLAIN_SHAPES = make_shapes(jitclass), make_shapes(undecorated)


def use_shape(shape):
    return shape.describe(), shape.area(), shape.label, shape.plain(), shape.sides


compiled_use_shape = njit(use_shape)


@pytest.mark.parametrize(
    ("index", "args"), [(0, ("blob",)), (1, (2.5,)), (2, (0.5, "tiny"))], ids=["base", "one", "two"]
)
def test_inheritance(index, args):
    plain, jitted = PLAIN_SHAPES[index](*args), JIT_SHAPES[index](*args)
    assert use_shape(jitted) == use_shape(plain)
    assert compiled_use_shape(jitted) == use_shape(plain)
    if index:
        assert jitted.twice() == plain.twice()
    for own, other in zip(JIT_SHAPES, PLAIN_SHAPES, strict=True):
        assert isinstance(jitted, own) == isinstance(plain, other)


JitShape, JitSquare, JitNamed = JIT_SHAPES


@njit
def classes_of(shape):
    return (
        isinstance(shape, JitShape),
        isinstance(shape, JitSquare),
        isinstance(shape, (JitNamed, int)),
        issubclass(JitNamed, JitShape),
        type(shape) is JitSquare,
        str(JitNamed(1.0, "x")),
    )


def test_isinstance_in_compiled_code():
    for shape in (JitShape("a"), JitSquare(1.0), JitNamed(1.0, "b")):
        assert classes_of(shape) == classes_of.py_func(shape)


def test_an_instance_of_another_class_is_never_taken_for_one():
    @njit
    def either(flag):
        return JitShape("a") if flag else JitSquare(1.0)

    for flag in (True, False):
        made, expected = either(flag), either.py_func(flag)
        assert (type(made), made.describe()) == (type(expected), expected.describe())

    @njit
    def put():
        shapes = [JitShape("a")]
        shapes.append(JitSquare(1.0))
        return shapes

    with pytest.raises(CompileError, match="append"):
        put()

    @jitclass({"shape": JitShape.class_type.instance_type})
    class Holder:
        def __init__(self, shape):
            self.shape = shape

    assert Holder(JitShape("x")).shape.name == "x"
    with pytest.raises(CompileError, match="shape"):
        Holder(JitSquare(1.0))


# ---- special methods ------------------------------------------------------------------------


def make_vector(decorate):  # noqa: C901 (one class)
    @decorate
    class Vector:
        x: float
        y: float

        def __init__(self, x, y):
            self.x = x
            self.y = y

        def __add__(self, other):
            if not isinstance(other, Vector):
                return NotImplemented
            return Vector(self.x + other.x, self.y + other.y)

        def __radd__(self, number):
            return Vector(self.x + number, self.y + number)

        def __sub__(self, other):
            return Vector(self.x - other.x, self.y - other.y)

        def __mul__(self, k):
            return Vector(self.x * k, self.y * k)

        def __rmul__(self, k):
            return self * k

        def __truediv__(self, k):
            return Vector(self.x / k, self.y / k)

        def __floordiv__(self, k):
            return Vector(self.x // k, self.y // k)

        def __mod__(self, k):
            return Vector(self.x % k, self.y % k)

        def __pow__(self, k):
            return Vector(self.x**k, self.y**k)

        def __matmul__(self, other):
            return self.x * other.x + self.y * other.y

        def __lshift__(self, k):
            return Vector(self.x + k, self.y)

        def __rrshift__(self, k):
            return Vector(self.x, self.y + k)

        def __and__(self, other):
            return int(self.x) & int(other.x)

        def __or__(self, other):
            return int(self.x) | int(other.x)

        def __xor__(self, other):
            return int(self.x) ^ int(other.x)

        def __iadd__(self, other):
            self.x += other.x
            self.y += other.y
            return self

        def __neg__(self):
            return Vector(-self.x, -self.y)

        def __pos__(self):
            return Vector(abs(self.x), abs(self.y))

        def __invert__(self):
            return Vector(self.y, self.x)

        def __abs__(self):
            return math.hypot(self.x, self.y)

        def __eq__(self, other):
            if not isinstance(other, Vector):
                return NotImplemented
            return self.x == other.x and self.y == other.y

        def __hash__(self):
            return hash((self.x, self.y))

        def __lt__(self, other):
            return abs(self) < abs(other)

        def __le__(self, other):
            return abs(self) <= abs(other)

        def __len__(self):
            return 2

        def __bool__(self):
            return self.x != 0 or self.y != 0

        def __getitem__(self, i):
            if i < 0 or i > 1:
                raise IndexError(i)
            return self.x if i == 0 else self.y

        def __setitem__(self, i, value):
            if i == 0:
                self.x = value
            else:
                self.y = value

        def __delitem__(self, i):
            self[i] = 0.0

        def __contains__(self, value):
            return value in (self.x, self.y)

        def __iter__(self):
            yield self.x
            yield self.y

        def __reversed__(self):
            yield self.y
            yield self.x

        def __call__(self, k, *, shift=0):
            return self.x * k + self.y + shift

        def __int__(self):
            return int(self.x)

        def __float__(self):
            return self.x

        def __complex__(self):
            return complex(self.x, self.y)

        def __index__(self):
            return int(self.x)

        def __round__(self, digits=0):
            return round(self.x, digits)

        def __divmod__(self, k):
            return divmod(self.x, k)

        def __str__(self):
            return f"<{self.x}, {self.y}>"

        def __repr__(self):
            return f"Vector({self.x!r}, {self.y!r})"

        def __enter__(self):
            self.x += 1
            return self

        def __exit__(self, cls, value, traceback):
            self.y = -1.0

    return Vector


JitVector, PlainVector = make_vector(jitclass), make_vector(undecorated)


def arithmetic(a, b, k):
    c = a + b - a * k
    c += b
    d = 2.0 * a / k
    return (
        (c.x, c.y, d.x, d.y, a @ b, a & b, a | b, a ^ b, abs(a), (1.5 + a).y),
        [(v.x, v.y) for v in (a // k, a % k, a**2, a << 1, 2 >> a, -a, +a, ~a)],
        (a == b, a != b, a < b, a <= b, a > b, a >= b, a == 3, a != "x"),
    )


def conversions(a, b, k):
    with b as inside:
        inside[1] += k
        held = (inside.x, inside.y)
    a[0] = k
    del a[1]
    return (
        (len(a), bool(a), a[0], a[1], k in a, list(a), list(reversed(a)), sum(a), max(a)),
        (a(2.0), a(k, shift=1), int(a), float(a), complex(a), round(a), round(a, 1), divmod(a, 2)),
        (str(a), repr(a), f"{a}", hash(a) == hash((a.x, a.y)), held, b.x, b.y),
    )


COMPILED = {function: njit(function) for function in (arithmetic, conversions)}
numbers = st.floats(-50, 50).map(lambda x: round(x, 3) or 1.0)


@settings(max_examples=15)
@given(numbers, numbers, numbers, numbers, st.floats(0.25, 9).map(lambda x: round(x, 2)))
def test_special_methods(ax, ay, bx, by, k):
    for function, compiled in COMPILED.items():
        expected = function(PlainVector(ax, ay), PlainVector(bx, by), k)
        assert function(JitVector(ax, ay), JitVector(bx, by), k) == expected
        assert compiled(JitVector(ax, ay), JitVector(bx, by), k) == expected


def test_python_uses_special_methods_where_it_does():
    vectors = [JitVector(3.0, 4.0), JitVector(1.0, 0.0)]
    assert [v.x for v in sorted(vectors)] == [1.0, 3.0]
    assert {vectors[0]: 1}[JitVector(3.0, 4.0)] == 1
    assert list(range(10))[vectors[0]] == 3
    assert [*vectors[0]] == [3.0, 4.0]
    with pytest.raises(TypeError):
        vectors[0] + "x"


def make_counter(decorate):
    @decorate
    class Counter:
        n: int
        stop: int

        def __init__(self, stop):
            self.n = 0
            self.stop = stop

        def __iter__(self):
            return self

        def __next__(self):
            if self.n == self.stop:
                raise StopIteration
            self.n += 1
            return self.n * 0.5

    @decorate
    class Items:
        n: int

        def __init__(self, n):
            self.n = n

        def __getitem__(self, i):
            if i >= self.n:
                raise IndexError
            return i * i

    return Counter, Items


def iterate(counter, items):
    first = next(counter)
    total = 0.0
    for x in counter:
        total += x
    squares = [i + 1 for i in items]
    return first, total, next(counter, -1.0), squares, 4 in items, 5 in items


def test_iteration_by_next_and_by_index():
    expected = iterate(*(cls(4) for cls in make_counter(undecorated)))
    jitted = make_counter(jitclass)
    assert iterate(*(cls(4) for cls in jitted)) == expected
    assert njit(iterate)(*(cls(4) for cls in jitted)) == expected


def make_manager(decorate):
    @decorate
    class Manager:
        entered: int
        failed: int

        def __init__(self):
            self.entered = 0
            self.failed = 0

        def __enter__(self):
            self.entered += 1
            return self

        def __exit__(self, kind, value, traceback):
            if value is not None and kind is not None:
                self.failed += 1
            return self.entered < 3

    return Manager


def manage(manager):
    for turn in range(2):
        with manager as inside:
            assert inside is manager
            if turn:
                raise KeyError("forgotten")
    return manager.entered, manager.failed


def test_context_managers():
    expected = manage(make_manager(undecorated)())
    cls = make_manager(jitclass)
    manager = cls()
    assert manage(manager) == expected
    with pytest.raises(ValueError, match="kept"), manager:
        raise ValueError("kept")
    assert njit(manage)(cls()) == expected


# ---- instances that hold others -------------------------------------------------------------

node_type = deferred_type()


@jitclass({"value": int64, "next": optional(node_type)})
class Node:
    def __init__(self, value, following):
        self.value = value
        self.next = following


node_type.define(Node.class_type.instance_type)


@jitclass
class Tree:
    key: int
    left: "Tree | None"
    right: "Tree | None"

    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None

    def insert(self, key):
        if key < self.key:
            if self.left is None:
                self.left = Tree(key)
            else:
                self.left.insert(key)
        elif self.right is None:
            self.right = Tree(key)
        else:
            self.right.insert(key)

    def collect(self, into):
        if self.left is not None:
            self.left.collect(into)
        into.append(self.key)
        if self.right is not None:
            self.right.collect(into)


@njit
def chain(n):
    head = Node(1, None)
    for i in range(n):
        head = Node(i, head)
    return head


@njit
def total(head):
    found = 0
    node = head
    while node is not None:
        found += node.value
        node = node.next
    return found


def test_linked_lists():
    head = chain(3)
    assert total(head) == 4
    assert head.next.next.next.value == 1
    assert head.next is head.next
    head.next.next = None
    assert total(head) == 3
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'value'"):
        njit(lambda node: node.next.next.value)(head)


def test_a_long_chain_is_given_back_without_deep_recursion():
    assert total(chain(1_000_000)) == sum(range(1_000_000)) + 1


@settings(max_examples=20)
@given(st.lists(st.integers(-100, 100), min_size=1, max_size=40))
def test_trees(keys):
    root = Tree(keys[0])
    for key in keys[1:]:
        root.insert(key)
    found = List.empty_list(int64)
    root.collect(found)
    assert list(found) == sorted(keys)


rows_type = float64[:]


@jitclass
class Store:
    names: list[str]
    counts: dict[str, int]
    pair: tuple[int, float]
    bag: JitVector
    rows: types.ListType(rows_type)

    def __init__(self, bag):
        self.names = []
        self.counts = {"a": 1}
        self.pair = (1, 2)
        self.bag = bag
        self.rows = List.empty_list(rows_type)

    def add(self, name):
        self.names.append(name)
        self.counts[name] = self.counts.get(name, 0) + 1
        self.pair = (self.pair[0] + 1, self.pair[1] / 2)
        self.rows.append(np.arange(3.0))
        return len(self.names)


def test_fields_of_every_kind():
    vector = JitVector(1.0, 2.0)
    store = Store(vector)
    assert [store.add(name) for name in ("a", "bee", "ü")] == [1, 2, 3]
    store.names.append("more")
    assert list(store.names) == ["a", "bee", "ü", "more"]
    assert dict(store.counts) == {"a": 2, "bee": 1, "ü": 1}
    assert store.pair == (4, 0.25)
    assert store.bag is vector
    assert [row.tolist() for row in store.rows] == [[0.0, 1.0, 2.0]] * 3


def test_instances_in_containers():
    @njit
    def gather(n):
        found = [JitVector(float(i), 0.0) for i in range(n)]
        table = {2 * i: v for i, v in enumerate(found)}
        for v in table.values():
            v.y = 5.0
        return found, table

    found, table = gather(3)
    assert [(v.x, v.y) for v in found] == [(0.0, 5.0), (1.0, 5.0), (2.0, 5.0)]
    assert all(table[2 * i] is v for i, v in enumerate(found))
    shared = List()
    shared.append(found[0])
    assert shared[0] is found[0]
    typed = Dict.empty(int64, typeof(found[0]))
    typed[3] = found[1]
    assert typed[3] is found[1]

    @njit
    def move(vectors):
        for v in vectors:
            v.x += 1
        return vectors[0]

    assert move(found) is found[0]
    assert found[2].x == 3.0


# ---- the rest -------------------------------------------------------------------------------


def test_private_names():
    @jitclass([("__secret", int64)])
    class Private:
        def __init__(self):
            self.__secret = 3

        def reveal(self):
            return self.__secret + self.__more()

        def __more(self):
            return 1

    private = Private()
    assert private.reveal() == 4
    assert private._Private__secret == 3
    with pytest.raises(AttributeError):
        getattr(private, "__secret")


def test_values_in_the_class_body():
    @jitclass
    class Settings:
        depth: int = 3
        name: str = "none"
        SCALE = 2.5

        def __init__(self):
            self.depth += 1

        def value(self):
            return self.depth * self.SCALE

    settings_ = Settings()
    assert (settings_.depth, settings_.name, settings_.value(), Settings.SCALE) == (
        4,
        "none",
        10,
        2.5,
    )


def test_an_init_that_raises_keeps_nothing():
    @jitclass({"items": float64[:]})
    class Picky:
        def __init__(self, n):
            self.items = np.zeros(8)
            if n < 0:
                raise ValueError(n)

    def attempt():
        with pytest.raises(ValueError, match="-1"):
            Picky(-1)

    attempt()
    before = support.live_blocks()
    for _ in range(1000):
        attempt()

    @njit
    def many(n):
        failed = 0
        for _ in range(n):
            try:
                Picky(-1)
            except ValueError:
                failed += 1
        return failed

    assert many(100_000) == 100_000
    assert support.live_blocks() == before


def test_identity_in_compiled_code():
    @njit
    def same(a, b):
        return a is b, a is not b, a == b, a != b

    one, other = JitBag(1), JitBag(1)
    assert same(one, one) == (True, False, True, False)
    assert same(one, other) == (False, True, False, True)


_SCRIPT = """
from pellucid import jitclass, njit, int64
@jitclass([("x", int64)])
class A:
    def __init__(self, x): self.x = x
    def get(self): return self.x
print(type(A).__name__, A(3).get(), type(A.get).__name__)
"""


def test_disabled():
    env = {**os.environ, "PELLUCID_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["type", "3", "function"]
