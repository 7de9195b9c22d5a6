"""`print()` writes what Python's writes, where Python's writes it."""

import contextlib
import io

import pytest
from differential import native, typed, types_of

from pellucid.ir import interp


def written(function, *args):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        function(*args)
    return stream.getvalue()


def everything(a, b, t):
    print(a, 2.5, "s", True, 1j, None, t)
    print(b, -0.0, 1e22, sep=", ", end="!\n")
    print()
    print("é", t, end="")


@pytest.mark.parametrize("args", [(1, 2.5, (1, 2)), (-(2**63), 1 + 2j, (1, (2.5, None), ()))])
def test_print(args):
    wanted = written(everything, *args)
    fn = typed(everything, types_of(args))
    assert written(native(everything), *args) == wanted
    assert written(interp.run, fn, args) == wanted


def counted(n):
    for i in range(n):
        print(i, end=" ")


def test_print_in_a_loop_without_the_lock():
    assert written(native(counted, nogil=True), 4) == "0 1 2 3 "


class Broken(io.StringIO):
    def write(self, text):
        raise RuntimeError("no paper")


def test_what_the_stream_raises_comes_out():
    with contextlib.redirect_stdout(Broken()), pytest.raises(RuntimeError, match="no paper"):
        native(counted)(1)
