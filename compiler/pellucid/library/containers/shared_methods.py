"""What the methods of typed containers run (`pellucid.typed`), compiled once for each type."""

from __future__ import annotations

from pellucid.library.containers.shared import share as shared


def length(c):
    """`length` of a container."""
    return len(c)


def get_item(c, i):
    """`get_item` of a container."""
    return shared(c[i])


def set_item(c, i, value):
    """`set_item` of a container."""
    c[i] = value


def delete_item(c, i):
    """`delete_item` of a container."""
    del c[i]


def contains(c, item):
    """`contains` of a container."""
    return item in c


def equal(a, b):
    """`equal` of a container."""
    return a == b


def less(a, b):
    """`less` of a container."""
    return a < b


def less_equal(a, b):
    """`less_equal` of a container."""
    return a <= b


def copy(c):
    """`copy` of a container."""
    return shared(c.copy())


def clear(c):
    """`clear` of a container."""
    c.clear()


def add_both(a, b):
    """`add_both` of a container."""
    return shared(a + b)


def repeat(c, count):
    """`repeat` of a container."""
    return shared(c * count)


# ---- lists


def append(c, item):
    """`append` of a container."""
    c.append(item)


def extend(c, items):
    """`extend` of a container."""
    for item in items:
        c.append(item)


def insert(c, at, item):
    """`insert` of a container."""
    c.insert(at, item)


def pop(c):
    """`pop` of a container."""
    return shared(c.pop())


def pop_at(c, at):
    """`pop_at` of a container."""
    return shared(c.pop(at))


def remove(c, item):
    """`remove` of a container."""
    c.remove(item)


def reverse(c):
    """`reverse` of a container."""
    c.reverse()


def count(c, item):
    """`count` of a container."""
    return c.count(item)


def index(c, item, start, stop):
    """`index` of a container."""
    return c.index(item, start, stop)


def sort(c, reverse):
    """`sort` of a container."""
    c.sort(reverse=reverse)


def sort_by(c, key, reverse):
    """`sort_by` of a container."""
    c.sort(key=key, reverse=reverse)


def to_list(c):
    """`to_list` of a container."""
    return [shared(item) for item in c]


# ---- dicts


def get(c, key):
    """`get` of a container."""
    found = c.get(key)
    if found is None:
        return None
    return shared(found)


def set_default(c, key, value):
    """`set_default` of a container."""
    return shared(c.setdefault(key, value))


def pop_key(c, key):
    """`pop_key` of a container."""
    return shared(c.pop(key))


def pop_item(c):
    """`pop_item` of a container."""
    key, value = c.popitem()
    return key, shared(value)


def keys(c):
    """`keys` of a container."""
    return list(c)


def values(c):
    """`values` of a container."""
    return [shared(value) for value in c.values()]


def update(c, other):
    """`update` of a container."""
    for key in other:
        c[key] = other[key]


# ---- sets


def add(c, item):
    """`add` of a container."""
    c.add(item)


def discard(c, item):
    """`discard` of a container."""
    c.discard(item)


def add_all(c, items):
    """`add_all` of a container."""
    for item in items:
        c.add(item)
