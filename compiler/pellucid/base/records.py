"""Dataclasses that are made when their first instance is.

    @record(frozen=True)
    class Array(Type):          # Type is a Record
        dtype: Type
        ndim: int

The standard decorator writes each class's methods as text and compiles it, half a millisecond a
class. In a process that calls cached code, the classes it passes by would cost more than all that
it does. `record` only notes the options; the first instance, made or unpickled, has the standard
decorator applied to its class and the class's bases, and is then what `dataclasses.dataclass` would
have made, at the same speed. Only a class without
fields can be the base of another record.

For rooms that are loaded before anything is compiled. Not for `slots=True`, which makes another
class, nor for a class whose fields are asked for before it has an instance.
"""

from __future__ import annotations

import dataclasses
import inspect
import threading
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C", bound="type[Record]")

_lock = threading.RLock()
_options_by_class: dict[type, dict[str, Any]] = {}


class Record:
    """The base of what `record` decorates; its constructor runs for a class's first instance."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        _complete(cls)
        if cls.__init__ is not Record.__init__:
            cls.__init__(self, *args, **kwargs)
        elif args or kwargs:
            message = f"{cls.__qualname__}() takes no arguments"
            raise TypeError(message)

    def __setstate__(self, state: dict[str, Any]) -> None:
        _complete(type(self))
        self.__dict__.update(state)


@dataclass_transform(field_specifiers=(dataclasses.field,))
def record(**options: Any) -> Callable[[C], C]:
    """As `dataclasses.dataclass`, with keywords only, for a class that is a `Record`."""
    assert not options.get("slots"), "slots=True makes another class"

    def note(cls: C) -> C:
        # So that the constructor above is what a thread finds while another completes the class.
        has_fields = any(inspect.get_annotations(base) for base in cls.__mro__[1:])
        assert not has_fields, f"{cls.__qualname__} adds to a class with fields"
        with _lock:
            _options_by_class[cls] = options
        return cls

    return note


def _complete(cls: type) -> None:
    """Apply the standard decorator to a class and its bases, where that is still to be done."""
    with _lock:
        for base in reversed(cls.__mro__):
            options = _options_by_class.get(base)
            if options is not None:
                if base.__annotations__:
                    dataclasses.dataclass(**options)(base)
                elif not dataclasses.is_dataclass(base):
                    dataclasses.dataclass(init=False, **options)(base)
                del _options_by_class[base]
