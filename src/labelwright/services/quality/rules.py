"""How many people answer an item, how they are checked, and what is reviewed: read and changed by the lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from labelwright import annotators
from labelwright.check import check_one_of
from labelwright.engine.gold import known_answers
from labelwright.engine.prices import has_costs
from labelwright.engine.project import Project
from labelwright.engine.quality import Profile, QualityRules, profiles
from labelwright.errors import InputError, NotFoundError
from labelwright.policy import Policy
from labelwright.policy.base import COLUMN, EQUAL
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.project import PolicyChanged
from labelwright.store.record.quality import AnnotatorDescribed, QualityChanged
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Checking:
    """What a lead sets about checking, all of it.

    Attributes
    ----------
    overlap : int
    overlap_by_kind : mapping of str to int
    overlap_by_slice : mapping of str to mapping of str to int
    gold_share, repeat_share, expert_share : float
    costs : str
        What the expected gain of an item is divided by: "equal", "column" or "measured".
    rules : QualityRules
    resolvers : mapping of str to str
        By question, how several answers become one label.
    """

    overlap: int
    overlap_by_kind: Mapping[str, int]
    overlap_by_slice: Mapping[str, Mapping[str, int]]
    gold_share: float
    repeat_share: float
    rules: QualityRules
    resolvers: Mapping[str, str]
    expert_share: float = 0.0
    costs: str = EQUAL


@dataclass(frozen=True)
class CheckingView:
    """The same, with what a form needs.

    Attributes
    ----------
    n_gold : int
        Items whose answer is known.
    settings_version : int
        To be sent back with a change.
    """

    checking: Checking
    resolvers_there_are: Mapping[str, list[str]]
    n_gold: int
    settings_version: int


def show(site: Site, actor: Actor, slug: str) -> CheckingView:
    """The rules now."""
    with site.project(slug).read() as rows:
        project = access.ready(site.project(slug), rows)
        n_gold = len({ordinal for ordinal, _ in known_answers(rows)})
    choices = {question.id: _resolvers(project, question.id) for question in project.questions}
    return CheckingView(_checking(project), choices, n_gold, project.row.settings_version)


def change(
    site: Site, actor: Actor, slug: str, wanted: Checking, *, settings_version: int | None = None
) -> CheckingView:
    """Check and review by other rules from now on; answers so far stay as they are.

    Raises
    ------
    InputError
        If a number, a name or a column is not possible.
    ConflictError
        If the settings have changed since ``settings_version``, or the project is archived.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        access.check_settings_version(project, settings_version)
        check_resolvers(project, wanted.resolvers)
        if wanted.rules.training is not None:
            session = t.calibration
            query = transaction.rows.select(session.c.pass_mark).where(session.c.id == wanted.rules.training)
            if transaction.rows.scalar(query) is None:
                raise InputError(
                    f"quality: there is no training '{wanted.rules.training}' with a pass mark.",
                    "Open a training session first, or leave it out.",
                )
        policy: Policy = replace(
            project.policy, overlap=wanted.overlap, overlap_by_kind=dict(wanted.overlap_by_kind),
            overlap_by_slice={column: dict(values) for column, values in wanted.overlap_by_slice.items()},
            gold_share=wanted.gold_share, repeat_share=wanted.repeat_share, expert_share=wanted.expert_share,
            costs=wanted.costs,
        )  # fmt: skip
        check_costs(transaction.rows, project, wanted.costs)
        before = _checking(project)
        if policy.to_config() != project.policy.to_config():
            transaction.record(PolicyChanged(policy.to_config()), actor=actor.person_id)
        if wanted.rules != before.rules or dict(wanted.resolvers) != dict(before.resolvers):
            body = QualityChanged(wanted.rules.to_config(), dict(wanted.resolvers))
            transaction.record(body, actor=actor.person_id)
    return show(site, actor, slug)


def describe(site: Site, actor: Actor, slug: str, person_id: str, profile: Profile) -> Profile:
    """Say what somebody earns, may get and is skilled at; what they hold already stays theirs.

    Raises
    ------
    NotFoundError
        If there is no such person.
    InputError
        If a label or column is unknown.
    """
    if person_id not in site.names():
        raise NotFoundError(f"There is no person '{person_id}'.")
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        check_profile(project, profile)
        if profiles(transaction.rows).get(person_id, Profile()) != profile:
            transaction.record(AnnotatorDescribed(person_id, profile.to_json()), actor=actor.person_id)
    return profile


def check_profile(project: Project, profile: Profile) -> None:
    """Refuse a profile with an unknown label or column, with ``InputError``."""
    known = {str(label["id"]) for label in project.primary.schema.get("labels") or ()}  # type: ignore
    if unknown := sorted(set(profile.skills) - known):
        raise InputError(f"skills: labels must be of the question, got '{unknown[0]}'.", "Use the labels' ids.")
    for column in profile.only:
        check_one_of("profile", "column", column, ["domain", "source", "group"])


def check_costs(rows: Rows, project: Project, costs: str) -> None:
    """Refuse costs from a column without numbers, with ``InputError``."""
    if costs == COLUMN and not has_costs(rows, project.row.n_items):
        raise InputError(
            "quality: there must be numbers above 0 in the column of costs, got none.",
            "Name that column when you create a project (--cost), or take the measured time.",
        )


def check_resolvers(project: Project, resolvers: Mapping[str, str]) -> None:
    """Refuse a resolver that does not serve the kind of label of its question; ``InputError`` names those that do."""
    for question, resolver in resolvers.items():
        check_one_of("quality", f"resolver of {question}", resolver, _resolvers(project, question))


def _checking(project: Project) -> Checking:
    policy = project.policy
    return Checking(
        policy.overlap, policy.overlap_by_kind, policy.overlap_by_slice, policy.gold_share, policy.repeat_share,
        project.quality, {question.id: question.resolver for question in project.questions},
        policy.expert_share, policy.costs,
    )  # fmt: skip


def _resolvers(project: Project, question_id: str) -> list[str]:
    """Those that serve the kind of label."""
    task = project.question(question_id).task
    return [name for name in annotators.names() if annotators.make(name).serves(task)]
