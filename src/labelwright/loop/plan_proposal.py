"""The set-up that a plan proposes, and the sentences about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from labelwright.loop.plan_grid import SetUp
from labelwright.stats.estimate import Estimate
from labelwright.words import NO_REASON, Figure, Reason, join

N_NAMED: Final = 3  # set-ups that are named as equal


@dataclass(frozen=True)
class Proposal:
    """The set-up to start with.

    Parameters
    ----------
    setup : SetUp
    error : float
        Of the annotators for whom it is proposed.
    answers : Estimate
        Answers until the target is reached.
    saving : Estimate
        Share of the baseline's answers that it saves at equal quality; each seed's saving is that of the set-up which
        the other seeds chose, so that the choice among many does not flatter it. NaN where a replay of such a set-up
        did not reach the target.
    at_least : bool
        Whether random items did not reach the target in some replay, so that the saving is larger than stated.
    n_reached, n_seeds : int
    tied : tuple of SetUp
        Others that are not told apart from it, the winner of the replays first where that is not the proposal.
    is_simpler : bool
        Whether another set-up needed fewer answers, but so few fewer that the simpler one is proposed.
    hours, cost : Estimate
        Of the answers; NaN where seconds or rate are not given.
    """

    setup: SetUp
    error: float
    answers: Estimate
    saving: Estimate
    at_least: bool
    n_reached: int
    n_seeds: int
    tied: tuple[SetUp, ...]
    is_simpler: bool
    hours: Estimate
    cost: Estimate


def reason_of(best: Proposal, baseline: SetUp, metric: str, target: float) -> Reason:
    """The proposal as codes with figures: what it reaches, what it saves, what it takes, and what is equal to it."""
    figures: dict[str, Figure] = {
        "setup": str(best.setup), "metric": metric, "target": round(target, 4), "answers": best.answers.value,
        "low": best.answers.low, "high": best.answers.high, "n_reached": best.n_reached, "n_seeds": best.n_seeds,
    }  # fmt: skip
    code = "plan-reached" if best.n_seeds > 1 else "plan-reached-once"
    parts = [Reason(code if best.n_reached == best.n_seeds else "plan-not-reached", figures), _saved(best, baseline)]
    is_reached = best.n_reached == best.n_seeds
    if is_reached and not math.isnan(best.hours.value):
        parts.append(Reason("plan-hours", {"hours": best.hours.value}))
    if is_reached and not math.isnan(best.cost.value):
        parts.append(Reason("plan-cost", {"cost": best.cost.value}))
    if best.tied:
        names = "; ".join(map(str, best.tied[:N_NAMED])) + ("; …" if len(best.tied) > N_NAMED else "")
        parts.append(Reason("plan-simpler" if best.is_simpler else "plan-tied", {"tied": names}))
    return join(*parts)


def _saved(best: Proposal, baseline: SetUp) -> Reason:
    if best.setup == baseline:
        return Reason("plan-baseline", {"baseline": str(baseline)})
    if math.isnan(best.saving.value):
        return NO_REASON
    figures: dict[str, Figure] = {"saving": best.saving.value, "baseline": str(baseline)}
    if math.isnan(best.saving.low):
        return Reason("plan-saves-once", figures)
    figures |= {"saving_low": best.saving.low, "saving_high": best.saving.high}
    return Reason("plan-saves-more" if best.at_least else "plan-saves", figures)
