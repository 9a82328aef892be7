"""The map of Explore: seconds from the address to points on the screen, and seconds to make its projections.

python -m benchmarks.explore --points 100000 1000000
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.data import LABELS, write
from benchmarks.screen_page import browsing
from benchmarks.table import show
from labelwright.engine import mapping
from labelwright.projection.clusters import clusters, how_many
from labelwright.projection.neighbour import method, most_sampled, neighbour_map
from labelwright.projection.plane import pca
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.site import Site
from labelwright.services.site.settings import load
from labelwright.services.steering.training import train_now

N_DIMS, N_GROUPS = 128, 40
SLUG = "pool"
Row = tuple[str, object]


def features(n: int, seed: int) -> npt.NDArray[np.float32]:
    """Rows in groups."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 2, (N_GROUPS, N_DIMS)).astype(np.float32)
    return centres[rng.integers(0, N_GROUPS, n)] + rng.normal(0, 1, (n, N_DIMS)).astype(np.float32)


def projections(n: int, seed: int) -> list[Row]:
    """Seconds for each part of a map of n items."""
    X, rows = features(n, seed), list[Row]()
    sample = X[: most_sampled(method())]
    began = time.perf_counter()
    pca(sample).place(X)
    rows.append(("plane", f"{time.perf_counter() - began:.1f} s"))
    began = time.perf_counter()
    clusters(sample, how_many(n)).place(X)
    rows.append(("clusters", f"{time.perf_counter() - began:.1f} s"))
    began = time.perf_counter()
    found = neighbour_map(sample)
    fitted = time.perf_counter() - began
    rows.append((f"neighbours, {len(sample):,} by {method()}", f"{fitted:.1f} s"))
    began = time.perf_counter()
    found.place(X)
    placed = time.perf_counter() - began
    rows.append((f"neighbours, {n:,} placed", f"{placed:.1f} s (together {fitted + placed:.1f} s)"))
    return rows


def prepared(home: Path, n: int, seed: int) -> None:
    """A project of n texts with features and a map."""
    site = Site(load({"home": home}, environ={}))
    source = home.parent / "texts.jsonl"
    write(source, n, seed=seed, n_words=12)
    admin, _ = users.ensure_admin(site)
    question = create.QuestionDraft(labels=tuple(LABELS))
    create.create(site, admin, create.ProjectDraft(SLUG, source, questions=(question,)))
    train_now(site, SLUG)
    mapping.make(site.project(SLUG))
    site.close()


def answers(n: int, seed: int) -> dict[str, bytes]:
    """What a server with n items would send to the page."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(8000, 57_000, (N_GROUPS, 2))
    group = rng.integers(0, N_GROUPS, n)
    places = np.clip(centres[group] + rng.normal(0, 1800, (n, 2)), 0, 65_534).astype("<u2")
    entries = [{"name": f"group {k}", "n": int(m)} for k, m in enumerate(np.bincount(group, minlength=N_GROUPS))]
    legend = {"by": "cluster", "kind": "values", "entries": entries, "low": None, "high": None, "n_none": 0}
    head = json.dumps(legend).encode()
    layer = {"n_placed": n, "done": True, "method": "openTSNE", "n_sampled": 20_000}
    state = {
        "n_items": n, "n_encoded": n, "share": 1.0, "colours": ["cluster"],
        "projections": [{**layer, "name": "pca"}, {**layer, "name": "neighbour"}],
    }  # fmt: skip
    return {
        "about": json.dumps(state).encode(), "places": places.tobytes(),
        "colours": len(head).to_bytes(4, "little") + head + group.astype(np.uint8).tobytes(),
    }  # fmt: skip


def drawn(page: Any, address: str, n: int) -> float:
    """Seconds from the navigation to the frame after the points were drawn, by the clock of this process."""
    began = time.perf_counter()
    page.goto(address)
    page.locator(f"canvas[data-drawn='{n}']").wait_for(timeout=120_000)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - began


def substituted(page: Any, n: int, seed: int) -> None:
    """Let the page get made-up answers of n points, so that only the browser's part is measured."""
    sent = answers(n, seed)
    for path, name in ((r"/map/about", "about"), (r"/map/colours\?", "colours"), (r"/map\?", "places")):
        page.route(re.compile(path), partial(_give, sent[name], "json" if name == "about" else "octet-stream"))


def _give(body: bytes, kind: str, route: Any) -> None:
    route.fulfill(body=body, content_type=f"application/{kind}")


def main() -> None:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=20_000, help="of a real project, from its server to the screen")
    parser.add_argument("--points", type=int, nargs="*", default=[100_000, 1_000_000], help="drawn by the browser")
    parser.add_argument("--projected", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        prepared(home, args.items, args.seed)
        with browsing(home) as served:
            rows = list[Row]()
            address = f"{served.base}/p/{SLUG}/explore?by=cluster"
            for n in (args.items, *args.points):
                took = []
                for _ in range(args.repeats):
                    page = served.person("admin").page
                    if n != args.items:
                        substituted(page, n, args.seed)
                    took.append(drawn(page, address, n))
                name = f"{n:,} points, {'server and browser' if n == args.items else 'browser alone'}"
                rows.append((name, f"{min(took):.2f} to {max(took):.2f} s (n {len(took)})"))
    show("from the address to points on the screen", rows)
    show(f"projections of {args.projected:,} items of {N_DIMS} numbers", projections(args.projected, args.seed))


if __name__ == "__main__":
    main()
