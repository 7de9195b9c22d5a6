"""Options of the whole suite, and the fixture that finds leaks."""

import gc
import os
import pathlib
import sys
import threading

import pytest
from hypothesis import settings

# Compiled code of the suite is kept beside pytest's own cache: keyed on all it depends on.
_ROOT = pathlib.Path(__file__).parent.parent
os.environ.setdefault("PELLUCID_CACHE_DIR", str(_ROOT / ".pytest_cache" / "pellucid"))
os.environ.setdefault("PELLUCID_VERIFY", "1")


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite golden files")


def pytest_configure(config):
    config.addinivalue_line("markers", "leaks(reason): keeps memory or threads on purpose")
    # What is slow is the first call, which compiles, and the machine's other work.
    settings.register_profile("patient", deadline=None)
    # In integration the same examples each time: a new find belongs to whoever looks for one.
    settings.register_profile("ci", deadline=None, derandomize=True, database=None)
    settings.load_profile("ci" if os.environ.get("CI") else "patient")


@pytest.fixture
def update_goldens(request):
    """Whether golden files are rewritten rather than compared."""
    return request.config.getoption("--update")


@pytest.fixture(autouse=True)
def no_leaks(request):
    """What a test allocates in compiled code is gone after it, and so are its threads."""
    blocks, threads = _live_blocks(), threading.active_count()
    yield
    if request.node.get_closest_marker("leaks") is not None:
        return
    if _live_blocks() != blocks:
        gc.collect()  # a traceback or a cycle may still hold an array
    assert _live_blocks() == blocks, "blocks of memory are left over"
    if request.node.get_closest_marker("browser") is None:
        assert threading.active_count() <= threads, "threads are left over"


def _live_blocks():
    """Blocks that compiled code made; none if the runtime was never loaded."""
    support = sys.modules.get("pellucid.runtime.support")
    if support is None or support.find_loaded() is None:
        return 0
    return support.live_blocks()


def pytest_collect_file(parent, file_path):
    """IR file tests (`tests/support/pir_files.py`)."""
    if file_path.suffix != ".pir":
        return None
    from pir_files import PirFile  # loads the compiler: only where such a test is collected

    return PirFile.from_parent(parent, path=file_path)
