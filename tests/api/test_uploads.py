"""Uploads: received file by file; odd names, broken bodies and bombs are one clear error, and nothing stays of them."""

from __future__ import annotations

import gzip
import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from labelwright.services.people import users
from labelwright.services.projects import uploads
from tests.conftest import Api

BOUNDARY = "cut-here"


def body(*files: tuple[str, bytes], end: bool = True) -> bytes:
    """A multipart body, with names as they are."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join(parts) + (f"--{BOUNDARY}--\r\n".encode() if end else b"")


def send(api: Api, content: bytes, kind: str = f"multipart/form-data; boundary={BOUNDARY}") -> Any:
    headers = {**api.headers, "content-type": kind}
    return api.client.post(api.base + "/uploads", content=content, headers=headers)


def left(api: Api) -> list[str]:
    """What stayed of uploads."""
    folder = Path(api.site.settings.home) / "uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@contextmanager
def few_files(n: int) -> Iterator[None]:
    """At most ``n`` files may be opened from here on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    n_open = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (n_open + n, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_files_are_received_one_at_a_time(api: Api) -> None:
    api.get("/session")  # whatever is opened once is open
    send(api, body(("a.csv", b"text\nx\n")))
    content = body(*((f"in/{k}.txt", b"x" * 100) for k in range(300)))
    with few_files(20):
        sent = send(api, content)
    assert sent.status_code == 201, sent.text
    assert (sent.json()["files"], sent.json()["bytes"], sent.json()["name"]) == (300, 30_000, "in")


def test_a_file_comes_back_as_it_was_sent(api: Api) -> None:
    data = bytes(range(256)) * 5000 + b"\r\n--cut\r\n"
    sent = send(api, body(("Ünï ☃.csv", data))).json()
    assert sent["name"] == "Ünï ☃.csv"
    admin = users.ensure_admin(api.site)[0]
    assert uploads.find(api.site, admin, sent["id"]).read_bytes() == data


ODD_NAMES = {
    "outside": ["../x.csv"], "inside-out": ["a/../../x.csv"], "backslash": ["..\\x.csv"], "NUL": ["a\0b.csv"],
    "long": ["x" * 300 + ".csv"], "long-folder": ["ä" * 120 + "/x.csv"], "empty": [""], "folder": ["a/"],
    "dots": ["."], "twice": ["a.csv", "a.csv"], "case": ["a/B.csv", "a/b.csv"],
    "unicode-form": ["\u00e9.csv", "e\u0301.csv"], "escape": ["a\x1bb.csv"], "file-and-folder": ["a", "a/b.csv"],
}  # fmt: skip


@pytest.mark.parametrize("case", ODD_NAMES)
def test_an_odd_name_is_refused_and_nothing_stays(api: Api, case: str) -> None:
    sent = send(api, body(*((name, b"text\nx\n") for name in ODD_NAMES[case])))
    assert sent.status_code == 422, sent.text
    assert sent.json()["message"].startswith("upload: ") and sent.json()["hint"]
    assert left(api) == []


BROKEN = {
    "cut": (body(("a.csv", b"text\nx\n"), end=False), f"multipart/form-data; boundary={BOUNDARY}"),
    "no-boundary": (body(("a.csv", b"x")), "multipart/form-data"),
    "another-boundary": (body(("a.csv", b"x")), "multipart/form-data; boundary=other"),
    "long-boundary": (body(), "multipart/form-data; boundary=" + "b" * 9000),
    "json": (b"{}", "application/json"),
    "no-file": (body(), f"multipart/form-data; boundary={BOUNDARY}"),
    "long-headers": (body(("a" * 20_000, b"x")), f"multipart/form-data; boundary={BOUNDARY}"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_body_is_refused_and_nothing_stays(api: Api, case: str) -> None:
    sent = send(api, *BROKEN[case])
    assert sent.status_code == 422, sent.text
    assert left(api) == []


def test_what_is_too_large_is_refused_while_it_comes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FILES", 3)
    assert send(api, body(*((f"{k}.txt", b"x") for k in range(4)))).status_code == 413
    assert left(api) == []


def test_a_bomb_is_refused_by_the_preview(api: Api) -> None:
    """A megabyte that becomes a gigabyte: reading ends at a budget, long before memory does."""
    for name, content in (
        ("line.csv.gz", b"text\n" + b"x" * (40 << 20)),
        ("rows.jsonl.gz", b'{"a": 1}' + b" " * (40 << 20)),
    ):
        sent = send(api, body((name, gzip.compress(content, 9)))).json()
        shown = api.post(f"/uploads/{sent['id']}/preview", {"columns": {}})
        assert shown.status_code == 422, shown.text
        assert "at most 200 times its size" in shown.json()["message"]


def test_a_bomb_of_pixels_is_one_clear_error(api: Api) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    sent = send(api, body(("a.png", out.getvalue()), ("b.png", out.getvalue()))).json()
    shown = api.post(f"/uploads/{sent['id']}/preview", {"columns": {}})
    assert shown.status_code == 200, shown.text
    assert "an image must have at most 89,478,485 pixels, got 400,000,000" in shown.json()["rows"][0]["problem"]


def test_a_tiff_is_shown_as_png_and_stays_what_it_was(api: Api, tmp_path: Path) -> None:
    from PIL import Image

    from labelwright.services.projects import create
    from labelwright.services.record.verify import verify
    from tests.conftest import text_draft

    (tmp_path / "in").mkdir()
    for k in range(4):
        Image.linear_gradient("L").rotate(90 * k).convert("I;16").save(tmp_path / f"in/{k}.tif")
    admin = users.ensure_admin(api.site)[0]
    create.create(api.site, admin, text_draft("pictures", tmp_path / "in", labels=("a", "b")))
    for _ in range(2):  # made, then kept
        shown = api.get("/projects/pictures/items/i1/media")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
        assert Image.open(io.BytesIO(shown.content)).size == (256, 256)
    store = api.site.project("pictures")
    names = store.media.names()
    assert [sum(name.endswith(end) for name in names) for end in (".tif", ".tif.png")] == [4, 1]
    assert verify(api.site, "pictures").problems == []
