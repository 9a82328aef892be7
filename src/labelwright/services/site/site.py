"""The site that all services act on: settings, store, and who is who in a project."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select

from labelwright.services.people.attempts import Attempts
from labelwright.services.people.roles import Actor, permissions_of, role_in
from labelwright.services.site.settings import Settings
from labelwright.store import site_tables
from labelwright.store.project import ProjectStore
from labelwright.store.site import SiteStore
from labelwright.store.slugs import no_project


class Site:
    """One home, opened once a process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = SiteStore(
            settings.home, settings.database_url, settings.key_file, settings.files_url, settings.files_cache
        )
        self.cache = Cache()
        self.sign_ins = Attempts(self.store)

    def project(self, slug: str) -> ProjectStore:
        """The store of a project; ``NotFoundError`` if there is none."""
        return self.store.open(slug)

    def actor_in(self, actor: Actor, slug: str) -> Actor:
        """The actor with the role that they have in this project.

        Raises
        ------
        NotFoundError
            If they may not know of it; the same error as for a project that does not exist.
        """
        member, catalogue = site_tables.membership, site_tables.catalogue  # the import may have failed: nothing to open
        with self.store.look() as connection:
            given = connection.scalar(
                select(member.c.role)
                .join(catalogue, catalogue.c.id == member.c.project_id)
                .where(
                    catalogue.c.slug == slug, catalogue.c.deleted_at.is_(None), member.c.person_id == actor.person_id
                )
            )
        role = role_in(actor.role, given)
        if role is None:
            raise no_project(slug)
        return replace(actor, role=role)

    def roles_of(self, actor: Actor) -> dict[str, str]:
        """The role of somebody in each project that they may know of, by slug, sorted; one may be damaged."""
        member, catalogue = site_tables.membership, site_tables.catalogue
        is_theirs = and_(member.c.project_id == catalogue.c.id, member.c.person_id == actor.person_id)
        with self.store.read() as connection:
            rows = connection.execute(
                select(catalogue.c.slug, member.c.role)
                .select_from(catalogue.outerjoin(member, is_theirs))
                .where(catalogue.c.deleted_at.is_(None))
            ).all()
        found = {row.slug: role_in(actor.role, row.role) for row in rows}
        return {slug: role for slug, role in sorted(found.items()) if role is not None}

    def may_somewhere(self, actor: Actor, permission: str) -> bool:
        """Whether somebody has a permission on the site or in one of its projects."""
        return actor.may(permission) or any(
            permission in permissions_of(role) for role in self.roles_of(actor).values()
        )

    def names(self) -> dict[str, tuple[str, bool]]:
        """Name and whether simulated, by person id."""
        with self.store.read() as connection:
            person = site_tables.person
            rows = connection.execute(select(person.c.id, person.c.name, person.c.email, person.c.simulated)).all()
        return {r.id: (r.name or r.email, bool(r.simulated)) for r in rows}

    def close(self) -> None:
        """Drop all connections."""
        self.store.close()


class Cache:
    """A small cache of what never changes once written, such as a published ranking."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._values: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._being_made: dict[Any, threading.Lock] = {}

    def __contains__(self, key: Any) -> bool:
        with self._lock:
            return key in self._values

    def get(self, key: Any, make: Any) -> Any:
        """The value for a key, made once; who asks meanwhile waits for it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making = self._being_made.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            try:
                value = make()
                with self._lock:
                    self._values[key] = value
                    while len(self._values) > self._size:
                        self._values.popitem(last=False)
            finally:
                with self._lock:
                    self._being_made.pop(key, None)
        return value
