"""Texts made of pieces that are known while compiling: what `%` and `str.format` come to.

A piece is a function in the compiled language from the tuple of arguments to a text. All pieces of
a template become one tuple of texts, which is joined once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pellucid.ir.protocol import join_str

Piece = Callable[[Any], Any]


def constant(text: str) -> Piece:
    """A piece that is known."""

    def piece(args):
        return text

    return piece


def argument(index: int) -> Piece:
    """The argument at a position."""

    def piece(args):
        return args[index]

    return piece


def joined(pieces: Sequence[Piece]) -> Piece:
    """The text of all pieces, one after the other."""
    if not pieces:
        return constant("")
    texts = as_tuple(pieces)

    def join(args):
        return join_str(*texts(args))

    return pieces[0] if len(pieces) == 1 else join


def as_tuple(pieces: Sequence[Piece]) -> Piece:
    """The results of all pieces as a tuple."""
    if not pieces:

        def none(args):
            return ()

        return none
    first = pieces[0]
    if len(pieces) == 1:

        def one(args):
            return (first(args),)

        return one
    rest = as_tuple(pieces[1:])

    def more(args):
        return (first(args), *rest(args))

    return more
