"""One cycle of one project: its frozen inputs, and what its steps made of them, as files of its folder.

Nothing here looks at the project as it is now. Cycles of versions before 0.3 had other files; `cycle1` reads
those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright import models
from labelwright.engine import answers, cycle1, features
from labelwright.engine.answers import Answer
from labelwright.engine.arm import order_of
from labelwright.engine.cycle_files import ITEMS, CycleFiles, folder_of, labels_of, slots_of
from labelwright.engine.guards import verdict_of
from labelwright.engine.inputs import CycleInputs, Frozen, QuestionInputs
from labelwright.engine.layout import POOL, Layout, columns, layout
from labelwright.engine.quotas import slice_columns
from labelwright.engine.sourcing import at_work, with_source
from labelwright.engine.voices import hears, read_voice
from labelwright.kernels.rows import FeatureRows
from labelwright.loop.state import Labels, State, Unfinished
from labelwright.models.base import Model
from labelwright.policy import Policy, Slots
from labelwright.policy.arm import PERMUTED
from labelwright.policy.guard import GuardVerdict
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.decisions import GuardLooked
from labelwright.tasks import Predictions, Task

ANNOTATIONS: Final = "annotations"  # what strategies that ask again look at
NONE: Final = np.empty(0, dtype=np.int64)
RANDOM: Final = "random"


@dataclass(frozen=True)
class ReservePredictions:
    """What a model predicts of the items of the reserve.

    Attributes
    ----------
    item_idx : int64 array of shape (n,), increasing
    predictions : Predictions of the same items
    """

    item_idx: npt.NDArray[np.int64]
    predictions: Predictions


def reserve_items(where: Layout) -> npt.NDArray[np.int64]:
    """The items of the reserve, its sealed part among them."""
    return np.flatnonzero(where.reserve)


class Cycle:
    """One cycle: reads what was frozen and what earlier steps wrote.

    Parameters
    ----------
    store : ProjectStore
    cycle_id : int
    """

    def __init__(self, store: ProjectStore, cycle_id: int) -> None:
        self.store = store
        self.id = cycle_id
        self.files = CycleFiles(folder_of(cycle_id))

    @property
    def is_frozen(self) -> bool:
        """Whether the inputs are there."""
        return self.store.arrays.has(self.files.inputs) or self.is_old

    @property
    def input_arrays(self) -> str:
        """The file of the frozen arrays."""
        return f"{self.files.folder}/{self.inputs.arrays}"

    @cached_property
    def is_old(self) -> bool:
        """Whether a version before 0.3 made it."""
        return self.store.arrays.has(cycle1.frozen_path(self.files.folder))

    @cached_property
    def frozen(self) -> Frozen:
        """The inputs with their arrays."""
        if self.is_old:
            return cycle1.frozen(self.store, self.files.folder, self.id)
        arrays = self.store.arrays
        return Frozen.of(self.inputs, arrays.read_bundle(self.input_arrays))

    @cached_property
    def inputs(self) -> CycleInputs:
        """What was set when the cycle began."""
        if self.is_old:
            return cycle1.frozen(self.store, self.files.folder, self.id).inputs
        return CycleInputs.parse(self.store.arrays.read_bytes(self.files.inputs))

    @cached_property
    def policy(self) -> Policy:
        """The frozen policy."""
        return Policy.from_stored(self.inputs.policy)

    @cached_property
    def ranking_policy(self) -> Policy:
        """The policy that the ranking follows: without features and model, items are ordered at random."""
        return replace(self.policy, strategy=RANDOM, params={}) if self.inputs.is_cold else at_work(self, self.policy)

    @cached_property
    def layout(self) -> Layout:
        """Splits and groups of the frozen items."""
        with self.store.read() as rows:
            return layout(self.store, rows, self.inputs.n_items)

    def task(self, question: QuestionInputs) -> Task:
        """The kind of label under the frozen schema."""
        return question.make_task()

    def source(self, question: QuestionInputs) -> Cycle:
        """The cycle that holds the question's labels and model: this one, or an earlier one that still holds."""
        return self if question.same_as is None else Cycle(self.store, question.same_as)

    # --- what the steps made

    def answers(self, question: QuestionInputs) -> list[Answer]:
        """The answers that the label version is made of, of data and people."""
        frozen = self.frozen
        with self.store.read() as rows:
            people = answers.of_seqs(rows, frozen.seqs[question.id])
            from_data = answers.given(rows, self.layout, question.id, frozen.inputs.upto_seq)
        people = answers.read_under(question.make_task(), people)
        return answers.used(people, from_data, self.layout, frozen.excluded)

    def labels(self, question: QuestionInputs) -> Labels:
        """The label version of a question, from its file."""
        source = self.source(question)
        task = question.make_task()
        if source.is_old:
            return cycle1.labels(self.store, source.files.folder, task)
        return labels_of(self.store.arrays.read_bundle(source.files.labels(question.id)), task)

    def label_targets(self, question: QuestionInputs) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
        """The items of a label version and their labels as the task's targets, without an object a label."""
        source = self.source(question)
        if source.is_old:
            old = self.labels(question)
            return old.item_idx, old.y
        stored = self.store.arrays.read_bundle(source.files.labels(question.id))
        return np.asarray(stored["item_idx"], dtype=np.int64), stored["y"]

    def has_labels(self, question: QuestionInputs) -> bool:
        """Whether the file is there; it may have been thinned."""
        source = self.source(question)
        path = cycle1.labels_path(source.files.folder) if source.is_old else source.files.labels(question.id)
        return self.store.arrays.has(path)

    def model_path(self, question: QuestionInputs) -> str:
        """Where the question's model is."""
        source = self.source(question)
        return cycle1.model_path(source.files.folder) if source.is_old else source.files.model(question.id)

    def model(self, question: QuestionInputs) -> Model | None:
        """The question's model, None if there was nothing to fit."""
        path = self.model_path(question)
        return models.load(self.store.arrays.read_bytes(path)) if self.store.arrays.has(path) else None

    def predictions_folder(self, question: QuestionInputs) -> str:
        """Where this cycle's predictions of a question are."""
        return f"{self.files.folder}/predictions" if self.is_old else self.files.predictions(question.id)

    def predictions(self, question: QuestionInputs) -> Predictions | None:
        """The stored predictions of all items, None without a model."""
        return self.predictions_in(question, self.predictions_folder(question))

    def predictions_in(self, question: QuestionInputs, folder: str) -> Predictions | None:
        """Predictions of all items from a folder, None where it holds none."""
        found = self.store.arrays.files(folder)
        parts = {path.rpartition("/")[2].removesuffix(".npy"): self.store.arrays.read(path) for path in found}
        return question.make_task().unpack(parts) if parts else None

    def reserve_in(self, question: QuestionInputs, path: str) -> ReservePredictions | None:
        """Predictions of items of the reserve from a file, None where it is not kept."""
        if not self.store.arrays.has(path):
            return None
        stored = self.store.arrays.read_bundle(path)
        return ReservePredictions(stored.pop(ITEMS), question.make_task().unpack(stored))

    def reserve(self, question: QuestionInputs) -> ReservePredictions | None:
        """The stored predictions of the items of the reserve, None where there are none or they were thinned."""
        kept = self.reserve_in(question, self.files.reserve(question.id))
        if kept is not None:
            return kept
        predictions = self.predictions(question)
        if predictions is None:
            return None
        idx = reserve_items(self.layout)
        return ReservePredictions(idx, question.make_task().take(predictions, idx))

    def control(self, question: QuestionInputs) -> ReservePredictions | None:
        """What the model of the control arm predicts of the reserve, None where there is none or it was thinned."""
        return self.reserve_in(question, self.files.control(question.id))

    def slots(self) -> Slots | None:
        """The published order, None where it was thinned."""
        if self.is_old:
            return cycle1.slots(self.store, self.files.folder)
        if not self.store.arrays.has(self.files.slots):
            return None
        return slots_of(self.store.arrays.read_bundle(self.files.slots))

    def guards(self) -> tuple[GuardVerdict, ...]:
        """The guard's verdicts that the ranking obeys: earlier ones, and this cycle's."""
        table = t.decision
        with self.store.read() as rows:
            own = rows.scalar(
                rows.select(table.c.data).where(table.c.kind == GuardLooked.kind, table.c.cycle == self.id)
            )
        earlier = self.inputs.guards
        return earlier if own is None else (*earlier, verdict_of(GuardLooked.read(own, GuardLooked.body_version)))

    # --- what the pure steps take

    def answered_state(self, question: QuestionInputs, used: list[Answer]) -> State:
        """The pure state that answers are resolved in; it needs no features."""
        where = self.layout
        return State(
            task=self.task(question),
            X=_no_features(where.n_items),
            pool=where.split == POOL,
            reserve=where.reserve,
            item_idx=np.array([one.ordinal for one in used], dtype=np.int64),
            person=[one.person_id for one in used],
            answer=[dict(one.answer) for one in used],
            resolver=question.resolver,
            voice=read_voice(self.store, self.files.voice(question.id)) if hears(question.resolver) else None,
        )

    def state(self, question: QuestionInputs) -> State:
        """The pure state that a question is trained, measured and ranked in; labels take the place of answers."""
        frozen, where, primary = self.frozen, self.layout, question.primary
        moment = frozen.moment
        names = {constraint.column for constraint in self.policy.rules()} if primary else set()
        with self.store.read() as rows:
            values = columns(rows, names, where.n_items)
        if primary:
            values |= slice_columns(self.inputs.slices, frozen.slice_bits, where.n_items)
        again = primary and ANNOTATIONS in self.ranking_policy.make_strategy().needs_of(self.task(question))
        said = self.answers(question) if again else []  # who answered what, for strategies that ask again
        in_use = np.ones(where.n_items, dtype=bool)
        in_use[frozen.excluded] = False
        state = State(
            task=self.task(question),
            X=self._features(),
            pool=(where.split == POOL) & in_use,
            reserve=where.reserve & in_use,
            item_idx=np.array([one.ordinal for one in said], dtype=np.int64),
            person=[one.person_id for one in said],
            answer=[dict(one.answer) for one in said],
            ask_again=again,
            people=self.inputs.people if again else {},
            costs=frozen.costs.astype(np.float64) if primary and frozen.costs is not None else None,
            in_flight=moment.busy if primary else NONE,
            drawn=np.union1d(moment.random, frozen.arm) if primary else NONE,
            round_items=moment.round if primary else NONE,
            places=self._places() if primary else None,
            unfinished=moment.unfinished if primary else Unfinished(),
            columns=values,
            guards=self.guards() if primary else (),
            group=where.group,
            dup_group=where.dup_group,
            policy=self.ranking_policy,
            model=question.model,
            quantiser=self.inputs.quantiser,
            seed=self.inputs.seed,
            metric=question.metric,
            rules=tuple(rule.make() for rule in self.inputs.rules) if primary else (),
        )
        return with_source(self, question, state)

    def _places(self) -> npt.NDArray[np.int64] | None:
        """Places in the permutation of the pool, None for cycles that drew random slots anew."""
        frozen, inputs = self.frozen, self.inputs
        permuted = inputs.random_order == PERMUTED
        return order_of(self.layout, frozen.excluded, inputs.project_seed) if permuted else None

    def _features(self) -> FeatureRows:
        n_items, inputs = self.layout.n_items, self.inputs
        known = not inputs.is_cold
        return features.load(self.store, inputs.revision, n_items, inputs.upto_seq) if known else _no_features(n_items)


def _no_features(n_items: int) -> npt.NDArray[np.float32]:
    return np.broadcast_to(np.float32(0), (n_items, 1))
