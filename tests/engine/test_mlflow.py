"""MLflow: the same runs on a real server, however often they are sent; in the environment of `make test-all`."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from benchmarks.processes import Worker
from labelwright.errors import MissingExtraError, UnreachableError
from labelwright.services.people import users
from labelwright.services.tracking.projects import runs_of, send_project
from labelwright.tracking.mlflow_ import Point, TrackedRun, send

HAS_MLFLOW = importlib.util.find_spec("mlflow") is not None
HAS_SERVER = any(one.metadata["Name"] == "mlflow" for one in importlib.metadata.distributions())  # the client lacks it
pytestmark = pytest.mark.filterwarnings("default")  # mlflow's own
needs_mlflow = pytest.mark.skipif(not HAS_MLFLOW, reason="mlflow is not installed")


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server."""
    if not HAS_SERVER:
        pytest.skip("the server of mlflow is not installed")
    folder = tmp_path_factory.mktemp("mlflow")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    stores = ["--backend-store-uri", f"sqlite:///{folder}/runs.db", "--artifacts-destination", str(folder / "files")]
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", *arguments, *stores], cwd=folder,
        env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until, "the server of MLflow does not start"
                time.sleep(0.3)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def runs(uri: str, experiment: str) -> list[Any]:
    """All runs of an experiment."""
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=uri)
    found = client.get_experiment_by_name(experiment)
    return [] if found is None else list(client.search_runs([found.experiment_id], max_results=1000))


def history(uri: str, run: Any, metric: str) -> list[tuple[int, float]]:
    """Steps and values of a metric, doubles too."""
    import mlflow

    said = mlflow.MlflowClient(tracking_uri=uri).get_metric_history(run.info.run_id, metric)
    return sorted((one.step, one.value) for one in said)


@needs_mlflow
def test_a_run_that_is_sent_again_is_brought_up_to_date(uri: str) -> None:
    identity = {"labelwright.round": "1"}
    first = TrackedRun(
        "r", identity, {"a": "1"}, {"state": "running"}, [Point("m", 1.0, 1), Point("m", float("nan"), 3)],
        {"notes/a.txt": b"one"}, ended=False,
    )  # fmt: skip
    assert send(uri, "up to date", [first]).n_new == 1 and send(uri, "up to date", [first]).n_new == 0
    later = TrackedRun(
        "r", identity, {"a": "1", "b": "2"}, {"state": "ended"}, [Point("m", 1.0, 1), Point("m", 2.0, 2)],
        {"notes/a.txt": b"two"},
    )  # fmt: skip
    assert send(uri, "up to date", [later]).n_new == 0
    (run,) = runs(uri, "up to date")
    assert run.data.params == {"a": "1", "b": "2"} and run.data.tags["state"] == "ended"
    assert history(uri, run, "m") == [(1, 1.0), (2, 2.0)] and run.info.status == "FINISHED"
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=uri)
    path = client.download_artifacts(run.info.run_id, "notes/a.txt")
    assert Path(path).read_bytes() == b"two"


@needs_mlflow
def test_rounds_figures_and_report_of_a_project_are_sent(lived: Any, uri: str) -> None:
    admin = users.first_admin(lived.site)
    sent = send_project(lived.site, admin, "topics", uri)
    assert sent.n_runs == sent.n_new == 5
    assert send_project(lived.site, admin, "topics", uri).n_new == 0
    by_round = {run.data.tags["labelwright.round"]: run for run in runs(uri, "labelwright/topics")}
    assert set(by_round) == {"all", "1", "2", "3", "4"}
    listed = {one["number"]: one for one in lived.api.get("/projects/topics/rounds").json()["items"]}
    for number, view in listed.items():
        run = by_round[str(number)]
        assert run.data.params["strategy"] == view["strategy"] and run.data.tags["verdict"] == view["verdict"]
        assert history(uri, run, "answers") == [(view["answers"], float(view["answers"]))]
        if view["after"] is not None:
            figure = f"{view['after']['metric']} after"
            assert history(uri, run, figure) == [(view["after"]["n_labels"], view["after"]["value"])]
    assert (by_round["1"].info.status, by_round["4"].info.status) == ("FINISHED", "RUNNING")
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=uri)
    page = Path(client.download_artifacts(by_round["all"].info.run_id, "report.html")).read_text()
    assert "<html" in page and "the team won" not in page
    model = client.download_artifacts(by_round["all"].info.run_id, "model/topics.model.zip")
    assert lw.load_model(model) is not None


def test_what_is_sent_has_neither_texts_nor_names(lived: Any) -> None:
    for run in runs_of(lived.site, users.first_admin(lived.site), "topics", with_model=False):
        text = repr([run.name, run.params, run.tags, run.points, run.files])
        assert "the team" not in text and "@example.com" not in text


@needs_mlflow
def test_a_simulation_is_sent_once(uri: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 3))
    results = lw.simulate(
        X,
        (X[:, 0] > 0).astype(int),
        LogisticRegression(),
        strategies=("margin", "random"),
        n_initial=10,
        batch_size=10,
        budget=40,
        seeds=2,
    )
    assert results.to_mlflow(uri, "simulated") == 5 and results.to_mlflow(uri, "simulated") == 0
    found = {run.info.run_name: run for run in runs(uri, "simulated")}
    curve = results.curves[(results.curves["strategy"] == "margin") & (results.curves["seed"] == 1)]
    assert history(uri, found["margin, seed 1"], results.metric) == list(
        zip(curve["n_labels"], curve["value"], strict=True)
    )
    assert found["summary"].data.metrics["aulc/margin"] == pytest.approx(results.summary().loc["margin", "aulc"])


@needs_mlflow
@pytest.mark.slow
def test_the_worker_sends_where_a_server_is_set(lived: Any, uri: str) -> None:
    if not HAS_SERVER:
        pytest.skip("needs a server that two processes can use")
    import mlflow

    for run in runs(uri, "labelwright/topics"):  # of another test
        mlflow.MlflowClient(tracking_uri=uri).delete_run(run.info.run_id)
    with Worker(lived.home, LABELWRIGHT_MLFLOW_URI=uri):
        until = time.monotonic() + 90
        while len(runs(uri, "labelwright/topics")) < 5 and time.monotonic() < until:
            time.sleep(0.5)
    found = [run.data.tags["labelwright.round"] for run in runs(uri, "labelwright/topics")]
    assert sorted(found) == ["1", "2", "3", "4", "all"]


@needs_mlflow
def test_a_server_that_is_away_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(UnreachableError, match="mlflow: the server does not take it") as refused:
        send("http://ann:secret@127.0.0.1:9", "x", [])
    assert "secret" not in str(refused.value)


@pytest.mark.skipif(HAS_MLFLOW, reason="mlflow is installed")
def test_without_the_extra_the_line_that_installs_it_is_said() -> None:
    with pytest.raises(MissingExtraError, match=r"labelwright\[mlflow\]"):
        send("http://127.0.0.1:9", "x", [])
