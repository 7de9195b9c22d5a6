"""The key of a compilation: the digest of everything that its result depends on.

    function_key(pyfunc, "int64, float64", options)   -> "5f1c...", or None: not to be kept

Equal keys mean equal code, in this process or another: what a function refers to is read by its
content (`content.py`), and compiler, Python, NumPy, LLVM and CPU are in every key
(`environment.py`). Nothing has to be invalidated, ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pellucid.base.digest import blake2b
from pellucid.base.options import Options
from pellucid.cache.content import Content, Dependency, objects_in, read_content, value_digest
from pellucid.cache.environment import environment_digest
from pellucid.types import Type


def function_key(
    pyfunc: Callable[..., Any], arg_types: str, options: Options | str, *, extra: str = ""
) -> str | None:
    """The key of a function compiled for argument types; None where it cannot be known.

    `extra` is the text of what else the compilation depends on: the overloads that a user added.
    """
    return content_key(read_content(pyfunc), arg_types, options, extra=extra)


def content_key(
    content: Content, arg_types: str, options: Options | str, *, extra: str = ""
) -> str | None:
    """`function_key` of a function that was read already."""
    if content.reason:
        return None
    # Code has its functions' files and lines in it, for tracebacks.
    places = [(code.co_filename, code.co_firstlineno) for code in content.codes]
    return _digest("function", content.digest, arg_types, options, extra, repr(places))


def types_key(types: Iterable[Type]) -> str | None:
    """The text of argument types for a key; None if one is of a function that cannot be known.

    A type's own text names functions, which may be different ones in another process.
    """
    parts: list[str] = []
    seen: dict[int, int] = {}
    for ty in types:
        parts.append(str(ty))
        for pyobj in objects_in(ty):
            # Two of the same content are two objects all the same.
            parts.append(str(seen.setdefault(id(pyobj), len(seen))))
            digest, reason = value_digest(pyobj, str(ty))
            if reason:
                return None
            parts.append(digest)
    return ", ".join(parts)


def dependencies(pyfunc: Callable[..., Any]) -> list[Dependency]:
    """The names that a function's code looked up, in it and in the functions that it calls."""
    return read_content(pyfunc).dependencies


def _digest(kind: str, content: str, arg_types: str, options: Options | str, *rest: str) -> str:
    text = options if isinstance(options, str) else options.text()
    parts = (kind, environment_digest(), content, arg_types, text, *rest)
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
