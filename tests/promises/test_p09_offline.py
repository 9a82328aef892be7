"""Promise 9: no host is called that nobody configured; no pickle is loaded; estimators come by registry over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

import labelwright
from benchmarks.processes import API, Server, environment, make_people
from tests.conftest import LABEL, write_texts

# Every Python process of the test starts with this: what it asks of the network or of pickle is written down.
WATCHER = """
import os, sys

def watch(event, args):
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in ("127.0.0.1", "::1", "unix"):
            note(f"connects to {host}")
    elif event == "socket.sendto":
        note(f"sends to {args[1]}")
    elif event == "socket.getaddrinfo" or event == "socket.gethostbyname":
        if args[0] not in (None, "", "localhost", "127.0.0.1", "::1", b"127.0.0.1", b"localhost"):
            note(f"resolves {args[0]}")
    elif event == "pickle.find_class":
        note(f"unpickles {args[0]}.{args[1]}")

def note(what):
    frame, where = sys._getframe(1), []
    while frame is not None and len(where) < 12:
        where.append(f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}")
        frame = frame.f_back
    with open(os.environ["WATCHED"], "a") as file:
        file.write(f"{what} in {' '.join(sys.argv[:3])} by {' < '.join(where)}\\n")

# An extra that is left out: scikit-learn imports it where it is installed, and it unpickles what it has just pickled.
sys.modules["dask"] = None
sys.addaudithook(watch)
with open(os.environ["WATCHED"] + ".started", "a") as file:
    file.write(f"{os.getpid()}\\n")
"""


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """Variables of a process that is watched."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCHER)
    root = Path(labelwright.__file__).parents[1]
    paths = [str(tmp_path / "watch"), str(root), str(Path(__file__).parents[2])]
    return {"WATCHED": str(tmp_path / "watched.txt"), "PYTHONPATH": os.pathsep.join(paths)}


def noted(watched: dict[str, str]) -> list[str]:
    path = Path(watched["WATCHED"])
    return path.read_text().splitlines() if path.exists() else []


def run(home: Path, watched: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment(home, **watched), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_watcher_sees(tmp_path: Path, watched: dict[str, str]) -> None:
    run(tmp_path, watched, "-c", (
        "import pickle, socket, collections\n"
        "pickle.loads(pickle.dumps(collections.OrderedDict()))\n"
        "s = socket.socket(); s.settimeout(0.01)\n"
        "try: s.connect(('192.0.2.1', 9))\n"
        "except OSError: pass\n"
    ))  # fmt: skip
    seen = " ".join(noted(watched))
    assert "unpickles collections.OrderedDict" in seen and "connects to 192.0.2.1" in seen


@pytest.mark.slow
def test_import_training_and_serving_call_nobody_and_unpickle_nothing(tmp_path: Path, watched: dict[str, str]) -> None:
    home, source = tmp_path / "home", tmp_path / "topics.jsonl"
    truth = write_texts(source, 80)
    command = ("-m", "labelwright", "--home", str(home))
    run(
        home,
        watched,
        *command,
        "create",
        "topics",
        str(source),
        "--task",
        "classification",
        "--labels",
        "sport,food,law",
    )
    (token,) = make_people(home, 1)
    with Server(home, **watched) as server, httpx2.Client(
        base_url=server.url + API, headers={"Authorization": f"Bearer {token}"}, timeout=30
    ) as client:  # fmt: skip
        wait_for_ranking(client, "r-1")
        for lease in client.post("/projects/topics/queue", json={"n": 15}).json()["leases"]:
            stored = client.post("/projects/topics/annotations", json={
                "answer_id": f"00000000-0000-0000-0000-{int(lease['item']['key'][1:]):012d}", "lease_id": lease["id"],
                "item_id": lease["item"]["id"], "kind": "answer",
                "answer": {"label": LABEL[truth[lease["item"]["key"]]]},
            })  # fmt: skip
            assert stored.status_code == 201, stored.text
        assert wait_for_ranking(client, None) >= 2
        client.get("/projects")
    run(home, watched, *command, "export", "topics", str(tmp_path / "labels.csv"))
    run(home, watched, *command, "verify", "topics", "--replay")
    assert len(set(Path(watched["WATCHED"] + ".started").read_text().split())) >= 5  # server and worker among them
    assert noted(watched) == []


def wait_for_ranking(client: httpx2.Client, ranking: str | None) -> int:
    """Ask the queue until that ranking, or any later than the first, is published."""
    import time

    until = time.monotonic() + 90
    while time.monotonic() < until:
        found = client.post("/projects/topics/queue", json={"n": 1}).json()["ranking"]
        if found is not None and (ranking == found or (ranking is None and found != "r-1")):
            return int(found[2:])
        time.sleep(0.2)
    raise TimeoutError("no ranking was published")


@pytest.mark.slow
def test_the_library_calls_nobody_and_unpickles_nothing(tmp_path: Path, watched: dict[str, str]) -> None:
    run(tmp_path, watched, "-c", (
        "import numpy as np, labelwright as lw\n"
        "from sklearn.datasets import load_iris\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "X, y = load_iris(return_X_y=True)\n"
        "model = LogisticRegression(max_iter=500).fit(X[::5], y[::5])\n"
        "lw.select('margin', X, n=5, model=model)\n"
        "lw.simulate(X, y, LogisticRegression(max_iter=500), strategies=['margin', 'random'], budget=40, seeds=range(2))\n"
    ))  # fmt: skip
    assert noted(watched) == []


@pytest.mark.parametrize("body", [
    {"model": "sklearn.linear_model.LogisticRegression"},
    {"strategy": "labelwright.strategies.random.Random"},
    {"strategy": "os.system"},
    {"task": "os"},
    {"estimator": "sklearn.svm.SVC"},
    {"config": {"model": "x"}},
])  # fmt: skip
def test_import_paths_are_not_taken_over_http(api: Any, body: dict[str, Any]) -> None:
    upload = api.client.post(
        "/api/v1/uploads", files={"files": ("a.csv", b"text\nsome words here\nand others there\n")}, headers=api.headers
    ).json()["id"]  # fmt: skip
    plan = {"slug": "p", "upload_id": upload, "task": "classification", "labels": ["a", "b"], **body}
    refused = api.post("/projects", plan)
    assert refused.status_code == 422, refused.text
    assert api.get("/projects").json()["items"] == []


def test_a_model_is_one_of_the_registry(site: Any, make_project: Any) -> None:
    from labelwright.errors import LabelwrightError

    with pytest.raises(LabelwrightError):
        make_project(site, model="sklearn.linear_model.LogisticRegression")
    assert site.store.slugs() == []


def test_a_pickle_in_place_of_a_model_or_an_array_is_refused(lived: Any) -> None:
    """Files that somebody put under HOME are opened by skops with a list of types, and by numpy without pickle."""
    import pickle

    import numpy as np

    from labelwright import encoders, models

    class Bomb:
        def __reduce__(self) -> Any:
            return (os.mkdir, (str(lived.home / "boom"),))

    arrays = lived.store.arrays
    bomb = pickle.dumps(Bomb())
    with pytest.raises(Exception):  # noqa: B017
        models.load(bomb)
    with pytest.raises(Exception):  # noqa: B017
        encoders.load("tfidf", bomb)
    folder = lived.home / "projects/topics/arrays"
    np.save(folder / "bomb.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    np.savez(folder / "bomb.npz", y=np.array([Bomb()], dtype=object))
    for read, name in ((arrays.read, "bomb.npy"), (arrays.read_bundle, "bomb.npz")):
        with pytest.raises(ValueError, match=r"pickle|Python objects"):
            read(name)
    assert not (lived.home / "boom").exists()


def test_pages_name_no_foreign_host() -> None:
    """What the server's own headers allow the page to reach is the server alone."""
    from labelwright.server.security import CSP

    assert "http" not in CSP and "*" not in CSP and json.dumps(CSP).count("'self'") >= 6
