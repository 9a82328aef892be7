"""Peak memory and open files of import, preview, upload, encode and export on the largest inputs that are accepted.

python -m labs.budgets

Each is measured in a process of its own. The limits are those of `labelwright.budgets` and of LABELWRIGHT_MAX_TEXT.
Texts are the hardest to encode that are still like language: 50,000 words by Zipf's law.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.table import show
from labelwright.budgets import MAX_EXPANSION, MAX_PIXELS
from labelwright.services.site.settings import Settings

N_TEXTS = 100
N_IMAGES = 8
N_UPLOADS = 5000
N_WORDS = 50_000
SECONDS = 0.005


def write_texts(folder: Path) -> None:
    """Texts of as many characters as an item may have."""
    rng = np.random.default_rng(0)
    words = np.array(["".join(map(chr, rng.integers(97, 123, n))) for n in rng.integers(3, 9, N_WORDS)])
    with (folder / "texts.jsonl").open("w") as file:
        for k in range(N_TEXTS):
            drawn = words[np.minimum(rng.zipf(1.3, Settings.max_text // 5) - 1, N_WORDS - 1)]
            file.write(json.dumps({"id": k, "text": " ".join(drawn)[: Settings.max_text]}) + "\n")


def write_images(folder: Path) -> None:
    """Images of as many pixels as one may have."""
    from PIL import Image

    (folder / "images").mkdir()
    side = int(MAX_PIXELS**0.5)
    for k in range(N_IMAGES):
        noise = np.random.default_rng(k).integers(0, 256, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((side, side)).save(folder / f"images/{k}.png", compress_level=1)


def write_bomb(folder: Path) -> None:
    """A gzipped file that becomes nearly as large as it may."""
    rng, target = np.random.default_rng(0), folder / "bomb.jsonl.gz"
    line = '{"text": "' + "x " * 100_000 + '"}\n'
    with gzip.open(target, "wt") as file:
        for _ in range(2000):
            file.write(f'{{"text": "{rng.bytes(1000).hex()}"}}\n')
            file.write(line)
    expansion = 2000 * len(line) / target.stat().st_size
    assert MAX_EXPANSION / 2 < expansion < MAX_EXPANSION, f"the bomb becomes {expansion:.0f} times its size"


def site_of(folder: Path) -> tuple[Any, Any]:
    """The site of the experiment, and its admin."""
    from labelwright.services.people import users
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load

    site = Site(load({"home": folder / "home"}, environ={}))
    return site, users.ensure_admin(site)[0]


def create(folder: Path, slug: str, source: Path) -> None:
    """Import a source."""
    from labelwright.services.projects import create as creating

    site, admin = site_of(folder)
    question = creating.QuestionDraft(labels=("a", "b"))
    creating.create(site, admin, creating.ProjectDraft(slug, source, questions=(question,)))


def encode(folder: Path, slug: str, kind: str, encoder: str, n_items: int) -> None:
    """Make features of all items."""
    from labelwright.engine import encoding

    store = site_of(folder)[0].project(slug)
    encoding.encode(store, kind, encoder, f"{encoder}-1", n_items, 0)


def export(folder: Path, ending: str) -> None:
    """Export the texts."""
    from labelwright.services.record import exports

    site, admin = site_of(folder)
    exports.export(site, admin, "texts", folder / f"out.{ending}")


def preview(folder: Path, source: str) -> None:
    """Upload a file and preview it."""
    from labelwright.services.projects.preview import preview as show_preview
    from labelwright.services.projects.uploads import Receiver

    site, admin = site_of(folder)
    with Receiver(site, admin) as receiver, (folder / source).open("rb") as file:
        receiver.begin(source)
        while chunk := file.read(1 << 20):
            receiver.write(chunk)
        upload = receiver.finish()
    show_preview(site, admin, upload.id, columns={}, task=None, labels=None)


def upload(folder: Path) -> None:
    """Upload many files in one request."""
    from fastapi.testclient import TestClient

    from labelwright.server.app import create_app
    from labelwright.services.people import users

    site, admin = site_of(folder)
    client = TestClient(create_app(site), base_url="http://localhost")
    headers = {"Authorization": f"Bearer {users.make_token(site, admin).secret}"}
    files = [("files", (f"in/{k}.txt", b"x" * 20_000)) for k in range(N_UPLOADS)]
    sent = client.post("/api/v1/uploads", files=files, headers=headers)
    assert sent.status_code == 201, sent.text


INPUTS: dict[str, Callable[[Path], None]] = {
    "write texts": write_texts,
    "write images": write_images,
    "write a bomb": write_bomb,
}
MEASURES: dict[str, Callable[[Path], None]] = {
    f"import {N_TEXTS} texts of {Settings.max_text:,} characters": lambda f: create(f, "texts", f / "texts.jsonl"),
    f"import {N_IMAGES} images of {MAX_PIXELS:,} pixels": lambda f: create(f, "images", f / "images"),
    "preview of the texts": lambda f: preview(f, "texts.jsonl"),
    f"preview of a file that becomes up to {MAX_EXPANSION} times its size": lambda f: preview(f, "bomb.jsonl.gz"),
    f"upload of {N_UPLOADS:,} files in one request, {N_UPLOADS / 50:.0f} MB": upload,
    "encode the texts": lambda f: encode(f, "texts", "text", "tfidf", N_TEXTS),
    "encode the images": lambda f: encode(f, "images", "image", "pixels", N_IMAGES),
    "export the texts as CSV": lambda f: export(f, "csv"),
    "export the texts as JSON lines": lambda f: export(f, "jsonl"),
    "export the texts as Parquet": lambda f: export(f, "parquet"),
}


def measure(name: str, folder: Path) -> None:
    """Run one measure in this process and print seconds, peak MiB and open files."""
    most, over = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(SECONDS):
            most = max(most, len(os.listdir("/proc/self/fd")))

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    try:
        (INPUTS | MEASURES)[name](folder)
    finally:
        over.set()
        watcher.join()
    seconds = time.perf_counter() - started
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, most]))


def run(name: str, folder: Path) -> str:
    """One measure in a process of its own, in words."""
    command = [sys.executable, "-m", "labs.budgets", "--measure", name, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return f"FAILED: {done.stderr.strip().splitlines()[-1]}"
    seconds, peak, n_files = json.loads(done.stdout.splitlines()[-1])
    return f"{peak:7,.0f} MiB   {n_files:4} files open   {seconds:7.1f} s"


def main() -> None:
    """Write the inputs, run all measures, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--measure", choices=INPUTS | MEASURES, help="run only this one, in this process")
    parser.add_argument("--folder", type=Path, help="where the inputs are")
    args = parser.parse_args()
    if args.measure:
        measure(args.measure, args.folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in INPUTS:  # in processes of their own too: a process begins with the peak of its parent
            if (said := run(name, folder)).startswith("FAILED"):
                raise SystemExit(f"{name}: {said}")
        show("Budgets: peak memory and open files", [(name, run(name, folder)) for name in MEASURES])


if __name__ == "__main__":
    main()
