"""Functions of C called through `ctypes`."""

import ctypes
import ctypes.util
import math
import subprocess
import sys

import numpy as np
import pytest

from pellucid import njit
from pellucid.errors import TypingError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="asks for libm")

libm = ctypes.CDLL(ctypes.util.find_library("m"))
libc = ctypes.CDLL(None)
cos = libm.cos
cos.argtypes, cos.restype = [ctypes.c_double], ctypes.c_double
labs = libc.labs
labs.argtypes, labs.restype = [ctypes.c_long], ctypes.c_long
ldexp = libm.ldexpf
ldexp.argtypes, ldexp.restype = [ctypes.c_float, ctypes.c_int], ctypes.c_float
memset = libc.memset
memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
memset.restype = ctypes.c_void_p
free = libc.free
free.argtypes, free.restype = [ctypes.c_void_p], None
isalpha = libc.isalpha
isalpha.argtypes, isalpha.restype = [ctypes.c_int], ctypes.c_bool
undeclared = ctypes.CDLL(None).abs


@ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int16)
def callback(x, n):
    return x * n


@njit
def numbers(x, n):
    return cos(x), cos(n), labs(n), ldexp(1.5, n), callback(x, n), isalpha(65), isalpha(48)


def test_numbers_are_converted():
    assert numbers(0.5, -3) == numbers.py_func(0.5, -3)
    assert numbers(0.5, -3)[0] == math.cos(0.5)


@njit
def fill(a):
    memset(a.ctypes, 1, a.nbytes)
    free(None)
    b = np.ones(3)
    memset(b.ctypes.data, 0, 16)
    return a.sum(), b.sum(), a.ctypes.data


def test_addresses_of_arrays():
    a = np.zeros(4, np.uint8)
    assert fill(a) == (4, 1.0, a.ctypes.data)


def test_mistakes_are_told():
    @njit
    def no_types(x):
        return undeclared(x)

    @njit
    def wrong_type(x):
        return labs(x)

    with pytest.raises(TypingError, match="doesn't define its argument types"):
        no_types(1)
    with pytest.raises(TypingError, match="is no c_long"):
        wrong_type(1.5)


PROGRAM = """
import ctypes, ctypes.util
from pellucid import njit
cos = ctypes.CDLL(ctypes.util.find_library("m")).cos
cos.argtypes, cos.restype = [ctypes.c_double], ctypes.c_double
@njit(cache=True)
def f(x):
    return cos(x)
print(f(0.5))
"""


def test_each_process_looks_the_address_up(tmp_path):
    script = tmp_path / "calls.py"
    script.write_text(PROGRAM)
    told = [subprocess.check_output([sys.executable, script], text=True) for _ in range(2)]
    assert [float(text) for text in told] == [math.cos(0.5)] * 2
