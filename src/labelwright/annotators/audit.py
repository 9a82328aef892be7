"""Who gives some class more or less often than comparable items got it, and when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from labelwright.annotators.votes import Values
from labelwright.check import Bools, Ints, check_between, check_count, check_same_length
from labelwright.stats.estimate import Estimate
from labelwright.stats.exact import corrected, stratified_p_value
from labelwright.stats.intervals import wilson
from labelwright.words import Figure, Reason

MIN_ANSWERS: Final = 20
WHOLE: Final = ""  # the slice of a look at all answers of a person


@dataclass(frozen=True)
class Look:
    """One person's share of one class, beside what was expected.

    Attributes
    ----------
    person, label : str
    slice, at : str
        The name of the slice and its value, such as "hour" and "23"; both "" for all answers of the person.
    rate : Estimate
        The person's share, with Wilson's interval.
    expected : float
        The share that comparable answers have: of other people, or of this person outside the slice.
    effect : float
        Cohen's h, 2 asin(sqrt(rate)) - 2 asin(sqrt(expected)); 0.2 is small, 0.8 large.
    total_variation : float
        How far all classes of these answers are from what was expected, 0 to 1; the same for each class.
    p_value, corrected : float
        Of an exact test, and for all looks of the audit together.
    positions : int64 array
        The answers behind it: those with this class if there are too many, else all that were looked at.
    reason : Reason
    """

    person: str
    label: str
    slice: str
    at: str
    rate: Estimate
    expected: float
    effect: float
    total_variation: float
    p_value: float
    corrected: float
    positions: Ints
    reason: Reason


@dataclass(frozen=True)
class Audit:
    """All looks of an audit, the least likely first, and those that are beyond chance."""

    looks: list[Look]
    findings: list[Look]


def audit(
    annotators: Values, answers: Values, *, strata: Values | None = None, slices: Mapping[str, Values] | None = None,
    within: Mapping[str, Values] | None = None, alpha: float = 0.05, method: str = "holm",
    min_answers: int = MIN_ANSWERS,
) -> Audit:  # fmt: skip
    """Compare each person's shares of classes with those of comparable answers.

    Parameters
    ----------
    annotators, answers : sequences of n values
        One row an answer, about items that were assigned at random: only then is the difference one of people. What a
        strategy chose, or people picked, must be left out.
    strata : sequence of n values, optional
        Answers are compared within a stratum alone, such as the part of the pool that items were drawn from, or the
        item itself.
    slices : mapping of name to sequence of n values, optional
        Such as hour of day, third of the session, week. A person's answers in a slice are compared with their own
        outside of it, so that what they always do is not found again.
    within : mapping of name to sequence of n values, optional
        Such as the domain of the item. A person's answers in a slice are compared with those of others in the same
        slice, because domains differ in their classes.
    alpha : float
        Looks whose corrected p-value is at most this are findings.
    method : str
        ``holm`` or ``benjamini-hochberg``, see `labelwright.stats.exact.corrected`.
    min_answers : int
        Fewer, in a slice or outside of it, are not looked at: they would weaken the other looks for nothing.

    Returns
    -------
    Audit

    Raises
    ------
    InputError
        If lengths differ.

    Notes
    -----
    The test is Fisher's, over strata: given how often each class occurs in a stratum, which of its answers are the
    person's is random. Answers of several people to one item are alike. If most items have several answers, give the
    items as strata: then the test is exact, and an item that one person answered does not count.

    References
    ----------
    See `labelwright.stats.exact`; Cohen (1988). Statistical power analysis, sec. 6.2 (h).

    Examples
    --------
    >>> who = ["ann"] * 40 + ["bob"] * 40 + ["cyd"] * 40
    >>> said = ["yes", "no"] * 40 + ["yes"] * 35 + ["no"] * 5
    >>> found = audit(who, said).findings
    >>> [(look.person, look.label, look.rate.value, look.expected) for look in found]
    [('cyd', 'no', 0.125, 0.5), ('cyd', 'yes', 0.875, 0.5)]
    """
    slices, within = slices or {}, within or {}
    check_same_length(
        "audit", annotators=len(annotators), answers=len(answers),
        **({} if strata is None else {"strata": len(strata)}),
        **{name: len(of) for name, of in [*slices.items(), *within.items()]},
    )  # fmt: skip
    check_between("audit", "alpha", alpha, 0.0, 1.0)
    check_count("audit", "min_answers", min_answers)
    people, person = np.unique(np.asarray(annotators).astype(str), return_inverse=True)
    labels, label = np.unique(np.asarray(answers).astype(str), return_inverse=True)
    stratum = np.zeros(len(person), dtype=np.int64) if strata is None else _codes(strata)
    told = labels.tolist()
    looks = []
    for k, name in enumerate(people.tolist()):
        own = person == k
        everyone = np.ones(len(own), dtype=bool)
        looks += _compared("audit-person", (name, WHOLE, WHOLE), own, everyone, told, label, stratum, min_answers)
        for of, values in [*slices.items(), *within.items()]:
            value = np.asarray(values).astype(str)
            for at in np.unique(value[own]).tolist():
                there = value == at
                code, among = ("audit-within", there) if of in within else ("audit-slice", own)
                looks += _compared(code, (name, of, at), own & there, among, told, label, stratum, min_answers)
    raised = corrected(np.array([look.p_value for look in looks]), method=method)
    looks = [replace(look, corrected=p) for look, p in zip(looks, raised.tolist(), strict=True)]
    looks.sort(key=lambda look: look.p_value)
    return Audit(looks, [look for look in looks if look.corrected <= alpha])


def _compared(
    code: str, about: tuple[str, str, str], seen: Bools, among: Bools, labels: list[str], label: Ints, stratum: Ints,
    min_answers: int,
) -> list[Look]:  # fmt: skip
    """A look at each class: answers that are ``seen``, beside the others ``among`` which they are.

    ``about`` names the person, the slice and its value.
    """
    person, of, at = about
    rows = np.flatnonzero(among)
    strata, s = np.unique(stratum[rows], return_inverse=True)
    drawn = seen[rows]
    n_of, n_drawn = np.bincount(s), np.bincount(s, weights=drawn).astype(np.int64)
    mixed = (n_drawn > 0) & (n_drawn < n_of)  # elsewhere there is nothing to compare with
    rows, drawn, s = rows[mixed[s]], drawn[mixed[s]], s[mixed[s]]
    own = rows[drawn]
    if min(len(own), len(rows) - len(own)) < min_answers:
        return []
    k, n_strata = len(labels), len(strata)
    all_counts = np.bincount(s * k + label[rows], minlength=n_strata * k).reshape(n_strata, k)
    own_counts = np.bincount(s[drawn] * k + label[own], minlength=n_strata * k).reshape(n_strata, k)
    others = (n_of - n_drawn)[mixed, None]
    expected = (n_drawn[mixed, None] * (all_counts - own_counts)[mixed] / others).sum(axis=0) / len(own)
    share = own_counts.sum(axis=0) / len(own)
    distance = float(np.abs(share - expected).sum() / 2)
    looks = []
    for c in np.flatnonzero(all_counts[mixed].sum(axis=0)).tolist():
        n_hits = int(own_counts[:, c].sum())
        tables = np.column_stack([n_of[mixed], all_counts[mixed, c], n_drawn[mixed]])
        p = stratified_p_value(n_hits, tables)
        rate, usual = wilson(n_hits, len(own)), min(1.0, float(expected[c]))
        positions = own[label[own] == c] if rate.value > usual else own
        figures: dict[str, Figure] = {
            "person": person, "label": labels[c], "rate": rate.value, "n": len(own), "expected": usual,
            **({"slice": of, "at": at} if of else {}),
        }  # fmt: skip
        reason = Reason(code, figures)
        looks.append(
            Look(person, labels[c], of, at, rate, usual, _h(rate.value, usual), distance, p, p, positions, reason)
        )
    return looks


def _h(rate: float, expected: float) -> float:
    return 2 * math.asin(math.sqrt(rate)) - 2 * math.asin(math.sqrt(expected))


def _codes(values: Values) -> Ints:
    return np.unique(np.asarray(values).astype(str), return_inverse=True)[1].astype(np.int64)
