"""The linear model with its penalty chosen from a wide range."""

from __future__ import annotations

from typing import ClassVar

from labelwright.models.linear import Linear


class LinearCV(Linear):
    """Like `labelwright.models.linear.Linear`, with a penalty chosen from seven over five powers of ten.

    For numbers it is the same model: the penalty of ridge is chosen from seventeen in both.

    Notes
    -----
    Cost: 21 fits of logistic regression for folds, where `Linear` has 9.

    Examples
    --------
    >>> import numpy as np
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> model = LinearCV(task).fit(np.arange(12.0)[:, None], np.arange(12) // 6)
    >>> model.predict(np.array([[-5.0], [18.0]])).values.argmax(axis=1)
    array([0, 1])
    """

    name = "linear-cv"
    strengths: ClassVar[tuple[float, ...]] = (0.1, 0.6, 4.0, 25.0, 150.0, 1000.0, 6000.0)
