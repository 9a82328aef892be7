"""The whole policy of a project, set at once."""

from __future__ import annotations

from collections.abc import Collection

from labelwright.engine import sourcing
from labelwright.engine.project import Project
from labelwright.policy import Policy
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.quality.rules import check_costs
from labelwright.services.site import Site
from labelwright.services.steering.rounds import check_against_items
from labelwright.store.record.project import PolicyChanged
from labelwright.store.rows import Rows


def set_policy(site: Site, actor: Actor, slug: str, policy: Policy) -> None:
    """Choose, check and share out items by another policy from the next ranking on.

    Raises
    ------
    InputError, ConflictError
        As in `check`, or if the project is archived.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        check(transaction.rows, project, policy)
        if policy.to_config() != project.policy.to_config():
            transaction.record(PolicyChanged(policy.to_config()), actor=actor.person_id)


def check(rows: Rows, project: Project, policy: Policy, slices: Collection[str] | None = None) -> None:
    """Refuse a policy that does not fit the task or the items.

    Parameters
    ----------
    slices : collection of str, optional
        Names of slices that there will be; those that there are if left out.

    Raises
    ------
    InputError, ConflictError
        If the strategy does not serve the task, a constraint speaks of a column that items do not have, or costs are
        to be read from a column without numbers.
    """
    policy.check(project.primary.task, has_source=sourcing.in_project(rows))
    check_against_items(rows, project, policy.rules(), policy.batch_size, slices)
    check_costs(rows, project, policy.costs)
