"""A kind of label whose items have any number of answers needs one file: predictions of its own, through the loop."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from labelwright import strategies, tasks
from labelwright.check import check_one_of, complain
from labelwright.errors import InputError
from labelwright.evaluation import evaluate_reserve
from labelwright.loop import State, evaluate, fit, predict, rank, resolve
from labelwright.models import Model
from labelwright.policy import Policy
from labelwright.scores.uncertainty import margin
from labelwright.tasks.base import Resolved, Task
from labelwright.tasks.predictions import QUANTISER, Predictions
from labelwright.tasks.quantising import check_version, quantise_numbers, restore

LABELS = ("person", "place")


@dataclass(frozen=True)
class SpanPredictions(Predictions):
    """Spans of all items one after the other; those of item i are offsets[i] to offsets[i + 1]."""

    offsets: np.ndarray  # int64 (n_items + 1,)
    start: np.ndarray  # int64 (n_spans,)
    end: np.ndarray
    label: np.ndarray
    p: np.ndarray  # float32 (n_spans,)

    def __len__(self):
        return len(self.offsets) - 1

    @property
    def numbers(self):
        return self.p

    def of(self, i):
        cut = slice(self.offsets[i], self.offsets[i + 1])
        return list(zip(self.start[cut].tolist(), self.end[cut].tolist(), self.label[cut].tolist(), strict=True))


class Spans(Task):
    """Parts of a text with a label each: ``{"spans": [[0, 4, "person"]]}``."""

    name = "spans"
    view = "spans"
    metrics = ("exact", "span-f1")
    mean_metrics = frozenset({"exact"})
    offers = frozenset({"margin", "scored", "doubt", "embed"})

    def validate(self, answer):
        for start, end, label in tasks.base.only_key(self.name, answer, "spans"):
            check_one_of(self.name, "label", label, LABELS)
            if not 0 <= start < end:
                raise complain(self.name, "span", "of one letter or more", f"{start} to {end}")

    def parse(self, cell):
        return None

    @classmethod
    def guess(cls, cells, *, keep_order=False):
        return {}

    def describe(self, answer):
        return ", ".join(f"{label} {start}-{end}" for start, end, label in answer["spans"]) or "none"

    def distance(self, a, b):
        one, two = ({tuple(span) for span in answer["spans"]} for answer in (a, b))
        return 1 - len(one & two) / len(one | two) if one | two else 0.0

    def merge(self, answers):
        return Resolved(answers[0], float(np.mean([answers[0] == answer for answer in answers])), {})

    @property
    def n_outputs(self):
        return len(LABELS)

    def encode(self, answers):
        y = np.empty(len(answers), dtype=object)
        y[:] = [tuple((start, end, LABELS.index(label)) for start, end, label in answer["spans"]) for answer in answers]
        return y

    def decode(self, y):
        return [{"spans": [[start, end, LABELS[label]] for start, end, label in spans]} for spans in y]

    def answer(self, predictions):
        y = np.empty(len(predictions), dtype=object)
        y[:] = [tuple(predictions.of(i)) for i in range(len(predictions))]
        return y

    def classes_seen(self, y):
        return np.unique([label for spans in y for *_, label in spans]).astype(np.int64)

    def teachable(self, y):
        return len(set(y)) > 1

    def pack(self, predictions, version=QUANTISER):
        check_version(version)
        parts = {name: getattr(predictions, name) for name in ("offsets", "start", "end", "label")}
        return {**parts, "p": quantise_numbers(predictions.p)}

    def unpack(self, arrays):
        return SpanPredictions(**{**arrays, "p": restore(arrays["p"])})

    def take(self, predictions, idx):
        chosen = np.arange(len(predictions))[idx]
        lengths = np.diff(predictions.offsets)[chosen]
        spans = [np.arange(predictions.offsets[i], predictions.offsets[i + 1]) for i in chosen]
        at = np.concatenate([*spans, np.empty(0, dtype=np.int64)]).astype(np.int64)
        parts = {name: getattr(predictions, name)[at] for name in ("start", "end", "label", "p")}
        return SpanPredictions(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), **parts)

    def concatenate(self, parts):
        lengths = np.concatenate([np.diff(part.offsets) for part in parts])
        rest = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in ("start", "end", "label", "p")
        }
        return SpanPredictions(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), **rest)

    def doubt(self, predictions):
        return 1 + self.scored(margin, predictions)

    def scored(self, score, predictions, over="mean"):
        """The largest doubt of a span; 0 for an item without spans."""
        each = score(np.stack([predictions.p, 1 - predictions.p], axis=1))
        none = score(np.array([[1.0, 0.0]]))[0]
        lengths = np.diff(predictions.offsets)
        found = np.full(len(predictions), none)
        if len(each):
            found[lengths > 0] = np.maximum.reduceat(each, predictions.offsets[:-1][lengths > 0])
        return found

    def _losses(self, metric, y, predictions):
        return np.array([float(a == b) for a, b in zip(self.answer(predictions), y, strict=True)])

    def _score(self, metric, y, predictions):
        pairs = [(set(a), set(b)) for a, b in zip(self.answer(predictions), y, strict=True)]
        return 2 * sum(len(a & b) for a, b in pairs) / max(1, sum(len(a) + len(b) for a, b in pairs))


class Toy(Model):
    """Finds as many spans as the first feature says, the less sure the nearer the second is to 0."""

    name = "toy-spans"

    def _fit(self, X, y, weight, group, rng):
        return {"n_seen": len(y)}

    def _raw(self, X):
        raise NotImplementedError

    def predict(self, X):
        lengths = np.asarray(X[:, 0], dtype=np.int64)
        at = np.repeat(np.arange(len(lengths)), lengths)
        k = np.arange(len(at)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        sure = 0.5 + 0.5 * np.minimum(np.abs(X[:, 1])[at], 1)
        return SpanPredictions(
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), 2 * k, 2 * k + 1, k % 2, sure.astype(np.float32)
        )


SPANS = Spans({})
N = 120


def items():
    rng = np.random.default_rng(0)
    return np.stack([rng.integers(0, 4, N), rng.uniform(-1, 1, N)], axis=1).astype(np.float32)


def said(n=N):
    return Toy(SPANS).fit(items(), SPANS.encode([{"spans": []}] * N)).predict(items()[:n])


def same(one, two):
    return all((getattr(one, name) == getattr(two, name)).all() for name in ("offsets", "start", "end", "label", "p"))


def test_ragged_predictions_are_stored_taken_and_joined():
    once = SPANS.quantised(said())
    assert same(SPANS.quantised(once), once) and np.abs(once.p - said().p).max() < 1e-5
    assert same(SPANS.concatenate([SPANS.take(once, slice(0, 50)), SPANS.take(once, np.arange(50, N))]), once)
    turned = SPANS.take(once, np.arange(N)[::-1])
    assert turned.of(0) == once.of(N - 1) and len(turned) == N
    assert (SPANS.doubt(turned)[::-1] == SPANS.doubt(once)).all() and np.isnan(SPANS.confidence(once)).all()


def state_of(strategy, n_labels=40):
    X, rng = items(), np.random.default_rng(1)
    reserve = rng.random(N) < 0.3
    asked = rng.permutation(N)[:n_labels]
    answers = SPANS.decode(SPANS.answer(said()))
    policy = Policy(strategy=strategy, random_share=0, reserve_share=0, n_slots=12)
    return State(SPANS, X, ~reserve, reserve, item_idx=asked, person=["ann"] * n_labels,
                 answer=[answers[i] for i in asked], policy=policy, model=Toy(SPANS))  # fmt: skip


@pytest.mark.parametrize(
    "strategy", ["least-confidence", "margin", "entropy", "auto", "k-center", "uherding", "random"]
)
def test_a_cycle_with_ragged_predictions(strategy, monkeypatch):
    monkeypatch.setattr("labelwright.loop.steps.BLOCK_ROWS", 50)
    state = state_of(strategy)
    labels = resolve(state)
    model = fit(state, labels)
    predictions = predict(state, model)
    assert len(predictions) == N
    measured = evaluate(state, labels, model)
    assert measured.estimate.value == 1 and set(measured.extra) == {"span-f1"}
    slots = rank(state, labels, predictions, model)
    assert len(slots) == 12 and not set(slots.item_idx.tolist()) & set(labels.item_idx.tolist())
    if strategy in ("least-confidence", "margin", "entropy"):
        doubt = SPANS.doubt(predictions)
        pool = np.setdiff1d(np.flatnonzero(state.pool), labels.item_idx)
        assert sorted(doubt[slots.item_idx])[::-1] == pytest.approx(sorted(doubt[pool])[::-1][:12])
    assert (
        rank(state, labels, SPANS.unpack(SPANS.pack(predictions)), model).item_idx.tolist() == slots.item_idx.tolist()
    )


def test_what_needs_one_row_an_item_says_so():
    assert {"auto", "entropy", "k-center", "margin"} <= set(strategies.fitting(SPANS))
    for name in ("badge", "mmc", "vote-entropy", "greedy-y"):
        with pytest.raises(InputError, match="the strategy for spans"):
            strategies.check_fits(name, SPANS)
    with pytest.raises(InputError, match="'spans'"):
        SPANS.proba(said())
    with pytest.raises(InputError, match="classes, labels or numbers"):
        rank_with_our_model = replace(state_of("margin"), model="linear")
        fit(rank_with_our_model, resolve(rank_with_our_model))


def test_a_metric_over_resamples_takes_from_ragged_predictions():
    y = SPANS.answer(said())
    assert evaluate_reserve(SPANS, y, said(), metric="span-f1", n_resamples=20).low == 1
