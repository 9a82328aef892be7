"""A ridge towards the source's weights."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats
from labelwright.transfer.base import Adapted, Transfer
from labelwright.transfer.least_squares import best_fit, with_one

LOUD = 3.0  # length of the source's scores beside the features; the longer, the less their coefficients are penalised


class Ridge(Transfer):
    """The scores of a linear model of the source become features of the target.

    A linear model w x + b s(x) with a penalty on w, and hardly any on b, is a ridge towards the source's weights, whose
    scale is fitted: where b = 1, w is how the target's weights differ from the source's. Not for a source whose classes
    lie elsewhere: its scores then mean nothing.

    Notes
    -----
    The source's scores are those of ridge least squares, scaled so that their root mean square on the target is three
    times that of the features. Source items are no rows of the target's model.
    """

    name: ClassVar[str] = "ridge"
    widens: ClassVar[bool] = True
    rows: ClassVar[bool] = False
    reference: ClassVar[str] = (
        "Chelba, Acero (2006). Adaptation of maximum entropy capitalizer, sec. 3; Daumé (2007), sec. 2 (PRIOR, PRED)"
    )

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        mean = source.mean(axis=0)
        scale = float(np.sqrt(source.var(axis=0).sum())) or 1.0
        coef, _ = best_fit((source - mean) / scale, Y, np.ones(len(source)))

        def scores(X: Floats) -> Floats:
            return np.asarray(with_one((X - mean) / scale) @ coef)

        said = scores(target)
        centre = said.mean(axis=0)
        length = float(np.sqrt(((said - centre) ** 2).sum(axis=1).mean())) or 1.0
        loud = LOUD * float(np.sqrt(target.var(axis=0).sum())) / length

        def beside(X: Floats) -> Floats:
            return np.concatenate([X, loud * (scores(X) - centre)], axis=1)

        return Adapted(beside(source), np.zeros(len(source)), beside)
