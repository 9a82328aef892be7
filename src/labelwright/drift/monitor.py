"""``labelwright.DriftMonitor``: the errors of random labels, one at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelwright.check import check_between, check_one_of
from labelwright.drift.detector import Alarm, Detector, onset
from labelwright.registry import find


class DriftMonitor:
    """Tells when a model has become worse, from its errors on labels that were sampled at random, in their order.

    Errors on labels that a strategy chose are of no use here: a strategy that turns to hard items looks like drift.

    Parameters
    ----------
    method : str
        ``adwin``, which expects no size of the change and hardly ever gives a false alarm, or ``page-hinkley``, which
        is sooner.
    alpha : float
        How easily it is alarmed, in (0, 1); each method says what it bounds.
    falls : bool
        Whether a fall of the error is an alarm too.
    params
        Of the method.

    Attributes
    ----------
    alarm : bool
        Whether the newest error raised an alarm.
    since : int or None
        Where the change of the last alarm began, as the position of an error in the stream, the first being 0; None
        before the first alarm.
    alarms : tuple of Alarm
        All of them.
    n : int
        Errors taken so far.

    Raises
    ------
    InputError
        If there is no such method or parameter, or alpha is out of its range.

    Notes
    -----
    It depends on the errors alone, so that it can be built again from the record. It keeps 8 bytes an error, for the
    onset: the best split in two of the errors since the change before.

    Examples
    --------
    >>> monitor = DriftMonitor(method="adwin", alpha=0.01)
    >>> for error in [0.0] * 60 + [1.0] * 20:
    ...     monitor.update(error=error)
    >>> monitor.alarm, monitor.since, monitor.alarms[0].at
    (False, 60, 74)
    """

    def __init__(self, method: str = "adwin", *, alpha: float = 0.01, falls: bool = False, **params: object) -> None:
        kind: Any = find("labelwright.drift", Detector, method)  # its parameters are checked here
        for key in params:
            check_one_of(method, "parameter", key, [*(set(kind.__init__.__kwdefaults__) - {"alpha"})])
        self.method, self.falls = method, falls
        self.alarm, self.alarms = False, ()
        self._detector: Detector = kind(alpha=alpha, **params)
        self._errors: list[float] = []
        self._start = 0

    alarm: bool
    alarms: tuple[Alarm, ...]

    @property
    def n(self) -> int:
        """Errors taken so far."""
        return len(self._errors)

    @property
    def since(self) -> int | None:
        """Where the change of the last alarm began."""
        return self.alarms[-1].since if self.alarms else None

    @property
    def per_thousand(self) -> float:
        """Alarms in 1,000 errors, of those taken so far; 0 before the first.

        >>> monitor = DriftMonitor()
        >>> monitor.per_thousand
        0.0
        """
        return 1000 * len(self.alarms) / max(self.n, 1)

    def update(self, *, error: float) -> None:
        """Take the next error.

        Parameters
        ----------
        error : float
            0 where the model was right and 1 where it was wrong, or any loss between.

        Raises
        ------
        InputError
            If it is not between 0 and 1.
        """
        check_between("DriftMonitor", "error", error, 0.0, 1.0, "Divide a loss by its largest value.")
        self._errors.append(float(error))
        self.alarm = False
        if not self._detector.update(float(error)):
            return
        recent = np.array(self._errors[self._start :])
        split = onset(recent)
        before, after = float(recent[:split].mean()), float(recent[split:].mean())
        self._start += split
        self._detector.restart(recent[split:])
        if after > before or self.falls:
            self.alarm = True
            self.alarms = (*self.alarms, Alarm(self.n - 1, self._start, before, after))
