"""Engines of text from the cache: whoever called them first, and whatever they call."""

import pytest
from fresh_process import run_python

SHARED = """
import linecache, sys
from pellucid import njit
for at, body in enumerate(sys.argv[1:]):
    text = f"def f(x, n):\\n    return {body}\\n"
    file = f"<call {at}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    names = {}
    exec(compile(text, file, "exec"), names)
    print(njit(names["f"])(1.5, 7) == names["f"](1.5, 7))
"""

BODIES = ["f'{n:{n}.1f}'", "'%.2s' % f'{x!r:>9}'", "format(x, str(n))", "f'{x:.3f} {str(n)[0:1]}'"]


@pytest.mark.parametrize("order", [1, -1])
def test_calls_in_any_order_and_process(order, tmp_path):
    """A second process finds what the first one kept, called from other modules."""
    for chosen in (BODIES[::order][:2], [body + " " for body in BODIES[::-order]]):
        printed = run_python(SHARED, *chosen, PELLUCID_CACHE_DIR=str(tmp_path))
        assert printed.split() == ["True"] * len(chosen)
