"""Strategies of scikit-activeml under their own names: ``make("skactiveml:Quire")``."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints, check_one_of, complain
from labelwright.errors import InputError, MissingExtraError
from labelwright.evidence.base import Evidence
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks
from labelwright.tasks.base import Task

PREFIX = "skactiveml:"
N_MEMBERS = 8  # bagged clones where a strategy asks for an ensemble
N_EVAL = 1000  # items that expected errors are summed over, where a strategy asks which
TRIES = 100  # bootstraps drawn until one holds two classes
OURS = ("self", "missing_label", "random_state")  # what the adapter sets
BOTH = ("classification", "regression")
CLASSES_ONLY = ("BatchBALD", "GreedyBALD", "Clue")  # their query does not tell
PROBABILISTIC = ("ExpectedModelOutputChange", "ExpectedModelVarianceReduction", "KLDivergenceMaximization")


class Skactiveml(Strategy):
    """An adapter for pool strategies of scikit-activeml; for small pools, in the library only.

    Scores are its utilities. Its classifier, regressor or committee is a clone of your estimator (of its last step,
    for a pipeline), fitted anew on the embedding, because that is all the strategy sees; without one a logistic or
    ridge regression. Where a strategy takes only certain models, it gets the one it takes.

    Parameters
    ----------
    kind : str
        The class's name in ``skactiveml.pool``.
    params
        Its own parameters, but ``missing_label`` and ``random_state``. For a wrapper ``query_strategy`` is a name too.

    Notes
    -----
    Everything is copied to float64, and utilities of n picks are n numbers an item. Ties are broken by the order of
    the candidates. Strategies for several annotators have no place here: who answers is not the strategy's choice.
    """

    # no class attribute `name`: the registry must not offer it by name

    family = "adapter"
    tasks: tuple[str, ...] = BOTH
    needs: tuple[str, ...] = ("embed",)
    batch_aware = True
    drawn = True
    reference = "Kottke, Herde, Minh, Benz, Mergard, Roghman, Sandrock, Sick (2021). scikit-activeml"

    def __init__(self, kind: str, **params: Any) -> None:
        self._kind, self._params = _find(kind), params
        name = PREFIX + kind
        known = [key for key in inspect.signature(self._kind).parameters if key not in OURS]
        for key in params:
            check_one_of(name, "parameter", key, known)
        self._asked = _find(params.get("query_strategy", "UncertaintySampling")) if _wraps(self._kind) else self._kind
        asks = inspect.signature(self._asked.query).parameters
        learns = {"clf", "reg", "ensemble", "estimator"} & set(asks)
        tasks: tuple[str, ...] = BOTH
        if (
            "clf" in asks
            or "classes" in inspect.signature(self._asked).parameters
            or self._asked.__name__ in CLASSES_ONLY
        ):
            tasks = BOTH[:1]
        elif "reg" in asks:
            tasks = BOTH[1:]
        cold = not learns and tasks == BOTH and kind != "DiscriminativeAL"
        needs = ("embed",) if cold else ("answers", "embed")
        self.name, self.tasks, self.needs, self.cold = name, tasks, needs, cold

    def params(self) -> dict[str, Any]:
        return dict(self._params)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        seed = int(rng.integers(2**31 - 1))
        known = np.empty(0) if self.cold and evidence.y_labeled is None else evidence.answers
        labeled = evidence.embed_answered.astype(np.float64)
        if len(labeled) != len(known):
            raise complain(self.name, "X_labeled", f"of {len(known)} items like y_labeled", len(labeled))
        rows = np.arange(evidence.n_items)
        if evidence.groups is not None:
            rows = np.sort(np.unique(evidence.groups, return_index=True)[1])
        X = np.concatenate([labeled, evidence.embed_at(rows).astype(np.float64)])
        y = np.concatenate([known.astype(np.float64), np.full(len(rows), np.nan)])
        builder = _Builder(self.name, evidence, labeled, known, seed, rng)
        params = {"random_state": seed, "missing_label": np.nan} | builder.fill(self._kind, self._params)
        if _wraps(self._kind):
            params["query_strategy"] = self._asked(random_state=seed, **builder.fill(self._asked, {}))
        try:
            picks, utilities = self._kind(**params).query(
                X=X,
                y=y,
                candidates=np.arange(len(labeled), len(X)),
                batch_size=min(n, len(rows)),
                return_utilities=True,
                **builder.models(self._asked, X, self._params),
            )
        except (TypeError, ValueError) as error:
            raise InputError(
                f"{self.name}: scikit-activeml refused the data: {error}", "Its documentation says what it takes."
            ) from error
        picks = np.ravel(picks)
        scores = np.asarray(utilities)[np.arange(len(picks)), picks]
        return Picks(rows[picks - len(labeled)], scores, {"utility": scores})


class _Builder:
    """Makes what a query asks for: models that are fitted on the embedding."""

    def __init__(
        self, name: str, evidence: Evidence, X: npt.NDArray[np.float64], y: npt.NDArray[Any], seed: int,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        self.name, self.X, self.y, self.seed, self.rng = name, X, y, seed, rng
        self.regression = evidence.task is not None and _is_number(evidence.task)
        self.n_classes = 0 if self.regression or evidence.task is None else evidence.task.n_outputs
        self.given = evidence.model

    def fill(self, kind: type, given: dict[str, Any]) -> dict[str, Any]:
        """The number of classes and seeds of clusterings, where they are not given."""
        takes = inspect.signature(kind).parameters
        known: dict[str, Any] = {"classes": np.arange(self.n_classes), "n_classes": self.n_classes or None}
        if given.get("cluster_algo") is None:
            known["cluster_algo_dict"] = {"random_state": self.seed}
        return {key: value for key, value in known.items() if key in takes} | given

    def models(self, kind: type, X: npt.NDArray[np.float64], params: dict[str, Any]) -> dict[str, Any]:
        """Arguments of the query."""
        from skactiveml.classifier import SklearnClassifier
        from sklearn.linear_model import LogisticRegression

        asks = inspect.signature(kind.query).parameters  # type: ignore[attr-defined]
        made: dict[str, Any] = {}
        if "clf" in asks:
            made["clf"] = self._classifier(kind.__name__, params)
        if "reg" in asks:
            made["reg"] = self._regressor(kind.__name__)
        if "estimator" in asks:
            made["estimator"] = self._regressor("") if self.regression else self._classifier("", {})
        if "ensemble" in asks:
            made |= {"ensemble": self._committee(), "fit_ensemble": False}
        if "discriminator" in asks:
            made["discriminator"] = SklearnClassifier(LogisticRegression(), random_state=self.seed)
        if "X_eval" in asks and asks["X_eval"].default is inspect.Parameter.empty:
            some = self.rng.choice(len(X), size=min(N_EVAL, len(X)), replace=False)
            made["X_eval"] = X[np.sort(some)]
        return made

    def _own(self) -> Any:
        """A clone of what was given, of its last step where that is what sees the embedding."""
        from sklearn.base import BaseEstimator, clone, is_classifier, is_regressor
        from sklearn.linear_model import LogisticRegression, Ridge

        given: Any = self.given
        if getattr(given, "steps", None):
            given = given.steps[-1][1]
        fits = is_regressor if self.regression else is_classifier
        if not isinstance(given, BaseEstimator) or not fits(given):
            return Ridge() if self.regression else LogisticRegression(max_iter=1000)
        own = clone(given)
        if own.get_params().get("random_state", self.seed) is None:
            own.set_params(random_state=self.seed)
        return own

    def _classifier(self, kind: str, params: dict[str, Any]) -> Any:
        from skactiveml.classifier import MixtureModelClassifier, ParzenWindowClassifier, SklearnClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.mixture import BayesianGaussianMixture

        own, classes = self._own(), np.arange(self.n_classes)
        if kind == "FourDs":
            mixture = BayesianGaussianMixture(n_components=self.n_classes, max_iter=1000, random_state=self.seed)
            return MixtureModelClassifier(mixture, classes=classes, random_state=self.seed)
        plain = kind == "ProbabilisticAL" and params.get("metric") is None
        if plain or (kind == "EpistemicUncertaintySampling" and not isinstance(self.given, LogisticRegression)):
            return ParzenWindowClassifier(classes=classes, random_state=self.seed)
        return SklearnClassifier(own, classes=classes, random_state=self.seed)

    def _regressor(self, kind: str) -> Any:
        from skactiveml.regressor import NICKernelRegressor, SklearnNormalRegressor, SklearnRegressor
        from sklearn.tree import DecisionTreeRegressor

        own = self._own()
        if kind in PROBABILISTIC:
            tells = "return_std" in inspect.signature(own.predict).parameters
            return SklearnNormalRegressor(own) if tells else NICKernelRegressor()
        if kind == "RegressionTreeBasedAL" and not isinstance(own, DecisionTreeRegressor):
            own = DecisionTreeRegressor(min_samples_leaf=5, random_state=self.seed)
        return SklearnRegressor(own)

    def _committee(self) -> list[Any]:
        return [self._member(self._bootstrap()) for _ in range(N_MEMBERS)]

    def _member(self, some: Ints) -> Any:
        one = self._regressor("") if self.regression else self._classifier("", {})
        return one.fit(self.X[some], self.y[some].astype(np.float64))

    def _bootstrap(self) -> Ints:
        """Rows drawn with replacement, of two classes where there are two."""
        some = np.arange(len(self.y))
        for _ in range(TRIES):
            some = self.rng.integers(len(self.y), size=len(self.y))
            if self.regression or len(np.unique(self.y[some])) > 1 or len(np.unique(self.y)) < 2:
                return some
        return np.arange(len(self.y))


def _is_number(task: Task) -> bool:
    return task.target.pick(codes=False, marks=False, numbers=True)


def _find(kind: str) -> Any:
    """The class of that name; `InputError` lists what there is."""
    try:
        from skactiveml import pool
        from skactiveml.base import SingleAnnotatorPoolQueryStrategy
    except ImportError:
        raise MissingExtraError(
            "skactiveml: scikit-activeml must be installed.", "pip install 'labelwright[skactiveml]'"
        ) from None
    if kind in pool.multiannotator.__all__:
        raise complain(
            "skactiveml", "the strategy", "one for a single annotator", repr(kind),
            "Who answers is not the strategy's choice here.",
        )  # fmt: skip
    classes = {name: getattr(pool, name) for name in pool.__all__ if inspect.isclass(getattr(pool, name))}
    served = {
        name: one
        for name, one in classes.items()
        if issubclass(one, SingleAnnotatorPoolQueryStrategy) and _is_whole(one)
    }
    check_one_of("skactiveml", "the strategy", kind, served)
    return served[kind]


def _is_whole(kind: type) -> bool:
    """Whether it can be built, not only inherited from."""
    empty = inspect.Parameter.empty
    return not inspect.isabstract(kind) and all(
        one.default is not empty or one.name == "classes" for one in inspect.signature(kind).parameters.values()
    )


def _wraps(kind: type) -> bool:
    return "query_strategy" in inspect.signature(kind).parameters
