"""Attributes in LLVM's text form: llvmlite accepts only those that it knows by name."""

from __future__ import annotations

from llvmlite import ir as ll


def add_attributes(ll_fn: ll.Function, *attributes: str) -> None:
    """Put attributes on a function."""
    for attribute in attributes:
        set.add(ll_fn.attributes, attribute)


def add_param_attributes(ll_arg: ll.Argument, *attributes: str) -> None:
    """Put attributes on a parameter."""
    for attribute in attributes:
        set.add(ll_arg.attributes, attribute)


def add_return_attributes(ll_fn: ll.Function, *attributes: str) -> None:
    """Put attributes on what a function returns."""
    for attribute in attributes:
        set.add(ll_fn.return_value.attributes, attribute)
