"""The map follows the features: made once, gone on with where it was left, and added to when items come or change."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from labelwright.engine import mapping
from labelwright.engine.map_files import LAYERS, NEIGHBOUR, PCA, MapFiles, map_files
from labelwright.engine.worker import Worker
from labelwright.services.people import users
from labelwright.services.projects import acts
from labelwright.services.record.verify import verify


def files_of(site: Any) -> MapFiles:
    store = site.project("topics")
    with store.read() as rows:
        found = map_files(store, rows)
    assert found is not None
    return found


def test_there_is_no_map_before_the_first_features(make_project: Any, site: Any) -> None:
    make_project(site)
    assert not mapping.wanted(site.project("topics")) and not mapping.make(site.project("topics"))


def test_a_map_is_made_once_and_the_record_does_not_mind(trained: Any) -> None:
    site, store = trained.site, trained.site.project("topics")
    assert mapping.wanted(store) and mapping.make(store) and not mapping.wanted(store)
    files = files_of(site)
    assert {layer: files.placed(layer) for layer in LAYERS} == dict.fromkeys(LAYERS, 90)
    plane, near = files.read(PCA), files.read(NEIGHBOUR)
    assert np.isfinite(plane).all() and np.isfinite(near).all() and plane.std() > 0 and near.std() > 0
    assert len(files.cluster_names()) == 4 and any(files.cluster_names())
    assert files.method() in ("openTSNE", "scikit-learn")
    assert verify(site, "topics", replay=True).problems == []


def test_who_is_stopped_is_followed_by_who_goes_on(trained: Any) -> None:
    store, asked = trained.site.project("topics"), []

    def stops_after_the_plane() -> bool:
        asked.append(True)
        return len(asked) <= 2

    assert not mapping.make(store, stops_after_the_plane)
    first = files_of(trained.site)
    assert first.placed(PCA) == 90 and first.placed(NEIGHBOUR) == 0
    before = first.read(PCA)
    assert mapping.make(store)
    assert np.array_equal(files_of(trained.site).read(PCA), before)


def test_a_replaced_content_has_a_new_place(trained: Any, train: Any) -> None:
    site, store = trained.site, trained.site.project("topics")
    mapping.make(store)
    before = files_of(site).read(PCA)
    acts.replace_content(site, users.first_admin(site), "topics", "i5", {"text": "a quite different text of the court"})
    train(site)
    assert mapping.wanted(store) and mapping.make(store)
    moved = np.flatnonzero((files_of(site).read(PCA) != before).any(axis=1))
    assert moved.tolist() == [5]


def test_a_worker_makes_the_map_beside_its_work(trained: Any) -> None:
    import threading

    site, store = trained.site, trained.site.project("topics")
    worker = Worker(site.store)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        until = time.monotonic() + 120
        while mapping.wanted(store) and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        worker.stop()
        thread.join(30)
    assert not mapping.wanted(store)
