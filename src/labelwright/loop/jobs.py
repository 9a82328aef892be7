"""Runs the jobs of a simulation one after the other or on several cores, with a progress bar."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from labelwright.check import check_count, complain
from labelwright.loop.runs import Job, Setting, full_value, play

Result = tuple[Job, float | None, Iterable[dict[str, Any]]]  # value of the full model on a seed's first job


@dataclass
class Done:
    """What is finished: the rows of each run in the order of the jobs, and the full model's value of each seed."""

    runs: list[tuple[Job, list[dict[str, Any]]]] = field(default_factory=list)
    full: dict[int, float] = field(default_factory=dict)
    complete: bool = True


def run_jobs(setting: Setting, jobs: Sequence[Job], *, n_jobs: int | None, progress: bool) -> Done:
    """Run the jobs; an interrupt ends them, and what is finished is kept.

    Raises
    ------
    KeyboardInterrupt
        If it comes before a run has finished.
    """
    done = Done()
    n_rounds = (setting.n_initial > 0) + math.ceil((setting.budget - setting.n_initial) / setting.batch_size)
    bar = _bar(len(jobs) * n_rounds, progress)
    try:
        for job, full, rows in _results(setting, jobs, n_jobs):
            if full is not None:
                done.full[job.seed] = full
            finished = []
            for row in rows:
                finished.append(row)
                bar.set_postfix_str(f"{job.name}, seed {job.seed}", refresh=False)
                bar.update()
            done.runs.append((job, finished))
    except KeyboardInterrupt:
        if not done.runs:
            raise
        done.complete = False
        message = f"simulate: interrupted after {len(done.runs)} of {len(jobs)} runs. The results hold those."
        warnings.warn(message, UserWarning, stacklevel=3)
    finally:
        bar.close()
    return done


def _results(setting: Setting, jobs: Sequence[Job], n_jobs: int | None) -> Iterator[Result]:
    """Each job with its rows; the first of a seed with the value of the full model."""
    first = {job.seed: job for job in reversed(jobs)}
    if n_jobs in (1, None) or len(jobs) == 1:
        for job in jobs:
            yield job, full_value(setting, job.seed) if first[job.seed] is job else None, play(setting, job)
        return
    from joblib import Parallel, delayed

    work = (delayed(_whole)(setting, job, first[job.seed] is job) for job in jobs)
    yield from Parallel(n_jobs=n_jobs, return_as="generator")(work)


def _whole(setting: Setting, job: Job, with_full: bool) -> Result:
    return job, full_value(setting, job.seed) if with_full else None, list(play(setting, job))


def check_jobs(n_jobs: int | None) -> None:
    """Refuse what is not a number of processes as in scikit-learn: None and 1 are one, -1 is a process a core."""
    if n_jobs is not None and check_count("simulate", "n_jobs", n_jobs, low=-(2**15)) == 0:
        raise complain("simulate", "n_jobs", "above 0, or -1 for all cores", 0)


def _bar(total: int, progress: bool) -> Any:
    """A bar on the standard error stream where somebody can see it: in a terminal or a notebook."""
    from tqdm.auto import tqdm

    seen = sys.stderr.isatty() or "ipykernel" in sys.modules
    return tqdm(total=total, desc="simulate", unit=" rounds", leave=False, disable=not (progress and seen))
