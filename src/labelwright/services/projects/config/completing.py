"""What a project file says besides the draft, once the project is there: slices, targets, roles, profiles."""

from __future__ import annotations

from labelwright.engine.project import load
from labelwright.engine.quotas import named_in
from labelwright.errors import UserError
from labelwright.plain import Json
from labelwright.policy import Policy
from labelwright.services.people import accounts
from labelwright.services.people.roles import PROJECT_ROLES, Actor
from labelwright.services.projects.config.applying import apply
from labelwright.services.projects.config.describing import policy_table
from labelwright.services.projects.config.document import Document
from labelwright.services.projects.config.of_parts import filter_of
from labelwright.services.site import Site

LATER = ("slice", "target", "role", "annotator")


def check_before(document: Document) -> None:
    """Refuse roles and slices that no project could have, before any row is read; ``InputError`` names them."""
    for one in document.rows("role"):
        accounts.normal_email(str(one["email"]))
        accounts.check_role(str(one["role"]), PROJECT_ROLES, "[[role]] role")
    for one in document.rows("slice"):
        stored = one["filter"]
        assert isinstance(stored, dict)  # `parse` refuses anything else
        filter_of(stored)


def complete(site: Site, actor: Actor, slug: str, document: Document) -> tuple[str, ...]:
    """Add slices, quotas of slices, targets, roles and profiles of a file to the project that was created from it.

    Returns
    -------
    tuple of str
        Sentences on what was left out, such as people who have no account yet. What is wrong is said too, and not
        raised: the project with all its items is there.
    """
    listed = {name: rows for name, rows in document.listed.items() if name in LATER}
    with site.project(slug).read() as rows:
        first = policy_table(load(site.project(slug), rows).policy)
    wanted = Policy.from_config(document.table("policy")).rules()
    quotas: list[Json] = [rule.to_json() for rule in wanted]
    single = {"policy": {**first, "constraints": quotas}} if named_in(wanted) else {}
    later = Document(single, listed, document.file)
    if not single and not any(listed.values()):
        return ()
    try:
        return tuple(apply(site, actor, slug, later).notes)
    except UserError as error:
        again = f"Correct {document.file} and apply it: labelwright apply-config {slug} {document.file}"
        return (f"Slices, targets, roles and profiles were not added: {error.message}", again)
