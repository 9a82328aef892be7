"""Places of files: the same tests over a folder, a shared folder and a store that speaks S3."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.errors import ConflictError, InputError, IntegrityError, MissingExtraError, UnavailableError
from labelwright.store.arrays import Arrays, digest_of
from labelwright.store.files import Files, FilesPlace, LocalFiles, check_files_url
from labelwright.store.files import driver as drivers
from labelwright.store.files.ahead import keeping, read_each
from labelwright.store.files.cache import Cache
from labelwright.store.files.driver import Driver, within
from labelwright.store.files.remote import RemoteFiles
from labelwright.store.media import Media
from tests.object_store import SECRET, ObjectStore, running


@pytest.fixture
def object_store() -> Iterator[ObjectStore]:
    with running() as store:
        yield store


PLACES = ("home", "shared", "s3", "memory", "plain")


@pytest.fixture(params=PLACES)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """Arrays of a project in each place; "plain" is a file system of fsspec that can only write and move."""
    made: Files
    if request.param == "s3":
        url = request.getfixturevalue("object_store").url
    else:
        url = {"shared": f"file://{tmp_path}/share", "memory": f"memory://{tmp_path.name}"}.get(request.param)
    if request.param == "plain":
        pytest.importorskip("fsspec")
        plain = Driver(f"local://{tmp_path}/plain")
        made = RemoteFiles(plain, "projects/pr_1/arrays", Cache(tmp_path / "cache", 1 << 20))
    else:
        if request.param == "memory":
            pytest.importorskip("fsspec")
        made = FilesPlace(tmp_path / "home", url).files(tmp_path / "home/projects/topics", "pr_1", "arrays")
    made.make()
    return made


def test_a_file_is_written_once(files: Files) -> None:
    files.write_once("cycles/1/a.npy", b"abc")
    files.write_once("cycles/1/a.npy", b"abc")  # the same again is fine
    with pytest.raises(ConflictError, match=r"cycles/1/a.npy is there with other content"):
        files.write_once("cycles/1/a.npy", b"abd")
    assert files.read_bytes("cycles/1/a.npy") == files.read_bytes("cycles/1/a.npy", copied=False) == b"abc"
    assert files.digest("cycles/1/a.npy") == hashlib.sha256(b"abc").hexdigest() and files.size("cycles/1/a.npy") == 3
    files.keep("cycles/1/a.npy", b"not compared")
    assert files.read_bytes("cycles/1/a.npy") == b"abc"


def test_what_is_there_is_listed(files: Files) -> None:
    for path in ("b", "f/2", "f/1", "f/deep/3"):
        files.keep(path, path.encode())
    assert files.names("f") == ["f/1", "f/2"] and files.names("nothing") == [] == files.find("nothing")
    assert files.find() == ["b", "f/1", "f/2", "f/deep/3"] and files.find("f/deep") == ["f/deep/3"]
    assert (files.has("f/1") and not files.has("f")) or isinstance(files, LocalFiles)
    files.delete(["f/1", "f/2", "f/2", "f/deep/3"])
    assert files.find() == ["b"] and not files.has("f/1") and files.digest("f/1") is None
    files.delete_all()
    assert files.find() == []


def test_which_of_many_are_there(files: Files) -> None:
    paths = [f"cycles/{k:06d}/reserve.npz" for k in range(40)]
    for path in paths[::3]:
        files.keep(path, b"x")
    assert files.present(reversed(paths)) == paths[::3][::-1]
    assert files.present(paths[:5]) == [paths[0], paths[3]] and files.present([]) == []


def test_what_is_missing_says_where(files: Files) -> None:
    for act in (files.read_bytes, files.local_path, files.check_there, files.size):
        with pytest.raises(IntegrityError, match=r"nothing\.npy is missing from"):
            act("nothing.npy")
    with pytest.raises(IntegrityError, match="is missing"):
        files.write_over("nothing.npy", b"x")


def test_what_is_written_over_is_read_anew_and_what_was_mapped_stays(files: Files) -> None:
    arrays, old, new = Arrays(files), np.arange(6.0), np.zeros(6)
    assert arrays.write("features/a.npy", old) == {"features/a.npy": digest_of(old)}
    mapped = arrays.read("features/a.npy")
    assert isinstance(mapped, np.memmap)
    arrays.write_over("features/a.npy", new)
    assert arrays.digest("features/a.npy") == digest_of(new)
    assert (arrays.read("features/a.npy") == new).all() and (mapped == old).all()


def test_many_are_written_and_read_in_order(files: Files) -> None:
    names = [f"{k % 7:02d}/{k}.png" for k in range(40)]
    with keeping(files) as keep:
        for name in names:
            keep(name, name.encode())
    asked = [*names, None, names[0]]
    assert list(read_each(files, asked)) == [None if name is None else name.encode() for name in asked]
    assert list(read_each(files, ["missing", names[3]], or_none=True)) == [None, names[3].encode()]
    with pytest.raises(IntegrityError, match="missing"):
        list(read_each(files, [*names, "missing"]))


def test_of_many_writers_of_one_file_one_wins(files: Files) -> None:
    outcomes: list[str] = []

    def write(content: bytes) -> None:
        try:
            files.write_once("raced", content)
            outcomes.append(content.decode())
        except ConflictError:
            outcomes.append("conflict")

    writers = [threading.Thread(target=write, args=(b"%d" % k,)) for k in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    winner = files.read_bytes("raced").decode()
    if files.where.startswith(("local:", "memory:")):  # these cannot write on a condition: the last one has it
        assert winner in outcomes
    else:
        assert sorted(outcomes) == sorted([winner, *["conflict"] * 3])


def test_media_of_a_content_are_found_by_its_hash(files: Files) -> None:
    media = Media(files)
    for name in ("ab/abc1.tif", "ab/abc1.tif.png", "ab/abc12.png", "ac/abc1.png"):
        media.keep(name, b"x")
    assert media.of_content("abc1") == ["ab/abc1.tif", "ab/abc1.tif.png"] and len(media.names()) == 4
    media.delete(media.of_content("abc1"))
    assert not media.has("ab/abc1.tif") and media.read("ab/abc12.png") == b"x"
    assert media.path("ab/abc12.png").read_bytes() == b"x"


def test_copies_stay_within_their_bound(object_store: ObjectStore, tmp_path: Path) -> None:
    place = FilesPlace(tmp_path, object_store.url, max_bytes=100_000)
    files = place.files(tmp_path / "p", "pr_1", "arrays")
    for k in range(20):
        files.write_once(f"{k:02d}", bytes([k]) * 10_000)
        if k == 9:
            assert files.read_bytes("09") and place.n_copied() <= 100_000
    assert 80_000 <= place.n_copied() <= 100_000
    assert [files.read_bytes(f"{k:02d}")[:1] for k in range(20)] == [bytes([k]) for k in range(20)]
    assert place.n_copied() <= 100_000
    files.write_once("large", bytes(200_000))  # it is mapped all the same
    assert files.local_path("large").stat().st_size == 200_000
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_the_copy_that_was_used_last_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)

    def fill(target: Path) -> None:
        target.write_bytes(bytes(400))

    for k, name in enumerate(("a", "b")):
        os.utime(cache.add("place", name, "v", fill), (k, k))
    assert cache.find("place", "a", "v") is not None  # used now
    cache.add("place", "c", "v", fill)
    assert [cache.find("place", name) is not None for name in ("a", "b", "c")] == [True, False, True]


def test_a_copy_of_what_another_machine_has_written_over_is_not_used(
    object_store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labelwright.store.files.versions.SAME_SECONDS", 0.0)
    here, there = (
        FilesPlace(tmp_path / name, object_store.url).files(tmp_path / name, "pr_1", "arrays") for name in "ab"
    )
    here.write_once("a", b"with a name in it")
    assert there.read_bytes("a") == b"with a name in it"
    here.write_over("a", b"erased, the same n")
    assert there.read_bytes("a") == b"erased, the same n" == there.read_bytes("a", copied=False)
    assert len(list((tmp_path / "b/cache").rglob("*-*"))) == 1
    here.delete(["a"])
    assert not there.has("a")
    with pytest.raises(IntegrityError, match="missing"):
        there.read_bytes("a")


def test_a_file_that_was_altered_in_the_store_has_another_digest(object_store: ObjectStore, tmp_path: Path) -> None:
    files = FilesPlace(tmp_path, object_store.url).files(tmp_path / "p", "pr_1", "arrays")
    files.write_once("a", b"abc")
    assert object_store.paths() == ["site/projects/pr_1/arrays/a"]
    object_store.client().put_object(Bucket="labels", Key="site/projects/pr_1/arrays/a", Body=b"abd")
    assert files.digest("a") == hashlib.sha256(b"abd").hexdigest()


def test_a_store_that_is_away_and_comes_back(
    object_store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drivers, "DOWN_SECONDS", 0.5)
    place = FilesPlace(tmp_path, object_store.url)
    files = place.files(tmp_path / "p", "pr_1", "arrays")
    files.write_once("copied", b"abc")
    files.keep("not-copied", b"def")
    object_store.stop()
    for act in (
        lambda: files.has("other"), lambda: files.read_bytes("not-copied"), lambda: files.write_once("new", b"x"),
        lambda: files.delete(["copied"]), lambda: files.digest("copied"), lambda: files.find(),
        lambda: files.check_there("copied"),
    ):  # fmt: skip
        with pytest.raises(UnavailableError) as caught:
            act()
        assert object_store.url in str(caught.value) and SECRET not in str(caught.value)
        assert caught.value.__cause__ is None is caught.value.__context__  # a driver's own words may hold a key
    began = time.monotonic()
    for _ in range(20):  # people do not wait for each call
        with pytest.raises(UnavailableError):
            files.has("other")
    assert time.monotonic() - began < 3.0
    assert files.has("copied") and files.read_bytes("copied") == b"abc" == files.read_bytes("copied", copied=False)
    assert place.try_out(object_store.url).problem is not None
    object_store.start()
    time.sleep(0.6)
    assert files.read_bytes("not-copied") == b"def" and not files.has("new")
    files.write_once("new", b"x")
    assert place.try_out(object_store.url).problem is None


def test_a_store_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("s3fs")
    monkeypatch.setattr(drivers, "ASK_SECONDS", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        files = FilesPlace(tmp_path, "s3://labels").files(tmp_path / "p", "pr_1", "arrays")
        began = time.monotonic()
        with pytest.raises(UnavailableError, match="s3://labels does not answer within 1 s"):
            files.has("a")
        assert time.monotonic() - began < 5.0
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(UnavailableError, match="a moment ago"):
                files.has("a")
        assert time.monotonic() - began < 0.5


class Fails:
    """A file system whose every call fails with the same error, as a driver tells it."""

    def __init__(self, error: Exception) -> None:
        self.n, self._error = 0, error

    def info(self, path: str) -> None:
        self.n += 1
        raise self._error


@pytest.mark.parametrize(
    ("error", "said", "attempts"),
    [
        (PermissionError(f"SignatureDoesNotMatch {SECRET}"), "refuses access", 1),
        (OSError(28, f"No space left {SECRET}"), "is full", 1),
        (OSError(f"XMinioStorageFull: {SECRET}"), "is full", 1),
        (ConnectionError(f"https://user:{SECRET}@host"), r"does not answer \(ConnectionError\)", 3),
        (OSError(16, f"SlowDown {SECRET}"), r"does not answer \(OSError\)", 3),
    ],
)
def test_what_a_driver_says_is_told_without_its_words(error: Exception, said: str, attempts: int) -> None:
    driver, system = Driver("s3://labels"), Fails(error)
    driver._opened = system
    with pytest.raises(UnavailableError, match=said) as caught:
        driver.call("info", "a")
    assert SECRET not in str(caught.value) and system.n == attempts


def test_a_missing_bucket_and_a_missing_driver_are_told(object_store: ObjectStore, tmp_path: Path) -> None:
    files = FilesPlace(tmp_path, "s3://nobodys").files(tmp_path / "p", "pr_1", "arrays")
    for act in (files.make, lambda: files.write_once("a", b"x"), lambda: files.keep("b", b"x")):
        with pytest.raises(IntegrityError, match="bucket of s3://nobodys/projects/pr_1/arrays is missing"):
            act()
    with pytest.raises(MissingExtraError, match="surely-none:// must be installed"):
        FilesPlace(tmp_path, "surely-none://x").files(tmp_path / "p", "pr_1", "arrays").make()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"s3://key:{SECRET}@bucket", "without password"), (f"s3://{SECRET}@bucket", "without password"),
        (f"sftp://me:{SECRET}@host/x", "without password"), (f"s3://bucket?secret={SECRET}", "without password"),
        ("bucket", "such as s3://bucket/folder"), ("s3://", "such as s3://bucket/folder"),
        ("file://server/share", "three slashes"), ("s3://[broken", "such as s3://"),
    ],
)  # fmt: skip
def test_an_address_holds_no_credentials(url: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        check_files_url(url)
    assert SECRET not in str(caught.value)


def test_a_shared_folder_that_is_not_mounted_is_not_made(tmp_path: Path) -> None:
    files = FilesPlace(tmp_path, f"file://{tmp_path}/share").files(tmp_path / "p", "pr_1", "media")
    for act in (files.keep, files.write_once):
        with pytest.raises(IntegrityError, match="Is its disk mounted"):
            act("ab/a.png", b"x")
    assert not (tmp_path / "share").exists()


def test_a_call_that_hangs_ends(tmp_path: Path) -> None:
    release: Callable[..., Any] = threading.Event().wait
    found, error = within(0.05, lambda: release(1.0))
    assert found is None and isinstance(error, TimeoutError)


def test_a_file_of_this_machine_is_sent_and_fetched(files: Files, tmp_path: Path) -> None:
    content = os.urandom(6 << 20)  # of a size that S3 takes in parts
    (tmp_path / "in").write_bytes(content)
    files.add_file("content", tmp_path / "in")
    assert files.find() == ["content"] and files.digest("content") == hashlib.sha256(content).hexdigest()
    files.copy_to("content", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == content
    with pytest.raises(IntegrityError, match="nothing is missing from"):
        files.copy_to("nothing", tmp_path / "none")
