"""The model at the end of a round as a folder, with a command that trains it again to the same metric."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

import numpy as np

from labelwright.engine import reproduction, sourcing
from labelwright.engine.cycle import Cycle
from labelwright.engine.project import Project
from labelwright.engine.reproduction import Expected, LabeledItem, TrainingSettings
from labelwright.engine.steps.evaluate import versions
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.loop.state import RESERVE, TRAIN
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.config import exporting
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

SCRIPT: Final = '''\
"""Train the model of this folder again; exit 1 if metric or predictions differ by more than the tolerance."""

import sys
from pathlib import Path

from labelwright.engine.steps.evaluate import versions
from labelwright.engine.reproduction import retrain

found = retrain(Path(__file__).parent, {name: str(value) for name, value in versions().items()})
for line in found.other_versions:
    print(f"other version: {line}")
print(f"{found.metric}: expected {found.expected}, got {found.value}")
print(f"largest difference of a prediction: {found.distance:.2g} (tolerance {found.tolerance:g})")
print("the same" if found.equal else "NOT the same")
sys.exit(0 if found.equal else 1)
'''
README: Final = """# {title}, round {number}

The model {model} of cycle {cycle}, trained on label version {version} ({n_train} labels) and measured on {n_reserve}
labels of the reserve.

    pip install labelwright=={labelwright}
    python reproduce.py

trains it again and compares the metric and every prediction of the reserve with what came out then.

- `labels.jsonl`: a line an item: key, part (train or reserve), answer, group
- `features.npy`: its features, a row a line, by the encoder {encoder} (revision {revision})
- `settings.json`: task, model, metric, seed, policy
- `expected.json`, `predictions.npz`: what came out, with the versions of the libraries
- `project.toml`: the project as it is set now; `environment.txt`: what is installed where this was written

The keys of items and what people answered are in here, the items' contents and the names of people are not. The label
version's digest in the project's record is {digest}.
"""


@dataclass(frozen=True)
class Reproduced:
    """What was written."""

    folder: Path
    cycle: int
    n_train: int
    n_reserve: int
    metric: str
    value: float | None


def reproduce(site: Site, actor: Actor, slug: str, number: int, folder: Path) -> Reproduced:
    """Write the model at the end of a round, or the newest one where the round runs, to a new folder.

    Raises
    ------
    NotFoundError
        If there is no such round.
    InputError
        If the folder is there and not empty.
    ConflictError
        If there was no model yet, it has learned from labels of another domain, or files that it was trained from are
        not kept.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"reproduce: --to must be new or empty, {folder} is not.", "Choose another name.")
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        cycle = _cycle(store, rows, project, number)
        learned = sourcing.chosen_in(rows, cycle.id, project.primary.id)
        digests = rows.scalar(rows.select(t.label_version.c.arrays).where(t.label_version.c.cycle == cycle.id))
    if learned is not None and learned.method is not None:
        raise ConflictError(
            f"reproduce: the model of round {number} has learned from labels of another domain, which are not written.",
            "'labelwright verify --replay' fits it again, with the source.",
        )
    question = cycle.inputs.question(project.primary.id)
    of_reserve, labels = cycle.reserve(question), cycle.labels(question)
    assert of_reserve is not None
    state, task = cycle.state(question), question.make_task()
    parts = {part: labels.of(part)[0] for part in (TRAIN, RESERVE)}
    order = np.concatenate([parts[TRAIN], parts[RESERVE]])
    answers = dict(zip(labels.item_idx.tolist(), labels.answers, strict=True))
    with store.read() as rows:
        keys = _keys(rows, order)
    items = [
        LabeledItem(keys[item], part, answers[item], int(item if state.group is None else state.group[item]))
        for part, some in parts.items()
        for item in some.tolist()
    ]
    settings = TrainingSettings(
        question.task, question.schema, question.model, question.metric, cycle.inputs.policy, cycle.inputs.seed,
        cycle.inputs.quantiser, state.group is not None,
    )  # fmt: skip
    kept = task.take(of_reserve.predictions, np.searchsorted(of_reserve.item_idx, parts[RESERVE]))
    value = _value(store, cycle, question.id, question.metric)
    of_model = {name: str(version) for name, version in versions().items()}
    expected = Expected(question.metric, value, reproduction.TOLERANCE, of_model)
    folder.mkdir(parents=True, exist_ok=True)
    features = np.asarray(state.X[order], dtype=np.float32)
    reproduction.write(folder, features, items, settings, expected, task.pack(kept, version=settings.quantiser))
    written = exporting.export(site, actor, slug, with_people=False)
    installed = sorted({f"{one.metadata['Name']}=={one.version}" for one in distributions()}, key=str.casefold)
    readme = README.format(
        title=project.title or slug, number=number, model=f"m-{cycle.id}-{question.id}", cycle=cycle.id,
        version=f"lv-{cycle.id}", n_train=len(parts[TRAIN]), n_reserve=len(parts[RESERVE]),
        encoder=cycle.inputs.encoder, revision=cycle.inputs.revision, labelwright=of_model["labelwright"],
        digest=digests.get(cycle.files.labels(question.id), "not kept"),
    )  # fmt: skip
    for name, text in (
        ("reproduce.py", SCRIPT), ("README.md", readme), ("project.toml", written.text),
        ("environment.txt", "\n".join(installed) + "\n"),
    ):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    return Reproduced(folder, cycle.id, len(parts[TRAIN]), len(parts[RESERVE]), question.metric, value)


def _cycle(store: ProjectStore, rows: Rows, project: Project, number: int) -> Cycle:
    """The cycle that holds the model at the end of a round."""
    table = t.round_
    row = rows.first(rows.select(table.c.state, table.c.outcome).where(table.c.number == number))
    if row is None:
        raise NotFoundError(f"There is no round {number}.")
    after = project.row.cycle if row.state == "running" else row.outcome.get("cycle_after")
    cycle = Cycle(store, int(after or 0))
    if cycle.id == 0:
        raise ConflictError(f"Round {number} ended before there was a model.")
    cycle = cycle.source(cycle.inputs.question(project.primary.id))
    question = cycle.inputs.question(project.primary.id)
    if not store.arrays.has(cycle.input_arrays) or not cycle.has_labels(question) or cycle.reserve(question) is None:
        raise ConflictError(
            f"The files of cycle {cycle.id}, which round {number} ended with, are not kept; it is not replayable.",
            "Kept are the last twenty cycles, those at the ends of rounds, and the best one.",
        )
    return cycle


def _keys(rows: Rows, items: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> dict[int, str]:
    wanted, found = items.tolist(), dict[int, str]()
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = rows.select(t.item.c.ordinal, t.item.c.key).where(t.item.c.ordinal.in_(part))
        found |= {int(row.ordinal): row.key for row in rows.all(query)}
    return found


def _value(store: ProjectStore, cycle: Cycle, question: str, metric: str) -> float | None:
    """The metric as it was recorded."""
    table = t.metric
    with store.read() as rows:
        found = rows.scalar(
            rows.select(table.c.value).where(
                table.c.question_id == question, table.c.cycle == cycle.id, table.c.metric == metric
            )
        )
    return None if found is None else float(found)
