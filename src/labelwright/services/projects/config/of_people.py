"""What a file changes about roles, and about what is said of people."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.project import Project
from labelwright.engine.quality import Profile
from labelwright.plain import JsonObject
from labelwright.services.people import accounts, members
from labelwright.services.people.roles import ADMIN, PROJECT_ROLES, Actor
from labelwright.services.projects.config import people
from labelwright.services.projects.config.changes import Change, Difference, in_words
from labelwright.services.projects.config.document import Document
from labelwright.services.quality import rules as checking
from labelwright.services.site import Site


@dataclass(frozen=True)
class Compared:
    """Changes about people, and sentences on those who have no account yet."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def compare(site: Site, project: Project, now: Document, wanted: Document) -> Compared:
    """Changes of roles and profiles; both are listed whole in a file that has them.

    A file does not make accounts: whoever it names without one is left out, and that is said.

    Raises
    ------
    InputError
        If a role, a label or a number is not possible.
    """
    known = people.emails(site)
    ids = {email: person for person, email in known.items()}
    admins = people.admins(site)
    changes: list[Change] = []
    strangers: dict[str, None] = {}
    for name, key in (("role", "role"), ("annotator", "")):
        if name not in wanted.listed:
            continue
        before, after = (_by_email(one.rows(name)) for one in (now, wanted))
        for email in sorted({*before, *after}):
            if email not in ids:
                strangers[email] = None
            elif before.get(email) == after.get(email):
                continue
            elif key:
                changes.append(_role(email, ids[email], email in admins, before.get(email), after.get(email)))
            else:
                changes.append(_profile(project, email, ids[email], before.get(email), after.get(email)))
    notes = tuple(
        f"{email} has no account yet and is left out: labelwright users add {email}, then apply the file again."
        for email in strangers
    )
    return Compared(tuple(changes), notes)


def _by_email(tables: tuple[JsonObject, ...]) -> dict[str, JsonObject]:
    return {accounts.normal_email(str(one["email"])): {k: v for k, v in one.items() if k != "email"} for one in tables}


def _role(email: str, person: str, is_admin: bool, before: JsonObject | None, after: JsonObject | None) -> Change:
    old, new = ((None if one is None else str(one["role"])) for one in (before, after))
    if new is not None:
        accounts.check_role(new, PROJECT_ROLES, "[[role]] role")
    if is_admin and new is not None:
        why = f"{email} is an {ADMIN}, who may do everything in every project."
        return Change((Difference("[[role]]", email, in_words(old), in_words(new), why, False),))
    effect = f"{email} is {new} in this project." if new else f"{email} has no role of their own here any more."

    def act(site: Site, actor: Actor, slug: str) -> None:
        if new is None:
            members.take(site, actor, slug, person)
        elif old is None:
            members.add(site, actor, slug, email=email, role=new)
        else:
            members.give(site, actor, slug, person, new)

    return Change((Difference("[[role]]", email, in_words(old), in_words(new), effect),), act)


def _profile(
    project: Project, email: str, person: str, before: JsonObject | None, after: JsonObject | None
) -> Change:  # fmt: skip
    profile = Profile() if after is None else people.profile_of(project, {"email": email, **after})
    checking.check_profile(project, profile)
    effect = "It holds for the items that they get from now on."
    difference = Difference("[[annotator]]", email, in_words(before), in_words(after), effect)

    def act(site: Site, actor: Actor, slug: str) -> None:
        checking.describe(site, actor, slug, person, profile)

    return Change((difference,), act)
