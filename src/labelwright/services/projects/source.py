"""Labels of another project or file that a project learns from: who may take them, and how they are read."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from labelwright.check import complain
from labelwright.engine import contents
from labelwright.engine.coded import Codebook
from labelwright.engine.importing.source import SourceSpec
from labelwright.errors import ForbiddenError, InputError
from labelwright.exchange import Columns, guess, open_source
from labelwright.items import Content
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.people.users import on_site
from labelwright.services.projects import access
from labelwright.services.projects.described import describe_answer
from labelwright.services.record.labels_at import Then
from labelwright.services.record.moments import moment_of
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.rows import Rows
from labelwright.store.slugs import no_project

EXPORT = "export"
KEY, LABEL, DOMAIN = "labelwright_key", "labelwright_label", "labelwright_domain"
CONTENT = {"text": "text", "image": "image"}
TASK = "classification"


@dataclass(frozen=True)
class SourceDraft:
    """Where labels of another domain are: in another project, or in a file.

    Parameters
    ----------
    project : str, optional
    snapshot : str, optional
        A moment of that project; now if left out.
    path : Path, optional
    label : str, optional
        The column of labels in the file; guessed if left out.
    """

    project: str | None = None
    snapshot: str | None = None
    path: Path | None = None
    label: str | None = None


def named(site: Site, text: str, label: str | None = None, who: str = "create") -> SourceDraft:
    """What ``PROJECT[@SNAPSHOT]`` or the path of a file means; a project of that name comes before a file.

    Raises
    ------
    InputError
        If there is neither.
    """
    slug, _, snapshot = text.partition("@")
    if slug in site.store.slugs():
        return SourceDraft(project=slug, snapshot=snapshot or None)
    if not Path(text).exists():
        raise complain(who, "--source", "a project, PROJECT@SNAPSHOT or a file", f"'{text}'", "Check the name.")
    return SourceDraft(path=Path(text), label=label)


def check_source(site: Site, actor: Actor, draft: SourceDraft, task: str, who: str = "create") -> None:
    """What can be determined at once.

    Raises
    ------
    InputError
        If the questions are not of one class, or not exactly one source is named.
    NotFoundError, ForbiddenError
        If the caller may not know of the project, or may not export it.
    """
    if task != TASK:
        raise complain(who, "the task of a project with a source", TASK, task, "Leave the source out.")
    if (draft.project is None) == (draft.path is None):
        raise InputError(f"{who}: a source must be either a project or a file.", "Name one of them.")
    if draft.project is not None and draft.project not in site.store.slugs():
        raise no_project(draft.project)
    if draft.project is not None and not site.actor_in(on_site(site, actor), draft.project).may(EXPORT):
        raise ForbiddenError(
            f"{who}: you may not take labels of '{draft.project}'.", "Ask an admin for a role that may export it."
        )


@contextmanager
def opened(
    site: Site, draft: SourceDraft, *, kind: str, columns: Columns, question_id: str, who: str = "create"
) -> Iterator[SourceSpec]:
    """A source as an import reads it; labels of a project are written to a folder that is removed in the end.

    Parameters
    ----------
    columns : Columns
        Of the project that takes them.
    who : str
        The act that errors name.

    Raises
    ------
    InputError
        If its items are of another kind, or it has no labels.
    """
    if draft.path is not None:
        yield _of_file(draft, kind, columns, question_id, who)
        return
    assert draft.project is not None
    if columns.embedding:
        expected = "a file with the embeddings of its items"
        raise complain(who, "the source of a project with embeddings", expected, f"the project '{draft.project}'")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{draft.project}.jsonl"
        came_from = _written(site, draft.project, draft.snapshot, kind, path, who)
        own = Columns.from_dict({
            "id": KEY, "label": LABEL, "domain": DOMAIN,
            **({kind: CONTENT[kind]} if kind in CONTENT else {"features": columns.features}),
        })  # fmt: skip
        reader = open_source(path)
        own.check(reader.columns, f"{who}: source {draft.project}")
        yield SourceSpec(reader, own, LABEL, question_id, came_from, who=who)


def _of_file(draft: SourceDraft, kind: str, columns: Columns, question_id: str, who: str) -> SourceSpec:
    assert draft.path is not None
    reader = open_source(draft.path)
    wanted: dict[str, object] = {
        role: name for role, name in columns.named().items() if name in reader.columns and role != "label"
    }
    if columns.features:
        wanted["features"] = tuple(columns.features)
    wanted |= {"label": draft.label, "embedding": columns.embedding}
    found = guess(reader, Columns.from_dict(wanted), task=TASK)
    label = found.columns.label or found.answer
    if label is None:
        cure = "Name it with --source-label."
        raise InputError(f"{who}: {reader.path.name}: no column looks like labels.", cure)
    if found.kind != kind:
        raise complain(who, f"the items of the source '{reader.path.name}'", f"of kind {kind}", found.kind)
    features = tuple(name for name in found.columns.features if name != label)
    own = replace(found.columns, label=label, features=features, labels=())
    came_from: JsonObject = {"file": draft.path.name, "sha256": _hash_of(draft.path)}
    return SourceSpec(reader, own, label, question_id, came_from, who=who)


def _written(site: Site, slug: str, at: str | None, kind: str, path: Path, who: str) -> JsonObject:
    """Write the labeled items of a project as lines; return where they came from."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        if project.kind != kind:
            raise complain(who, f"the items of the source '{slug}'", f"of kind {kind}", project.kind)
        moment = moment_of(store, rows, at)
        then = Then.at(store, rows, project, moment)
        question = then.question(project.primary.id)
        if question is None or not question.task.one_class:
            raise complain(who, f"the labels of the source '{slug}'", "one class an item", "another kind of label")
        book = Codebook(question.task)
        found = then.labels(question.id, book, sealed=False)
        keys, domains = _described(rows, found.item_idx.tolist())
    if not len(found.item_idx):
        raise InputError(f"{who}: the source '{slug}' has no labels.", "Label some of its items first.")
    names = [describe_answer(question, answer) for answer in book.answers]
    labels = [names[code] for code in found.codes.tolist()]
    digest = hashlib.sha256()
    blocks = contents.blocks(store, found.item_idx, upto_seq=moment.upto_seq)
    every = (content for block in blocks for content in block)
    with path.open("w", encoding="utf-8") as file:
        for ordinal, label, content in zip(found.item_idx.tolist(), labels, every, strict=True):
            line = {KEY: keys[ordinal], LABEL: label, DOMAIN: domains[ordinal]}
            file.write(json.dumps({**_cells(content, ordinal, path.parent), **line}) + "\n")
            digest.update(json.dumps([keys[ordinal], label]).encode() + b"\n")
    return {
        "project": slug, "snapshot": at, "label_version": moment.label_version, "upto_seq": moment.upto_seq,
        "n_labels": len(labels), "sha256": digest.hexdigest(),
    }  # fmt: skip


def _described(rows: Rows, ordinals: list[int]) -> tuple[dict[int, str], dict[int, str | None]]:
    """Keys and domains of items."""
    table, keys, domains = t.item, dict[int, str](), dict[int, str | None]()
    for start in range(0, len(ordinals), 500):
        some = ordinals[start : start + 500]
        for row in rows.all(rows.select(table.c.ordinal, table.c.key, table.c.domain).where(table.c.ordinal.in_(some))):
            keys[int(row.ordinal)], domains[int(row.ordinal)] = row.key, row.domain
    return keys, domains


def _cells(content: Content, ordinal: int, folder: Path) -> JsonObject:
    """An item as cells of a row; the bytes of an image are a file beside it."""
    body = content.body
    if content.media is not None:
        name = f"{ordinal}{Path(str(body['media'])).suffix}"
        (folder / name).write_bytes(content.media)
        return {"image": name}
    row = body.get("row")
    return dict(row) if isinstance(row, dict) else {"text": body.get("text")}


def _hash_of(path: Path) -> str:
    """SHA-256 of a file, or of the names and bytes of the files of a folder."""
    digest = hashlib.sha256()
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.is_file():
            if one != path:
                digest.update(str(one.relative_to(path)).encode())
            digest.update(one.read_bytes())
    return digest.hexdigest()
