"""Encoders whose features are refined on the labels of a project: when they are fitted, and when they serve.

An adapter is fitted on training labels, never on the reserve, and what it brings is measured on labels that it had not
seen. Only where that is above 0 do its features become a revision of their own. A model that is trained on refined
features is never compared with others on the same labels, which the adapter has seen: encoders are compared by the
features as they are, and the refined ones of the chosen encoder serve in their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright import encoders
from labelwright.encoders.refined import RefinedEncoder
from labelwright.engine import features
from labelwright.engine.cycle import Cycle
from labelwright.loop.refining import N_FOLDS, Refined, refine
from labelwright.loop.state import TRAIN
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.features import EncoderFitted
from labelwright.store.record.refining import FeaturesRefined, Gain
from labelwright.store.rows import Rows
from labelwright.words import Figure, Reason

ENOUGH: Final = 50  # training labels
GROWTH: Final = 2.0  # of the training labels, until an adapter is fitted anew
TYPICAL: Final = "typical.json"


@dataclass(frozen=True, eq=False)
class Training:
    """The labels that an adapter is fitted on.

    Attributes
    ----------
    cycle : int
    question : str
    item_idx : int64 array of shape (n,)
    y : array of shape (n,)
    group : int64 array of shape (n,)
        Near-duplicates stay on one side of each split.
    """

    cycle: int
    question: str
    item_idx: npt.NDArray[np.int64]
    y: npt.NDArray[Any]
    group: npt.NDArray[np.int64]


def is_due(n_labels: int, before: int | None) -> bool:
    """Whether so many training labels are enough for an adapter, given how many the last one had.

    >>> is_due(49, None), is_due(50, None), is_due(99, 50), is_due(100, 50)
    (False, True, False, True)
    """
    return n_labels >= ENOUGH and (before is None or n_labels >= GROWTH * before)


def last(rows: Rows, spec: str, base: str) -> FeaturesRefined | None:
    """What came of the last adapter of a spec, on the features of a revision."""
    return next((one for one in _all(rows) if one.spec == spec and one.base == base), None)


def is_newest(rows: Rows, revision: str) -> bool:
    """Whether a revision comes from the last adapter of its spec."""
    made = of_revision(rows, revision)
    return made is not None and last(rows, made.spec, made.base) == made


def of_revision(rows: Rows, revision: str) -> FeaturesRefined | None:
    """What made a revision of features; None where they are not refined."""
    return next((one for one in _all(rows) if one.revision == revision and one.is_better), None)


def _all(rows: Rows) -> list[FeaturesRefined]:
    """The newest first."""
    table = t.decision
    query = rows.select(table.c.data).where(table.c.kind == FeaturesRefined.kind).order_by(table.c.seq.desc())
    return [FeaturesRefined.read(row.data, FeaturesRefined.body_version) for row in rows.all(query)]


def reason(made: FeaturesRefined, code: str) -> Reason:
    """A sentence about what was measured: by the metric that gained for sure, else by the first one."""
    gain = next((one for one in made.gains if one.low > 0), made.gains[0] if made.gains else None)
    figures: dict[str, Figure] = {"refined": made.spec, "n": made.n_labels}
    if gain is not None:
        figures |= {"metric": gain.metric, "gain": gain.value, "low": gain.low, "high": gain.high}
    return Reason(code, figures)


def due(store: ProjectStore, specs: list[str]) -> list[tuple[str, str]]:
    """Specs of which an adapter should be fitted now, each with the revision of the features that it refines."""
    refining = {spec: base for spec in specs if (base := encoders.base_of(spec)) is not None}
    if not refining or (training := training_of(store)) is None:
        return []
    found = []
    with store.read() as rows:
        for spec, base in refining.items():
            revision = features.revision_of(rows, base)
            before = last(rows, spec, revision)
            is_encoded = features.n_encoded(rows, revision) > int(training.item_idx.max())
            if is_encoded and is_due(len(training.y), None if before is None else before.n_labels):
                found.append((spec, revision))
    return found


def training_of(store: ProjectStore) -> Training | None:
    """The training labels of the published cycle's first question; None where an adapter cannot be fitted to them."""
    with store.read() as rows:
        cycle = Cycle(store, store.row(rows).cycle)
    if not cycle.is_frozen or cycle.inputs.is_cold:
        return None
    question, where = cycle.inputs.primary, cycle.layout
    if not cycle.task(question).one_class or not cycle.has_labels(question):
        return None
    item_idx, y = cycle.labels(question).of(TRAIN)
    group = np.unique(where.dup_group[item_idx], return_inverse=True)[1].astype(np.int64)
    if len(item_idx) < ENOUGH or len(np.unique(y)) < 2 or group.max() + 1 < N_FOLDS:
        return None
    return Training(cycle.id, question.id, item_idx, y, group)


def fit(store: ProjectStore, spec: str, base: str) -> None:
    """Fit an adapter to the features of a revision, and record what it brings; torch must be installed.

    Raises
    ------
    InputError
        If torch is not installed.
    """
    training = training_of(store)
    if training is None:
        return
    X = features.rows_of(store, base, training.item_idx)
    enter(store, spec, base, training, refine(X, training.y, groups=training.group))


def enter(store: ProjectStore, spec: str, base: str, training: Training, found: Refined) -> None:
    """Record what an adapter brought, with a new revision of features if that is above 0."""
    gains = tuple(Gain(name, one.value, one.low, one.high) for name, one in found.gain.items() if one.bounded)
    fitted = _written(store, spec, base, found, len(training.y)) if found.is_better else None
    with store.write() as transaction:
        rows = transaction.rows
        before = last(rows, spec, base)
        if not is_due(len(training.y), None if before is None else before.n_labels):
            return  # another worker has done so
        if fitted is not None:
            store.arrays.remember(rows, "encoder", fitted.arrays)
            transaction.record(fitted, actor="system")
        revision = "" if fitted is None else fitted.revision
        body = FeaturesRefined(
            training.question, training.cycle, spec, base, revision, len(training.y), gains
        )  # fmt: skip
        transaction.record(body, actor="system")


def _written(store: ProjectStore, spec: str, base: str, found: Refined, n_labels: int) -> EncoderFitted:
    """The files of a new revision, which nothing names yet, and the event that will."""
    name, table = encoders.slug(spec), t.encoder
    with store.read() as rows:
        of_base = features.folder_of(rows, base)
        n_before = len(rows.all(rows.select(table.c.revision).where(table.c.name == name)))
    revision = f"{name}-{n_before + 1}"
    folder = features.free_folder(store, revision)
    fitted = encoders.load(str(encoders.base_of(spec)), store.arrays.read_bytes(f"{of_base}/encoder.skops"))
    digests: dict[str, str] = {}
    if store.arrays.has(f"{of_base}/{TYPICAL}"):
        digests |= store.arrays.write_bytes(f"{folder}/{TYPICAL}", store.arrays.read_bytes(f"{of_base}/{TYPICAL}"))
    digests |= store.arrays.write_bytes(f"{folder}/encoder.skops", RefinedEncoder.of(fitted, found.adapter).dump())
    return EncoderFitted(revision, name, folder, n_labels, digests)
