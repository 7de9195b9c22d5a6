"""Whether a function's source is still the text that the function was compiled from.

A file may be edited while a process runs the text it had before. Compiling the text that is there
now would give another function, in silence. So a function whose file is newer than the process has
its tree compiled by Python, and the instructions compared.
"""

from __future__ import annotations
import __future__

import ast
import copy
import dis
import os
import re
import time
import warnings
from collections.abc import Iterator
from types import CodeType

_MANGLED = re.compile(r"_[^_]\w*__\w*[^_]_?$")
_FORM_ONLY = frozenset({"CACHE", "EXTENDED_ARG", "NOP", "PRECALL", "PUSH_NULL"})
_METHOD_FORM = re.compile(r"NULL(\|self)? \+ | \+ NULL(\|self)?")


def _start_of_process() -> float:
    try:
        return os.stat("/proc/self").st_ctime
    except OSError:  # not Linux: a file written before this import is taken to be what runs
        return time.time()


_STARTED = _start_of_process()


def may_differ(file: str) -> bool:
    """Whether a file was written after this process started, and may not be what it runs."""
    try:
        return os.stat(file).st_mtime > _STARTED
    except OSError:  # a notebook cell, or gone since
        return False


def is_compiled_from(code: CodeType, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether compiling the tree gives this code."""
    if any(map(_MANGLED.match, (*code.co_names, *code.co_varnames, *code.co_freevars))):
        return True  # by the name of a class that the tree does not show
    bare = copy.copy(node)
    bare.decorator_list = []
    bare.__dict__.update(type_params=[])  # from Python 3.12 on; no field before
    outer = ast.parse(f"def outer({', '.join(code.co_freevars)}): pass")
    assert isinstance(outer.body[0], ast.FunctionDef)
    known = [] if code.co_name in code.co_freevars else [ast.Global([code.co_name])]
    outer.body[0].body = [*map(ast.fix_missing_locations, known), bare]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flags = code.co_flags & __future__.annotations.compiler_flag
        module = compile(outer, code.co_filename, "exec", flags, dont_inherit=True)
    made = _inner(_inner(module, "outer"), code.co_name)
    return made is not None and _is_same(made, code)


def _inner(code: CodeType | None, name: str) -> CodeType | None:
    inner = [c for c in code.co_consts if isinstance(c, CodeType)] if code is not None else []
    return next((c for c in inner if c.co_name == name), None)


def _is_same(a: CodeType, b: CodeType) -> bool:
    inner = [[c for c in x.co_consts if isinstance(c, CodeType)] for x in (a, b)]
    return (
        len(inner[0]) == len(inner[1])
        and list(_instructions(a)) == list(_instructions(b))
        and all(map(_is_same, *inner))
    )


def _instructions(code: CodeType) -> Iterator[tuple[str, str]]:
    """What the code does, but not how it calls.

    CPython calls an attribute otherwise if the module imports the object, which no tree of one
    function shows.
    """
    for step in dis.get_instructions(code):
        if step.opname in _FORM_ONLY:
            continue
        is_place = step.opcode in dis.hasjrel or step.opcode in dis.hasjabs
        is_code = isinstance(step.argval, CodeType)
        argument = "" if is_place or is_code else _METHOD_FORM.sub("", step.argrepr)
        if isinstance(step.argval, frozenset):  # whose order is not its value's
            argument = repr(sorted(map(repr, step.argval)))
        yield step.opname.replace("LOAD_METHOD", "LOAD_ATTR"), argument
