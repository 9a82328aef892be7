"""What is new in the guidelines for a person, and the versions that there were."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import func

from labelwright.engine.project import Project, Question
from labelwright.errors import InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.questions import ExampleView, examples, guidelines
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.quality import GuidelinesSeen
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Line:
    """A line of the guidelines: "same", "added" or "removed"."""

    change: str
    text: str


@dataclass(frozen=True)
class News:
    """What changed in a question's guidelines since the person last saw them.

    Attributes
    ----------
    seen, version : int
        The version that the person knows, and the current one.
    lines : list of Line
        The text with what was added and removed.
    examples : list of ExampleView
        Those that are new.
    """

    question: str
    seen: int
    version: int
    lines: list[Line]
    examples: list[ExampleView]


@dataclass(frozen=True)
class VersionView:
    """One version of a question's guidelines, and how many annotations were made under it."""

    version: int
    at: str
    by: str
    n_annotations: int
    n_examples: int


def news(site: Site, actor: Actor, slug: str) -> list[News]:
    """Of each question whose guidelines changed since the caller saw them; nothing for somebody who is new."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        found = []
        for question in project.questions:
            known = _known(rows, actor, question)
            if 0 < known < question.guideline_version:
                found.append(_since(store, rows, project, question, known))
    return found


def seen(site: Site, actor: Actor, slug: str, question_id: str | None, version: int) -> None:
    """The caller was shown the guidelines up to a version.

    Raises
    ------
    InputError
        If there is no such version.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.ready(store, transaction.rows)
        question = project.question(question_id)
        if not 1 <= version <= question.guideline_version:
            raise InputError(f"guidelines: version must be 1 to {question.guideline_version}, got {version}.")
        if _known(transaction.rows, actor, question) < version:
            transaction.record(GuidelinesSeen(question.id, version), actor=actor.person_id)


def versions(site: Site, actor: Actor, slug: str, question_id: str | None) -> list[VersionView]:
    """The newest first."""
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        question = access.ready(store, rows).question(question_id)
        table, event, said = t.guideline, t.event, t.annotation
        counts = {
            version: n
            for version, n in rows.all(
                rows.select(said.c.guideline_version, func.count())
                .where(said.c.question_id == question.id)
                .group_by(said.c.guideline_version)
            )
        }
        found = rows.all(
            rows.select(table.c.version, table.c.examples, event.c.at, event.c.actor)
            .where(table.c.question_id == question.id, event.c.seq == table.c.seq)
            .order_by(table.c.version.desc())
        )
    return [
        VersionView(
            row.version, row.at, names.get(row.actor, (row.actor, False))[0], counts.get(row.version, 0),
            len(row.examples),
        )
        for row in found
    ]  # fmt: skip


def _known(rows: Rows, actor: Actor, question: Question) -> int:
    """The newest version that somebody was shown or worked under; 0 for nobody who is new."""
    table, said = t.guideline_seen, t.annotation
    shown = rows.scalar(
        rows.select(table.c.version).where(table.c.question_id == question.id, table.c.person_id == actor.person_id)
    )
    worked = rows.scalar(
        rows.select(func.max(said.c.guideline_version)).where(
            said.c.question_id == question.id, said.c.person_id == actor.person_id
        )
    )
    return max(int(shown or 0), int(worked or 0))


def _since(store: ProjectStore, rows: Rows, project: Project, question: Question, known: int) -> News:
    table = t.guideline
    row = rows.one(
        rows.select(table.c.sealed_id, table.c.examples).where(
            table.c.question_id == question.id, table.c.version == known
        )
    )
    now = guidelines(store, rows, question)
    before = {(one.item, one.label) for one in examples(store, rows, question, row.examples)}
    lines = difference(store.unseal(rows, row.sealed_id) or "", now.markdown)
    return News(
        question.id, known, question.guideline_version, lines,
        [one for one in now.examples if (one.item, one.label) not in before],
    )  # fmt: skip


def difference(before: str, after: str) -> list[Line]:
    """A text with what was added and removed, line by line.

    >>> [(line.change, line.text) for line in difference("a\\nb", "a\\nc")]
    [('same', 'a'), ('removed', 'b'), ('added', 'c')]
    """
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for kind, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line("same", text) for text in old[i:j]]
        else:
            lines += [Line("removed", text) for text in old[i:j]] + [Line("added", text) for text in new[k:m]]
    return lines
