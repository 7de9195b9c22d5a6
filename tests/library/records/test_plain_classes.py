"""Instances of plain Python classes in compiled code, against Python's own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit, typeof
from pellucid.base.diagnostics import CompileError
from pellucid.types.syntax import type_from_text


class Account:
    """What methods assign grows wider, and some of it is not there from the start."""

    fee = 1
    opened = 0

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []
        self.best = None
        self.opened += 1

    def deposit(self, amount, *, note=""):
        self.balance += amount - self.fee
        self.history.append((amount, note))
        if self.best is None or amount > self.best:
            self.best = amount
        if amount > 100:
            self.large = amount
        return self

    @property
    def size(self):
        return len(self.history)

    @property
    def name(self):
        return self.owner

    @name.setter
    def name(self, value):
        self.owner = value.title()

    @staticmethod
    def rate(x):
        return x * 2

    @classmethod
    def of_two(cls, owner):
        return cls(owner, 2)

    def __add__(self, other):
        return Account(self.owner + other.owner, self.balance + other.balance)

    def __eq__(self, other):
        return self.balance == other.balance

    def __len__(self):
        return self.size

    def __getitem__(self, i):
        return self.history[i]

    def __str__(self):
        return f"{self.owner}: {self.balance}"


class Premium(Account):
    fee = 0

    def __init__(self, owner, bonus):
        super().__init__(owner, balance=bonus)
        self.bonus = bonus

    def deposit(self, amount, *, note=""):
        super().deposit(amount + self.bonus, note=note)
        return self


def trade(amounts, owner):
    account = Account(owner)
    for amount in amounts:
        account.deposit(amount, note="x")
    premium = Premium("p", 5).deposit(1)
    account.name = "new owner"
    other = Account.of_two("z") + premium
    shown = str(account), str(premium), account.best, premium.best, account[0], len(account)
    numbers = account.balance, other.balance, premium.bonus, account.opened, Account.rate(4)
    is_kind = isinstance(premium, Account), isinstance(account, Premium), account == other
    return shown, numbers, is_kind, account.history, account.name, account.size


trade_ints, trade_floats = njit(trade), njit(trade)


@settings(max_examples=15)
@given(st.lists(st.integers(-500, 500), min_size=1, max_size=6), st.text(max_size=4))
def test_instances_made_in_compiled_code(amounts, owner):
    assert repr(trade_ints(amounts, owner)) == repr(trade(amounts, owner))
    halves = [x / 4 for x in amounts]
    assert repr(trade_floats(halves, owner)) == repr(trade(halves, owner))


def test_an_attribute_that_is_not_assigned():
    def large(amount):
        return Account("a").deposit(amount).large

    compiled = njit(large)
    assert compiled(101) == 101
    for function in (large, compiled):
        with pytest.raises(AttributeError, match="'Account' object has no attribute 'large'"):
            function(3)


@njit
def deposit(account, amount):
    account.deposit(amount)
    return account


def test_instances_go_in_and_come_back():
    mine, expected = Account("me"), Account("me")
    assert deposit(mine, 7) is mine
    expected.deposit(7)
    assert vars(mine) == vars(expected)
    history = mine.history
    deposit(mine, 200)
    expected.deposit(200)
    assert mine.history is history
    assert vars(mine) == vars(expected)


def test_an_instance_made_in_compiled_code_is_one_of_the_class():
    @njit
    def make(owner, n):
        made = Premium(owner, n)
        return made.deposit(3), [Account("a"), Account("b")]

    made, several = make("ö", 2)
    expected = Premium("ö", 2).deposit(3)
    assert type(made) is Premium
    assert vars(made) == vars(expected)
    assert [vars(each)["owner"] for each in several] == ["a", "b"]


def test_what_is_changed_before_an_exception_is_seen():
    @njit
    def fail(account):
        account.balance = 77
        raise ValueError("no")

    account = Account("x")
    with pytest.raises(ValueError, match="no"):
        fail(account)
    assert account.balance == 77


def test_instances_in_containers_are_the_same_objects():
    @njit
    def all_of(accounts):
        for account in accounts:
            account.deposit(1)
        return accounts[0]

    accounts = [Account("a"), Account("b")]
    assert all_of(accounts) is accounts[0]
    assert [a.history for a in accounts] == [[(1, "")], [(1, "")]]


def test_a_changed_class_attribute_takes_effect(monkeypatch):
    @njit
    def fee():
        return Account("x").fee, Account("x").size

    assert fee() == (1, 0)

    @njit
    def fee_of(account):
        return account.fee

    account = Account("y")
    assert fee_of(account) == 1
    monkeypatch.setattr(Account, "fee", 4)
    assert fee() == (4, 0)
    assert fee_of(account) == 4
    monkeypatch.setattr(Account, "size", property(lambda _: -1))
    assert fee() == (4, -1)


class Resource:
    def __init__(self, log, name, swallow):
        self.log = log
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        self.log.append("enter " + self.name)
        return self

    def __exit__(self, kind, value, traceback):
        self.log.append("exit " + self.name if value is None else "failed " + self.name)
        return self.swallow


def managed(n):
    log = [""]
    with Resource(log, "a", True) as outer, Resource(log, "b", False):
        log.append(outer.name)
        if n > 2:
            raise ValueError(n)
    return log


def test_context_managers():
    compiled = njit(managed)
    for n in (1, 3):
        assert compiled(n) == managed(n)


class Grid:
    def __init__(self, n):
        self.cells = np.zeros((n, n))
        self.sums = {}

    def set(self, i, j, value):
        self.cells[i, j] = value
        self.sums[i] = self.sums.get(i, 0.0) + value

    def __call__(self):
        return self.cells.sum()


class Holder:
    def __init__(self, n):
        self.grid = Grid(n)
        self.count = 0

    def fill(self):
        for i in range(2):
            self.grid.set(i, i, i + 1.5)
            self.count += 1
        return self.grid() + self.count


def test_instances_that_hold_others():
    def run(n):
        holder = Holder(n)
        return holder.fill(), holder.grid.sums, holder.grid.cells

    (total, sums, cells), expected = njit(run)(3), run(3)
    assert (total, sums) == expected[:2]
    assert (cells == expected[2]).all()


def test_types_have_a_text():
    ty = typeof(Account("x"))
    assert type_from_text(str(ty).replace("undefined", "int64")) != ty
    account = Account("x")
    account.large = 3
    account.deposit(1)
    assert type_from_text(str(typeof(account))) == typeof(account)


class Slotted:
    """`left` no method assigns, `large` is not always there."""

    __slots__ = ("large", "left", "x")
    step = 2

    def __init__(self, x):
        self.x = x

    def grow(self, n):
        self.x += n * self.step
        if n > 5:
            self.large = n
        return self


class HalfSlotted(Slotted):
    def __init__(self, x):
        super().__init__(x)
        self.items = [x]


def slotted(n):
    made = Slotted(n).grow(n)
    made.left = n / 2
    half = HalfSlotted(n).grow(9)
    return made.x, made.left, half.x, half.large, half.items, made


def test_slots():
    compiled = njit(slotted)
    *values, made = compiled(7)
    *expected, other = slotted(7)
    assert values == expected
    assert type(made) is Slotted
    assert [getattr(made, name) for name in Slotted.__slots__] == [
        getattr(other, name) for name in Slotted.__slots__
    ]
    with pytest.raises(AttributeError, match="large"):
        compiled(1)[-1].large  # noqa: B018 (that is what raises)
    grow = njit(lambda it, n: it.grow(n))
    mine = Slotted(1)
    assert grow(mine, 2) is mine
    assert (mine.x, hasattr(mine, "large")) == (5, False)
    assert grow(mine, 6).large == 6
    assert vars(grow(HalfSlotted(1), 2)) == {"items": [1]}


class Link:
    def __init__(self, key, next=None):  # noqa: A002 (the name that lists give it)
        self.key = key
        self.next = next


class Stack:
    def __init__(self):
        self.head = None

    def push(self, item):
        link = Link(item)
        link.next = self.head
        self.head = link

    def pop(self):
        if self.head is None:
            raise IndexError("empty")
        item = self.head.key
        self.head = self.head.next
        return item


def stacked(items):
    stack = Stack()
    for item in items:
        stack.push(item)
    first = stack.pop()
    doubled = None
    while stack.head is not None:
        doubled = Link(stack.pop() * 2, doubled)
    total, link = first, doubled
    while link is not None:
        total = total * 3 + link.key
        link = link.next
    return first, total


class Branch:
    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None


class Tree:
    def __init__(self):
        self.root = None

    def insert(self, key):
        if self.root is None:
            self.root = Branch(key)
            return
        at = self.root
        while True:
            if key < at.key:
                if at.left is None:
                    at.left = Branch(key)
                    return
                at = at.left
            else:
                if at.right is None:
                    at.right = Branch(key)
                    return
                at = at.right

    def __contains__(self, key):
        at = self.root
        while at is not None:
            if key == at.key:
                return True
            at = at.left if key < at.key else at.right
        return False


def in_order(branch, keys):
    if branch is not None:
        in_order(branch.left, keys)
        keys.append(branch.key)
        in_order(branch.right, keys)
    return keys


def sorted_by_tree(items):
    tree = Tree()
    for item in items:
        tree.insert(item)
    return in_order(tree.root, [items[0]]), items[0] in tree, items[0] + 1 in tree


class Letter:
    def __init__(self):
        self.following = {}
        self.ends = False


def found_words(words, asked):
    root = Letter()
    for word in words:
        at = root
        for letter in word:
            if letter not in at.following:
                at.following[letter] = Letter()
            at = at.following[letter]
        at.ends = True
    found = []
    for word in asked:
        at = root
        for letter in word:
            if letter not in at.following:
                break
            at = at.following[letter]
        else:
            found.append((word, at.ends))
    return found


compiled_stacked, compiled_sorted, compiled_words = map(
    njit, (stacked, sorted_by_tree, found_words)
)


@settings(max_examples=15)
@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=8), st.lists(st.text("abß😀", max_size=4))
)
def test_instances_that_hold_their_own_kind(items, words):
    assert compiled_stacked(items) == stacked(items)
    assert compiled_sorted(items) == sorted_by_tree(items)
    asked = [*words, "a", "aß", ""]
    assert compiled_words(["aßb", *words], asked) == found_words(["aßb", *words], asked)


def test_what_is_linked_is_the_same_object_and_grows_wider():
    def run(n):
        first, second = Link(1), Link(n / 2)
        first.next, second.next = second, first
        same = first.next.next is first, first.next is first, second.next.key == first.key
        second.next = None
        links = [Link(float(i)) for i in range(n)]
        for i in range(n - 1):
            links[i].next = links[i + 1]
        by_key = {link.key: link for link in links}
        return same, by_key[1].next.key, links[0].next.next.key

    def past_the_end(n):
        link = Link(1, Link(n))
        return link.next.next.key

    assert njit(run)(4) == run(4)
    for function in (past_the_end, njit(past_the_end)):
        with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'key'"):
            function(2)


def test_a_long_list_is_taken_apart():
    @njit
    def length(n):
        head = None
        for i in range(n):
            head = Link(i, head)
        count = 0
        while head is not None:
            head, count = head.next, count + 1
        for i in range(n):
            head = Link(i, head)
        return count

    assert length(300_000) == 300_000


class Person:
    def __init__(self, name):
        self.name = name
        self.home = None


class Home:
    def __init__(self):
        self.owner = None
        self.rooms = 3


def test_two_classes_that_hold_each_other_are_refused():
    @njit
    def move(name):
        person, home = Person(name), Home()
        person.home = home
        home.owner = person
        return person.home.owner.name

    with pytest.raises(CompileError, match="a Person and a Home hold each other"):
        move("x")


def test_what_is_refused_is_named():
    @njit
    def linked():
        return Link(1, Link(2))

    with pytest.raises(CompileError, match="cannot be returned to Python"):
        linked()

    @njit
    def link_to(link):
        link.next = Link(2)

    with pytest.raises(CompileError, match="make all of them in compiled code"):
        link_to(Link(1))

    @njit
    def drop_second(link):
        link.next = link.next.next

    with pytest.raises(CompileError, match="from Python cannot hold another Link"):
        drop_second(Link(1, Link(2, Link(3))))

    @njit
    def text_and_int():
        return Link(1, Link("x")).key

    with pytest.raises(CompileError, match="with attributes that a"):
        text_and_int()
    link = Link(0)
    link.next = link
    with pytest.raises(TypeError, match="holds itself"):
        njit(lambda x: x)(link)

    @njit
    def unknown():
        account = Account("x")
        account.nothing = 3

    with pytest.raises(CompileError, match="has no field 'nothing'"):
        unknown()

    @njit
    def text_or_int():
        account = Account("x")
        account.balance = "much"

    with pytest.raises(CompileError, match="`balance` is a int64, which a str is not"):
        text_or_int()
