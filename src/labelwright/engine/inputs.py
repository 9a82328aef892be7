"""Everything that a cycle depends on, frozen before its first step; later steps and replay read nothing else.

The inputs are two files of the cycle's folder: ``inputs.json`` with what is set, and a file of arrays with the
answers that count and what the policy must know of the moment. The first names the second and is written last: its
presence means that both are whole. Each worker that holds the cycle writes arrays of its own, so that one which was
stopped and goes on later alters nothing that another has frozen.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from labelwright import tasks
from labelwright.engine.forks import NOTHING_ASKED, Asked, Fork
from labelwright.engine.moment import Moment
from labelwright.engine.prices import Costs
from labelwright.engine.project import Rule
from labelwright.engine.quotas import Bits, FrozenSlice
from labelwright.engine.search_goal import Search
from labelwright.engine.sourcing import FrozenSource
from labelwright.loop.state import Unfinished
from labelwright.plain import JsonObject
from labelwright.policy.arm import DRAWN
from labelwright.policy.fork import ARMS
from labelwright.policy.guard import GuardVerdict
from labelwright.store.project import COLD_CYCLE

FORMAT: Final = 2
SEED_STEP: Final = 1_000_003
ARM: Final = "arm"
COSTS, SOURCE = "costs", "source"  # among the arrays
OF_LABELS, OF_ANSWERS = "labels", "answers"
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class QuestionInputs:
    """What is frozen of a question.

    Attributes
    ----------
    same_as : int, optional
        The cycle whose labels and model serve, where nothing that this question is trained on has changed.
    """

    id: str
    task: str
    schema: JsonObject
    schema_version: int
    model: str
    metric: str
    resolver: str
    primary: bool
    required: bool
    same_as: int | None

    def make_task(self) -> tasks.Task:
        """The kind of label under the frozen schema."""
        return tasks.make(self.task, self.schema)


@dataclass(frozen=True)
class CycleInputs:
    """What is set when a cycle begins.

    Attributes
    ----------
    upto_seq : int
        The last event that the cycle knows.
    encoder : str
        Name of the encoder.
    revision : str
        Of the features.
    policy : JSON object
    rules : tuple of Rule
        Stopping rules of the goal.
    guards : tuple of GuardVerdict
        What the guard found before.
    quantiser : int
        Version of the form in which predictions are stored.
    version : str
        Of Labelwright.
    arrays : str
        The file's name in the cycle's folder.
    people : mapping of str to float
        What an answer of everybody at work costs; empty where the strategy does not look at people.
    costs_why : JSON object, optional
        What the costs of items rest on, as a reason; None where all cost the same.
    search : Search, optional
        What the project looks for, where it is a search.
    looks : tuple of str
        Columns of the history that the rules look at, beside the metric.
    cost : str
        What the history's cost counts: "answers" of people; before, training and reserve "labels".
    random_order : str
        How random slots are filled: "permutation-1", or "drawn" anew for each ranking, as it was before.
    fork : Fork, optional
        The two arms that are tried side by side, where a fork runs.
    slices : tuple of FrozenSlice
        What the policy's quotas name.
    source : FrozenSource, optional
        Labels of another domain, where the project began from some.
    """

    cycle: int
    upto_seq: int
    n_items: int
    seed: int
    kind: str
    encoder: str
    revision: str
    questions: tuple[QuestionInputs, ...]
    policy: JsonObject
    rules: tuple[Rule, ...]
    guards: tuple[GuardVerdict, ...]
    quantiser: int
    version: str
    arrays: str = "inputs.npz"
    people: dict[str, float] = dataclasses.field(default_factory=dict)
    costs_why: JsonObject | None = None
    looks: tuple[str, ...] = ()
    search: Search | None = None
    cost: str = OF_LABELS
    random_order: str = DRAWN
    fork: Fork | None = None
    slices: tuple[FrozenSlice, ...] = ()
    source: FrozenSource | None = None
    format: int = FORMAT

    @property
    def is_cold(self) -> bool:
        """Whether this is the cycle of the import: no features, no model, an order that is random."""
        return self.cycle == COLD_CYCLE

    @property
    def project_seed(self) -> int:
        """The seed of the project, which the permutation of the pool hangs on."""
        return (self.seed - self.cycle) // SEED_STEP

    @property
    def primary(self) -> QuestionInputs:
        """The question that the ranking is about."""
        return self.questions[0]

    def question(self, question_id: str) -> QuestionInputs:
        """One of the questions."""
        return next(question for question in self.questions if question.id == question_id)

    def dump(self) -> bytes:
        """As stored."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def parse(cls, content: bytes) -> CycleInputs:
        """As read back."""
        return _READER.validate_json(content)


_READER = TypeAdapter(CycleInputs)


@dataclass(frozen=True)
class Frozen:
    """A cycle's inputs with their arrays.

    Attributes
    ----------
    seqs : mapping of str to int64 array
        By question, the events of the answers of people that count.
    excluded : int64 array
        Excluded items.
    moment : Moment
    costs : float32 array of shape (n_items,), optional
        Expected cost of each item.
    arm : int64 array
        Labeled items of the control arm; empty where random slots were drawn anew for each ranking.
    asked : Asked
        Labeled items of the arms of a fork; none where no fork runs.
    slice_bits : mapping of str to uint8 array
        Items of the slices that quotas name, eight to the byte.
    source : int64 array
        Items of the source; empty where there is none.
    """

    inputs: CycleInputs
    seqs: dict[str, Ints]
    excluded: Ints
    moment: Moment
    costs: Costs | None = None
    arm: Ints = dataclasses.field(default_factory=lambda: np.empty(0, dtype=np.int64))
    asked: Asked = NOTHING_ASKED
    slice_bits: dict[str, Bits] = dataclasses.field(default_factory=dict)
    source: Ints = dataclasses.field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As stored."""
        moment = self.moment
        return {
            "excluded": self.excluded, ARM: self.arm, "busy": moment.busy, "random": moment.random,
            "round": moment.round,
            "unfinished": moment.unfinished.item_idx, "unfinished-kind": moment.unfinished.kind,
            "unfinished-propensity": moment.unfinished.propensity,
            **{f"answers-{question}": seqs for question, seqs in self.seqs.items()},
            **({} if self.costs is None else {COSTS: self.costs}),
            **self.slice_bits,
            **({} if self.inputs.source is None else {SOURCE: self.source}),
            **({} if self.inputs.fork is None else dict(zip(ARMS, self.asked.items, strict=True))),
        }  # fmt: skip

    @classmethod
    def of(cls, inputs: CycleInputs, arrays: dict[str, npt.NDArray[Any]]) -> Frozen:
        """As read back."""
        unfinished = Unfinished(
            arrays["unfinished"],
            arrays["unfinished-kind"],
            arrays["unfinished-propensity"],
        )
        moment = Moment(arrays["busy"], arrays["random"], arrays["round"], unfinished)
        seqs = {question.id: arrays[f"answers-{question.id}"] for question in inputs.questions}
        in_arm = arrays.get(ARM, np.empty(0, dtype=np.int64))
        bits = {one.array: arrays[one.array] for one in inputs.slices}
        asked = NOTHING_ASKED if inputs.fork is None else Asked((arrays[ARMS[0]], arrays[ARMS[1]]))
        of_source = arrays.get(SOURCE, np.empty(0, dtype=np.int64))
        return cls(inputs, seqs, arrays["excluded"], moment, arrays.get(COSTS), in_arm, asked, bits, of_source)
