"""The key of a compilation: the digest of everything that its result depends on.

    function_key(pyfunc, "int64, float64", options)   -> "5f1c...", or None: not to be kept
    library_key("pellucid.library.numpy.sorting.argsort", impl, "array(...)", options)

Equal keys mean equal code, in this process or another: what a function refers to is read by its
content (`content.py`), and compiler, Python, NumPy, LLVM and CPU are in every key
(`environment.py`). Nothing has to be invalidated, ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pellucid.base.options import Options
from pellucid.cache.content import Content, Dependency, read_content
from pellucid.cache.digest import blake2b
from pellucid.cache.environment import environment_digest


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


def library_key(
    name: str, impl: Callable[..., Any], arg_types: str, options: Options | str
) -> str | None:
    """The key of a library function's implementation compiled for argument types.

    `name` is where its template stands; `impl` is what the template returned for these types.
    """
    content = read_content(impl)
    if content.reason:
        return None
    return _digest("library", content.digest, arg_types, options, name)


def dependencies(pyfunc: Callable[..., Any]) -> list[Dependency]:
    """The names that a function's code looked up, in it and in the functions that it calls."""
    return read_content(pyfunc).dependencies


def _digest(kind: str, content: str, arg_types: str, options: Options | str, *rest: str) -> str:
    text = options if isinstance(options, str) else options.text()
    parts = (kind, environment_digest(), content, arg_types, text, *rest)
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
