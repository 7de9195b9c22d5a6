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
    def __init__(self):
        self.next = None


def test_what_is_refused_is_named():
    @njit
    def cycle():
        a, b = Link(), Link()
        a.next = b
        return a

    with pytest.raises(CompileError, match="cannot hold its own kind"):
        cycle()
    link = Link()
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
