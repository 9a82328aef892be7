"""Who gives some class more or less often than others on comparable items: the audit on answers drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from labelwright.annotators.audit import Look, audit
from labelwright.engine.project import Question
from labelwright.services.projects import shown
from labelwright.services.team.figure import FigureView
from labelwright.services.team.said import Floats, Ints, Said, Strings
from labelwright.services.team.skill import name_of, value_of
from labelwright.words import Reason

ALPHA: Final = 0.05
GAP: Final = 1800.0  # seconds without an answer that end a session
MAX_ITEMS: Final = 50
MAX_FINDINGS: Final = 50
PARTS: Final = ("beginning", "middle", "end")


@dataclass(frozen=True)
class Finding:
    """A share of a class that is beyond chance.

    Attributes
    ----------
    label : str
        Name of the class.
    slice, at : str
        Such as "hour" and "23"; "" for all answers of the person.
    text : str
    rate : FigureView
    expected : float
    effect : float
        Cohen's h.
    p_value : float
        Corrected for all looks.
    items : list of str
        Ids, fifty at most.
    """

    person_id: str
    label: str
    slice: str
    at: str
    text: str
    rate: FigureView
    expected: float
    effect: float
    p_value: float
    items: list[str]


@dataclass(frozen=True)
class AuditView:
    """What was found among how many looks, the largest effects first; ``why`` says why there was none.

    A person is compared with all others together, so that one who differs much makes the rest look different too.
    """

    n_answers: int
    n_looks: int
    findings: list[Finding]
    why: str | None


def audited(
    said: Said, question: Question, names: dict[str, str], data_slices: Mapping[str, Strings] | None = None
) -> AuditView:
    """Compare people with each other, in all items and in each slice of the data, and with themselves over time.

    In a slice of the data, such as a domain, people are compared with others who answered items of that slice. In an
    hour, a week or a part of the session they are compared with the rest of their own answers. Where most items have
    several answers, people are compared item by item; times never are, because a person answers an item once. All
    looks together are wrong about anybody with a chance of 5 % at most.

    Parameters
    ----------
    data_slices : mapping of str to str array of shape (n,), optional
        By column, the value of the item of each row of ``said``.
    """
    rows = said.measuring(question)
    if not question.task.one_class:
        return AuditView(len(rows), 0, [], str(Reason("not-classes")))
    if not len(rows):
        return AuditView(0, 0, [], str(Reason("no-shared-items")))
    people = said.names_of(rows)
    values = [value_of(question, said.answers[k] or {}) for k in rows.tolist()]
    _, n_of = np.unique(said.ordinal[rows], return_counts=True)
    by_item = float(np.median(n_of)) > 1
    strata = said.ordinal[rows] if by_item else said.slot[rows]
    within = {column: of[rows] for column, of in (data_slices or {}).items()}
    of_people = audit(people, values, strata=strata, within=within, alpha=ALPHA / 2)
    over_time = audit(people, values, strata=said.slot[rows], slices=_times(said, rows), alpha=ALPHA / 2)
    found = [*of_people.findings, *(look for look in over_time.findings if look.slice)]
    n_looks = len(of_people.looks) + sum(bool(look.slice) for look in over_time.looks)
    found.sort(key=lambda look: -abs(look.effect))
    return AuditView(len(rows), n_looks, [_finding(said, question, rows, names, o) for o in found[:MAX_FINDINGS]], None)


def _finding(said: Said, question: Question, rows: Ints, names: dict[str, str], look: Look) -> Finding:
    name = name_of(question, look.label)
    reason = replace(
        look.reason, figures={**look.reason.figures, "label": name, "person": names.get(look.person, look.person)}
    )
    ordinals = dict.fromkeys(said.ordinal[rows[look.positions]].tolist())
    return Finding(
        look.person, name, look.slice, look.at, str(reason), FigureView.of(look.rate), look.expected, look.effect,
        min(1.0, 2 * look.corrected), [shown.item_id_of(ordinal) for ordinal in ordinals][:MAX_ITEMS],
    )  # fmt: skip


def _times(said: Said, rows: Ints) -> dict[str, Strings]:
    """Hour of the day and week in UTC, and the third of the session."""
    at = said.at[rows].astype("U26").astype("datetime64[us]")
    monday = (at.astype("datetime64[D]").astype(np.int64) - 4) // 7 * 7 + 4  # 1 January 1970 was a Thursday
    week = monday.astype("datetime64[D]").astype(np.str_)
    return {
        "hour": np.array([one[11:13] for one in said.at[rows].tolist()]),
        "week": week,
        "part of the session": _parts(said.person[rows], said.epoch[rows]),
    }


def _parts(person: Ints, epoch: Floats) -> Strings:
    """Third of its session that each answer is in; a pause of half an hour ends a session."""
    order = np.lexsort((epoch, person))
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (np.diff(person[order]) != 0) | (np.diff(epoch[order]) > GAP)
    session = np.cumsum(begins) - 1
    n_of = np.bincount(session)
    place = np.arange(len(order)) - np.flatnonzero(begins)[session]
    part = np.empty(len(order), dtype=np.int64)
    part[order] = place * len(PARTS) // n_of[session]
    return np.array(PARTS)[part]
