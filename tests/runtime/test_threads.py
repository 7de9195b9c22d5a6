"""Many threads: compiling, calling with and without the GIL, stopping."""

import _thread
import signal
import threading
import time

import numpy as np
import pytest

from pellucid import njit, typed


def in_threads(count, work):
    errors = []
    barrier = threading.Barrier(count)

    def run(index):
        barrier.wait()
        try:
            work(index)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_threads_that_compile_at_once_get_one_specialisation():
    function = njit(lambda x, y: x * 2 + y)
    results = []
    in_threads(8, lambda i: results.append(function(i, 1)))
    assert sorted(results) == [2 * i + 1 for i in range(8)]
    assert len(function.signatures) == 1


def test_threads_that_compile_different_signatures():
    function = njit(lambda x: x)
    values = [1, 1.5, 1j, True, None, (1, 2), np.float32(1), np.zeros(3)]
    for _ in range(3):
        in_threads(8, lambda i: [function(values[i]) for _ in range(50)])
    assert len(function.signatures) == 8


def test_threads_that_recompile_while_others_call():
    function = njit(lambda x: x + 1)
    function(1)

    def work(index):
        for i in range(3 if index == 0 else 3000):
            if index == 0:
                function.recompile()
            assert function(i) == i + 1

    in_threads(4, work)


def test_python_goes_on_during_a_call_without_the_gil():
    busy(10)
    thread = threading.Thread(target=busy, args=(6000,))
    thread.start()
    count = 0
    while thread.is_alive():
        count += 1
        time.sleep(0.001)
    assert count > 10


@njit(nogil=True)
def busy(n):
    total = 0
    for i in range(n):
        for j in range(n):
            total ^= i * j + 3 // (j + 1)
    return total


@njit(nogil=True)
def busy_list(numbers):
    return busy(numbers[0]) + len(numbers)


def test_python_goes_on_while_a_list_is_used_that_no_one_shares():
    busy_list([10])
    thread = threading.Thread(target=busy_list, args=([6000],))
    thread.start()
    count = 0
    while thread.is_alive():
        count += 1
        time.sleep(0.001)
    assert count > 10


@njit(nogil=True)
def pick(rows, turns):
    total = 0
    chosen = rows[0]
    for i in range(turns):
        chosen = rows[i % len(rows)]  # a reference more, and one less
        total += chosen[i % len(chosen)]
    return total


def test_references_to_shared_containers_are_counted_by_one_thread_at_a_time():
    rows = typed.List([typed.List([i, i + 1]) for i in range(3)])
    expected = pick(rows, 20000)

    def work(index):
        for _ in range(20):
            assert pick(rows, 20000) == expected
            assert rows[index % 3][0] == index % 3

    in_threads(4, work)


def test_many_calls_without_the_gil():
    @njit(nogil=True)
    def total(a):
        result = 0.0
        for i in range(a.shape[0]):
            result += a[i]
        return result

    array = np.ones(1000)

    def work(index):
        for _ in range(500):
            assert total(array) == 1000.0

    in_threads(8, work)


@njit
def forever(a):
    i = 0
    while a[0] == 0.0:
        i += 1
    return i


@njit(nogil=True)
def forever_nogil(n):
    total = 0
    for i in range(n):
        for j in range(n):
            total ^= i * j
    return total


@pytest.fixture
def interrupting():
    """Ctrl-C raises KeyboardInterrupt, also where the suite was started in the background."""
    old = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, old)


def _interrupt(function, arg, send):
    """The exception, and how many seconds after `send` was due it came."""
    due = time.perf_counter() + 0.05
    send(0.05)
    with pytest.raises(KeyboardInterrupt) as caught:
        function(arg)
    return caught.value, time.perf_counter() - due


def _functions(error):
    names = []
    traceback = error.__traceback__
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    return names


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
def test_a_signal_stops_a_loop_within_a_tenth_of_a_second(interrupting):
    forever(np.ones(1))

    def handler(number, frame):
        raise KeyboardInterrupt

    old = signal.signal(signal.SIGALRM, handler)
    try:
        send = lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)  # noqa: E731
        error, late = _interrupt(forever, np.zeros(1), send)
    finally:
        signal.signal(signal.SIGALRM, old)
    assert late < 0.1
    assert _functions(error)[-2:] == ["forever", "handler"]


def test_ctrl_c_stops_a_loop_without_the_gil_within_a_tenth_of_a_second(interrupting):
    forever_nogil(3)
    threads = []

    def send(seconds):
        threads.append(threading.Timer(seconds, _thread.interrupt_main))
        threads[0].start()

    error, late = _interrupt(forever_nogil, 1 << 40, send)
    threads[0].join()
    assert late < 0.1
    assert "forever_nogil" in _functions(error)


def test_recursion_in_a_thread_with_a_small_stack():
    @njit
    def down(n):
        if n < 0:
            return 0
        return down(n + 1) + 1

    def work(index):
        with pytest.raises(RecursionError):
            down(0)

    old = threading.stack_size(512 << 10)
    try:
        in_threads(3, work)
    finally:
        threading.stack_size(old)
    in_threads(3, work)
    work(0)
