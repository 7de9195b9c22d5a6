"""Find out whether calls keep or drop references that they should not."""

import gc
import sys


def reference_changes(call, *objects, times=50):
    """By how much the reference count of each object changes over `times` calls of `call`."""
    call()  # what is made once is made now
    gc.collect()
    before = _counts(objects)
    for _ in range(times):
        call()
    after = _counts(objects)
    return [b - a for a, b in zip(before, after, strict=True)]


def _counts(objects):
    return [sys.getrefcount(objects[i]) for i in range(len(objects))]
