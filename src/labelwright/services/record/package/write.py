"""Write an evidence package: a zip of the record, what follows from it, and a script that checks it."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labelwright import __version__
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.record import model_card, receipts
from labelwright.services.record.package import events, facts, labels, provenance, texts
from labelwright.services.record.package.files import Files
from labelwright.services.record.package.readme import readme
from labelwright.services.record.package.script import script
from labelwright.services.reporting import report
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import now
from labelwright.store.project import ProjectStore
from labelwright.store.receipts import Receipt
from labelwright.store.record.exports import LabelsExported
from labelwright.store.rows import Rows

FORMAT: Final = "evidence"


@dataclass(frozen=True)
class Packed:
    """What a package holds.

    Attributes
    ----------
    receipt : Receipt
        The signed head of the chain as of the package.
    events, files : int
        How many.
    with_texts : bool
        Whether what people wrote is in it: guidelines, hypotheses, reasons.
    """

    receipt: Receipt
    events: int
    files: int
    with_texts: bool


def write(site: Site, actor: Actor, slug: str, path: Path, *, with_texts: bool = True) -> Packed:
    """Write the package of a project.

    Parameters
    ----------
    with_texts : bool
        Whether what people wrote goes with it. Without, guidelines and report are left out too.

    Raises
    ------
    InputError
        If the file is there already.
    ConflictError
        If answers of a calibration session are not revealed yet.
    IntegrityError
        If the signing key is away.
    """
    store = site.project(slug)
    with store.read() as rows:
        _refuse_blind(rows)
    _give_back(store, actor)
    html = report.html(site, actor, slug) if with_texts else None
    card = _card(site, actor, slug) if with_texts else None
    try:
        file = path.open("xb")
    except FileExistsError:
        raise InputError(
            f"evidence: OUT must be a new file, {path} is there already.", "Choose another name."
        ) from None
    with file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out, store.read() as rows:
        project = access.ready(store, rows)
        receipt, files = store.receipt(rows), Files(out)
        n_events = events.write_events(store, rows, files)
        events.write_heads(store, rows, files, receipt)
        labels.write_items(rows, files)
        labels.write_versions(store, rows, files)
        facts.write_models(rows, files)
        facts.write_decisions(store, rows, project, files)
        provenance.write_provenance(site, store, rows, project, files)
        if html is not None:
            texts.write_texts(store, rows, files)
            texts.write_guidelines(store, rows, files)
            files.write("report.html", html)
            if card is not None:
                files.write("model-card.md", card)
        files.write("README.md", readme(slug, with_texts))
        files.write("verify.py", script())
        manifest = {
            "project": store.project_id, "name": slug, "made_at": now(), "version": __version__,
            "upto_seq": receipt["seq"], "head": receipt["hash"], "key": receipt["key"], "with_texts": with_texts,
            "files": files.listed,
        }  # fmt: skip
        digest = files.write("manifest.json", json.dumps(manifest, indent=1))
        files.write("signature.json", json.dumps(store.vouch(rows, digest), indent=1))
        n_items = project.row.n_items
    with store.write() as transaction:
        transaction.record(LabelsExported(FORMAT, n_items, receipt["seq"], None), actor=actor.person_id)
    receipts.send(site)
    return Packed(receipt, n_events, len(files.listed), with_texts)


def _refuse_blind(rows: Rows) -> None:
    """The chain cannot be handed out in parts, so not while nobody may see all of it.

    Raises
    ------
    ConflictError
        If answers of a calibration session are not revealed yet.
    """
    session, answer = t.calibration, t.calibration_answer
    number = rows.scalar(
        rows.select(session.c.number).where(
            session.c.revealed_at.is_(None), session.c.closed_at.is_(None), answer.c.session_id == session.c.id
        )
    )
    if number is not None:
        raise ConflictError(
            f"evidence: the answers of calibration session {number} are not revealed yet.", "Reveal them first."
        )


def _give_back(store: ProjectStore, actor: Actor) -> None:
    """The caller holds no item any more, and a later answer about those is marked: they see what others say of them."""
    with store.read() as rows:
        held = [lease.ordinal for lease in leases.live_of(rows, actor)]
    if held:
        exposure.note(store, actor, held)
        lease = t.lease
        with store.stage() as rows:
            rows.update(
                lease, lease.c.person_id == actor.person_id, lease.c.state == leases.LIVE, state=leases.RETURNED
            )


def to_temporary(site: Site, actor: Actor, slug: str, *, with_texts: bool) -> Path:
    """Write it to a temporary file in the home that the caller deletes."""
    folder = site.settings.home / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{slug}.evidence.zip"
    try:
        write(site, actor, slug, path, with_texts=with_texts)
    except BaseException:
        drop(path)
        raise
    return path


def drop(path: Path) -> None:
    """Delete a temporary package with its folder."""
    path.unlink(missing_ok=True)
    path.parent.rmdir()


def _card(site: Site, actor: Actor, slug: str) -> str | None:
    """The card of the model that serves, None where there is none yet."""
    try:
        return model_card.card(site, actor, slug)
    except NotFoundError:
        return None
