"""Keep compiled code on disk: entries by key, safe against accidents and against other users.

    store = default_store()
    store.put(key, {"symbol": "add"}, {"object": data})      # True if it was kept
    entry = store.get(key)                                   # None if there is none

An entry is one file: metadata as JSON and named blobs, under a checksum over all of it. Keys are
hexadecimal digests (`key.py`) of everything the content depends on, so an entry never goes stale;
it is only forgotten, least recently used first, when the folder outgrows its limit.

Contract. Nothing here raises for what the disk does: a folder that cannot be made, a full disk, a
truncated or foreign file, another process in the middle of the same thing. `get` then finds nothing
and `put` keeps nothing, and `problem` says why. A file appears under its name only when it is whole
(written aside, then renamed), so a process killed at any point leaves at most a file aside, which
eviction removes.

What is loaded from here is executed. So the folder is made for its owner alone; a folder or file
that belongs to someone else, or that someone else may write, is not used. A parent that anyone may
rename things in is as bad, and is refused as well.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from struct import Struct

from pellucid.base import options
from pellucid.base.digest import blake2b

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_MAGIC = b"PELLUCD\x01"
_DIGEST_SIZE = 16
_PREFIX = Struct(f"<8s{_DIGEST_SIZE}sI")  # magic, checksum of all that follows it, header's length
_CHECKED_FROM = 8 + _DIGEST_SIZE
_SUFFIX = ".entry"
_ASIDE = ".aside-"
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# Compiled code; may be deleted.\n"

_USED_AGAIN_AFTER = 6 * 3600.0  # seconds until a hit renews an entry's time of last use
_ABANDONED_AFTER = 3600.0  # seconds until a file aside is taken for a killed process's
_EVICT_ONE_IN = 32  # of all `put`s look at the folder's size
_EVICT_TO = 0.8  # of the limit


class Entry:
    """What was kept under a key."""

    __slots__ = ("blobs", "meta")

    def __init__(self, meta: dict[str, Json], blobs: dict[str, bytes]) -> None:
        self.meta = meta
        self.blobs = blobs


class StoreInfo:
    """The folder's state, for people. `problem` is empty where all is well."""

    __slots__ = ("entries", "limit", "path", "problem", "size")

    def __init__(self, path: str, entries: int, size: int, limit: int, problem: str) -> None:
        self.path = path
        self.entries = entries
        self.size = size
        self.limit = limit
        self.problem = problem

    def __str__(self) -> str:
        mib = 1 << 20
        state = f"not used: {self.problem}" if self.problem else "in use"
        return (
            f"folder   {self.path} ({state})\n"
            f"entries  {self.entries}\n"
            f"size     {self.size / mib:.1f} of {self.limit / mib:.0f} MiB"
        )


class Store:
    """The entries in one folder. Safe to use from several threads and processes at once."""

    def __init__(self, path: str, limit: int) -> None:
        self.path = path
        self.limit = limit
        self.hits = 0
        self.misses = 0
        self._problem: str | None = None  # not looked yet

    @property
    def problem(self) -> str:
        """Why the folder is not used; empty if it is."""
        if self._problem is None:
            self._problem = _prepare(self.path)
        return self._problem

    def get(self, key: str) -> Entry | None:
        """What was kept under the key, if it is all there."""
        entry = None if self.problem else self._read(self._file(key))
        if entry is None:
            self.misses += 1
        else:
            self.hits += 1
        return entry

    def put(self, key: str, meta: Mapping[str, Json], blobs: Mapping[str, bytes]) -> bool:
        """Keep something under the key, in place of what was there; tell whether it worked."""
        if self.problem:
            return False
        data = _encode(meta, blobs)
        if len(data) > self.limit:
            return False
        aside = os.path.join(self.path, f"{_ASIDE}{os.urandom(8).hex()}")
        try:
            _write_new(aside, data)
            os.replace(aside, self._file(key))
        except OSError:  # full, gone, no longer writable: the code is used and not kept
            with suppress(OSError):
                os.unlink(aside)
            self._problem = None  # look again before the next use
            return False
        if int(key[-4:], 16) % _EVICT_ONE_IN == 0:
            self.evict()
        return True

    def remove(self, key: str) -> None:
        """Forget what was kept under the key, if anything was."""
        if not self.problem:
            with suppress(OSError):
                os.unlink(self._file(key))

    def evict(self) -> None:
        """Forget the least recently used entries until the folder is within its limit."""
        files = sorted(self._files(), key=lambda file: file[1].st_mtime, reverse=True)
        room = self.limit
        if sum(status.st_size for _, status in files) > self.limit:
            room = int(self.limit * _EVICT_TO)
        abandoned = time.time() - _ABANDONED_AFTER
        for path, status in files:
            is_aside = os.path.basename(path).startswith(_ASIDE)
            room -= status.st_size
            if room < 0 or (is_aside and status.st_mtime < abandoned):
                with suppress(OSError):
                    os.unlink(path)

    def clear(self) -> int:
        """Forget everything; tell how many entries there were."""
        files = list(self._files())
        for path, _ in files:
            with suppress(OSError):
                os.unlink(path)
        return sum(path.endswith(_SUFFIX) for path, _ in files)

    def info(self) -> StoreInfo:
        """Count what is there."""
        files = list(self._files())
        entries = sum(path.endswith(_SUFFIX) for path, _ in files)
        size = sum(status.st_size for _, status in files)
        return StoreInfo(self.path, entries, size, self.limit, self.problem)

    def _file(self, key: str) -> str:
        if not _is_key(key):
            message = f"not a key: {key!r}"
            raise ValueError(message)
        return os.path.join(self.path, key + _SUFFIX)

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        """Our own files in the folder, with their status."""
        if self.problem:
            return
        with suppress(OSError), os.scandir(self.path) as found:
            for item in found:
                if item.name.endswith(_SUFFIX) or item.name.startswith(_ASIDE):
                    with suppress(OSError):  # another process was faster
                        yield item.path, item.stat(follow_symlinks=False)

    def _read(self, path: str) -> Entry | None:
        try:
            data, used = _read_own(path)
        except OSError:
            return None
        entry = _decode(data)
        if entry is None:
            with suppress(OSError):
                os.unlink(path)
        elif time.time() - used > _USED_AGAIN_AFTER:
            with suppress(OSError):
                os.utime(path)
        return entry


_stores: dict[tuple[str, int], Store] = {}


def default_store() -> Store:
    """The store that the options choose now."""
    chosen = (options.cache_dir(), options.cache_limit())
    store = _stores.get(chosen)
    if store is None:
        store = _stores[chosen] = Store(*chosen)
    return store


# -- the file --------------------------------------------------------------------------------


def _is_key(key: str) -> bool:
    return len(key) >= 16 and not key.strip("0123456789abcdef")


def _encode(meta: Mapping[str, Json], blobs: Mapping[str, bytes]) -> bytes:
    sizes = {name: len(blob) for name, blob in blobs.items()}
    header = json.dumps({"meta": meta, "blobs": sizes}, separators=(",", ":")).encode()
    checked = b"".join([len(header).to_bytes(4, "little"), header, *blobs.values()])
    return _MAGIC + _checksum(checked) + checked


def _decode(data: bytes) -> Entry | None:
    """The entry in a file's bytes; None unless every byte is as it was written."""
    if len(data) < _PREFIX.size:
        return None
    magic, checksum, length = _PREFIX.unpack_from(data)
    if magic != _MAGIC or checksum != _checksum(memoryview(data)[_CHECKED_FROM:]):
        return None
    at = _PREFIX.size + length
    try:
        header = json.loads(data[_PREFIX.size : at])
        meta, sizes = header["meta"], header["blobs"].items()
    except (ValueError, KeyError, TypeError, AttributeError):  # whole, but not written by this code
        return None
    blobs: dict[str, bytes] = {}
    for name, size in sizes:
        blobs[name] = data[at : at + size]
        at += size
    return Entry(meta, blobs)


def _checksum(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=_DIGEST_SIZE).digest()


def _write_new(path: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def _read_own(path: str) -> tuple[bytes, float]:
    """A file's bytes and its time of last use; `PermissionError` if others could have written."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or _distrust(status):
            raise PermissionError(path)
        left, parts = status.st_size, list[bytes]()
        while left > 0 and (part := os.read(file, left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts), status.st_mtime
    finally:
        os.close(file)


# -- the folder ------------------------------------------------------------------------------


def _prepare(path: str) -> str:
    """Make the folder if it is missing; say why it cannot be used, or nothing if it can."""
    if not os.path.isabs(path):
        return "the path is not absolute"
    try:
        if not os.path.isdir(path):
            os.makedirs(path, mode=0o700, exist_ok=True)
            with suppress(OSError):  # two processes at once: one of them writes it
                _write_new(os.path.join(path, _TAG), _TAG_TEXT)
        return _folder_problem(path)
    except OSError as problem:
        return f"{problem.strerror or problem}"


def _folder_problem(path: str) -> str:
    if sys.platform == "win32":  # there, the profile's access list does this
        return ""
    if os.path.islink(path) and _is_foreign(os.lstat(path)):
        return "the link belongs to someone else"
    path = os.path.realpath(path)
    if reason := _distrust(os.stat(path)):
        return f"the folder {reason}"
    while (parent := os.path.dirname(path)) != path:
        path = parent
        if _may_others_rename_in(os.stat(path)):
            return f"others can replace what is in {path}"
    return ""


def _distrust(status: os.stat_result) -> str:
    """Why a file or folder could hold what this user did not write; empty if it could not."""
    if sys.platform == "win32":
        return ""
    if status.st_uid != os.geteuid():
        return "belongs to someone else"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "can be written by others"
    return ""


def _is_foreign(status: os.stat_result) -> bool:
    return sys.platform != "win32" and status.st_uid not in {os.geteuid(), 0}


def _may_others_rename_in(status: os.stat_result) -> bool:
    """Whether a user who is not us, nor root, may replace a folder in this one.

    A group may write to it: groups of one user are common, and their folders are made so.
    """
    if _is_foreign(status):
        return True
    return bool(status.st_mode & stat.S_IWOTH) and not status.st_mode & stat.S_ISVTX
