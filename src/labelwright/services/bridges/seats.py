"""Accounts of a bridge: seats, which hold the items that Label Studio shows, and the people who answer there."""

from __future__ import annotations

from labelwright.engine.project import Project
from labelwright.errors import ForbiddenError, NotFoundError
from labelwright.policy.base import Policy
from labelwright.services.people import accounts, members, users
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site

ROLE = "annotator"


def seats_of(site: Site, lead: Actor, project: Project) -> list[Actor]:
    """One account for each person that an item may be asked of; made where they are missing.

    A person holds an item once, so an item that two people shall answer is held by two seats.
    """
    slug = project.row.slug
    return [
        member(site, lead, slug, f"label-studio-{k}.{project.id}@bridge.invalid", f"Label Studio, seat {k}")
        for k in range(1, most_people(project.policy) + 1)
    ]


def member(site: Site, lead: Actor, slug: str, email: str, name: str = "") -> Actor:
    """The account of an e-mail address as it acts in the project; made as an annotator of this project alone.

    An account that is there already gets no role by itself, as somebody may have taken it away.

    Raises
    ------
    ForbiddenError
        If it is closed, or may not label here.
    """
    try:
        person = users.by_email(site, email)
    except NotFoundError:
        members.add(site, lead, slug, email=email, name=name, role=ROLE)
        person = users.by_email(site, email)
    with site.store.read() as connection:
        if not accounts.find(connection, person.person_id).active:
            raise ForbiddenError("bridge: the account of an annotation's author is closed.", "An admin can reopen it.")
    try:
        found = site.actor_in(person, slug)
    except NotFoundError:
        raise _no_right("none") from None
    if not found.may("label"):
        raise _no_right(found.role)
    return found


def _no_right(role: str) -> ForbiddenError:
    return ForbiddenError(
        f"bridge: the author of an annotation must have a role here that may label, has '{role}'.",
        "Give them one with 'labelwright users give'.",
    )


def most_people(policy: Policy) -> int:
    """The largest number of people whom the policy asks about one item.

    >>> most_people(Policy(overlap=2)), most_people(Policy(overlap_by_kind={"reserve": 3}))
    (2, 3)
    """
    of_slices = [overlap for values in policy.overlap_by_slice.values() for overlap in values.values()]
    return max([policy.overlap, *policy.overlap_by_kind.values(), *of_slices])
