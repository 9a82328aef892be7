"""The monitor is quiet where nothing changes, sees a rise, and says where it began."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

import labelwright as lw
from labelwright.drift.adwin import Adwin
from labelwright.drift.detector import onset
from labelwright.drift.page_hinkley import PageHinkley
from labelwright.errors import InputError

METHODS = ("adwin", "page-hinkley")
# (seed, values between looks, alpha, alarms and widths): what river 0.26.1 gives, whose window is emptied by an alarm
RIVER = [
    (0, 1, 0.01, [(1041, 466), (2236, 363), (3027, 215)]),
    (1, 32, 0.002, [(1183, 1056), (2463, 1024), (3103, 512)]),
    (2, 1, 0.05, [(1071, 272), (2098, 515), (3033, 551)]),
    (3, 32, 0.2, [(1055, 800), (2079, 320), (3039, 160)]),
]


def errors(seed, *shares, n=1000):
    return (np.random.default_rng(seed).random(n * len(shares)) < np.repeat(shares, n)).astype(float)


def watched(stream, method="adwin", **settings):
    monitor = lw.DriftMonitor(method, **settings)
    for error in stream:
        monitor.update(error=error)
    return monitor


@pytest.mark.parametrize(("seed", "every", "alpha", "expected"), RIVER)
def test_adwin_gives_the_alarms_of_river(seed, every, alpha, expected) -> None:
    detector, found = Adwin(alpha=alpha, every=every), []
    for k, value in enumerate(errors(seed, 0.1, 0.3, 0.15, 0.5)):
        if detector.update(value):
            found.append((k, detector.width))
            detector.restart(np.empty(0))
    assert found == expected


@pytest.mark.skipif(importlib.util.find_spec("river") is None, reason="river is not installed")
def test_adwin_gives_the_alarms_of_the_river_that_is_installed() -> None:
    from river.drift import ADWIN

    for seed in range(4):
        ours, theirs = Adwin(alpha=0.02), ADWIN(delta=0.02, clock=1)
        for value in errors(100 + seed, 0.2, 0.4, 0.1):
            theirs.update(value)
            assert ours.update(value) == theirs.drift_detected
            assert ours.width == theirs.width
            if theirs.drift_detected:
                ours.restart(np.empty(0))


def test_adwin_needs_few_buckets_and_knows_its_window() -> None:
    detector, stream = Adwin(alpha=1e-6), errors(1, 0.2, n=5000)
    for value in stream:
        detector.update(value)
    buckets = [bucket for row in detector.rows for bucket in row]
    assert detector.width == 5000 and len(buckets) <= 5 * 12
    assert sum(bucket[1] for bucket in buckets) == pytest.approx(stream.sum())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_constant_stream_raises_no_alarm(method, value) -> None:
    assert not watched([value] * 1500, method, alpha=0.5).alarms


@pytest.mark.parametrize("method", METHODS)
def test_false_alarms_are_rare(method) -> None:
    """At 0.01, in 100 shuffles of one stream of 300 errors: at most one."""
    base, rng = errors(2, 0.2, n=300), np.random.default_rng(3)
    assert sum(bool(watched(rng.permutation(base), method).alarms) for _ in range(100)) <= 1


@pytest.mark.parametrize("method", METHODS)
def test_a_rise_is_seen_and_dated(method) -> None:
    delays, misses = [], []
    for seed in range(20):
        monitor = watched(errors(seed, 0.1, 0.4, n=500), method)
        alarm = monitor.alarms[0]
        assert alarm.before < 0.2 < 0.3 < alarm.after and monitor.since is not None
        delays.append(alarm.at - 500)
        misses.append(abs(alarm.since - 500))
    assert 0 < np.median(delays) < 100 and np.median(misses) <= 15


def test_one_change_is_one_alarm_and_a_fall_is_none() -> None:
    counts = [len(watched(errors(seed, 0.1, 0.5, n=800)).alarms) for seed in range(10)]
    assert np.mean(counts) <= 1.1
    down = errors(4, 0.5, 0.1)
    assert not watched(down).alarms
    fallen = watched(down, falls=True)
    assert len(fallen.alarms) == 1 and fallen.alarms[0].after < fallen.alarms[0].before
    assert fallen.per_thousand == 0.5


def test_the_flag_is_of_the_newest_error() -> None:
    monitor, flags = lw.DriftMonitor(), []
    assert (monitor.alarm, monitor.since, monitor.n) == (False, None, 0)
    for error in [0.0] * 60 + [1.0] * 20:
        monitor.update(error=error)
        flags.append(monitor.alarm)
    assert [k for k, flag in enumerate(flags) if flag] == [alarm.at for alarm in monitor.alarms]
    assert monitor.since == 60 and monitor.n == 80


def test_onset_is_the_best_split() -> None:
    values = np.random.default_rng(5).random(40) + (np.arange(40) >= 25)
    inside = [((values[:k] - values[:k].mean()) ** 2).sum() + ((values[k:] - values[k:].mean()) ** 2).sum()
              for k in range(1, 40)]  # fmt: skip
    assert onset(values) == int(np.argmin(inside)) + 1


def test_page_hinkley_sums_what_the_mean_its_error_and_half_the_rise_leave() -> None:
    detector = PageHinkley(alpha=0.01, rise=0.2, warm_up=9)
    for value in [0.0] * 9 + [1.0]:
        detector.update(value)
    raised = 1.5 / 11 + 0.05  # a quarter of the rise above the mean
    assert detector.variance == pytest.approx(raised * (1 - raised))
    assert detector.excess == pytest.approx(1 - 0.1 - 0.1 - (raised * (1 - raised) / 10) ** 0.5)


def test_a_lower_alpha_asks_for_more() -> None:
    stream = errors(6, 0.1, 0.4)
    for method in METHODS:
        soon, late = (watched(stream, method, alpha=alpha).alarms[0].at for alpha in (0.2, 0.0001))
        assert soon < late
    assert PageHinkley(alpha=0.0001).limit > PageHinkley(alpha=0.2).limit


def test_bad_input_is_refused() -> None:
    for match, arguments in [
        ("Did you mean 'adwin'", {"method": "adwn"}), ("alpha must be between", {"alpha": 0.0}),
        ("one of rise, warm_up", {"method": "page-hinkley", "every": 3}), ("every must be at least 1", {"every": 0}),
        ("rise must be between", {"method": "page-hinkley", "rise": 0.0}),
    ]:  # fmt: skip
        with pytest.raises(InputError, match=match):
            lw.DriftMonitor(**arguments)
    for error in (-0.1, 1.5, float("nan")):
        with pytest.raises(InputError, match="error must be between 0 and 1"):
            lw.DriftMonitor().update(error=error)
