"""Rotate the signing key: a new one signs, the old one vouches for it and says where it ended."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from labelwright.errors import LabelwrightError
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site
from labelwright.store import site_tables
from labelwright.store.record.site import KeyRotated


@dataclass(frozen=True)
class Rotated:
    """What a rotation did.

    Attributes
    ----------
    old, new : str
        Public keys, in hex digits.
    vouched : bool
        Whether the old key signed the transition.
    unknown : tuple of str
        Projects whose last event could not be read, so that the old key has no end there.
    """

    old: str
    new: str
    vouched: bool
    unknown: tuple[str, ...]


def rotate_key(site: Site, actor: Actor, *, lost: bool = False) -> Rotated:
    """Make a new signing key; heads and receipts of the old one can still be checked. People go on working.

    Parameters
    ----------
    lost : bool
        Make a new key although the old one is away for good; ``verify`` says so ever after.

    Raises
    ------
    IntegrityError
        If the key is away and not said to be lost.
    InputError
        If it is said to be lost, and is there.
    """
    ending = site.store.keys.rotate(lost=lost)
    heads: dict[str, int | None] = {}
    unknown = []
    with site.store.read() as connection:
        projects = connection.execute(select(site_tables.catalogue.c.slug, site_tables.catalogue.c.id)).all()
    for slug, project_id in projects:
        try:  # other processes sign with the new key from their next event on; those under way end first
            heads[project_id] = site.store.open(slug, or_deleted=True).settled_seq()
        except (LabelwrightError, DatabaseError):
            heads[project_id] = None
            unknown.append(slug)
    with site.store.write() as connection:
        chain = site.store.chain
        heads[chain.project_id] = int(connection.scalar(select(chain.head.c.seq)) or 0)
        vouched = ending.signer is not None
        site.store.record(connection, KeyRotated(ending.old, ending.new, vouched), actor=actor.person_id)
    site.store.keys.end(ending, heads)
    return Rotated(ending.old, ending.new, vouched, tuple(unknown))
