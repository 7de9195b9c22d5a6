"""Compiled code on disk, and how it comes back without LLVM.

In:   object code as bytes, with metadata that JSON can say. Out: the same bytes in a
      later process, and loaded functions' addresses.
Not here: what a compilation is. The room is told a key's parts and stores bytes under it.
Read first: `key.py` (what a compilation depends on), then `store.py`, then `loader.py`.

The modules are on the path of every first call: they import little and define no dataclasses.
"""

from pellucid.cache.elf import UnsupportedObject
from pellucid.cache.loader import LoadedObject, ObjectCode
from pellucid.cache.resolve import resolver, system_address

__all__ = ["LoadedObject", "ObjectCode", "UnsupportedObject", "resolver", "system_address"]
