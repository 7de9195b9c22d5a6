"""Where a function's source is found, and that it is this function's."""

# ruff: noqa: E731, RET503 (odd layouts are the point)

import ast
import functools
import linecache
import os
import subprocess
import sys
import textwrap

import pytest
from engines import define, interpreted

from pellucid.base.diagnostics import CompileError
from pellucid.frontend import build_function
from pellucid.frontend.source import find_command, find_source

decorate = functools.lru_cache(maxsize=None)


def source_of(pyfunc):
    return ast.unparse(find_source(pyfunc).node)


def plain(x):
    return x + 1


@decorate
@functools.lru_cache(
    maxsize=5,
)
def decorated(
    x,
    y=(
1
    ),
):  # fmt: skip
    """Text at the margin:
    def not_this(): pass
    """
    return x + \
y  # fmt: skip

    # a comment
    # and another

    if x:
        pass


def one_liner(x): return x * 2  # fmt: skip


class Holder:
    def method(self, x):
        return x - 1

    class Inner:
        def deep(self, x):
            if x:

                def very_deep(y):
                    return x * y

                return very_deep
            return None


def outer(k):
    def inner(x):
        return x + k

    return inner


def last_in_a_block():
    for _ in range(1):

        def found(x):
            return x

    return found


LAMBDAS = [lambda x: x + 1, lambda x: x + 2, lambda y: lambda z: y + z, lambda: 0, lambda: 1]
SPREAD = (lambda a:
    a * 5)  # fmt: skip


@pytest.mark.parametrize(
    ("pyfunc", "argument", "result"),
    [
        (plain, 1, 2),
        (decorated.__wrapped__.__wrapped__, 1, None),
        (one_liner, 4, 8),
        (outer(3), 1, 4),
        (last_in_a_block(), 3, 3),
        (Holder.Inner().deep(5), 2, 10),
        (LAMBDAS[0], 1, 2),
        (LAMBDAS[1], 1, 3),
        (LAMBDAS[2](5), 1, 6),
        (SPREAD, 2, 10),
    ],
)
def test_finds_the_function(pyfunc, argument, result):
    if result is None:
        assert source_of(pyfunc).endswith("if x:\n        pass")
    else:
        assert interpreted(pyfunc)(argument) == result


def test_finds_each_lambda_of_a_line():
    assert [interpreted(f)() for f in LAMBDAS[3:]] == [0, 1]


def test_methods():
    assert source_of(Holder.method).startswith("def method(self, x):")


def test_lines_are_those_of_the_file():
    fn = build_function(outer(3))
    first = outer.__code__.co_firstlineno
    assert fn.span.line == first + 1
    assert fn.span.col == 4
    assert fn.entry.terminator.span.line == first + 2


def test_function_at_the_end_of_a_file_without_newline():
    assert interpreted(define("def f(x):\n    return x\n\n#end\n   # more"))(3) == 3


def test_tabs_and_form_feeds():
    f = define("if True:\n\tdef f(x):\n\t\tif x:\n\t\t    return 1\n\f\n\t\treturn 2\n")
    assert (interpreted(f)(1), interpreted(f)(0)) == (1, 2)


def test_invalid_escapes_do_not_warn_again():
    text = "def f():\n    return '\\d'\n"
    linecache.cache["<escapes>"] = (len(text), None, text.splitlines(keepends=True), "<escapes>")
    names = {}
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "<escapes>", "exec"), names)
    assert interpreted(names["f"])() == "\\d"


def test_source_given_as_text():
    text = "\n\ndef f(x):\n    return x * 3\n"
    names = {}
    exec(compile(text, "<nowhere>", "exec"), names)
    fn = build_function(names["f"], source=text)
    assert fn.span.line == 3
    assert linecache.getline("<nowhere>", 4) == "    return x * 3\n"
    del linecache.cache["<nowhere>"]


def no_source_error(pyfunc):
    with pytest.raises(CompileError) as caught:
        build_function(pyfunc)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "no-source"
    return f"{diagnostic.headline}: {diagnostic.notes[0]}"


def test_no_source():
    names = {}
    exec("def f(x): return x", names)
    text = no_source_error(names["f"])
    assert text.startswith("the source of `f` was not found")


def test_no_source_of_builtins():
    assert no_source_error(len).startswith("`len` is not a Python function")
    assert no_source_error(int).startswith("`int` is not a Python function")


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("x = 1\n", "has no line 2"),
        ("\nx = 1\n", "does not start a function"),
        ("\ndef g(x): return x\n", "another function"),
        ("\ndef f(y): return y\n", "another function"),
        ("\ndef f(x, y=1): return x\n", "another function"),
        ("\ndef f(x: return x\n", "is not a function"),
    ],
)
def test_source_that_changed(now, reason):
    f = define("\ndef f(x): return x\n")
    file = f.__code__.co_filename
    linecache.cache[file] = (len(now), None, now.splitlines(keepends=True), file)
    assert reason in no_source_error(f)


@pytest.mark.parametrize("changed", [False, True])
def test_file_written_after_it_was_run(tmp_path, changed):
    path = tmp_path / "module.py"
    text = "def outer(k):\n    def f(x, y=len):\n        return [x + k] * 2\n    return f\n"
    path.write_text(text)
    names = {}
    exec(compile(text, str(path), "exec"), names)
    path.write_text(text.replace("+", "-") if changed else text)
    future = os.stat(path).st_mtime + 10
    os.utime(path, (future, future))
    f = names["outer"](3)
    if changed:
        assert "was changed after" in no_source_error(f)
    else:
        assert find_source(f).node.name == "f"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (["python", "-c", "x"], "x"),
        (["python", "-cx"], "x"),
        (["python", "-Ic", "x", "-c", "y"], "x"),
        (["python", "-X", "dev", "-Wc", "-c", "x"], "x"),
        (["python", "-Xcde", "-c", "x"], "x"),
        (["python", "-W", "c", "-c", "x"], "x"),
        (["python", "--check-hash-based-pycs", "always", "-c", "x"], "x"),
        (["python", "-m", "module", "-c", "x"], None),
        (["python", "-mmodule"], None),
        (["python", "file.py", "-c", "x"], None),
        (["python", "-"], None),
        (["python"], None),
    ],
)
def test_command_line(line, command):
    assert find_command(line) == command


def test_python_c():
    program = textwrap.dedent("""
        from pellucid.frontend import build_function
        def f(x):
            return x + unknown
        try:
            build_function(f)
        except Exception as error:
            print(error)
    """)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "4 |     return x + unknown" in done.stdout
