"""Tests on random labels whether chosen labels teach the model more, and adapts the random share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from labelwright.check import Ints
from labelwright.stats.paired import corrected_resampled_t
from labelwright.words import Reason

FIRST_LOOK, GROWTH = 150, 1.5  # random labels at the first look, and the factor from one look to the next
MAX_LOOKS = 10
N_SPLITS = 20
ALPHA = 0.1  # chance of a false alarm over all looks, one-sided

Value = Callable[[Ints, Ints], float]  # train positions, test positions -> the metric, higher is better


@dataclass(frozen=True)
class GuardVerdict:
    """One look.

    Attributes
    ----------
    look : int
        From 1.
    n_drawn, n_chosen : int
        Labels sampled uniformly at random, and labels chosen by the strategy.
    effect, low : float
        By how much random labels improve the metric more than as many chosen ones, in the unit of the metric, and the
        lower bound of that.
    random_share : float
        Of the slots for training, from now on.
    reason : Reason
        ``str(reason)`` is the sentence.
    """

    look: int
    n_drawn: int
    n_chosen: int
    effect: float
    low: float
    random_share: float
    reason: Reason


def due(n_drawn: int, n_looks: int) -> bool:
    """Whether the next look is due.

    >>> [due(n, 0) for n in (149, 150)], due(200, 1), due(225, 1)
    ([False, True], False, True)
    """
    return n_looks < MAX_LOOKS and n_drawn >= FIRST_LOOK * GROWTH**n_looks


def look(
    drawn: Ints, chosen: Ints, value: Value, *, random_share: float, before: Sequence[GuardVerdict],
    rng: np.random.Generator,
) -> GuardVerdict:  # fmt: skip
    """Compare what chosen and random labels teach, each added to a base of random labels, on held-out random labels.

    Parameters
    ----------
    drawn : int64 array
        Labeled items that were sampled uniformly at random.
    chosen : int64 array
        Labeled items that the strategy chose.
    value : callable
        ``value(train, test)`` fits on some labeled items and measures on others.
    random_share : float
        The policy's own.
    before : sequence of GuardVerdict
        Earlier looks.

    Returns
    -------
    verdict : GuardVerdict
        If random labels are significantly better, the share doubles and grows by 0.2, and at the second such look in a
        row becomes 1; otherwise it returns to the policy's own.

    Notes
    -----
    Twenty times the random labels are split in three: a base, a part to compare with as many chosen labels, and a test
    part. The interval is that of the corrected resampled t-test; each of at most 10 looks spends a tenth of alpha.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> worse = lambda train, test: 0.9 - 0.2 * float((train >= 200).mean()) + rng.normal(0, 0.001)
    >>> found = look(np.arange(200), np.arange(200, 400), worse, random_share=0.1, before=[], rng=rng)
    >>> found.random_share, found.low > 0
    (0.4, True)
    """
    third = min(len(drawn) // 3, len(chosen))
    gains = np.empty(N_SPLITS)
    for k in range(N_SPLITS):
        mixed = rng.permutation(drawn)
        base, random, test = mixed[:third], mixed[third : 2 * third], mixed[2 * third :]
        picked = rng.choice(chosen, third, replace=False)
        gains[k] = value(np.concatenate([base, random]), test) - value(np.concatenate([base, picked]), test)
    test_share = (len(drawn) - 2 * third) / len(drawn)
    level = 1 - 2 * ALPHA / MAX_LOOKS  # two-sided, so that each side has alpha / looks
    estimate = corrected_resampled_t(gains, test_share=test_share, level=level).estimate
    share = random_share
    code = "guard-no-harm"
    if estimate.low > 0:
        last = before[-1].random_share if before else random_share
        again = bool(before) and before[-1].low > 0
        share = 1.0 if again else min(1.0, 2 * last + 0.2)
        code = "guard-harm-again" if again else "guard-harm"
    figures = {"effect": float(estimate.value), "low": float(estimate.low), "n_random": len(drawn)}
    reason = Reason(code, figures)
    return GuardVerdict(len(before) + 1, len(drawn), len(chosen), estimate.value, estimate.low, float(share), reason)


def share_of(random_share: float, verdicts: Sequence[GuardVerdict]) -> float:
    """The random share in force: the policy's own until a look says otherwise."""
    return max(random_share, verdicts[-1].random_share) if verdicts else random_share
