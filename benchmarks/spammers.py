"""Sequential tests against spammers: how many are found how soon, and how many honest people are ever accused.

python -m benchmarks.spammers [FILE.npz ...] [--people N] [--spammers N]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.crowds import crowd
from benchmarks.table import show
from labelwright.annotators.evidence import Evidence
from labelwright.annotators.peers import peers_posterior
from labelwright.annotators.spam import gold_test, peer_test
from labelwright.annotators.votes import Votes
from labelwright.stats.intervals import wilson

CLASSES = (2, 3, 5, 10)
WITHIN = {"gold": 30, "peers": 70}
ACCURACY = 0.85
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Answering = Callable[[Ints, Floats, np.random.Generator], Ints]


def truth_of(n: int, shares: Floats, rng: np.random.Generator, *, mixed: bool) -> Ints:
    """True classes of items drawn by their shares, or mixed so that every class comes once in each K."""
    k = len(shares)
    if mixed:
        return np.concatenate([rng.permutation(k) for _ in range(-(-n // k))])[:n].astype(np.int64)
    return rng.choice(k, n, p=shares).astype(np.int64)


def at_random(truth: Ints, shares: Floats, rng: np.random.Generator) -> Ints:
    """Every class alike."""
    return rng.integers(0, len(shares), len(truth))


def same_key(truth: Ints, shares: Floats, rng: np.random.Generator) -> Ints:
    """The commonest class, always."""
    return np.full(len(truth), shares.argmax(), dtype=np.int64)


def by_prevalence(truth: Ints, shares: Floats, rng: np.random.Generator) -> Ints:
    """Classes as often as they occur."""
    return rng.choice(len(shares), len(truth), p=shares).astype(np.int64)


def with_recall(recall: Callable[[int, int], Floats]) -> Answering:
    """Honest answers: recall by answer and class; errors are spread evenly."""

    def answers(truth: Ints, shares: Floats, rng: np.random.Generator) -> Ints:
        k = len(shares)
        right = rng.random(len(truth)) < recall(len(truth), k)[np.arange(len(truth)), truth]
        return np.where(right, truth, (truth + rng.integers(1, k, len(truth))) % k)

    return answers


def even(n: int, k: int) -> Floats:
    """85 % in each class."""
    return np.full((n, k), ACCURACY)


def uneven(n: int, k: int) -> Floats:
    """All errors in as few classes as 85 % on average allows."""
    missing = np.clip((1 - ACCURACY) * k - np.arange(k), 0, 1)
    return np.tile(1 - missing, (n, 1))


def shifting(n: int, k: int) -> Floats:
    """As uneven, in another class every twenty answers: not covered by the promise, which is about constant recalls."""
    rows = uneven(n, k)
    return np.stack([np.roll(row, t // 20) for t, row in enumerate(rows)])


SPAMMERS: dict[str, Answering] = {"random": at_random, "same key": same_key, "prevalence": by_prevalence}
HONEST = {"even": with_recall(even), "uneven": with_recall(uneven), "shifting (not promised)": with_recall(shifting)}


def evidence(
    check: str, answering: Answering, n: int, shares: Floats, rng: np.random.Generator, mixed: bool
) -> Evidence:
    """One person's test over n answers; the peer is one person of 85 %, whose accuracy is known."""
    k = len(shares)
    truth = truth_of(n, shares, rng, mixed=mixed and check == "gold")
    answers = answering(truth, shares, rng)
    if check == "gold":
        return gold_test(answers, truth, k, accuracy=ACCURACY)
    peer = HONEST["even"](truth, shares, rng)
    chance = np.where(np.eye(k, dtype=bool), ACCURACY, (1 - ACCURACY) / (k - 1))  # true by given
    posterior = shares * chance.T
    posterior /= posterior.sum(axis=1, keepdims=True)
    return peer_test(answers, posterior[peer], accuracy=ACCURACY)


def settings() -> Iterator[tuple[str, Floats, bool]]:
    """Names and shares of classes, and whether gold is mixed."""
    for k in CLASSES:
        yield f"{k:2} classes, balanced", np.full(k, 1 / k), True
        yield f"{k:2} classes, 80/20", np.array([0.8, *[0.2 / (k - 1)] * (k - 1)]), False


def power(n_spammers: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """How many spammers are found within the first answers, and how many answers find half and 90 % of them."""
    rows = []
    for name, shares, mixed in settings():
        for check, within in WITHIN.items():
            for kind, answering in SPAMMERS.items():
                tests = [evidence(check, answering, 500, shares, rng, mixed) for _ in range(n_spammers)]
                after = np.array([np.inf if t.alarm_at is None else t.alarm_at + 1 for t in tests])
                half, most = np.quantile(after, [0.5, 0.9], method="inverted_cdf")
                found = wilson(int((after <= within).sum()), n_spammers)
                figure = f"{found.value:6.1%} [{found.low:.1%}, {found.high:.1%}] within {within}"
                rows.append((f"{name}, {check:5}, {kind}", f"{figure}; half after {half:.0f}, 90 % after {most:.0f}"))
    return rows


def false_alarms(n_people: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """How many honest people are accused at any time within 500 answers."""
    rows = []
    for name, shares, mixed in settings():
        for check in WITHIN:
            for kind, answering in HONEST.items():
                n = sum(evidence(check, answering, 500, shares, rng, mixed).alarm for _ in range(n_people))
                rate = wilson(n, n_people)
                rows.append((f"{name}, {check:5}, {kind}", f"{rate.value:.2%} [{rate.low:.2%}, {rate.high:.2%}]"))
    return rows


def real(path: Path, accuracy: float, rng: np.random.Generator) -> list[tuple[str, str]]:
    """People of a real crowd as they are, by their recall averaged over classes, and as if they answered at random."""
    answers, truth = crowd(path)
    given_at = np.lexsort((answers[:, 1], answers[:, 0]))  # the row of the file that each vote was
    votes, items, _, classes = Votes.of(*answers.T)
    k = votes.n_classes
    true = np.searchsorted(classes, truth[items])[votes.item]  # of each vote
    counted = {True: np.zeros(3, dtype=int), False: np.zeros(3, dtype=int)}
    found = {"gold": 0, "peers": 0}
    n_long = 0
    for person in range(votes.n_people):
        own = np.flatnonzero(votes.person == person)
        own = own[np.argsort(given_at[own])]
        right = votes.label[own] == true[own]
        recalls = [right[true[own] == c].mean() for c in range(k) if (true[own] == c).any()]
        shared, posterior = peers_posterior(votes, person)
        order = np.argsort(given_at[shared])
        gold = gold_test(votes.label[own], true[own], k, accuracy=accuracy)
        peers = peer_test(votes.label[shared[order]], posterior[order], accuracy=accuracy)
        counted[bool(np.mean(recalls) >= accuracy)] += (1, gold.alarm, peers.alarm)
        if len(shared) >= WITHIN["peers"]:
            n_long += 1
            first, few = order[: WITHIN["peers"]], true[own[: WITHIN["gold"]]]
            found["gold"] += gold_test(rng.integers(0, k, len(few)), few, k, accuracy=accuracy).alarm
            found["peers"] += peer_test(rng.integers(0, k, len(first)), posterior[first], accuracy=accuracy).alarm
    names = {True: f"mean recall of at least {accuracy:.0%}", False: "below"}
    rows = [(names[of], f"{n} people; accused by gold {g}, by peers {p}") for of, (n, g, p) in counted.items()]
    spam = ", ".join(f"{n} by {check} within {WITHIN[check]}" for check, n in found.items())
    return [("accuracy of the null", f"{accuracy:.0%}"), *rows, ("answers at random instead", f"of {n_long}: {spam}")]


def main() -> None:
    """Parse the options and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="arrays X (item, person, class) and y (true class by item)")
    parser.add_argument("--people", type=int, default=10_000, help="honest people in each setting")
    parser.add_argument("--spammers", type=int, default=2_000, help="spammers in each setting")
    parser.add_argument("--accuracies", type=float, nargs="+", default=[0.85, 0.6], help="of honesty, for the files")
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    show("Spammers found", power(args.spammers, rng))
    show("Honest people of 85 % ever accused within 500 answers", false_alarms(args.people, rng))
    for path in args.files:
        for accuracy in args.accuracies:
            show(path.stem, real(path, accuracy, rng))


if __name__ == "__main__":
    main()
