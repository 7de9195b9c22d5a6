"""The examples in the library's documentation, run by CPython and compiled."""

import ast
import cmath
import contextlib
import doctest
import io
import itertools
import linecache
import math

import numpy as np
import pytest
from differential import native

from pellucid.library import index

OWN = ("pellucid.library.builtins.", "pellucid.library.math.")
NAMES = {"math": math, "cmath": cmath, "np": np}
_files = itertools.count()


def examples():
    parser = doctest.DocTestParser()
    for declared in index.overloads():
        module = declared.template.__module__
        if module.startswith(OWN):
            for number, example in enumerate(parser.get_examples(declared.template.__doc__ or "")):
                yield pytest.param(example, id=f"{declared.name}-{number}")


def shown(function):
    """What the interactive prompt would show of a call."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        result = function()
    return stream.getvalue() + ("" if result is None else f"{result!r}\n")


def as_function(source):
    body = ast.parse(source).body
    text = "def example():\n" + "\n".join(
        f"    {'return ' if isinstance(node, ast.Expr) else ''}{line}"
        for node in body
        for line in ast.unparse(node).splitlines()
    )
    file = f"<example {next(_files)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = dict(NAMES)
    exec(compile(text, file, "exec"), module)
    return module["example"]


@pytest.mark.parametrize("example", list(examples()))
def test_example(example):
    function = as_function(example.source)
    assert shown(function) == example.want
    assert shown(native(function)) == example.want
