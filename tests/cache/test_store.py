"""Entries come back whole or not at all, whatever the disk, other processes and other users do."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fresh_process import environment

from pellucid.cache import store as store_module
from pellucid.cache.store import Store, default_store

MIB = 1 << 20
KEY = "00112233445566778899aabbccddeeff"
META = {"symbol": "add", "types": ["int64", "int64"], "nested": {"a": None, "b": 1.5}}
BLOBS = {"object": bytes(range(256)) * 40, "bitcode": b"", "x": b"1"}

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX owners and modes")


def key(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "new" / "cache"), 64 * MIB)


def only_file(store: Store) -> Path:
    (found,) = Path(store.path).glob("*.entry")
    return found


def test_entry_comes_back_as_it_was_put(store: Store) -> None:
    assert store.get(KEY) is None
    assert store.put(KEY, META, BLOBS)
    entry = store.get(KEY)
    assert entry is not None
    assert entry.meta == META
    assert entry.blobs == BLOBS
    assert (store.hits, store.misses) == (1, 1)


def test_another_store_on_the_folder_sees_it(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    entry = Store(store.path, MIB).get(KEY)
    assert entry is not None
    assert entry.blobs == BLOBS


def test_later_entry_replaces_the_earlier(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    store.put(KEY, {}, {"object": b"new"})
    entry = store.get(KEY)
    assert entry is not None
    assert entry.blobs == {"object": b"new"}
    assert store.info().entries == 1


def test_removed_entry_is_gone(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    store.remove(KEY)
    store.remove(KEY)
    assert store.get(KEY) is None


def test_key_that_is_no_digest_is_refused(store: Store) -> None:
    for bad in ("", "abc", "../../../../etc/passwd", "g" * 32, "A" * 32):
        with pytest.raises(ValueError, match="not a key"):
            store.get(bad)


@posix_only
def test_folder_and_files_are_for_the_owner_alone(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    assert os.stat(store.path).st_mode & 0o777 == 0o700
    assert only_file(store).stat().st_mode & 0o777 == 0o600
    assert (Path(store.path) / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f59")


def test_every_flipped_or_missing_byte_is_a_miss_and_is_replaced(store: Store) -> None:
    store.put(KEY, {"a": 1}, {"object": b"0123456789"})
    file = only_file(store)
    whole = file.read_bytes()
    for at in range(len(whole)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            file.write_bytes(damaged)
            assert store.get(KEY) is None
            assert not file.exists()
    assert store.put(KEY, {"a": 1}, {"object": b"0123456789"})
    assert store.get(KEY) is not None


def test_foreign_content_is_a_miss(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    for content in (b"", b"\0" * 1000, b"PK\x03\x04" + bytes(50), b"#!/bin/sh\n" * 20):
        only_file(store).write_bytes(content)
        assert store.get(KEY) is None
        store.put(KEY, META, BLOBS)


@posix_only
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_file_that_others_may_write_is_not_used(store: Store, mode: int) -> None:
    store.put(KEY, META, BLOBS)
    only_file(store).chmod(mode)
    assert store.get(KEY) is None
    assert store.put(KEY, META, BLOBS)
    assert store.get(KEY) is not None


@posix_only
def test_link_or_pipe_in_the_place_of_a_file_is_not_used(store: Store, tmp_path: Path) -> None:
    store.put(KEY, META, BLOBS)
    file = only_file(store)
    other = tmp_path / "other"
    file.rename(other)
    file.symlink_to(other)
    assert store.get(KEY) is None
    file.unlink()
    os.mkfifo(file)
    assert store.get(KEY) is None


@posix_only
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777, 0o1777])
def test_folder_that_others_may_write_is_not_used(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)
    store = Store(str(folder), MIB)
    assert not store.put(KEY, META, BLOBS)
    assert store.get(KEY) is None
    assert store.problem == "the folder can be written by others"
    assert list(folder.iterdir()) == []


@posix_only
def test_folder_that_others_may_replace_is_not_used(tmp_path: Path) -> None:
    parent = tmp_path / "open"
    parent.mkdir()
    parent.chmod(0o777)
    store = Store(str(parent / "cache"), MIB)
    assert not store.put(KEY, META, BLOBS)
    assert "others can replace" in store.problem
    parent.chmod(0o1777)  # as /tmp
    assert Store(str(parent / "cache"), MIB).put(KEY, META, BLOBS)


@posix_only
@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give files away")
def test_what_belongs_to_someone_else_is_not_used(store: Store, tmp_path: Path) -> None:
    store.put(KEY, META, BLOBS)
    os.chown(only_file(store), 12345, -1)
    assert store.get(KEY) is None
    os.chown(store.path, 12345, -1)
    assert Store(store.path, MIB).problem == "the folder belongs to someone else"
    mine = tmp_path / "mine"
    mine.mkdir(mode=0o700)
    link = tmp_path / "link"
    link.symlink_to(mine)
    assert Store(str(link), MIB).problem == ""
    os.chown(link, 12345, -1, follow_symlinks=False)
    assert Store(str(link), MIB).problem == "the link belongs to someone else"


def test_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(str(tmp_path / "file" / "cache"), MIB)
    assert not store.put(KEY, META, BLOBS)
    assert store.get(KEY) is None
    assert store.problem
    assert store.clear() == 0
    assert store.info().entries == 0
    assert "not used" in str(store.info())


def test_relative_path_is_not_used() -> None:
    assert Store("cache", MIB).problem == "the path is not absolute"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_disk_that_fails_while_writing_keeps_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    store.put(key(1), META, BLOBS)
    real_write = os.write

    def write(file: int, data: bytes) -> int:
        if len(data) > 100:
            return real_write(file, data[:100])
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(store_module.os, "write", write)
    assert not store.put(KEY, META, BLOBS)
    monkeypatch.undo()
    assert store.get(KEY) is None
    assert store.get(key(1)) is not None
    assert not list(Path(store.path).glob(".aside-*"))
    assert store.put(KEY, META, BLOBS)


def test_folder_removed_meanwhile_is_made_again(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    store.clear()
    for file in Path(store.path).iterdir():
        file.unlink()
    os.rmdir(store.path)
    assert store.get(KEY) is None
    store.put(KEY, META, BLOBS)
    assert store.put(KEY, META, BLOBS)
    assert store.get(KEY) is not None


def test_least_recently_used_are_forgotten_first(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "cache"), MIB)
    now = time.time()
    for number in range(20):
        store.put(key(0x1_0000 * number + 1), {}, {"object": bytes(100_000)})
    for number, file in enumerate(sorted(Path(store.path).glob("*.entry"))):
        os.utime(file, (now, now - 1_000_000 + number))
    assert store.get(key(1)) is not None  # renews its time of last use
    store.evict()
    info = store.info()
    assert 0.5 * MIB < info.size <= 0.8 * MIB
    assert store.get(key(1)) is not None
    assert store.get(key(0x1_0001)) is None
    assert store.get(key(0x13_0001)) is not None


def test_puts_keep_the_folder_within_its_limit(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "cache"), MIB)
    for number in range(200):
        store.put(key(number), {}, {"object": bytes(50_000)})
    assert store.info().size < 3 * MIB
    assert not store.put(key(999), {}, {"object": bytes(2 * MIB)})


def test_file_left_aside_by_a_killed_process_goes(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    old, fresh = (Path(store.path) / f".aside-{name}" for name in ("old", "fresh"))
    for file in (old, fresh):
        file.write_bytes(b"half")
    os.utime(old, (0, time.time() - 100_000))
    store.evict()
    assert not old.exists()
    assert fresh.exists()
    assert store.get(KEY) is not None


def test_clear_forgets_all_and_only_ours(store: Store) -> None:
    for number in range(5):
        store.put(key(number), META, BLOBS)
    other = Path(store.path) / "notes.txt"
    other.write_text("mine")
    assert store.clear() == 5
    assert store.info().entries == 0
    assert other.exists()


def test_info_reads_well(store: Store) -> None:
    store.put(KEY, META, BLOBS)
    text = str(store.info())
    assert store.path in text
    assert "entries  1" in text
    assert "of 64 MiB" in text


def test_default_store_follows_the_options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PELLUCID_CACHE_DIR", str(tmp_path / "a"))
    monkeypatch.setenv("PELLUCID_CACHE_SIZE", "7")
    first = default_store()
    assert (first.path, first.limit) == (str(tmp_path / "a"), 7 * MIB)
    assert default_store() is first
    monkeypatch.setenv("PELLUCID_CACHE_DIR", str(tmp_path / "b"))
    assert default_store() is not first
    monkeypatch.setenv("PELLUCID_CACHE_SIZE", "much")
    with pytest.raises(ValueError, match="PELLUCID_CACHE_SIZE"):
        default_store()


def test_threads_race_for_one_key(store: Store) -> None:
    contents = [bytes([number]) * 20_000 for number in range(8)]
    wrong: list[object] = []

    def work(number: int) -> None:
        for _ in range(30):
            store.put(KEY, {"n": number}, {"object": contents[number]})
            entry = store.get(KEY)
            if entry is None or entry.blobs["object"] != contents[entry.meta["n"]]:
                wrong.append(entry)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(list(Path(store.path).iterdir())) == 2  # the entry and the tag


WRITER = """
import sys
from pellucid.cache.store import Store
store = Store(sys.argv[1], 1 << 26)
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    store.put("ab" * 16, {"n": number}, {"object": bytes([number]) * 300_000})
"""


@pytest.mark.slow
@posix_only
def test_processes_killed_while_writing_leave_whole_entries(store: Store) -> None:
    for _ in range(4):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, store.path, str(number)],
                stdout=subprocess.PIPE,
                env=environment(),
            )
            for number in (1, 2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        until = time.monotonic() + 0.1
        seen = 0
        while time.monotonic() < until:
            entry = store.get("ab" * 16)
            if entry is not None:
                assert entry.blobs["object"] == bytes([entry.meta["n"]]) * 300_000
                seen += 1
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            assert writer.stdout is not None
            writer.stdout.close()
        assert seen
        entry = store.get("ab" * 16)
        assert entry is not None
        assert entry.blobs["object"] == bytes([entry.meta["n"]]) * 300_000
