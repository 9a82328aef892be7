"""Ask where, along each class's order, one kind of answer turns into the other."""

from __future__ import annotations

from functools import cache

import numpy as np

from labelwright.check import Floats, Ints, check_proba, check_same_length
from labelwright.evidence.base import Evidence
from labelwright.kernels.lines import Line, in_a_row
from labelwright.kernels.top import Keys
from labelwright.strategies.base import Strategy
from labelwright.strategies.most_likely_positive import by_rarity
from labelwright.strategies.shared.selection import Picks


class Galaxy(Strategy):
    """For each class, bisects the interval between positive and negative answers, then asks on both sides of the cut.

    For each class all items stand in a row by how much the model prefers it. The middle of the shortest stretch
    between a yes and a no is asked; once no stretch is left, the items nearest to the cuts, evenly on both sides.
    Classes take turns, the rarest first, so that a rare one gets as many answers as a frequent one. The score is one
    over the length of the stretch, at most 1/2. For very uneven classes. Not for even
    ones, where margin does as well.

    Notes
    -----
    Answers within a batch are not known: a pick counts as what the model predicts, where the paper asks one at a
    time. Classes without an answer have no stretch and get no turn; where nothing is left to bisect, the batch is
    filled up at random. Cost: one sort of the pool for each class that gets a turn, two numbers an item for each.
    """

    name = "galaxy"
    family = "search"
    tasks = ("classification",)
    needs = ("proba", "labeled", "answers")
    batch_aware = True
    reference = "Zhang, Katz-Samuels, Nowak (2022). GALAXY: graph-based active learning at the extreme"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        proba, known, y = evidence.proba, evidence.proba_labeled, evidence.answers
        check_proba("galaxy", proba)
        check_same_length("galaxy", y_labeled=len(y), predictions_labeled=len(known))
        classes = by_rarity(evidence)
        if proba.shape[1] == 2:
            classes = classes[:1]  # the other class's row is the same one backwards
        predicted, nodes = proba.argmax(axis=1), np.arange(len(proba), len(proba) + len(y))
        keys = _with_labeled_first(evidence, rng)
        lines: dict[int, Line] = {}
        picks: list[int] = []
        lengths: list[int] = []
        turn = idle = 0
        while len(picks) < n and idle < len(classes):
            k = int(classes[turn % len(classes)])
            turn, idle = turn + 1, idle + 1
            if k not in lines:
                lines[k] = Line(in_a_row(np.concatenate([preference(proba, k), preference(known, k)]), keys))
                lines[k].label(nodes, y == k)
                for pick in picks:
                    _tell({k: lines[k]}, evidence.closes(pick), predicted[pick])
            bisected = lines[k].next()
            if bisected is None:
                continue
            idle = 0
            picks.append(bisected[0])
            lengths.append(bisected[1])
            _tell(lines, evidence.closes(bisected[0]), predicted[bisected[0]])
        path = np.array(lengths, dtype=np.float64)
        return Picks(np.array(picks, dtype=np.int64), 1 / path, {"path": path})


def preference(proba: Floats, k: int) -> Floats:
    """What a class's row is ordered by, (n_items,): its lag behind the likeliest class, or its lead's own probability.

    >>> preference(np.array([[0.5, 0.3, 0.2], [0.4, 0.6, 0.0]]), 0).round(6)
    array([ 0.5, -0.2])
    """
    top, own = proba.max(axis=1), proba[:, k]
    return np.asarray(np.where(own >= top, own, own - top))


def _tell(lines: dict[int, Line], closed: Ints, predicted: int) -> None:
    """Duplicates of a pick get the same answer."""
    for k, line in lines.items():
        line.label(closed, np.full(len(closed), predicted == k))


def _with_labeled_first(evidence: Evidence, rng: np.random.Generator) -> Keys:
    """Tie keys of candidates and, after them in number, labeled items; hashed all at once, if there are ties."""
    of = evidence.keys(rng)
    hashes = cache(lambda: of(np.arange(evidence.n_items)) | np.uint64(2**63))

    def keys(nodes: Ints) -> np.ndarray:
        words = nodes.astype(np.uint64)
        ours = nodes < evidence.n_items
        if ours.any():
            words[ours] = hashes()[nodes[ours]]
        return words

    return keys
