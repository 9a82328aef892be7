"""Erase a person: name and e-mail go for good, the account is closed; their id stays in the record."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, update

from labelwright.errors import ConflictError
from labelwright.services.people import accounts
from labelwright.services.people.credentials import end_all
from labelwright.services.people.roles import Actor
from labelwright.services.people.views import Person
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.record.people import PersonErased, RoleGiven

NAME: Final = "Erased person"  # and the end of the id, so that two of them can be told apart


def erase_person(site: Site, actor: Actor, person_id: str) -> Person:
    """Destroy the name, the e-mail address and every way to sign in of a person; nothing brings the account back.

    What the person answered stays, under an id that says nothing. Whether somebody can still be told by what they
    answered, or by what others wrote about them, is not for this to decide.

    Raises
    ------
    NotFoundError
        If there is no such account.
    ConflictError
        If it was erased already, or no active admin would be left.
    """
    with site.store.write() as connection:
        person = accounts.find(connection, person_id)
        if accounts.is_erased(person.email):
            raise ConflictError("users erase: this account was erased already.")
        accounts.keep_an_admin(connection, person_id)
        end_all(site, connection, person_id, actor=actor.person_id)
        connection.execute(delete(t.link).where(t.link.c.person_id == person_id))
        connection.execute(update(t.token).where(t.token.c.person_id == person_id).values(name=""))
        connection.execute(delete(t.identity).where(t.identity.c.person_id == person_id))
        connection.execute(
            update(t.person)
            .where(t.person.c.id == person_id)
            .values(
                email=accounts.erased_email(person_id),
                name=f"{NAME} {person_id[-4:]}",
                password_hash=None,
                active=False,
            )
        )
        if person.active:
            site.store.record(connection, RoleGiven(person_id, str(person.role), False), actor=actor.person_id)
        site.store.record(connection, PersonErased(person_id), actor=actor.person_id)
        erased = accounts.view(accounts.find(connection, person_id)._mapping)
    site.store.database.compact()
    return erased
