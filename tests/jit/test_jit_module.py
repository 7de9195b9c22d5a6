"""`jit_module()` at the end of a module."""

import importlib
import math
import subprocess
import sys

import pytest

from pellucid.runtime.dispatch import Dispatcher

MODULE = """
import math
import numpy as np
from os.path import join
from pellucid import jit, jit_module

def inc(x):
    return x + 1

def twice(x):
    return inc(x) * 2

shift = lambda x: x - 1
mean = np.mean
root = math.sqrt

@jit(nogil=True)
def mul(a, b):
    return a * b

class K:
    def method(self):
        return 1

def divide(a, b):
    return a / b

jit_module(nopython=True, error_model="numpy")

def div(a, b):
    return a / b
"""


@pytest.fixture
def module(tmp_path):
    folder = tmp_path
    (folder / "compiled_as_a_whole.py").write_text(MODULE)
    importlib.invalidate_caches()
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("compiled_as_a_whole")
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("compiled_as_a_whole", None)


def test_functions_before_the_call_are_compiled(module):
    for name in ("inc", "twice", "shift", "divide"):
        function = getattr(module, name)
        assert isinstance(function, Dispatcher)
        assert function.targetoptions == {"nopython": True, "error_model": "numpy"}
        assert not function.signatures  # importing compiles nothing


def test_the_rest_is_left_alone(module):
    assert module.mul.targetoptions == {"nogil": True}
    for name in ("mean", "root", "K", "div", "join"):
        assert not isinstance(getattr(module, name), Dispatcher)


def test_they_call_each_other(module):
    assert module.twice(3) == 8
    assert module.shift(3) == 2
    assert module.divide(1.0, 0.0) == math.inf


def test_wrong_options_are_told():
    from pellucid import jit_module

    with pytest.raises(KeyError, match="unknown option"):
        jit_module(nopthon=True)


def test_without_the_compiler_functions_stay_plain(tmp_path):
    text = (
        "from pellucid import jit_module\ndef f(x):\n    return x\njit_module()\nprint(type(f))\n"
    )
    script = tmp_path / "plain.py"
    script.write_text(text)
    environment = {"PELLUCID_DISABLE_JIT": "1", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "<class 'function'>\n"
