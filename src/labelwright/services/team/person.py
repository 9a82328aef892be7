"""One person in detail, for the lead: figures, days, confusions, what tests say, and what the lead has set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labelwright.engine.gold import known_answers
from labelwright.engine.quality import Profile, profile
from labelwright.engine.routing import away_of
from labelwright.errors import NotFoundError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.team.alarms import Look
from labelwright.services.team.attention import hide, warnings
from labelwright.services.team.audits import Finding
from labelwright.services.team.listing import PersonLine, QuestionName, line, nothing
from labelwright.services.team.over_time import Span, spans
from labelwright.services.team.said import read
from labelwright.services.team.skill import Cell, ClassSkill, Skill, class_skills, confusion, skills
from labelwright.services.team.tiring import Tiring, tiring
from labelwright.store import tables as t
from labelwright.store.record.decisions import AwayFrom
from labelwright.store.rows import Rows
from labelwright.words import Figure, Reason

COLUMNS = {"domain": "domain", "source": "source", "group": "group_key"}
MAX_VALUES = 200


@dataclass(frozen=True)
class PersonView:
    """Everything about one person's work.

    Attributes
    ----------
    profile : Profile
        What the lead has set.
    values : mapping of str to list of str
        Domains, sources and groups that there are, to choose from.
    by_gold, by_others : list of Cell
        What was given where an answer is known, and where another person gave one.
    looks : list of Look
        What each test says, alarms first.
    findings : list of Finding
        Of the audit of shares.
    days : list of Span
    tiring : Tiring
    away : list of str
        Slices whose items go to others, because of what was measured, in words.
    """

    line: PersonLine
    question: str
    questions: list[QuestionName]
    profile: Profile
    values: Mapping[str, list[str]]
    classes: list[ClassSkill]
    by_gold: list[Cell]
    by_others: list[Cell]
    looks: list[Look]
    findings: list[Finding]
    days: list[Span]
    tiring: Tiring
    away: list[str]


def show(site: Site, actor: Actor, slug: str, person_id: str, *, question_id: str | None = None) -> PersonView:
    """One person.

    Raises
    ------
    NotFoundError
        If there is none of that id.
    """
    named = site.names().get(person_id)
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id) if question_id is not None else project.primary
        if named is None:
            raise NotFoundError(f"There is no person '{person_id}'.")
        known, described = known_answers(rows, question.id), profile(rows, person_id)
        values = {name: _values(rows, column) for name, column in COLUMNS.items()}
        away = [_kept(one) for one in away_of(rows, person_id)]
    said, head = read(site, store)
    own = said.own(person_id)
    found: dict[str, Skill] = site.cache.get(
        ("team-skills", store.project_id, head, question.id), lambda: skills(said, question, known)
    )
    by_gold, by_others = confusion(said, question, known, own)
    seen = warnings(site, slug, question)
    view = PersonView(
        line(said, person_id, named, described, found.get(person_id) or nothing()),
        question.id,
        [QuestionName(one.id, one.text) for one in project.questions],
        described,
        values,
        class_skills(said, question, known, own, described.skills),
        by_gold,
        by_others,
        [look for look in seen.looks if look.person_id == person_id],
        [finding for finding in seen.audit.findings if finding.person_id == person_id],
        spans(said, question, known, own),
        tiring(said, question, own),
        away,
    )
    return hide(store, actor, view)


def _kept(one: AwayFrom) -> str:
    share = one.n_right / one.n
    figures: dict[str, Figure] = {
        "column": one.column,
        "value": one.value,
        "share": share,
        "n": one.n,
        "bound": one.bound,
    }
    return str(Reason("kept-from-slice", figures))


def _values(rows: Rows, column: str) -> list[str]:
    """The values of a column of the items, sorted; the first two hundred."""
    of = t.item.c[column]
    return [
        str(v) for v in rows.scalars(rows.select(of).where(of.is_not(None)).distinct().order_by(of).limit(MAX_VALUES))
    ]
