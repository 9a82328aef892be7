"""What a file changes about the goal, the policy and the rules of checking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from labelwright.engine.project import Project
from labelwright.engine.quality import QualityRules
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.policy import Policy
from labelwright.services.people.roles import Actor
from labelwright.services.projects import goal as goals
from labelwright.services.projects.config.changes import Change, differing
from labelwright.services.projects.config.describing import goal_table, policy_table, quality_table
from labelwright.services.projects.config.document import Document
from labelwright.services.projects.config.drafting import goal_of, quality_of
from labelwright.services.projects.config.tables import GOAL, POLICY, QUALITY
from labelwright.services.quality import rules as checking
from labelwright.services.site import Site
from labelwright.services.steering import policies
from labelwright.store.clock import today
from labelwright.store.rows import Rows

OF_GOAL: Final = {
    "metric": "Models are measured and judged by it from the next cycle on.",
    "value": "Advice to stop is judged by it from the next cycle on.",
    "deadline": "The plan and the days that are left follow.",
    "budget": "Advice to stop counts answers against it.",
    "openings": "Sealed labels may be opened so often; earlier openings count.",
    "before": "A saving is claimed against it.",
}
OF_POLICY: Final = {
    "batch_size": "The lead looks again after so many labels.",
    "overlap": "So many people answer each item that is asked from now on.",
    "reserve_share": "The next ranking asks this share about the reserve.",
    "random_share": "The next ranking asks this share at random.",
    "gold_share": "People get this share of items whose answer is known.",
    "repeat_share": "People get this share of items that they answered before.",
    "approval": "Whether chosen items wait until a lead lets them pass.",
}
OF_QUALITY: Final = {
    "review": "Labels get a second look so from now on.",
    "strict": "Whether each change of a label needs a second person.",
    "feedback": "Whether people see the right answer of known items.",
}


def compare(rows: Rows, project: Project, now: Document, wanted: Document, slices: Collection[str]) -> list[Change]:
    """Changes of settings; a table that the file has is meant whole, and keys that it leaves out have their defaults.

    Parameters
    ----------
    slices : collection of str
        Names of the slices that there are once the file is applied; a quota may name them.

    Raises
    ------
    InputError
        If a goal, a policy or a rule is not possible.
    """
    found = []
    if "goal" in wanted.single:
        found.append(_goal(project, now.table("goal"), wanted.table("goal")))
    policy = Policy.from_config(wanted.table("policy")) if "policy" in wanted.single else project.policy
    for rule in policy.rules():
        if rule.of_slice is not None and rule.of_slice not in slices:
            raise InputError(
                f"[[slice]] must keep '{rule.of_slice}', since the policy asks '{rule}'.", "Take that quota away, too."
            )
    if "policy" in wanted.single:
        found.append(_policy(rows, project, now.table("policy"), policy, slices))
    if "quality" in wanted.single:
        found.append(_quality(project, now.table("quality"), wanted.table("quality")))
    found.append(_resolvers(project, wanted))
    return found


def _goal(project: Project, now: JsonObject, wanted: JsonObject) -> Change:
    goal = goal_of(wanted)
    if goal is not None:
        goal = goal.about(project.primary.looked_for)
    after = {} if goal is None else goal_table(goal)
    keys = [key for key in GOAL if key != "before"]  # stands with the targets
    differences = differing("[goal]", now, after, OF_GOAL, "It is judged anew from the next cycle on.", keys)
    if not differences:
        return Change(())
    if goal is not None:
        kept = project.goal is not None and project.goal.deadline == goal.deadline
        goal.checked(project.primary.task, today=None if kept else today())
        if goal.is_search and project.primary.positive is None:
            raise InputError("[goal] of recall needs the label that is searched for, and this project has none.")

    def act(site: Site, actor: Actor, slug: str) -> None:
        goals.set_goal(site, actor, slug, goal)

    return Change(differences, act)


def _policy(rows: Rows, project: Project, now: JsonObject, policy: Policy, slices: Collection[str]) -> Change:
    after = policy_table(policy)
    effects = {**OF_POLICY, "strategy": f"The next ranking uses the strategy {after['strategy']}."}
    differences = differing("[policy]", now, after, effects, "It holds from the next ranking on.", POLICY)
    if not differences:
        return Change(())
    policies.check(rows, project, policy, slices)

    def act(site: Site, actor: Actor, slug: str) -> None:
        policies.set_policy(site, actor, slug, policy)

    return Change(differences, act)


def _quality(project: Project, now: JsonObject, wanted: JsonObject) -> Change:
    rules = replace(quality_of(wanted), training=project.quality.training)
    differences = differing(
        "[quality]", now, quality_table(rules), OF_QUALITY, "It holds for answers from now on.", QUALITY
    )
    return Change(differences, _checking(rules, {})) if differences else Change(())


def _resolvers(project: Project, wanted: Document) -> Change:
    chosen: dict[str, str] = {}
    before: JsonObject = {}
    for table in wanted.rows("question"):
        for question in project.questions:
            if question.id == table.get("id") and table.get("resolver", question.resolver) != question.resolver:
                chosen[question.id], before[question.id] = str(table["resolver"]), question.resolver
    checking.check_resolvers(project, chosen)
    after: Any = dict(chosen)
    differences = differing(
        "[[question]] resolver", before, after, {}, "Labels of several people are made so from the next cycle on.",
        chosen,
    )  # fmt: skip
    return Change(differences, _checking(None, chosen)) if differences else Change(())


def _checking(rules: QualityRules | None, resolvers: dict[str, str]) -> Any:
    def act(site: Site, actor: Actor, slug: str) -> None:
        now = checking.show(site, actor, slug).checking
        wanted = replace(now, rules=rules or now.rules, resolvers={**now.resolvers, **resolvers})
        checking.change(site, actor, slug, wanted)

    return act
