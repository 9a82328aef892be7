"""The team of a project: everybody with how much, how fast, at what cost and how well."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.gold import known_answers
from labelwright.engine.quality import Profile, profiles
from labelwright.services.people import members
from labelwright.services.people.roles import Actor, permissions_of
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.services.team.pace import Pace, pace
from labelwright.services.team.reviewers import Reviewer, reviewers
from labelwright.services.team.said import Said, read
from labelwright.services.team.skill import NO_GOLD, NO_RANDOM, NO_REPEATS, Skill, skills

MAX_MEMBERS = 200


@dataclass(frozen=True)
class PersonLine:
    """One person.

    Attributes
    ----------
    skill : Skill
        Of answers to one question.
    """

    person_id: str
    name: str
    simulated: bool
    expert: bool
    paused: bool
    rate: float | None
    pace: Pace
    skill: Skill


@dataclass(frozen=True)
class QuestionName:
    """A question to choose."""

    id: str
    text: str


@dataclass(frozen=True)
class TeamView:
    """Everybody, sorted by name.

    Attributes
    ----------
    question : str
        The one that skill is measured on.
    """

    question: str
    questions: list[QuestionName]
    people: list[PersonLine]
    reviewers: list[Reviewer]


def show(site: Site, actor: Actor, slug: str, *, question_id: str | None = None) -> TeamView:
    """How everybody fares who answered, or who was given a role here that may.

    Figures of skill are those of first answers that were given blind: on known answers, and about items that nobody
    chose, so that nobody looks worse because a strategy gave them the hard ones.
    """
    store = site.project(slug)
    said, head = read(site, store)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id) if question_id is not None else project.primary
        described, known = profiles(rows), known_answers(rows, question.id)
        of_reviewers = reviewers(rows, project, names_of(site))
    found: dict[str, Skill] = site.cache.get(
        ("team-skills", store.project_id, head, question.id), lambda: skills(said, question, known)
    )
    named = site.names()
    people = sorted({*said.people, *described, *_labelers(site, slug)} & set(named), key=lambda who: named[who][0])
    return TeamView(
        question.id, [QuestionName(one.id, one.text) for one in project.questions],
        [line(said, who, named[who], described.get(who, Profile()), found.get(who) or nothing()) for who in people],
        of_reviewers,
    )  # fmt: skip


def line(said: Said, person: str, named: tuple[str, bool], profile: Profile, skill: Skill) -> PersonLine:
    """One person's line."""
    return PersonLine(
        person, *named, profile.expert, profile.paused, profile.rate,
        pace(said, said.own(person), profile, skill.gold), skill,
    )  # fmt: skip


def nothing() -> Skill:
    """The skill of somebody who has not answered."""
    return Skill(*(FigureView.none(reason) for reason in (NO_GOLD, NO_RANDOM, NO_REPEATS)))


def names_of(site: Site) -> dict[str, str]:
    """Names by person id."""
    return {person: name for person, (name, _) in site.names().items()}


def _labelers(site: Site, slug: str) -> list[str]:
    page = members.listing(site, slug, limit=MAX_MEMBERS)
    return [one.user.id for one in page.items if not one.everywhere and "label" in permissions_of(one.role)]
