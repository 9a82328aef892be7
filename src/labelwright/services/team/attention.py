"""What deserves a look: alarms of sequential tests and findings of the audit, with the items behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar

from labelwright.engine.gold import known_answers
from labelwright.engine.project import Question
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site
from labelwright.services.team.alarms import Look, looks
from labelwright.services.team.audits import AuditView, audited
from labelwright.services.team.listing import names_of
from labelwright.services.team.model_errors import model_errors
from labelwright.services.team.said import read
from labelwright.services.team.slices import slices_of
from labelwright.store.project import ProjectStore

View = TypeVar("View")


@dataclass(frozen=True)
class AttentionView:
    """What every test and the audit say.

    Attributes
    ----------
    looks : list of Look
        Alarms first; also those without an alarm, so that it can be seen what was tested.
    """

    question: str
    looks: list[Look]
    audit: AuditView


def show(site: Site, actor: Actor, slug: str, *, question_id: str | None = None) -> AttentionView:
    """What deserves a look; items that are leased to the caller are not named."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id) if question_id is not None else project.primary
    return hide(store, actor, warnings(site, slug, question))


def warnings(site: Site, slug: str, question: Question) -> AttentionView:
    """The same for anybody, found once for each state of the record."""
    store = site.project(slug)
    said, head = read(site, store)
    names = names_of(site)
    with store.read() as rows:
        project, known = access.ready(store, rows), known_answers(rows, question.id)
        slices = slices_of(rows, said.ordinal)

    def find() -> AttentionView:
        errors = model_errors(store, project, question) if question.task.one_class else None
        found = audited(said, question, names, slices)
        return AttentionView(question.id, looks(said, question, known, errors), found)

    key = ("attention", store.project_id, head, project.row.cycle, question.id, hash(frozenset(names.items())))
    view: AttentionView = site.cache.get(key, find)
    return view


def hide(store: ProjectStore, actor: Actor, view: View) -> View:
    """Leave out items that the caller holds, and note that the caller has seen what is said of the others."""
    named = sorted({shown.ordinal_of(item) for item in _items(view)})
    with store.read() as rows:
        hidden = leases.leased_to(rows, actor, named)
    exposure.note(store, actor, [ordinal for ordinal in named if ordinal not in hidden])
    return _without(view, {shown.item_id_of(ordinal) for ordinal in hidden}) if hidden else view


def _items(view: object) -> Iterable[str]:
    if is_dataclass(view):
        for field in fields(view):
            value = getattr(view, field.name)
            if field.name == "items":
                yield from value
            elif is_dataclass(value):
                yield from _items(value)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                for one in value:
                    yield from _items(one)


def _without(view: View, hidden: set[str]) -> View:
    if not is_dataclass(view) or isinstance(view, type):
        return view
    changed: dict[str, object] = {}
    for field in fields(view):
        value = getattr(view, field.name)
        if field.name == "items":
            changed["items"] = [item for item in value if item not in hidden]
        elif is_dataclass(value):
            changed[field.name] = _without(value, hidden)
        elif isinstance(value, list):
            changed[field.name] = [_without(one, hidden) for one in value]
    return replace(view, **changed)
