"""The dial between doubt and diversity: how many doubtful candidates there are for each item that is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from labelwright.check import check_between
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store.record.project import PolicyChanged
from labelwright.strategies import check_fits
from labelwright.strategies.margin_diversity import MarginDiversity

MOST: Final = 1000.0


def turn(site: Site, actor: Actor, slug: str, candidates: float) -> None:
    """Choose by `margin-diversity` with so many candidates for each pick, from the next ranking on.

    Parameters
    ----------
    candidates : float
        In [1, 1000]: 1 is doubt alone; the more, the more the picks spread over the pool.

    Raises
    ------
    InputError
        If the number is not possible, or the task has no doubt to choose by.
    """
    check_between("dial", "candidates", candidates, 1, MOST)
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        strategy = MarginDiversity(prefilter=candidates)
        check_fits(strategy, project.primary.task)
        policy = replace(project.policy, strategy=strategy, params={})
        if policy.to_config() != project.policy.to_config():
            transaction.record(PolicyChanged(policy.to_config()), actor=actor.person_id)
