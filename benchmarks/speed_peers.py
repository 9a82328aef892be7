"""The same selections by other libraries that are installed, with the same predictions and the same model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from benchmarks.speed_cases import Case
from benchmarks.speed_pool import Pool, seconds, table

DISTRIBUTIONS = {"skactiveml": "scikit-activeml", "modal": "modAL-python"}
OFFERS: dict[str, dict[str, str]] = {  # our name of a strategy: theirs
    "skactiveml": {
        "random": "RandomSampling", "greedy-x": "GreedySamplingX",
        "margin": "margin_sampling", "least-confidence": "least_confident", "entropy": "entropy",
        "vote-entropy": "vote_entropy", "committee-kl": "KL_divergence", "variation-ratio": "variation_ratios",
        "bald": "GreedyBALD", "batch-bald": "BatchBALD",
        "k-center": "CoreSet", "badge": "Badge", "typiclust": "TypiClust", "probcover": "ProbCover",
        "max-herding": "MaxHerding", "dropquery": "DropQuery", "expected-error-reduction": "MonteCarloEER",
    },
    "modal": {
        "margin": "margin_sampling", "least-confidence": "uncertainty_sampling", "entropy": "entropy_sampling",
        "vote-entropy": "vote_entropy_sampling", "consensus-entropy": "consensus_entropy_sampling",
        "max-disagreement": "max_disagreement_sampling", "expected-error-reduction": "expected_error_reduction",
    },
}  # fmt: skip


def installed() -> dict[str, str]:
    """The version of each library that is there."""
    found = {}
    for name, distribution in DISTRIBUTIONS.items():
        try:
            found[name] = version(distribution)
        except PackageNotFoundError:
            continue
    return found


def peer_cases(cases: list[Case], peers: list[str]) -> list[Case]:
    """Strategies that other libraries have too, in common settings."""
    return [
        replace(case, whose=peer)
        for peer in peers
        for case in cases
        if case.strategy in OFFERS[peer] and case.n_labeled and case.n_items not in (0, 50_000)
    ]


def peer_table(n_items: int, found: dict[Case, dict[str, Any]]) -> None:
    """Times of the other libraries and of ours at one size."""
    here = {(case.whose, case.title): record for case, record in found.items() if case.n_items == n_items}
    peers = [peer for peer in DISTRIBUTIONS if any(whose == peer for whose, _ in here)]
    titles = [title for whose, title in here if whose == "ours" and any((peer, title) in here for peer in peers)]
    rows = []
    for title in titles:
        ours = here["ours", title]
        row = [title]
        for whose in ("ours", *peers):
            record = here.get((whose, title), {"failed": ""})
            cell = record.get("failed", "")
            if "failed" not in record:
                cell = f"{seconds(min(record['walls']))}, {record['mb']:.0f} MB"
                if whose != "ours" and "failed" not in ours:
                    cell += f", {min(record['walls']) / min(ours['walls']):.3g} times"
            row.append(cell)
        rows.append(row)
    if rows:
        table(f"Others at N = {n_items:,}", ["strategy", "labelwright", *[DISTRIBUTIONS[p] for p in peers]], rows)


def peer_call(case: Case, pool: Pool) -> Callable[[], Any]:
    """A call of another library; its inputs are prepared beforehand."""
    return {"skactiveml": _skactiveml, "modal": _modal}[case.whose](case, pool, OFFERS[case.whose][case.strategy])


@cache
def _given() -> type:
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Given(ClassifierMixin, BaseEstimator):
        """A classifier that says of the pool what it was given: asking it costs nothing."""

        def __init__(self, proba: Any = None) -> None:
            self.proba = proba

        def fit(self, X: Any, y: Any) -> Any:
            self.classes_ = np.arange(self.proba.shape[1])
            return self

        def predict_proba(self, X: Any) -> Any:
            if len(X) != len(self.proba):
                raise ValueError(f"predictions of {len(self.proba)} items, asked about {len(X)}")
            return self.proba

        def predict(self, X: Any) -> Any:
            return self.predict_proba(X).argmax(axis=1)

    return Given


def _skactiveml(case: Case, pool: Pool, name: str) -> Callable[[], Any]:
    """scikit-activeml: one table of labeled and unlabeled rows, NaN for no label."""
    from skactiveml import pool as theirs
    from skactiveml.classifier import SklearnClassifier

    n_labeled, classes = case.n_labeled, list(range(case.n_classes))
    X = np.concatenate([pool.labeled[:n_labeled], pool.items])
    del pool.items
    y = np.full(len(X), np.nan)
    y[:n_labeled] = pool.answers("classes", case.n_classes)[:n_labeled]
    known = X[:n_labeled], y[:n_labeled]
    common = {"random_state": 0}

    def fitted(estimator: Any) -> Any:
        return SklearnClassifier(estimator, classes=classes).fit(*known)

    model = pool.model("classes", n_labeled, case.n_classes)
    if case.strategy in ("margin", "least-confidence", "entropy"):
        strategy = theirs.UncertaintySampling(name, **common)
        more = {"clf": fitted(_given()(pool.proba("classes", case.n_classes, n_labeled))), "fit_clf": False}
    elif case.strategy in ("vote-entropy", "committee-kl", "variation-ratio", "bald", "batch-bald"):
        one = case.strategy in ("bald", "batch-bald")
        strategy = getattr(theirs, name)(**common) if one else theirs.QueryByCommittee(name, **common)
        more = {"ensemble": [fitted(_given()(member)) for member in pool.draws("classes")], "fit_ensemble": False}
    elif case.strategy in ("badge", "dropquery"):
        strategy, more = getattr(theirs, name)(**common), {"clf": fitted(model), "fit_clf": False}
    elif case.strategy == "expected-error-reduction":
        strategy, more = getattr(theirs, name)(**common), {"clf": SklearnClassifier(model, classes=classes)}
    else:
        more_of = {"ProbCover": {"n_classes": case.n_classes}}.get(name, {})
        strategy, more = getattr(theirs, name)(**common, **more_of), {}
    return lambda: strategy.query(X, y, batch_size=case.n, **more)


def _modal(case: Case, pool: Pool, name: str) -> Callable[[], Any]:
    """modAL: functions of a learner and the unlabeled rows."""
    if not hasattr(np, "float"):
        np.float = float  # modAL 0.4.2.1 still says np.float
    from modAL import disagreement, expected_error, uncertainty
    from modAL.models import ActiveLearner, Committee

    X, Given = pool.items, _given()
    if case.strategy == "expected-error-reduction":
        learner = ActiveLearner(
            pool.model("classes", case.n_labeled, case.n_classes),
            X_training=pool.labeled[: case.n_labeled],
            y_training=pool.answers("classes", case.n_classes)[: case.n_labeled],
        )
        return lambda: expected_error.expected_error_reduction(learner, X, loss="log", n_instances=case.n)
    known = np.zeros((case.n_classes, 1)), np.arange(case.n_classes)

    def learner_of(proba: Any) -> Any:
        return ActiveLearner(Given(proba).fit(*known))

    if hasattr(uncertainty, name):
        learner, ask = learner_of(pool.proba("classes", case.n_classes, case.n_labeled)), getattr(uncertainty, name)
    else:
        learner, ask = Committee([learner_of(member) for member in pool.draws("classes")]), getattr(disagreement, name)
        learner.classes_, learner.n_classes_ = np.arange(case.n_classes), case.n_classes
    return lambda: ask(learner, X, n_instances=case.n)
