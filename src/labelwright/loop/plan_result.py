"""What a plan found: answers to the target for each set-up, the set-up to propose, and the saving to expect of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from labelwright.check import Floats, complain
from labelwright.loop.plan_grid import WHO, Grid, Replay, SetUp
from labelwright.loop.plan_proposal import Proposal, reason_of
from labelwright.loop.plan_reach import Reach, reach_of
from labelwright.stats.estimate import Estimate
from labelwright.stats.paired import corrected_resampled_t
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd

SAME: Final = 1.1  # times the answers of the best up to which a simpler set-up can be its equal
TARGET_SHARE: Final = 0.95  # of what the baseline's model gains from the first labels to the whole pool


@dataclass(frozen=True, repr=False)
class Plan:
    """Replays of a grid of set-ups, and what follows from them.

    Attributes
    ----------
    grid : Grid
    replays : tuple of Replay
        Those that are finished.
    metric, higher_is_better
        What values are.
    test_share : float
        Part of the items that measured, in (0, 1).
    budget : int
        Labels at which a replay ends.
    given_target : float, optional
        None: see `target`.
    seconds_per_label, rate : float, optional
        Seconds of an answer, and money of an hour.
    """

    grid: Grid
    replays: tuple[Replay, ...]
    metric: str
    higher_is_better: bool
    test_share: float
    budget: int
    given_target: float | None = None
    seconds_per_label: float | None = None
    rate: float | None = None

    def __repr__(self) -> str:
        n_cells = len(self.grid.cells)
        return f"Plan({len(self.replays)} of {n_cells} replays of {len(self.grid.setups)} set-ups; see best, table)"

    @property
    def complete(self) -> bool:
        """Whether all replays are finished."""
        return len(self.replays) == len(self.grid.cells)

    @cached_property
    def target(self) -> float:
        """The value to reach: as given, or 95 % of the way from the baseline's first value to that of its model on the
        whole pool, as the median over seeds without errors of annotators (the least error given). NaN before the first
        replay of the baseline."""
        if self.given_target is not None:
            return self.given_target
        error = min(self.grid.errors)
        goals = [
            run.values[0] + TARGET_SHARE * (run.full - run.values[0])
            for run in self._runs.get((self.grid.baseline, error), {}).values()
        ]
        return float(np.median(goals)) if goals else math.nan

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each set-up and error that has a finished replay, fewest answers first.

        ``answers`` is the geometric mean over seeds of the answers at which the target is reached, with a corrected
        resampled t interval of logarithms (NaN for one seed); where ``reached`` is below ``n_seeds`` a replay that
        never reached it counts with its whole budget, so that ``answers`` is a lower bound and ``high`` infinite.
        ``saving`` compares with the baseline seed by seed; each row's interval holds for that row alone. ``hours`` and
        ``cost`` follow from answers. ``value`` is the mean at the end of the budget; ``compute`` the seconds a replay.
        """
        import pandas as pd

        rows = [self._row(setup, error) for error in self.grid.errors for setup in self.grid.setups
                if (setup, error) in self._runs]  # fmt: skip
        columns = [
            "strategy", "model", "batch_size", "overlap", "annotator_error", "n_seeds", "reached", "answers", "low",
            "high", "labels", "saving", "saving_low", "saving_high", "hours", "cost", "value", "compute",
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=columns)
        table = table.assign(_missed=table["n_seeds"] - table["reached"])
        table = table.sort_values(["annotator_error", "_missed", "answers"], kind="stable")
        return table.drop(columns="_missed").reset_index(drop=True)

    @property
    def curves(self) -> pd.DataFrame:
        """Every measured value: the set-up, annotator_error, seed, n_labels, n_answers, value."""
        import pandas as pd

        return pd.DataFrame([
            {**run.cell.setup.options, "annotator_error": run.cell.error, "seed": run.cell.seed, "n_labels": labels,
             "n_answers": answers, "value": value}
            for run in self.replays
            for labels, answers, value in zip(run.labels, run.answers, run.values, strict=True)
        ])  # fmt: skip

    @cached_property
    def best(self) -> Proposal:
        """The proposal under the first error of the annotators."""
        return self.propose(self.grid.errors[0])

    def propose(self, error: float) -> Proposal:
        """The set-up to start with, where annotators err so often.

        That which reaches the target in most replays and, of these, with the fewest answers. Where a simpler one needs
        at most a tenth more and is not told apart from it, the simpler one.

        Raises
        ------
        InputError
            If the error is none of the grid, or no seed is finished for all set-ups.
        """
        seeds = self._whole_seeds(error)
        if not seeds:
            cure = "Wait for the first replay of every set-up."
            raise complain(WHO, "replays", f"finished for all set-ups at error {error}", "too few", cure)
        chosen, winner, tied = self._choose(error, seeds)
        saving, at_least = self._honest_saving(error, seeds)
        answers = self._answers(chosen, error, seeds)
        reaches = [self._reach(chosen, error, seed) for seed in seeds]
        others = (*((winner,) if winner != chosen else ()), *(s for s in tied if s not in (winner, chosen)))
        hours = _times(answers, (self.seconds_per_label or math.nan) / 3600)
        return Proposal(
            chosen, error, answers, saving, at_least, sum(reach.reached for reach in reaches), len(seeds), others,
            winner != chosen, hours, _times(hours, math.nan if self.rate is None else self.rate),
        )  # fmt: skip

    def text(self, error: float | None = None) -> str:
        """The proposal in sentences; for the first error, if none is given."""
        return str(self.reason(error))

    def reason(self, error: float | None = None) -> Reason:
        """The proposal as codes with figures."""
        best = self.propose(self.grid.errors[0] if error is None else error)
        return reason_of(best, self.grid.baseline, self.metric, self.target)

    def config(self, error: float | None = None) -> Mapping[str, str | int]:
        """The options of ``labelwright create`` for the proposal: strategy, model, batch_size, overlap."""
        return self.propose(self.grid.errors[0] if error is None else error).setup.options

    @cached_property
    def _runs(self) -> Mapping[tuple[SetUp, float], Mapping[int, Replay]]:
        runs: dict[tuple[SetUp, float], dict[int, Replay]] = {}
        for run in self.replays:
            runs.setdefault((run.cell.setup, run.cell.error), {})[run.cell.seed] = run
        return runs

    def _whole_seeds(self, error: float) -> list[int]:
        """Seeds that all set-ups have finished."""
        if error not in self.grid.errors:
            raise complain(WHO, "error", f"one of {', '.join(map(str, self.grid.errors))}", error)
        done = [set(self._runs.get((setup, error), {})) for setup in self.grid.setups]
        return sorted(set.intersection(*done))

    def _reach(self, setup: SetUp, error: float, seed: int) -> Reach:
        return reach_of(self._runs[setup, error][seed], self.target, self.higher_is_better)

    def _logs(self, setup: SetUp, error: float, seeds: Sequence[int]) -> Floats:
        return np.log([self._reach(setup, error, seed).answers for seed in seeds])

    def _answers(self, setup: SetUp, error: float, seeds: Sequence[int]) -> Estimate:
        """Answers to the target: geometric mean; no upper end where a replay did not reach it."""
        found = corrected_resampled_t(self._logs(setup, error, seeds), test_share=self.test_share).estimate
        whole = all(self._reach(setup, error, seed).reached for seed in seeds)
        return Estimate(
            math.exp(found.value), math.exp(found.low), math.exp(found.high) if whole else math.inf, found.n
        )

    def _choose(self, error: float, seeds: Sequence[int]) -> tuple[SetUp, SetUp, list[SetUp]]:
        """The proposal, the winner of the replays, and those not told apart from the winner, itself included."""
        logs = {setup: self._logs(setup, error, seeds) for setup in self.grid.setups}
        reached = {s: sum(self._reach(s, error, seed).reached for seed in seeds) for s in logs}
        most = max(reached.values())
        winner = min((s for s in logs if reached[s] == most), key=lambda s: float(logs[s].mean()))
        tied = [s for s in logs if reached[s] == most and self._is_same(logs[s] - logs[winner])]
        return min(tied, key=self.grid.simplicity), winner, tied

    def _is_same(self, more: Floats) -> bool:
        """Whether logarithms of answers differ by a tenth at most, and no more than by chance."""
        found = corrected_resampled_t(more, test_share=self.test_share).estimate
        return found.value <= math.log(SAME) and not found.low > 0

    def _honest_saving(self, error: float, seeds: Sequence[int]) -> tuple[Estimate, bool]:
        """The saving of what the other seeds choose, and whether it is a lower bound."""
        ratios, at_least = [], False
        for seed in seeds:
            others = [other for other in seeds if other != seed] or list(seeds)
            chosen = self._choose(error, others)[0]
            ours, base = self._reach(chosen, error, seed), self._reach(self.grid.baseline, error, seed)
            if not ours.reached and chosen != self.grid.baseline:
                return Estimate(math.nan, math.nan, math.nan, len(seeds)), False
            at_least = at_least or not base.reached
            ratios.append(math.log(ours.answers / base.answers))
        return _saving(corrected_resampled_t(np.array(ratios), test_share=self.test_share).estimate), at_least

    def _row(self, setup: SetUp, error: float) -> dict[str, str | int | float]:
        runs = self._runs[setup, error]
        reaches = {seed: self._reach(setup, error, seed) for seed in runs}
        answers = self._answers(setup, error, list(runs))
        n_reached = sum(reach.reached for reach in reaches.values())
        pairs = sorted(set(runs) & set(self._runs.get((self.grid.baseline, error), {})))
        saving = Estimate(math.nan, math.nan, math.nan, 0)
        if pairs and n_reached == len(runs) and setup != self.grid.baseline:
            ratios = self._logs(setup, error, pairs) - self._logs(self.grid.baseline, error, pairs)
            saving = _saving(corrected_resampled_t(ratios, test_share=self.test_share).estimate)
        hours = answers.value * (self.seconds_per_label or math.nan) / 3600
        return {
            "strategy": setup.strategy, "model": setup.model, "batch_size": setup.batch_size, "overlap": setup.overlap,
            "annotator_error": error, "n_seeds": len(runs), "reached": n_reached, "answers": answers.value,
            "low": answers.low, "high": answers.high,
            "labels": math.exp(float(np.mean([math.log(reach.labels) for reach in reaches.values()]))),
            "saving": saving.value, "saving_low": saving.low, "saving_high": saving.high, "hours": hours,
            "cost": hours * (math.nan if self.rate is None else self.rate),
            "value": float(np.mean([run.values[-1] for run in runs.values()])),
            "compute": float(np.mean([run.compute for run in runs.values()])),
        }  # fmt: skip


def _saving(log_ratio: Estimate) -> Estimate:
    """1 - ratio, from the logarithm of the ratio."""
    return Estimate(
        1 - math.exp(log_ratio.value), 1 - math.exp(log_ratio.high), 1 - math.exp(log_ratio.low), log_ratio.n
    )


def _times(estimate: Estimate, factor: float) -> Estimate:
    return Estimate(estimate.value * factor, estimate.low * factor, estimate.high * factor, estimate.n)
