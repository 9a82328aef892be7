"""What choosing among candidates costs: constants chosen on one half of the sets, regrets reported on the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from labelwright.loop import representation
from labelwright.models.automatic import FIRST

SETS = (
    "banking77", "breast_cancer", "credit", "digits", "fine_foods", "letter", "mnist_5k", "satellite", "spambase",
    "sr_bannach_brown", "wa_churn",
)  # fmt: skip
Line = Mapping[str, Any]
Rule = tuple[str, float, float, str]  # the loss, how sure to be, the weight of a random label, what serves at first
STARTS = ("nearest-mean", "linear", "svm")
SURES, WEIGHTS = (0.0, 0.7, 0.8, 0.9), (1.0, 3.0)
SERVED: dict[str, Rule] = {"as now": ("accuracy", representation.SURE, representation.RANDOM_WEIGHT, FIRST[0])}


def regrets(lines: Iterable[Line], rule: Rule) -> dict[tuple[str, str, int, int], float]:
    """Points lost to the best candidate by set, way, seed and number of labels; each run moves as the loop does."""
    loss, sure, weight, start = rule
    runs: dict[tuple[str, str, int], list[Line]] = defaultdict(list)
    for line in lines:
        runs[line["set"], line["how"], line["seed"]].append(line)
    found = {}
    for (name, how, seed), run in runs.items():
        serving: str | None = None
        for line in sorted(run, key=lambda one: int(one["n"])):
            candidates = list(line["losses"])
            if serving is None:
                serving = next(one for one in candidates if one.endswith(f" {start}"))
            each = np.array([line["losses"][one][loss] for one in candidates])
            by_label = np.where(line["random"], weight, 1.0)
            judged = representation.judged(each, by_label, np.arange(each.shape[1]), candidates.index(serving), seed)
            best = int(judged.best)
            serving = candidates[best] if judged.beats >= sure else serving
            top = max(line["accuracy"][one] for one in candidates)
            found[name, how, seed, int(line["n"])] = 100 * (top - line["accuracy"][serving])
    return found


def fixed(lines: Iterable[Line], learner: str) -> dict[tuple[str, str, int, int], float]:
    """Points lost by a learner that serves always, on the first encoder."""
    found = {}
    for line in lines:
        encoder = next(iter(line["losses"])).split()[0]
        top = max(line["accuracy"][one] for one in line["losses"])
        mine = line["accuracy"].get(f"{encoder} {learner}", line["accuracy"][f"{encoder} linear"])
        found[line["set"], line["how"], line["seed"], int(line["n"])] = 100 * (top - mine)
    return found


def row(found: Mapping[tuple[str, str, int, int], float], how: str, sets: Sequence[str]) -> str:
    """Mean regret with its standard error over sets at each number of labels."""
    cells = []
    for size in sorted({key[3] for key in found}):
        means = [
            np.mean([value for key, value in found.items() if key[:2] == (name, how) and key[3] == size])
            for name in sets
            if any(key[:2] == (name, how) and key[3] == size for key in found)
        ]
        error = np.std(means, ddof=1) / np.sqrt(len(means)) if len(means) > 1 else float("nan")
        cells.append(f"{np.mean(means):5.2f} ({error:4.2f})")
    return "  ".join(cells)


def report(lines: Sequence[Line]) -> None:
    """Print the constants that were best on the developed half, and the regrets on the other."""
    sets = sorted({line["set"] for line in lines})
    developed, held = ([name for name in SETS[k::2] if name in sets] for k in (0, 1))
    ours, theirs = ([line for line in lines if line["set"] in half] for half in (developed, held))
    scores = {}
    for rule in product(("accuracy", "log-loss", "brier"), SURES, WEIGHTS, STARTS):
        scores[rule] = float(np.mean(list(regrets(ours, rule).values())))
    print(f"developed on {', '.join(developed)}; reported on {', '.join(held)}")
    for rule, score in sorted(scores.items(), key=lambda pair: pair[1])[:8]:
        print(f"  {rule[0]:9} sure {rule[1]:.1f} weight {rule[2]:4.1f} start {rule[3]:12}: {score:.3f} points")
    best = min(scores, key=lambda rule: scores[rule])
    for how in ("random", "auto"):
        print(f"\n{how} labels: points lost, mean over sets (s.e.), at {sorted({int(one['n']) for one in lines})}")
        for name, rule in {"chosen": best, **SERVED}.items():
            print(f"  {name:18}{row(regrets(theirs, rule), how, held)}   {rule}")
            print(f"  {name + ', all sets':18}{row(regrets(lines, rule), how, sets)}")
        for learner in ("linear", "tabular", "nearest-mean", "svm", "gaussian-process", "linear-cv"):
            print(f"  {'always ' + learner:24}{row(fixed(theirs, learner), how, held)}")
