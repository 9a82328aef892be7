"""Runs of an MLflow server, found by their tags and brought up to date: sending the same twice changes nothing."""

from __future__ import annotations

import importlib
import math
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from labelwright.check import complain
from labelwright.errors import MissingExtraError, UnreachableError

BATCH: Final = 500  # a request may have 1,000
MAX_TEXT: Final = 500


@dataclass(frozen=True)
class Point:
    """A value of a metric; ``step`` is where on its curve."""

    metric: str
    value: float
    step: int = 0


@dataclass(frozen=True)
class TrackedRun:
    """What one run shall hold.

    Parameters
    ----------
    name : str
    identity : mapping of str to str
        Tags that tell this run from all others of the experiment.
    params : mapping of str to str
        What never changes; of a run that is there already only new ones are added.
    tags : mapping of str to str
        What may change.
    points : sequence of Point
        Values that are not finite are left out.
    files : mapping of str to bytes
        By path in the run's artifacts; replaced.
    ended : bool
        Whether nothing more is to come.
    """

    name: str
    identity: Mapping[str, str]
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    points: Sequence[Point] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    ended: bool = True


@dataclass(frozen=True)
class Sent:
    """How many runs are there now, and how many of them are new."""

    n_runs: int
    n_new: int


def send(uri: str, experiment: str, runs: Sequence[TrackedRun]) -> Sent:
    """Make the runs of an experiment hold what they shall hold.

    Parameters
    ----------
    uri : str
        Of the tracking server, such as ``http://127.0.0.1:5000``. Credentials come from MLflow's own variables.
    experiment : str
        Made if there is none of this name.

    Raises
    ------
    MissingExtraError
        If mlflow is not installed.
    UnreachableError
        If the server does not take it. What has been sent stays; send again.
    """
    if not uri.strip() or not experiment.strip():
        raise complain("mlflow", "uri and experiment", "given", "an empty text")
    module = _mlflow()
    try:
        client = module.MlflowClient(tracking_uri=uri)
        experiment_id = _experiment(client, experiment)
        new = [_put(client, experiment_id, run) for run in runs]
    except (module.exceptions.MlflowException, OSError) as error:
        said = re.sub(r"//[^/@\s]*@", "//", str(error).partition("\n")[0])[:MAX_TEXT]
        raise UnreachableError(f"mlflow: the server does not take it ({said}).", "Is the address right?") from None
    return Sent(len(runs), sum(new))


def _mlflow() -> Any:
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # it would tell its makers of each call
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    try:
        importlib.import_module("mlflow.exceptions")
        return importlib.import_module("mlflow")
    except ImportError:
        raise MissingExtraError("mlflow: mlflow must be installed.", "pip install 'labelwright[mlflow]'") from None


def _experiment(client: Any, name: str) -> str:
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found is not None else client.create_experiment(name))


def _put(client: Any, experiment_id: str, wanted: TrackedRun) -> bool:
    """Bring one run up to date; whether it is new."""
    where = " and ".join(f"tags.`{key}` = '{_quoted(value)}'" for key, value in sorted(wanted.identity.items()))
    found = client.search_runs([experiment_id], filter_string=where, max_results=1, order_by=["attributes.start_time"])
    run = found[0] if found else client.create_run(experiment_id, run_name=wanted.name, tags=dict(wanted.identity))
    run_id = run.info.run_id
    for key, value in wanted.params.items():
        if key not in run.data.params:
            client.log_param(run_id, key, value[:MAX_TEXT])
    for key, value in wanted.tags.items():
        if run.data.tags.get(key) != value:
            client.set_tag(run_id, key, value)
    _log_points(client, run_id, run, wanted.points)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in wanted.files.items():
            path = Path(folder, Path(name).name)
            path.write_bytes(content)
            client.log_artifact(run_id, str(path), str(Path(name).parent) if "/" in name else None)
    if wanted.ended and run.info.status == "RUNNING":
        client.set_terminated(run_id)
    return not found


def _log_points(client: Any, run_id: str, run: Any, points: Sequence[Point]) -> None:
    """Log the values that are not there yet."""
    entities = importlib.import_module("mlflow.entities")
    known: dict[str, dict[int, float]] = {}
    for metric in {metric_name(point.metric) for point in points} & set(run.data.metrics):
        known[metric] = {one.step: one.value for one in client.get_metric_history(run_id, metric)}
    at = int(run.info.start_time)
    new = [
        entities.Metric(metric_name(point.metric), float(point.value), at, point.step)
        for point in points
        if math.isfinite(point.value) and known.get(metric_name(point.metric), {}).get(point.step) != point.value
    ]
    for first in range(0, len(new), BATCH):
        client.log_batch(run_id, metrics=new[first : first + BATCH])


def metric_name(name: str) -> str:
    """A name that MLflow takes.

    >>> metric_name("recall@10 (macro)")
    'recall-10 -macro-'
    """
    return re.sub(r"[^\w\-. /]", "-", name)


def _quoted(value: str) -> str:
    if "'" in value:
        raise complain("mlflow", "a tag", "without an apostrophe", repr(value))
    return value
