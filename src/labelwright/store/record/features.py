"""Events about features: an encoder was fitted, items were encoded, encoders were compared. Each names its revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, Upcaster
from labelwright.store.record.entering import enter_decision
from labelwright.store.record.reasons import Reason
from labelwright.store.rows import Rows

FIRST_REVISION = "first"  # of projects made before revisions; their features lie in "features" itself


@dataclass(frozen=True)
class EncoderFitted(EventBody):
    """An encoder was fitted on a sample of the items.

    Attributes
    ----------
    revision : str
        Names encoder, parameters and what it was fitted on.
    name : str
        The encoder's name, such as "tfidf".
    folder : str
        Where its files and its features lie.
    n_items : int
        Size of the sample.
    arrays : mapping of str to str
        Files and their digests.
    """

    kind: ClassVar[str] = "encoder"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.encoder),)

    revision: str
    name: str
    folder: str
    n_items: int
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(t.encoder, {"revision": self.revision, "name": self.name, "folder": self.folder, "seq": event.seq})


@dataclass(frozen=True)
class ItemsEncoded(EventBody):
    """Features of some items are in a file.

    Attributes
    ----------
    revision : str
    first, n_items : int
        Ordinals first to first + n_items - 1, or where ``replaces`` is true: how many rows.
    replaces : bool
        Whether the rows are of items whose content was replaced; their ordinals are the file's first column.
    arrays : mapping of str to str
        The file and its digest.
    """

    kind: ClassVar[str] = "features"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.feature_file),)

    revision: str
    first: int
    n_items: int
    replaces: bool
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.feature_file,
            *(
                {
                    "revision": self.revision, "path": path, "first": self.first, "n_items": self.n_items,
                    "replaces": self.replaces, "seq": event.seq,
                }
                for path in self.arrays
            ),
        )  # fmt: skip


@dataclass(frozen=True)
class EncoderReady(EventBody):
    """Features of all items are there under a revision that does not serve yet, so that it can be compared.

    Attributes
    ----------
    revision, spec : str
    n_items : int
    """

    kind: ClassVar[str] = "encoder.ready"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project), Projected(t.decision))

    revision: str
    spec: str
    n_items: int
    question: str

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(t.project, wanted_seq=event.seq)
        enter_decision(rows, event, self, question=self.question, cycle=None)


@dataclass(frozen=True)
class Figure:
    """What was found of one candidate.

    Attributes
    ----------
    spec, revision : str
    loss : float
        Mean over training labels of how wrong a model is that did not learn from the label.
    p_best : float
        Chance in [0, 1] that it has the smallest loss of all.
    model : str
        The learner; "" where only encoders were compared.
    """

    spec: str
    revision: str
    loss: float
    p_best: float
    model: str = ""


def _compared_1_to_2(data: JsonObject) -> JsonObject:
    """Version 1 knew no learners."""
    return {**data, "model_before": "", "model_chosen": ""}


@dataclass(frozen=True)
class EncodersCompared(EventBody):
    """Encoders, or pairs of encoder and learner, were compared on the training labels; the chosen one serves from the
    next cycle on.

    Attributes
    ----------
    cycle : int
    question : str
    n_labels : int
        Training labels at that time.
    measure : str
        Of the loss.
    figures : tuple of Figure
    before, chosen : str
        Revisions.
    reason : Reason
    model_before, model_chosen : str
        Learners, where the question's model is "auto"; else "".
    """

    kind: ClassVar[str] = "encoder.compared"
    body_version: ClassVar[int] = 2
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _compared_1_to_2}
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project), Projected(t.decision))

    cycle: int
    question: str
    n_labels: int
    measure: str
    figures: tuple[Figure, ...]
    before: str
    chosen: str
    reason: Reason
    model_before: str = ""
    model_chosen: str = ""

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)
        if (self.chosen, self.model_chosen) != (self.before, self.model_before):
            rows.update(t.project, wanted_seq=event.seq)


@dataclass(frozen=True)
class EncodersNamed(EventBody):
    """The lead named the encoders that a project tries.

    Attributes
    ----------
    specs : tuple of str
    """

    kind: ClassVar[str] = "encoders"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project),)

    specs: tuple[str, ...]

    def project(self, rows: Rows, event: Event) -> None:
        row = rows.one(rows.select(t.project.c.config, t.project.c.settings_version))
        config = {**row.config, "encoder": ",".join(self.specs)}
        version = row.settings_version + 1
        rows.update(t.project, config=config, settings_version=version, wanted_seq=event.seq)
