"""What a person waits for on the screen: the first item, the next item, and letters typed with many labels.

python -m benchmarks.screen --labels names.txt
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import httpx2

from benchmarks.processes import API, Process, Server, environment, make_people
from benchmarks.screen_kinds import Kind, kinds, label_names
from benchmarks.screen_page import browsing, first_item, frame_seconds, key_to_item, letters, person_of
from benchmarks.table import quantile, show

TABLES = ("first", "demo", "next", "letters")
LIMIT_SECONDS = 600.0
Sources = dict[str, Path]


def created(home: Path, of: Sequence[Kind], sources: Sources) -> dict[str, float]:
    """Seconds from the start of ``labelwright create`` until the queue of a running server gives an item."""
    took = {}
    with Server(home) as server:
        (token,) = make_people(home, 1)
        for kind in of:
            command = ["-m", "labelwright", "--home", str(home), "create", kind.slug, str(sources[kind.slug])]
            begun = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, *command, *kind.options()], env=environment(home), stdout=subprocess.DEVNULL
            )
            took[kind.slug] = _until_lease(server.url, token, kind.slug, begun)
            if process.wait(LIMIT_SECONDS):
                raise RuntimeError(f"create {kind.slug} ended with {process.returncode}")
    return took


def _until_lease(url: str, token: str, slug: str, begun: float) -> float:
    headers = {"Authorization": f"Bearer {token}"}
    while time.perf_counter() - begun < LIMIT_SECONDS:
        reply = httpx2.post(f"{url}{API}/projects/{slug}/queue", json={"n": 1}, headers=headers, timeout=60)
        if reply.status_code == 200 and reply.json()["leases"]:
            return time.perf_counter() - begun
        time.sleep(0.05)
    raise RuntimeError(f"the queue of {slug} gave no item within {LIMIT_SECONDS:.0f} s")


class _Demo(Process):
    """``labelwright demo digits``, with the address at which it answers."""

    base = ""

    def start(self) -> _Demo:
        super().start()
        assert self.process is not None and self.process.stdout is not None
        self.base = self.process.stdout.readline().strip().rpartition(" at ")[2]
        return self


def demo(home: Path) -> float:
    """Seconds from the start of ``labelwright demo digits`` to the first item in a browser that is open already."""
    with browsing(home, server=object()) as served:
        served.browser.new_page().close()
        begun = time.perf_counter()
        with _Demo(
            ["-m", "labelwright", "--home", str(home), "demo", "digits", "--port", "0", "--no-browser"], home
        ) as it:
            served.server = it
            person_of(served).open("/p/digits/label").get_by_test_id("item").wait_for()
            return time.perf_counter() - begun


def show_first(folder: Path, of: Sequence[Kind], sources: Sources, on_page: dict[str, tuple[float, float]]) -> None:
    """Print how long the first item takes on the page and from the command line."""
    by_command = created(folder / "created", of, sources)
    rows = [
        (
            kind.name,
            f"preview {on_page[kind.slug][0]:5.1f} · Start to item {on_page[kind.slug][1]:5.1f} · "
            f"create to item {by_command[kind.slug]:5.1f} s",
        )
        for kind in of
    ]  # fmt: skip
    show("seconds to the first item", rows)


def show_next(took: dict[str, list[float]], of: Sequence[Kind], frames: Sequence[float]) -> None:
    """Print how long the next item takes."""
    rows = [(kind.name, _quantiles(took[kind.slug])) for kind in of]
    rows.append(("a frame of an empty page", _quantiles(frames)))
    show("from the last key of an answer to the next item on the screen", rows)


def _quantiles(seconds: Sequence[float]) -> str:
    p50, p95 = (quantile(seconds, q) * 1000 for q in (0.5, 0.95))
    return f"p50 {p50:6.1f} · p95 {p95:6.1f} ms   (n {len(seconds)})"


def main() -> None:
    """Parse the options, make the data, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=300, help="rows of each kind of data; at least 150")
    parser.add_argument("--answers", type=int, default=60, help="answers of each kind")
    parser.add_argument("--labels", type=Path, help="file of label names, one a line, in place of 77 made-up ones")
    parser.add_argument("--kinds", default="", help="slugs of kinds, such as texts,photos; all if left out")
    parser.add_argument("--tables", default=",".join(TABLES), help="which tables to print")
    args = parser.parse_args()
    tables, names = set(args.tables.split(",")), label_names(args.labels)
    of = [kind for kind in kinds(args.rows, names) if not args.kinds or kind.slug in args.kinds.split(",")]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "sources").mkdir()
        sources = {kind.slug: kind.write(folder / "sources") for kind in of}
        on_page, took = {}, {}
        typed: list[int] = []
        with browsing(folder / "home") as served:
            frames = frame_seconds(served)
            person = person_of(served)
            for kind in of:
                on_page[kind.slug] = first_item(person, kind, sources[kind.slug])
                if "next" in tables:
                    took[kind.slug] = key_to_item(person, kind, args.answers)
                if "letters" in tables and kind.slug == "intents":
                    typed = letters(person, kind.slug, names)
        if "first" in tables:
            show_first(folder, of, sources, on_page)
        if "demo" in tables:
            show("labelwright demo digits", [("process start to the first item", f"{demo(folder / 'demo'):.1f} s")])
        if "next" in tables:
            show_next(took, of, frames)
        if typed:
            row = f"median {quantile(typed, 0.5):.0f} · mean {mean(typed):.2f} · max {max(typed)}"
            show(f"letters typed before Enter, {len(names)} labels", [("fewest for each label", row)])


if __name__ == "__main__":
    main()
