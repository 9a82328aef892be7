"""Aggregating several people's answers: accuracy on real crowds whose truth is known, time and memory.

python -m benchmarks.crowds FILE.npz ...

GLAD and MACE are measured too where crowd-kit is installed, and crowd-kit's own Dawid-Skene models beside ours.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import labelwright as lw
from benchmarks.table import show

METHODS = ("majority", "one-coin", "dawid-skene", "auto")
EXTRA = ("glad", "mace") if find_spec("crowdkit") else ()
Ints = npt.NDArray[np.int64]
Labels = Callable[[Ints, Ints, Ints], "pd.Series[int]"]


def peers() -> dict[str, Labels]:
    """Crowd-kit's models that we have too, as functions of item, person and class; empty if it is not installed."""
    if not EXTRA:
        return {}
    kit = import_module("crowdkit.aggregation")

    def labels(name: str) -> Labels:
        def found(item: Ints, person: Ints, label: Ints) -> pd.Series[int]:
            table = pd.DataFrame({"task": item, "worker": person, "label": label})
            return getattr(kit, name)().fit_predict(table).sort_index()  # type: ignore[no-any-return]

        return found

    return {f"crowd-kit {name}": labels(name) for name in ("MajorityVote", "OneCoinDawidSkene", "DawidSkene")}


def crowd(path: Path) -> tuple[Ints, Ints]:
    """The first answer of each person to each item as rows (item, person, class), and the true class by item.

    The file holds them as arrays X and y.
    """
    with np.load(path, allow_pickle=True) as file:
        answers, truth = np.asarray(file["X"], dtype=np.int64), np.asarray(file["y"], dtype=np.int64)
    _, first = np.unique(answers[:, :2], axis=0, return_index=True)
    return answers[np.sort(first)], truth


def real(path: Path) -> list[tuple[str, str]]:
    """Accuracy of each method against the truth, and how often the skill's interval holds a person's accuracy."""
    answers, truth = crowd(path)
    item, person, label = answers.T
    rows = [("answers, items, people", f"{len(answers):,}, {len(np.unique(item)):,}, {len(np.unique(person)):,}")]
    for method in (*METHODS, *EXTRA):
        aggregated = lw.aggregate(item, person, label, method=method)
        right = aggregated.labels.to_numpy() == truth[aggregated.labels.index]
        accuracy, error = right.mean(), (right.mean() * (1 - right.mean()) / len(right)) ** 0.5
        known = np.array(
            [(label[person == who] == truth[item[person == who]]).mean() for who in aggregated.skill.index]
        )
        held = ((aggregated.skill["low"] <= known) & (known <= aggregated.skill["high"])).mean()
        rows.append(
            (method, f"{accuracy:.4f} (s.e. {error:.4f}); interval of skill holds {held:.0%}; {aggregated.method}")
        )
    for name, labels in peers().items():
        of_peer = labels(item, person, label)
        rows.append((name, f"{(of_peer.to_numpy() == truth[of_peer.index]).mean():.4f}"))
    for measure in ("krippendorff", "ac1", "raw"):
        rows.append((measure, str(lw.agreement(item, person, label, measure=measure))))
    return rows


def large(n_items: int, per_item: int, n_people: int) -> list[tuple[str, str]]:
    """Seconds and memory on many made-up answers."""
    rng = np.random.default_rng(0)
    item = np.repeat(np.arange(n_items), per_item)
    step = n_people // per_item
    person = ((rng.integers(0, n_people, n_items)[:, None] + step * np.arange(per_item)) % n_people).ravel()
    truth = rng.integers(0, 4, n_items)
    label = np.where(rng.random(len(item)) < 0.7, truth[item], rng.integers(0, 4, len(item)))
    rows = []
    for method in (*METHODS[:3], *EXTRA):
        started = time.perf_counter()
        found = lw.aggregate(item, person, label, method=method).labels
        seconds, right = time.perf_counter() - started, (found.to_numpy() == truth[found.index]).mean()
        rows.append((method, f"{seconds:.1f} s; {right:.4f} right"))
    for name, labels in peers().items():
        started = time.perf_counter()
        found = labels(item, person, label)
        seconds, right = time.perf_counter() - started, (found.to_numpy() == truth[found.index]).mean()
        rows.append((name, f"{seconds:.1f} s; {right:.4f} right"))
    started = time.perf_counter()
    lw.agreement(item, person, label)
    rows.append(("krippendorff, 1,000 resamples", f"{time.perf_counter() - started:.1f} s"))
    rows.append(("memory of the process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"))
    return rows


def main() -> None:
    """Parse the options and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="arrays X (item, person, class) and y (true class by item)")
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--per-item", type=int, default=5)
    parser.add_argument("--people", type=int, default=1000)
    args = parser.parse_args()
    show(
        f"{args.items * args.per_item:,} answers of {args.people:,} people",
        large(args.items, args.per_item, args.people),
    )
    for path in args.files:
        show(path.stem, real(path))


if __name__ == "__main__":
    main()
