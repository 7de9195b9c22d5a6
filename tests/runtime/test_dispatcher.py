"""A dispatcher as a Python object: a function in all that can be asked of it."""

import copy
import functools
import gc
import inspect
import multiprocessing
import pickle
import sys
import weakref

import numpy as np
import pytest
from fresh_process import run_python

from pellucid import jit, njit
from pellucid.cache import loader
from pellucid.jit import disable_jit
from pellucid.runtime.dispatch import Dispatcher
from pellucid.runtime.specialisation import LoadedCode


@njit
def scaled(x: float, factor: float = 2.0) -> float:
    """`x` times `factor`."""
    return x * factor


class Holder:
    @njit
    def tagged(self, x):
        return x + 1

    @staticmethod
    @njit
    def plain(x):
        return x + 2

    add = njit(lambda x, y: x + y)


def test_it_looks_like_its_function():
    assert scaled.__name__ == "scaled"
    assert scaled.__qualname__ == "scaled"
    assert scaled.__module__ == __name__
    assert scaled.__doc__ == "`x` times `factor`."
    assert scaled.__defaults__ == (2.0,)
    assert scaled.__wrapped__ is scaled.py_func
    assert inspect.signature(scaled) == inspect.signature(scaled.py_func)
    assert inspect.getsource(scaled).startswith("@njit\ndef scaled")
    assert repr(scaled).startswith("Dispatcher(<function scaled at")
    assert callable(scaled)
    assert isinstance(scaled, Dispatcher)


def test_it_has_a_dict_and_weak_references():
    function = njit(lambda x: x)
    function.tag = 3
    assert function.tag == 3
    alive = weakref.ref(function)
    function(1)
    del function
    gc.collect()
    assert alive() is None


def test_it_is_a_method():
    assert Holder.plain(1) == 3
    assert Holder().plain(1) == 3
    assert isinstance(Holder.add, Dispatcher)
    assert Holder().tagged(1) == 2
    bound = Holder.add.__get__(np.arange(3), np.ndarray)
    assert bound(np.arange(3)).tolist() == [0, 2, 4]


def test_it_can_be_wrapped_and_called_by_anything():
    assert list(map(scaled, [1.0, 2.0])) == [2.0, 4.0]
    assert functools.partial(scaled, factor=3.0)(2.0) == 6.0
    assert functools.reduce(njit(lambda a, b: a + b), [1, 2, 3]) == 6
    assert sorted([3, 1, 2], key=njit(lambda x: -x)) == [3, 2, 1]
    args, kwargs = (1.5,), {"factor": 2.0}
    assert scaled(*args, **kwargs) == 3.0
    assert type(scaled).__call__(scaled, 1.0) == 2.0


def test_copies_are_the_same_object():
    assert copy.copy(scaled) is scaled
    assert copy.deepcopy({"f": scaled})["f"] is scaled


def test_pickle_finds_it_by_name():
    assert pickle.loads(pickle.dumps(scaled)) is scaled
    assert b"marshal" not in pickle.dumps(scaled)


def make_adder(n):
    @njit
    def add(x, k=n):
        return x + n + k + np.int64(offset)

    return add


offset = 100


def test_pickle_of_a_nested_function_in_this_process_is_the_same_object():
    add = make_adder(5)
    assert pickle.loads(pickle.dumps(add)) is add


def test_pickle_of_a_nested_function_in_another_process(tmp_path):
    add = make_adder(5)
    file = tmp_path / "add.pickle"
    file.write_bytes(pickle.dumps(add))
    code = f"import pickle; f = pickle.load(open({str(file)!r}, 'rb')); print(f(1), f(1, k=0))"
    assert run_python(code).split() == ["111", "106"]


def test_pickle_of_a_function_that_refers_to_itself(tmp_path):
    def make():
        @njit
        def down(n):
            return 0 if n <= 0 else 1 + down(n - 1)

        return down

    down = make()
    assert down(5) == 5
    file = tmp_path / "down.pickle"
    file.write_bytes(pickle.dumps(down))
    code = f"import pickle; print(pickle.load(open({str(file)!r}, 'rb'))(7))"
    assert run_python(code).split() == ["7"]


def test_cycles_through_a_dispatcher_are_collected():
    def make():
        function = njit(lambda x: x + 1)
        function(1)
        function.me = function
        return weakref.ref(function)

    alive = make()
    gc.collect()
    assert alive() is None


def test_code_goes_with_its_dispatcher(monkeypatch):
    unloaded = []
    original = loader.LoadedObject.unload
    monkeypatch.setattr(
        loader.LoadedObject, "unload", lambda self: (unloaded.append(self.base), original(self))
    )
    function = njit(lambda x: x + 1)
    function(1)
    function(1.0)
    function.recompile()
    bases = [code._loaded.base for code in function._code if isinstance(code, LoadedCode)]
    assert len(bases) == 4
    assert not set(bases) & set(unloaded)
    del function
    gc.collect()
    assert set(bases) <= set(unloaded)


def test_recompiling_sees_new_values_of_globals():
    namespace = {"njit": njit, "factor": 2}
    source = "@njit\ndef f(x):\n    return x * factor\n"
    import linecache

    linecache.cache["<recompile>"] = (len(source), None, source.splitlines(True), "<recompile>")
    exec(compile(source, "<recompile>", "exec"), namespace)
    function = namespace["f"]
    assert function(3) == 6
    assert function(3.0) == 6.0
    namespace["factor"] = 5
    function.recompile()
    assert function(3) == 15
    assert function(3.0) == 15.0
    assert len(function.signatures) == 2
    del linecache.cache["<recompile>"]


def test_disable_jit_runs_the_python_function():
    seen = []

    def python(x):
        seen.append(x)
        return x

    function = njit(lambda x: x + 1)
    assert function(1) == 2
    with disable_jit():
        assert function([1][0]) == 2
        assert function.py_func("a" and 1) == 2
        plain = jit(python)
        assert plain("text") == "text"
    assert function(1) == 2
    assert seen == ["text"]
    with pytest.raises(TypeError, match="an object cannot be passed"):
        plain(object())


def test_disable_jit_by_the_environment():
    code = "from pellucid import njit; f = njit(lambda x: x); print(type(f).__name__, f('a'))"
    assert run_python(code, PELLUCID_DISABLE_JIT="1").split() == ["function", "a"]


def _in_child(queue):
    queue.put((scaled(2.0), make_adder(1)(1)))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_compiles_and_runs_in_a_forked_child():
    scaled(1.0)
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_in_child, args=(queue,))
    with scaled._family.lock:  # as if another thread were compiling
        child.start()
    assert queue.get() == (4.0, 103)
    child.join(10)
    assert child.exitcode == 0
