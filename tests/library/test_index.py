"""The index is what the library holds, and every overload mirrors what it stands for."""

import inspect
import itertools
import math
import operator
import random
import sys
from pathlib import Path

import pytest

from pellucid.inference.overloads import OverloadTable
from pellucid.library import index
from pellucid.library.index_data import INDEX


def test_generated_index_is_up_to_date():
    collected = index.collect()
    written = {key: found for key, found in INDEX.items() if key in collected or not is_newer(key)}
    assert written == collected, "run `python -m pellucid.library.index --update`"
    path = Path(index.__file__).with_name("index_data.py")
    assert path.read_text(encoding="utf-8") == index.render(INDEX)


def is_newer(key):
    """Whether a key stands for a function that this Python does not have yet."""
    room, _, name = key.partition(".")
    modules = {"math": math, "itertools": itertools, "random": random}
    return room in modules and not hasattr(modules[room], name)


def test_index_finds_what_it_names():
    table = OverloadTable(index.get_index())
    for key in ("operator.add", "builtins.len", "math.sin", "attribute:Complex.real"):
        assert table.find(key), key


OWN = ("pellucid.library.builtins.", "pellucid.library.math.")
DECLARED = [d for d in index.overloads() if d.template.__module__.startswith(OWN)]


@pytest.mark.parametrize("declared", DECLARED, ids=lambda d: f"{d.key}-{d.name}")
def test_overload_is_documented(declared):
    if not declared.key.startswith(("method:", "attribute:")) or declared.template.__doc__:
        assert declared.template.__doc__, declared.name


def _original(key):
    room, _, name = key.partition(".")
    import builtins
    import cmath
    import math

    known = {"builtins": builtins, "math": math, "cmath": cmath, "operator": operator}
    return getattr(known.get(room), name, None)


@pytest.mark.parametrize("declared", DECLARED, ids=lambda d: f"{d.key}-{d.name}")
def test_parameters_are_the_originals(declared):
    original = _original(declared.key)
    if original is None:
        return
    if declared.key == "math.nextafter" and sys.version_info < (3, 12):
        return  # `steps` is newer
    try:
        theirs = inspect.signature(original).parameters
    except ValueError:
        return  # CPython tells no signature of this builtin
    ours = inspect.signature(declared.template).parameters
    if any(p.kind is p.VAR_POSITIONAL for p in (*theirs.values(), *ours.values())):
        return
    named = [n for n, p in theirs.items() if p.kind is not p.POSITIONAL_ONLY]
    missing = [name for name in named if name not in ours]
    assert missing in ([], ["key"], ["default"]), f"{declared.key}: {missing} of {named}"
    assert len(ours) == len(theirs), declared.key
