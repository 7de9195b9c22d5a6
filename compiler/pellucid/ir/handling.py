"""What the front end writes for `raise` and `try`, as the reference interpreter runs it.

Part of `protocol.py`, which names these functions, and by whose name they are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class InFlight:
    """The exception that was raised last, until a handler takes it up; the reference interpreter's.

    Compiled code has the context for it.
    """

    exception: BaseException | None = None
    handled: BaseException | None = None


IN_FLIGHT = InFlight()


def exception_matches(classes: Any) -> bool:
    """Whether the exception in flight is of one of `classes`: a class, or a tuple of them."""
    return isinstance(IN_FLIGHT.exception, classes)


class _RaisedThere:
    """Stands for what is known of the exceptions that lead to the handler where it is read."""

    def __repr__(self) -> str:
        return "RAISED"


RAISED = _RaisedThere()


def exception_take(classes: Any, raised: Any) -> Any:  # noqa: ARG001 (the typed one reads it)
    """The exception in flight, which is of one of `classes`, to be kept."""
    return IN_FLIGHT.exception


def exception_field(exception: Any, name: str) -> Any:
    """A field of an exception that a handler took up."""
    return getattr(exception, name)


def exit_class(leave: Any, exception: Any) -> Any:  # noqa: ARG001 (the typed one reads it)
    """What `__exit__` gets as the class of an exception."""
    return type(exception)


def exception_drop() -> None:
    """Handled: no exception is in flight any more."""
    IN_FLIGHT.exception = None


def exception_restore(exception: Any) -> None:
    """`exception` is in flight again, as it was taken; an instance or a class is made so."""
    made = exception() if isinstance(exception, type) else exception
    if not isinstance(made, BaseException):
        message = "exceptions must derive from BaseException"
        raise TypeError(message)
    IN_FLIGHT.exception = made


def exception_value(exception: Any) -> Any:
    """What `raise` is given, as an exception or a class of exceptions known while compiling."""
    if exception is None:
        message = "exceptions must derive from BaseException"
        raise TypeError(message)
    return exception


def exception_enter(exception: Any) -> Any:
    """An exception is being handled; gives what was before, for `exception_leave`."""
    before, IN_FLIGHT.handled = IN_FLIGHT.handled, exception
    return before


def exception_leave(before: Any) -> None:
    """It is not handled any more."""
    IN_FLIGHT.handled = before


def exception_handled() -> Any:
    """The exception that a function around this one is handling; None if there is none."""
    return IN_FLIGHT.handled


def exception_chain(handled: Any) -> None:
    """The exception in flight was raised while `handled` was."""
    raised = IN_FLIGHT.exception
    if raised is not None and raised is not handled and raised.__context__ is None:
        raised.__context__ = handled


def exception_cause(cause: Any) -> None:
    """`raise ... from cause`, of the exception in flight."""
    raised = IN_FLIGHT.exception
    assert raised is not None, "raised before"
    raised.__cause__ = cause


def exception_capture(exception: Any) -> Any:
    """What follows `from`, to be kept: an instance, made if a class is named, or None."""
    return exception() if isinstance(exception, type) else exception


for _function in (
    exception_matches,
    exception_take,
    exception_field,
    exit_class,
    exception_drop,
    exception_restore,
    exception_value,
    exception_enter,
    exception_leave,
    exception_handled,
    exception_chain,
    exception_cause,
    exception_capture,
):
    _function.__module__ = "pellucid.ir.protocol"
