"""What a round is about, drafted from the data: a lead edits it, and what nobody edited stays a draft."""

from __future__ import annotations

from typing import Final

from labelwright.engine.goals import Goal
from labelwright.services.steering.round_settings import Line, Setting, beside
from labelwright.stats.estimate import Estimate
from labelwright.words import Reason, in_words

HELD, FAILED, OPEN = "held", "failed", "open"
VERDICTS: Final = (HELD, FAILED, OPEN)


def change(before: Setting | None, now: Setting) -> str:
    """What differs from the round before.

    Parameters
    ----------
    before : Setting, optional
        None for the first round.

    Examples
    --------
    >>> from labelwright.policy import Policy
    >>> change(Setting(Policy("margin"), {}, None), Setting(Policy("margin", random_share=0.3), {}, None))
    'Random share: 30% instead of 10%.'
    """
    if before is None:
        return in_words(Reason("round-begins", {"strategy": str(now.policy.strategy)}))
    changed = differing(before, now)
    if not changed:
        return in_words(Reason("round-no-change"))
    reasons = [Reason("round-changed", {"what": one.what, "before": one.before, "now": one.now}) for one in changed]
    return " ".join(map(in_words, reasons))


def hypothesis(before: Setting | None, now: Setting, metric: str) -> str:
    """What is to be expected of more labels, and of a change if there is one."""
    code = "round-hypothesis-change" if differing(before, now) else "round-hypothesis"
    return in_words(Reason(code, {"metric": metric}))


def differing(before: Setting | None, now: Setting) -> list[Line]:
    """Settings that are not those of the round before; none for the first round, and its first model is no change."""
    if before is None:
        return []
    lines = [line for line in beside(before, now) if line.before != line.now]
    return [line for line in lines if line.what != "model" or before.model is not None]


def measure(metric: str, goal: Goal | None) -> str:
    """What it is to be measured by.

    >>> measure("accuracy", Goal("accuracy", 0.9))[-16:]
    'The goal is 0.9.'
    """
    said = [Reason("round-measure", {"metric": metric})]
    if goal is not None and not goal.is_search:
        said.append(Reason("round-measure-goal", {"target": goal.value}))
    return " ".join(map(in_words, said))


def verdict(difference: Estimate | None, *, higher_is_better: bool) -> str:
    """Whether the metric became better in a round.

    Parameters
    ----------
    difference : Estimate, optional
        Of the metric, between the models at the end and at the beginning; None where it could not be measured.

    Returns
    -------
    verdict : str
        "held" where the whole interval is better, "failed" where the whole interval is worse, else "open".

    Examples
    --------
    >>> verdict(Estimate(0.05, 0.01, 0.09, 200), higher_is_better=True)
    'held'
    >>> verdict(Estimate(0.05, -0.01, 0.11, 200), higher_is_better=True)
    'open'
    """
    if difference is None or not difference.known:
        return OPEN
    better, worse = difference.low > 0, difference.high < 0
    if not higher_is_better:
        better, worse = worse, better
    return HELD if better else FAILED if worse else OPEN
