"""Labels out: one row an item, as they are now or as they were; works where the loop is broken."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from labelwright.check import complain
from labelwright.engine.contents import erased
from labelwright.engine.past import project_as_of
from labelwright.engine.project import Project, Question
from labelwright.errors import IntegrityError, LabelwrightError
from labelwright.exchange import Asked, Export, format_for, write_as
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.record import receipts
from labelwright.services.record.export_media import ZIP, write_with_media
from labelwright.services.record.export_rows import columns, content_columns, lines, prefix_of
from labelwright.services.record.moments import moment_of
from labelwright.services.site import Site
from labelwright.store.receipts import Receipt
from labelwright.store.record.exports import LabelsExported

log = logging.getLogger("labelwright.exports")


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Attributes
    ----------
    receipt : Receipt, optional
        The signed head of the chain as of the view that was written; None where the signing key is away.
    upto_seq : int
        The last event whose answers are in the file.
    as_text : tuple of str
        Columns of a Parquet file whose values have several types, so that they were written as text.
    without_content : tuple of str
        Items whose content is missing from the database; their labels are in the file all the same.
    format, ending : str
        The name of the format, and what the names of its files end in.
    left_out : tuple of str
        What the format has no place for.
    without_image : tuple of str
        Items whose image should be in the zip and is missing from the home.
    erased : int
        Items that were erased; the file has their id, key and split, and `erased` as their state.
    """

    receipt: Receipt | None
    n_items: int
    upto_seq: int
    label_version: str | None
    as_text: tuple[str, ...]
    without_content: tuple[str, ...]
    erased: int = 0
    left_out: tuple[str, ...] = ()
    without_image: tuple[str, ...] = ()
    ending: str = ""
    format: str = ""

    @property
    def findings(self) -> tuple[str, ...]:
        """What is to be told beside the file."""
        found = []
        if self.as_text:
            found.append(f"Written as text, because their values have several types: {', '.join(self.as_text)}.")
        if self.left_out:
            found.append(f"Left out, as the format has no place for it: {'; '.join(self.left_out)}.")
        if self.without_content:
            n, first = len(self.without_content), ", ".join(self.without_content[:5])
            found.append(
                f"The content of {n} item{'s' * (n != 1)} is missing from the database: {first}. "
                "Run 'labelwright verify'."
            )
        if self.without_image:
            n, first = len(self.without_image), ", ".join(self.without_image[:5])
            found.append(f"The images of {n} item{'s' * (n != 1)} are missing: {first}. Run 'labelwright verify'.")
        if self.erased:
            found.append(
                f"Erased items: {self.erased}. They are listed without label and content; an export from before the "
                "erasure differs by these rows alone."
            )
        if self.receipt is None:
            found.append("The signing key is away, so there is no receipt, and the export is not in the record.")
        return tuple(found)


def export(
    site: Site, actor: Actor, slug: str, path: Path, *, at: str | None = None, format: str | None = None,
    table: str | None = None,
) -> Exported:  # fmt: skip
    """Write the labels to a file in a format, see `labelwright.exchange.formats`.

    Parameters
    ----------
    format : str, optional
        Its name; the ending of the file decides if it is left out.
    at : str, optional
        A label version (``lv-12``), which is read as it was resolved; the name of a snapshot, an event number, or a
        time (ISO), for the labels as of then; now if left out. The file of a past moment has the same bytes whenever
        it is written: items, names of labels and answers are those of then.
    table : str, optional
        Write a zip with the images of an image project and a table of this name beside them.
    """
    chosen = format_for(path if table is None else Path(table), format)
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        moment = moment_of(store, rows, at)
        if not moment.is_now:
            project = project_as_of(store, rows, project, moment.upto_seq)
        if table is not None and project.kind != "image":
            raise complain("export", "the items of an export with media", "images", project.kind, "Leave it out.")
        missing, lost = list[str](), list[str]()
        gone = erased(rows)
        whole = _export(project, lines(store, rows, project, moment, missing, gone))
        if table is None:
            written = write_as(path, whole, chosen.name)
        else:
            written = write_with_media(store.media, path, table, whole, chosen.name, lost)
        try:
            receipt = store.receipt(rows)
        except IntegrityError:  # labels get out also where nothing can be signed
            receipt = None
    body = LabelsExported(chosen.name, written.n_rows, moment.upto_seq, moment.label_version)
    try:
        with store.write() as transaction:
            transaction.record(body, actor=actor.person_id)
    except (LabelwrightError, DatabaseError, OSError) as error:  # a full disk must not keep labels in
        log.error("the export is not in the record", extra={"project": slug, "error": type(error).__name__})
    receipts.send(site)
    return Exported(
        receipt, written.n_rows, moment.upto_seq, moment.label_version, written.as_text, tuple(missing), len(gone),
        written.left_out, tuple(lost), chosen.ending, chosen.name,
    )  # fmt: skip


def _export(project: Project, rows: Iterator[dict[str, object]]) -> Export:
    questions = tuple(
        Asked(one.id, one.text, one.task_name, _label_names(one), prefix_of(project, one)) for one in project.questions
    )
    return Export(columns(project), rows, project.kind, questions, tuple(content_columns(project)))


def _label_names(question: Question) -> tuple[str, ...]:
    labels = question.schema.get("labels")
    return tuple(str(one["name"]) for one in labels if isinstance(one, dict)) if isinstance(labels, list) else ()


def to_temporary(
    site: Site, actor: Actor, slug: str, *, format: str, at: str | None, media: bool = False
) -> tuple[Path, Exported]:
    """Export to a temporary file in the home that the caller deletes; a zip if the images go with it.

    Raises
    ------
    InputError
        If there is no such format.
    """
    ending = format_for(Path(), format).ending
    folder = site.settings.home / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(suffix=ending + ZIP * media, delete=False, dir=folder) as file:
        path = Path(file.name)
    try:
        exported = export(site, actor, slug, path, at=at, format=format, table=f"{slug}{ending}" if media else None)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, exported


def as_json(receipt: Receipt) -> str:
    """A receipt to keep elsewhere."""
    return json.dumps(receipt, indent=2)
