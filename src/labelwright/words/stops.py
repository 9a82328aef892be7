"""The templates of stopping rules, for `labelwright.words.templates`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STOPS: Final[Mapping[str, str]] = {
    "no-look": "Nothing has been measured yet.",
    "labels-spent": "{spent:g} of {limit:g} labels are spent.",
    "cost-spent": "{spent:g} of {limit:g} of the cost is spent.",
    "hours-spent": "{spent:.1f} of {limit:g} hours are worked.",
    "date-ahead": "The last day, {date}, is in {days:count day}.",
    "date-today": "The last day, {date}, is today.",
    "date-past": "The last day, {date}, was {days:count day} ago.",
    "target-too-few": "Too few to judge: {n_reserve} of {min_reserve} reserve labels.",
    "target-reached": "The {side} bound {bound:.4g} reaches {threshold:.4g}.",
    "target-within": "The {side} bound {bound:.4g} is within {threshold:.4g}.",
    "target-not-reached": "The {side} bound {bound:.4g} does not reach {threshold:.4g}.",
    "target-not-within": "The {side} bound {bound:.4g} is not within {threshold:.4g}.",
    "in-a-row": "It holds at {row} of {looks} looks in a row.",
    "plateau-too-few": (
        "Too few to judge: {n} of {min_reserve} reserve labels compare this model with one of a quarter fewer labels."
    ),
    "plateau-between": "The next look is at a quarter more labels; {n_looks:count look} so far.",
    "plateau-spent": "All {n_looks:count look} that were declared are used up, so that it can certify nothing more.",
    "plateau-gain": (
        "The last quarter more labels brought {change:+.4f}, at most {bound:+.4f} at look {look} of {n_looks} "
        "({n:count paired reserve label}); a gain of {margin:g} would be worth going on for."
    ),
    "stable-too-early": "Too early to judge: {n} of {n_windows} windows of at least {growth:g} % more labels.",
    "kappa-windows": (
        "Over {n_windows:count window} of at least {growth:g} % more labels, successive models agree with a kappa of "
        "{kappa:.4f}; the threshold is {threshold:g}."
    ),
    "changed-windows": (
        "In each of {n_windows:count window} of at least {growth:g} % more labels, at most {changed:.1f} % of the "
        "predictions changed; the threshold is {threshold:.1f} %."
    ),
    "doubt-unknown": "The model gives no probabilities, so that its doubt is not known.",
    "doubt-mean": (
        "The model's mean doubt about the pool is {doubt:.1f} % of the largest possible; the threshold is "
        "{threshold:.1f} %."
    ),
    "search-standing": (
        "A search for a recall of {recall:.0%}: {n_answers:count answer}, {left:count item} left; the page Search says "
        "how far it has come."
    ),
    "advice-too-early": "Too early to say: {n_reserve} of {min_reserve} reserve labels.",
    "advice-go-on": "No rule says that more labels would be in vain.",
    "advice-certify": (
        "The goal looks reached, but this was looked at often: open the sealed labels to certify it, or go on."
    ),
    "advice-certified": "The goal is certified: stop, or set another.",
    "advice-stop": "Stop, or raise the budget.",
    "advice-plateau": "More labels have stopped helping, and successive models agree: stop, or change something.",
    "forecast-there": "The curve has reached the goal.",
    "forecast-labels": (
        "The goal is expected at {labels:,} labels ({low:,} to {high:,}); the chance to reach it by {most:,} is "
        "{chance:.0%}."
    ),
    "forecast-open": (
        "The goal is expected at {labels:,} labels, and may need more than {most:,}; the chance to reach it by then is "
        "{chance:.0%}."
    ),
    "forecast-unlikely": (
        "The goal is out of reach as things are: the chance to reach it by {most:,} labels, as far as can be "
        "forecast, is {chance:.0%}."
    ),
    "change-confused": (
        "{n} of {n_wrong} mistakes on the reserve take “{truth}” for “{predicted}”: look at the items, and at what the "
        "guidelines say of the two."
    ),
    "change-overlap": "Each item has one answer, so that nobody knows how far people agree: ask two about some.",
    "change-model": "The model ({model}) and the features ({encoder}) may be what limits it: try others on the labels.",
    "ledger-certificates": "A certificate is wrong with a chance of {alpha:.0%} at most, over all openings.",
    "ledger-plateau": (
        "A plateau is named where the gain was the margin or more with a chance of {alpha:.0%} at most, over all looks."
    ),
    "ledger-guard": (
        "The guard takes chosen labels for worse than random ones, where they are not, with a chance of {alpha:.0%} at "
        "most, over all looks."
    ),
    "ledger-people": "Each test of a person accuses an honest one with a chance of {alpha:.0%} at most, ever.",
    "gain-too-few": "Too few to forecast: {n_looks} of {min_looks} looks, {n_reserve} of {min_reserve} reserve labels.",
    "gain-worth": (
        "Asking for {n_next} more labels would cost {cost:.4g} and is expected to bring {gain:+.2f} points "
        "({low:+.2f} to {high:+.2f}), worth {worth:.4g}: go on."
    ),
    "gain-not-worth": (
        "Asking for {n_next} more labels would cost {cost:.4g} and is expected to bring {gain:+.2f} points "
        "({low:+.2f} to {high:+.2f}), worth {worth:.4g}: stop, or change something."
    ),
    "irrelevant-run": (
        "{run} of {n_items} items in a row were irrelevant, and {share:.0f} % of the collection is reviewed."
    ),
    "knee-too-early": "Too early to judge: {n_seen} of {min_seen} items are reviewed.",
    "knee-ratio": (
        "Relevant items came {ratio:.3g} times as often before the bend of the curve as since; the limit is {limit:g}."
    ),
    "blind-too-few": (
        "The blind sample holds {n:count relevant item}; {least} are needed to certify a recall of {recall:g} % at a "
        "level of {level:g} %."
    ),
    "blind-reached": (
        "{reached} of {n} blind relevant items are reached; {needed} certify a recall of {recall:g} % at a level of "
        "{level:g} %."
    ),
    "blind-open": (
        "{left:count item} of the blind sample wait for an answer; until then no recall of {recall:g} % is certified."
    ),
    "elusion-none": "No sample of the items that are not reviewed has been drawn yet.",
    "elusion-spent": "More samples were drawn than the {n_samples} that were declared, so that it certifies nothing.",
    "elusion-bound": (
        "{hits} of {n} sampled items were relevant, so that at most {missed} were missed: the recall is at least "
        "{bound:.1f} %, and the goal is {goal:g} %."
    ),
}
