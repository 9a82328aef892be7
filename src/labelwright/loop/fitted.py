"""What the model says that an `ActiveLearner` fitted last."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from labelwright.check import Floats
from labelwright.loop.representation import Comparison
from labelwright.loop.session import Session, fitted
from labelwright.models.base import Predictor


class Fitted:
    """Predictions of the model that a session holds, and what it is."""

    _session: Session | None

    def predict(self, X: object) -> npt.NDArray[Any]:
        """Answers of the model that was fitted last, in your own class values, (n_items,) or (n_items, n_labels).

        Raises
        ------
        NotReadyError
            If there is no label yet.
        """
        return self._fitted().predict(X)

    def predict_proba(self, X: object) -> Floats:
        """Probabilities between 0 and 1, a column a class in the order of `classes_`, or a column a label.

        Raises
        ------
        NotReadyError
            If there is no label yet.
        InputError
            If the estimator has no ``predict_proba``.
        """
        return self._fitted().predict_proba(X)

    @property
    def classes_(self) -> npt.NDArray[Any] | None:
        """The class values that were taught so far, sorted; None for numbers, for labels, and before the first."""
        return None if self._session is None else self._session.values

    @property
    def model_(self) -> Predictor | None:
        """The fitted estimator (our model where a name was given); None before labels that vary."""
        model = None if self._session is None else self._session.model
        return getattr(model, "estimator_", model)

    @property
    def comparison_(self) -> Comparison | None:
        """What the last comparison found of the models, with the estimator "auto"; None before.

        Examples
        --------
        >>> import numpy as np
        >>> from labelwright import ActiveLearner
        >>> X = np.random.default_rng(0).normal(size=(60, 2))
        >>> learner = ActiveLearner("auto")
        >>> rounds = learner.rounds(X, (X**2).sum(axis=1) > 1.4)
        >>> learner.comparison_.chosen == learner.model_.name
        True
        """
        choice = None if self._session is None else self._session.choice
        return None if choice is None else choice.comparison

    def _fitted(self) -> Session:
        fitted(None if self._session is None else self._session.model)
        assert self._session is not None
        return self._session
