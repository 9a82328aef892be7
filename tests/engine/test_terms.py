"""Licence and consent of items: from the file to filter, quota, page, export and the manifest of the import."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from labelwright.engine.layout import layout
from labelwright.engine.worker import Worker
from labelwright.policy import Policy
from labelwright.policy.constraints import Constraint
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.services.record import exports
from labelwright.services.record.verify import verify
from labelwright.services.steering import policies
from labelwright.store import tables as t

HEADER = "id,text,License,consent\n"


def project_of(any_site: Any, folder: Path, header: str = HEADER) -> Any:
    source = folder / "texts.csv"
    rows = [f"t{i},the boat {i} left the harbour late,{'CC-BY-4.0' if i % 2 else ''},{'no' if i % 5 == 0 else 'yes'}"
            for i in range(40)]  # fmt: skip
    source.write_text(header + "\n".join(rows) + "\n")
    admin, _ = users.ensure_admin(any_site)
    create.create(any_site, admin, ProjectDraft("boats", source, questions=(QuestionDraft(labels=("a", "b")),)))
    Worker(any_site.store).run(until_idle=True)
    return any_site.project("boats"), admin


def test_columns_of_these_names_are_found_kept_and_exported(any_site: Any, tmp_path: Path) -> None:
    store, admin = project_of(any_site, tmp_path)
    with store.read() as rows:
        kept = {row.key: (row.licence, row.consent) for row in rows.all(rows.select(t.item))}
    assert kept["t0"] == (None, "no") and kept["t1"] == ("CC-BY-4.0", "yes")
    exports.export(any_site, admin, "boats", tmp_path / "out.jsonl")
    lines = {line["key"]: line for line in map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())}
    assert (lines["t1"]["licence"], lines["t1"]["consent"]) == ("CC-BY-4.0", "yes")
    assert verify(any_site, "boats", replay=True).problems == []


def test_a_file_without_them_has_no_such_columns_in_its_export(any_site: Any, tmp_path: Path) -> None:
    _, admin = project_of(any_site, tmp_path, "id,text,one,two\n")
    exports.export(any_site, admin, "boats", tmp_path / "out.csv")
    header = next(csv.reader((tmp_path / "out.csv").open()))
    assert "licence" not in header and "consent" not in header


def test_an_altered_licence_or_consent_is_found(any_site: Any, tmp_path: Path) -> None:
    store, _ = project_of(any_site, tmp_path)
    with store.stage() as rows:
        rows.update(t.item, t.item.c.key == "t5", consent="yes")
    assert verify(any_site, "boats").problems
    with store.stage() as rows:
        rows.update(t.item, t.item.c.key == "t5", consent="no")
    assert verify(any_site, "boats").problems == []
    with store.stage() as rows:
        rows.update(t.item, t.item.c.key == "t0", licence="CC0")
    assert verify(any_site, "boats").problems


def test_a_rule_of_the_policy_can_keep_items_without_consent_out_of_the_queue(any_site: Any, tmp_path: Path) -> None:
    store, admin = project_of(any_site, tmp_path)
    never = Policy(constraints=[Constraint.parse("consent never no")])
    policies.set_policy(any_site, admin, "boats", never)
    Worker(any_site.store).run(until_idle=True)
    with store.read() as rows:
        row = store.row(rows)
        without = set(rows.scalars(rows.select(t.item.c.ordinal).where(t.item.c.consent == "no")).all())
        slots = rows.all(rows.select(t.slot.c.ordinal, t.slot.c.kind).where(t.slot.c.ranking_id == row.ranking_id))
        pool = set((layout(store, rows, row.n_items).split == "pool").nonzero()[0].tolist())
    chosen = {slot.ordinal for slot in slots if slot.kind == "chosen"}
    assert without & pool and chosen and not chosen & without
