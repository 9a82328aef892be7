"""A project with the model "auto": a learner that bends replaces the first one, as a decision that replays."""

from __future__ import annotations

from typing import Any

from labelwright.engine import candidates
from labelwright.engine.cycle import Cycle
from labelwright.services.record.verify import verify
from labelwright.services.steering import encoders, forks
from labelwright.store.record.features import EncodersCompared
from tests.conftest import make_api, train_until_idle


def place(text: str) -> tuple[float, float]:
    """Where a text lies: its number on a grid."""
    number = int("".join(letter for letter in text if letter.isdigit()) or 0)
    return (number * 37 % 101) / 50 - 1, (number * 61 % 103) / 51 - 1


def planes(texts: list[str]) -> list[list[float]]:
    """Features in which the classes are opposite corners; they may be scaled to length 1."""
    return [list(place(text)) for text in texts]


def corner(text: str) -> str:
    x, y = place(text)
    return f"l_{1 + (x * y > 0)}"


PLANES = f"{__name__}:planes"


def answer_some(api: Any, n: int) -> None:
    for lease in api.queue("topics", n=n):
        assert api.answer("topics", lease, {"label": corner(lease["item"]["key"])}).status_code == 201


def learner(site: Any) -> str:
    """The learner of the ranking that is served."""
    store = site.project("topics")
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle).inputs.primary.model


def played(site: Any, make_project: Any) -> Any:
    make_project(site, n=250, encoder=PLANES, model="auto")
    train_until_idle(site)
    candidates.make(site.project("topics"))
    api = make_api(site)
    first = learner(site)
    answer_some(api, 20)
    train_until_idle(site)
    assert first == learner(site) == "nearest-mean"  # too few labels to compare
    for _ in range(6):
        answer_some(api, 20)
        train_until_idle(site)
    return api


def test_the_labels_choose_the_learner_and_the_choice_replays(site: Any, make_project: Any) -> None:
    played(site, make_project)
    assert learner(site) in ("svm", "gaussian-process", "boosting")
    found = encoders.show(site, "topics")
    assert found.why is not None and "fits" in found.why
    by_model = {fit.model: fit for fit in found.fits}
    assert set(by_model) == {"nearest-mean", "linear", "linear-cv", "svm", "gaussian-process", "boosting"}
    [served] = [fit for fit in found.fits if fit.serves]
    assert served.model == learner(site) and served.spec == PLANES
    assert by_model["linear"].loss > served.loss
    assert [one.model for one in found.encoders if one.serves] == [learner(site)]
    assert forks.listing(site, "topics").model == learner(site)
    store = site.project("topics")
    with store.read() as rows:
        last = candidates.last_choice(rows)
        cycle = Cycle(store, store.row(rows).cycle)
    assert last is not None and last.model_chosen == learner(site)
    model = cycle.model(cycle.inputs.primary)
    assert model is not None and model.name == learner(site)
    assert verify(site, "topics", replay=True).problems == []


def test_a_comparison_of_version_1_is_read() -> None:
    figure = {"spec": "tfidf", "revision": "r", "loss": 0.5, "p_best": 1.0}
    reason = {"code": "encoder-best", "figures": {}}
    data = {
        "cycle": 1, "question": "q_1", "n_labels": 40, "measure": "accuracy", "figures": [figure], "before": "r",
        "chosen": "r", "reason": reason,
    }  # fmt: skip
    read = EncodersCompared.read(data, 1)
    assert (read.model_before, read.model_chosen, read.figures[0].model) == ("", "", "")
