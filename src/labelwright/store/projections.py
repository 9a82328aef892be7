"""What events mean for the tables: one function per kind of event.

These are the only writers of the projected tables. ``verify`` replays all events through the same
functions into an empty database and compares, so a row that was edited behind the record's back
shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select, update

from labelwright.errors import IntegrityError
from labelwright.store import tables as t
from labelwright.store.events import Event

Projector = Callable[[Connection, str, Event, dict[str, Any]], None]


def project(connection: Connection, project_id: str, event: Event) -> None:
    """Write what an event means; kinds that mean no row are listed with ``_nothing``."""
    if event.kind not in PROJECTORS:
        raise IntegrityError(
            f"projections: event {event.seq} has the unknown kind '{event.kind}'.",
            "It was written by a newer version; upgrade Labelwright.",
        )
    PROJECTORS[event.kind](connection, project_id, event, event.data)


def _set_project(connection: Connection, project_id: str, **values: Any) -> None:
    connection.execute(update(t.project).where(t.project.c.project_id == project_id).values(**values))


def _project_created(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        insert(t.project).values(
            project_id=project_id, slug=data["slug"], created_at=event.at, state="importing", config=data["config"],
            n_items=0, wanted_seq=0, trained_seq=0, cycle=0, schema_version=0, guideline_version=0,
        )
    )  # fmt: skip


def _project_state(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    _set_project(connection, project_id, state=data["state"])


def _schema(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    known = connection.execute(
        select(t.question.c.id).where(t.question.c.project_id == project_id, t.question.c.id == data["question"])
    ).one_or_none()
    if known is None:
        connection.execute(
            insert(t.question).values(
                project_id=project_id, id=data["question"], name=data["name"], task=data["task"],
                is_primary=data["primary"],
            )
        )  # fmt: skip
    connection.execute(
        insert(t.schema_version).values(
            project_id=project_id, question_id=data["question"], version=data["version"], body=data["body"],
            seq=event.seq,
        )
    )  # fmt: skip
    _set_project(connection, project_id, schema_version=data["version"])


def _guideline(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        insert(t.guideline).values(
            project_id=project_id, version=data["version"], sealed_id=data["text"]["id"], seq=event.seq
        )
    )
    _set_project(connection, project_id, guideline_version=data["version"])


def _import(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    values = {
        "first_ordinal": data["first_ordinal"], "n_items": data["n_items"], "labels_are": data["labels_are"],
        "manifest": data["manifest"], "visible": True, "at": event.at, "seq": event.seq,
    }  # fmt: skip
    batch = t.import_batch
    staged = connection.execute(
        update(batch).where(batch.c.project_id == project_id, batch.c.id == data["batch"]).values(**values)
    )
    if staged.rowcount == 0:  # replay into an empty database
        connection.execute(insert(batch).values(project_id=project_id, id=data["batch"], source="", **values))
    _set_project(
        connection, project_id, n_items=data["first_ordinal"] + data["n_items"], wanted_seq=event.seq, state="ready"
    )


def _annotation(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    table = t.annotation
    assert event.ordinal is not None
    mine = (table.c.project_id == project_id, table.c.ordinal == event.ordinal, table.c.person_id == event.actor)
    kind = data["kind"]
    if kind == "undo":  # withdrawn: it was never the person's first answer (decisions/0004)
        connection.execute(update(table).where(*mine, table.c.id == data["replaces"]).values(first=False))
    # one standing annotation a person and item: the new one takes the old one's place
    connection.execute(update(table).where(*mine, table.c.standing).values(standing=False))
    earlier = connection.execute(select(table.c.seq).where(*mine, table.c.first).limit(1)).one_or_none()
    connection.execute(
        insert(table).values(
            project_id=project_id, seq=event.seq, id=data["id"], answer_id=data["answer_id"],
            body_hash=data["body_hash"], ordinal=event.ordinal, question_id=data["question"], person_id=event.actor,
            kind=kind, answer=data["answer"], reason_id=data["reason"]["id"] if data["reason"] else None,
            replaces=data["replaces"], seconds=data["seconds"], at=event.at, lease_id=data["lease"],
            ranking_id=data["ranking"], position=data["position"], slot_kind=data["slot"],
            schema_version=data["schema_version"], guideline_version=data["guideline_version"], late=data["late"],
            grid=data["grid"], first=earlier is None and kind == "answer", standing=kind != "undo",
        )
    )  # fmt: skip
    _set_project(connection, project_id, wanted_seq=event.seq)


def _label_version(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        insert(t.label_version).values(
            project_id=project_id, id=data["id"], cycle=data["cycle"], upto_seq=data["upto_seq"],
            n_labels=data["n_labels"], arrays=data["arrays"], seq=event.seq,
        )
    )  # fmt: skip


def _model(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        insert(t.model).values(
            project_id=project_id, id=data["id"], cycle=data["cycle"], name=data["name"], n_labels=data["n_labels"],
            arrays=data["arrays"], params=data["params"], stage="served", seq=event.seq,
        )
    )  # fmt: skip
    for metric in data["metrics"]:
        connection.execute(insert(t.metric).values(project_id=project_id, cycle=data["cycle"], at=event.at, **metric))


def _ranking(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        insert(t.ranking).values(
            project_id=project_id, id=data["id"], cycle=data["cycle"], label_version_id=data["label_version"],
            model_id=data["model"], strategy=data["strategy"], seed=data["seed"], n_slots=data["n_slots"],
            n_labels=data["n_labels"], arrays=data["arrays"], at=event.at, seq=event.seq,
        )
    )  # fmt: skip
    _set_project(connection, project_id, ranking_id=data["id"], cycle=data["cycle"], trained_seq=data["upto_seq"])


def _decision(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        insert(t.decision).values(
            project_id=project_id, seq=event.seq, kind=data["decision"], cycle=data.get("cycle"), actor=event.actor,
            at=event.at, data=data,
        )
    )  # fmt: skip


def _round_started(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        insert(t.round_).values(
            project_id=project_id, id=data["id"], number=data["number"],
            hypothesis_id=data["hypothesis"]["id"] if data["hypothesis"] else None,
            policy=data["policy"], planned=data["planned"], state="running", started_at=event.at,
            from_seq=data["from_seq"], outcome={},
        )
    )  # fmt: skip


def _round_ended(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    connection.execute(
        update(t.round_)
        .where(t.round_.c.project_id == project_id, t.round_.c.id == data["id"])
        .values(state="ended", ended_at=event.at, to_seq=data["to_seq"], outcome=data["outcome"])
    )


def _policy(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    config = connection.execute(select(t.project.c.config).where(t.project.c.project_id == project_id)).scalar_one()
    _set_project(connection, project_id, config={**config, "policy": data["policy"]}, wanted_seq=event.seq)


def _nothing(connection: Connection, project_id: str, event: Event, data: dict[str, Any]) -> None:
    """This kind of event is its own only trace."""


PROJECTORS: Final[dict[str, Projector]] = {
    "project.created": _project_created,
    "project.state": _project_state,
    "schema": _schema,
    "guideline": _guideline,
    "import": _import,
    "annotation": _annotation,
    "label-version": _label_version,
    "model": _model,
    "ranking": _ranking,
    "decision": _decision,
    "round.started": _round_started,
    "round.ended": _round_ended,
    "policy": _policy,
    "export": _nothing,
}

# The columns that verify compares; what is left out is not a projection and is named in the docs.
PROJECTED: Final[dict[Table, tuple[str, ...] | None]] = {
    t.project: None,
    t.question: None,
    t.schema_version: None,
    t.guideline: None,
    t.import_batch: ("id", "first_ordinal", "n_items", "labels_are", "manifest", "visible", "at", "seq"),
    t.annotation: None,
    t.label_version: None,
    t.model: None,
    t.metric: None,
    t.ranking: None,
    t.decision: None,
    t.round_: None,
}
