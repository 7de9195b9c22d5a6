"""Dicts: made, read, changed, iterated over. The engine is in `tables.py`."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from pellucid.inference.binding import is_keywords
from pellucid.inference.overloads import (
    Intrinsic,
    Typed,
    Widening,
    bind,
    overload,
    overload_method,
    refuse,
)
from pellucid.inference.variables import variables_in
from pellucid.ir.protocol import (
    build_dict,
    container,
    dict_setitem,
    dict_update,
)
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.builtins.messages import error_text
from pellucid.library.containers.entries import get_part, put_part, take_part
from pellucid.library.containers.key_hashes import check_key, key_hash
from pellucid.library.containers.keywords import build as build_keywords_of
from pellucid.library.containers.lists import type_of
from pellucid.library.containers.table_operators import takes_key
from pellucid.library.containers.tables import (
    clear,
    copy_table,
    find,
    find_hashed,
    insert,
    remove,
)
from pellucid.types import (
    BytesType,
    Counter,
    DefaultDict,
    Dict,
    Literal,
    NoneType,
    OrderedDict,
    Tuple,
    Type,
    UnicodeType,
    is_scalar,
    unicode_type,
)
from pellucid.types.convert import can_convert
from pellucid.types.kinds import static
from pellucid.types.unify import unify

EMPTY_DICT = error_text({}.popitem).strip("'")


def dict_type(ty: Type) -> Dict:
    """`ty`, which must be a dict type; refuses others."""
    if not isinstance(ty, Dict):
        refuse(f"{ty.base} is not a dict")
    return ty


def takes_item(ty: Dict, key: Type, value: Type | None = None) -> None:
    """Refuse a dict that cannot hold an item; one that may still change becomes one that can."""
    bind(ty.key_ty, key)
    check_key(key)
    joined_key = unify(ty.key_ty, key.base)
    joined_value: Type | None = ty.value_ty
    if value is not None:
        bind(ty.value_ty, value)
        bind(value.base, ty.value_ty)
        joined_value = unify(ty.value_ty, value.base)
    shown = f"{key.base}" if value is None else f"{key.base}: {value.base}"
    reason = f"a {ty} cannot hold {{{shown}}}"
    if joined_key is None or joined_value is None:
        refuse(f"{reason}: keys have one type, and values have one")
    if (joined_key, joined_value) != (ty.key_ty, ty.value_ty):
        raise Widening(ty, ty.of(joined_key, joined_value), reason)


# ---- making ---------------------------------------------------------------------------------


@overload(build_dict)
def build(*keys_and_values):
    """`{k: v, ...}`; values of several types make a mapping of constant keys, not changed."""
    if (mixed := _of_constant_keys(keys_and_values)) is not None:
        return mixed
    ty = Dict(_joined(keys_and_values[::2], "keys"), _joined(keys_and_values[1::2], "values"))
    check_key(ty.key_ty)

    def build_items(*keys_and_values):
        return container(ty, *keys_and_values)

    return build_items


def _of_constant_keys(keys_and_values: Sequence[Type]) -> Any:
    """What makes `{"a": 1, "b": "x"}`; None if a dict can hold these values."""
    keys, values = keys_and_values[::2], [ty.base for ty in keys_and_values[1::2]]
    names = [key.value for key in keys if isinstance(key, Literal)]
    if len(names) < len(keys) or not all(isinstance(name, str) for name in names):
        return None
    if len(set(names)) < len(names) or any(any(variables_in(ty)) for ty in values):
        return None
    found: Type | None = values[0]
    for ty in values[1:]:
        found = None if found is None else unify(found, ty)
    return build_keywords_of.template(*keys_and_values) if found is None else None


def _joined(tys: Sequence[Type], what: str) -> Type:
    found: Type = tys[0].base
    for ty in tys[1:]:
        bind(found, ty)
        bind(ty.base, found)
        joined = unify(found, ty.base)
        if joined is None:
            held = " and ".join(dict.fromkeys(str(ty.base) for ty in tys))
            refuse(f"the {what} of a compiled dict have one type, not {held}")
        found = joined
    return found


@overload(container)
def container_dict(dtype, *keys_and_values):
    """A dict of a type, of so many items."""
    ty = dict_type(dtype.dtype)
    if isinstance(ty, DefaultDict):
        refuse("a defaultdict has a factory")
    for index, item in enumerate(keys_and_values):
        wanted = ty.value_ty if index % 2 else ty.key_ty
        if not can_convert(item, wanted):
            refuse(f"a {item.base} is no {wanted}")
    return _container if keys_and_values else _empty


def _empty(dtype, *keys_and_values):
    return new(dtype)


def _container(dtype, *keys_and_values):
    made = new(dtype)
    _fill(made, keys_and_values)
    return made


def _fill(made, keys_and_values):
    if len(keys_and_values) > 0:
        made[keys_and_values[0]] = keys_and_values[1]
        _fill(made, keys_and_values[2:])


@overload(dict)
def dict_(*iterable, **kwargs):
    """A new dict of a mapping or of an iterable of pairs, and of keyword arguments."""
    if len(iterable) > 1:
        refuse(f"dict expected at most 1 argument, got {len(iterable)}")
    is_plain = bool(iterable) and type(iterable[0]) is Dict
    return _dict_of_dict if is_plain and not kwargs else _dict_of


def _dict_of_dict(*iterable, **kwargs):
    return iterable[0].copy()


def _dict_of(*iterable, **kwargs):
    made = build_dict()
    made.update(*iterable, **kwargs)
    return made


@overload(dict.fromkeys)
def fromkeys(iterable, value=None, /):
    """A new dict of the items of an iterable as keys, which all have one value."""
    return _fromkeys


def _fromkeys(iterable, value=None, /):
    made = build_dict()
    for key in iterable:
        made[key] = value
    return made


@overload_method(Dict, "copy")
def copy(self):
    """A new dict of the same items."""
    dict_type(self)
    return _copy


def _copy(self):
    made = empty_like(self)
    copy_table(self, made)
    return made


def empty_like(table):
    """A new dict of the type of another, which makes values as that does."""
    made = new(type_of(table))
    if has_factory(table):
        put(made, "factory", get(table, "factory"))
    return made


@static
def has_factory(table: Type) -> bool:
    """Whether a dict makes the values of keys that are not there, as it was told."""
    return isinstance(table, DefaultDict)


# ---- reading and changing -------------------------------------------------------------------


@overload(operator.getitem)
def getitem(a, b):
    """`d[key]`."""
    ty = dict_type(a)
    if isinstance(ty, DefaultDict):
        takes_item(ty, b)
    takes_key(ty, b)
    return Typed(_getitem, (ty, ty.key_ty))


def _getitem(a, b):
    number = find(a, b)
    if number < 0:
        return missing(a, b)
    return get_part(get(a, "entries"), number, 2)


def missing(table: Any, key: Any) -> Any:
    """What `table[key]` is of a key that is not there. Kinds of dicts overload it."""
    message = f"missing({table}, {key}) has a meaning in compiled code only"
    raise TypeError(message)


@overload(missing)
def missing_key(table, key):
    """KeyError, of dicts that say nothing else."""
    if isinstance(dict_type(table), (Counter, DefaultDict)):
        refuse("there is a value for each key")
    return _missing_key


def _missing_key(table, key):
    raise_key_error(key)


def raise_key_error(key):
    """KeyError with the key."""
    if is_shown(key):
        raise KeyError(key)
    raise KeyError("the key is not in the dict")


@static
def is_shown(key: Type) -> bool:
    """Whether an exception can hold a key of this type."""
    if isinstance(key, Tuple):
        return all(map(is_shown, key.elems))
    return is_scalar(key) or isinstance(key.base, (BytesType, NoneType, UnicodeType))


@overload(operator.setitem)
def setitem(a, b, c):
    """`d[key] = value`."""
    ty = dict_type(a)
    takes_item(ty, b, c)
    return Typed(set_item, (ty, ty.key_ty, ty.value_ty))


@overload(dict_setitem)
def display_setitem(items, key, value):
    """`{key: value for ...}`."""
    ty = dict_type(items)
    takes_item(ty, key, value)
    return Typed(set_item, (ty, ty.key_ty, ty.value_ty))


def set_item(table, key, value):
    """`table[key] = value`."""
    hashed = key_hash(key)
    number = find_hashed(table, key, hashed) if get(table, "used") > 0 else -1
    if number < 0:
        number = insert(table, key, hashed)
        put_part(get(table, "entries"), number, 2, value)
    else:
        replace_value(table, number, value)


def replace_value(table, number, value):
    """Another value in an entry; the old one is released when the new one is there."""
    entries = get(table, "entries")
    old = take_part(entries, number, 2)
    put_part(entries, number, 2, value)
    return old


@overload(operator.delitem)
def delitem(a, b):
    """`del d[key]`."""
    ty = dict_type(a)
    takes_key(ty, b)
    return Typed(_delitem, (ty, ty.key_ty))


def _delitem(a, b):
    number = find(a, b)
    if number < 0:
        raise_key_error(b)
    take_item(a, number)


def take_item(table, number):
    """Take out an entry, and give its key and value."""
    entries = get(table, "entries")
    pair = take_part(entries, number, 1), take_part(entries, number, 2)
    remove(table, number)
    return pair


@overload_method(Dict, "get")
def get_(self, key, default=None):
    """The value of a key, or `default`."""
    ty = dict_type(self)
    takes_key(ty, key)
    bind(ty.value_ty, default)
    if unify(ty.value_ty, default.base) is None:
        refuse(f"a {default.base} does not join with the values of a {ty}")
    return Typed(_get, (ty, ty.key_ty, default.base))


def _get(self, key, default=None):
    number = find(self, key)
    if number < 0:
        return default
    return get_part(get(self, "entries"), number, 2)


@overload_method(Dict, "setdefault")
def setdefault(self, key, default):
    """The value of a key, which is `default` from now on if it had none."""
    ty = dict_type(self)
    takes_item(ty, key, default)
    return Typed(_setdefault, (ty, ty.key_ty, ty.value_ty))


def _setdefault(self, key, default):
    hashed = key_hash(key)
    number = find_hashed(self, key, hashed) if get(self, "used") > 0 else -1
    if number < 0:
        number = insert(self, key, hashed)
        put_part(get(self, "entries"), number, 2, default)
    return get_part(get(self, "entries"), number, 2)


@overload_method(Dict, "pop")
def pop(self, key):
    """Take out a key, and give its value."""
    ty = dict_type(self)
    takes_key(ty, key)
    return Typed(_pop, (ty, ty.key_ty))


def _pop(self, key):
    number = find(self, key)
    if number < 0:
        raise_key_error(key)
    return take_item(self, number)[1]


@overload_method(Dict, "pop")
def pop_default(self, key, default):
    """Take out a key, and give its value; `default` if it is not there."""
    ty = dict_type(self)
    takes_key(ty, key)
    return Typed(_pop_default, (ty, ty.key_ty, default.base))


def _pop_default(self, key, default):
    number = find(self, key)
    if number < 0:
        return default
    return take_item(self, number)[1]


@overload_method(Dict, "popitem")
def popitem(self):
    """Take out the last item, and give it."""
    dict_type(self)
    return _popitem


def _popitem(self):
    if get(self, "used") == 0:
        raise KeyError(EMPTY_DICT)
    return take_item(self, get(self, "filled") - 1)  # the last is never a gap


@overload_method(Dict, "clear")
def clear_(self):
    """Take out all items."""
    dict_type(self)
    return clear


@overload_method(Dict, "update")
def update(self, *other, **kwargs):
    """The items of a mapping or of pairs, and keyword arguments, over those that are there."""
    ty = dict_type(self)
    if len(other) > 1:
        refuse(f"update expected at most 1 argument, got {len(other)}")
    if kwargs:
        _take_keywords(ty, tuple(kwargs.values()))
        return _update_both if other else _update_by_keywords
    return _update_of if other else _unchanged


def _take_keywords(ty: Dict, values: Sequence[Type]) -> None:
    if values:
        takes_item(ty, unicode_type, _joined(values, "values"))


def _unchanged(self, *other, **kwargs):
    return None


def _update_of(self, *other, **kwargs):
    merge(self, other[0])


def _update_by_keywords(self, *other, **kwargs):
    merge(self, kwargs)


def _update_both(self, *other, **kwargs):
    merge(self, other[0])
    merge(self, kwargs)


def _merge_template(items, other):
    """Assign the items of a mapping or of pairs."""
    ty = dict_type(items)
    if isinstance(other, Dict):
        takes_item(ty, other.key_ty, other.value_ty)
        return _update_by_dict
    if is_keywords(other):
        _take_keywords(ty, tuple(value for _, value in other.fields))
        return _update_by_mapping
    return _update


merge = Intrinsic("pellucid.library.merge", _merge_template)


def _update_by_dict(items, other):
    for key, value in other.items():
        items[key] = value


def _update_by_mapping(items, other):
    set_each(items, other.keys(), other.values())


def set_each(items, names, values):
    """Assign each value of a tuple to its name."""
    if len(names) > 0:
        items[names[0]] = values[0]
        set_each(items, names[1:], values[1:])


def _update(items, other):
    for pair in other:
        key, value = pair
        items[key] = value


@overload(dict_update)
def display_update(items, mapping):
    """`{**mapping}`."""
    if not isinstance(mapping, Dict) and not is_keywords(mapping):
        refuse(f"{mapping.base} is not a mapping")
    return merge.template(items, mapping)


# ---- operators ------------------------------------------------------------------------------


def _not_counters(*tys: Type) -> None:
    if any(isinstance(dict_type(ty), Counter) for ty in tys):
        refuse("a Counter is joined with another one")


@overload(operator.or_)
def or_(a, b):
    """`a | b`: a new dict of both, of the kind of the first that is not a plain one."""
    _not_counters(a, b)
    if type(a) is Dict and type(b) is not Dict:
        merge.template(b, a)
        return _or_right
    merge.template(a, b)
    return _or


def _or(a, b):
    made = a.copy()
    made.update(b)
    return made


def _or_right(a, b):
    made = empty_like(b)
    made.update(a)
    made.update(b)
    return made


@overload(operator.ior)
def ior(a, b):
    """`a |= b`."""
    _not_counters(a)
    merge.template(a, b)
    return _ior


def _ior(a, b):
    a.update(b)
    return a


@overload(operator.eq)
def eq(a, b):
    """`a == b`: the same keys with equal values."""
    if type(a) is type(b) and isinstance(a, (Counter, OrderedDict)):
        refuse("equal to others of their kind as these say")
    takes_key(dict_type(a), dict_type(b).key_ty)
    return has_same_items


def has_same_items(a, b):
    """Whether two dicts have the same keys with equal values."""
    if get(a, "used") != get(b, "used"):
        return False
    for key, value in b.items():
        number = find(a, key)
        if number < 0 or get_part(get(a, "entries"), number, 2) != value:
            return False
    return True


@overload(operator.ne)
def ne(a, b):
    """`a != b`."""
    dict_type(a)
    dict_type(b)
    return _not_equal


def _not_equal(a, b):
    return not a == b  # noqa: SIM201 (this is what `!=` is)
