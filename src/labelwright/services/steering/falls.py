"""Whether the model has become worse beyond chance, since when, and whose answers may be behind it.

The newest model is compared with the best earlier one on the same reserve labels, item by item, so that what both get
wrong cancels. Since the best of several is picked, the level of the test is divided by their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from labelwright.engine import answers, features
from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.layout import POOL
from labelwright.engine.project import Project
from labelwright.services.site import Site
from labelwright.services.steering.curves import Measured, measured
from labelwright.stats.paired import clustered_error
from labelwright.store.project import ProjectStore
from labelwright.words import Figure, Reason

LEVEL: Final = 0.05
MIN_ANSWERS: Final = 10
SUSPECT_Z: Final = 3.0
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fall:
    """A figure that fell beyond chance.

    Attributes
    ----------
    since : int
        Position of the first model that is worse beyond chance, and so are all later ones.
    best : int
        Position of the best model before.
    """

    since: int
    best: int


def reasons(site: Site, store: ProjectStore, project: Project) -> list[Reason]:
    """What the lead should know, found once for each published cycle; nothing where no figure fell beyond chance."""
    key = ("fall", store.project_id, project.row.cycle)
    found: list[Reason] = site.cache.get(key, lambda: _reasons(site, store, project))
    return found


def _reasons(site: Site, store: ProjectStore, project: Project) -> list[Reason]:
    curve = measured(site, store, project)
    higher = project.primary.task.higher_is_better(project.primary.metric)
    fall = find(curve, higher)
    if fall is None:
        return []
    best, now, since = curve.points[fall.best], curve.points[-1], curve.points[fall.since]
    told = [
        Reason("progress-fell", {
            "metric": project.primary.metric, "before": best.estimate.value, "now": now.estimate.value,
            "labels_before": best.n_labels, "labels_since": since.n_labels, "since": since.at[:16].replace("T", " "),
        })
    ]  # fmt: skip
    suspect = _suspect(site, store, project, Cycle(store, best.cycle))
    return told if suspect is None else [*told, suspect]


def find(curve: Measured, higher_is_better: bool) -> Fall | None:
    """The fall of a curve, if there is one: a paired test by group, one-sided, at .05 divided by the number of models.

    Needs a metric that is a mean over items, and two models at least.
    """
    if curve.losses is None or len(curve.points) < 2:
        return None
    losses = curve.losses if higher_is_better else -curve.losses
    best = int(np.argmax(losses[:-1].mean(axis=1)))
    limit = float(norm.ppf(LEVEL / (len(losses) - 1)))
    z = np.array([_paired_z(losses[k] - losses[best], curve.groups) for k in range(best + 1, len(losses))])
    if z[-1] > limit:
        return None
    since = len(z) - 1
    while since > 0 and z[since - 1] <= limit:
        since -= 1
    return Fall(best + 1 + since, best)


def _paired_z(differences: Floats, groups: npt.NDArray[np.int64]) -> float:
    """The mean difference over its standard error, with groups as the units that were sampled."""
    error, _ = clustered_error(differences, groups)
    return float(differences.mean()) / error if error > 0 else 0.0


def _suspect(site: Site, store: ProjectStore, project: Project, best: Cycle) -> Reason | None:
    """The person whose answers since then agree much less with the earlier model than those of the others."""
    question = next((one for one in best.inputs.questions if one.id == project.primary.id), None)
    if question is None or question.schema != project.primary.schema or (model := best.model(question)) is None:
        return None
    where = Cycle(store, project.row.cycle).layout
    with store.read() as rows:
        counted = answers.counted(rows, where, question.id)
    new = [one for one in counted if one.seq > best.inputs.upto_seq and where.split[one.ordinal] == POOL]
    if len(new) < 2 * MIN_ANSWERS:
        return None
    ordinals = np.array([one.ordinal for one in new], dtype=np.int64)
    predictions = model.predict(features.rows_of(store, best.inputs.revision, ordinals))
    agrees = agreement(question, [dict(one.answer) for one in new], predictions)
    if agrees is None:
        return None
    people = np.array([one.person_id for one in new])
    names = site.names()
    found: list[tuple[float, Reason]] = []
    for person in np.unique(people):
        own, others = agrees[people == person], agrees[people != person]
        if len(own) < MIN_ANSWERS or len(others) < MIN_ANSWERS:
            continue
        pooled = agrees.mean()
        error = float(np.sqrt(pooled * (1 - pooled) * (1 / len(own) + 1 / len(others))))
        z = (float(own.mean()) - float(others.mean())) / error if error > 0 else 0.0
        figures: dict[str, Figure] = {
            "name": names.get(str(person), (str(person), False))[0], "n": len(own), "own": 100 * float(own.mean()),
            "others": 100 * float(others.mean()),
        }  # fmt: skip
        found.append((z, Reason("progress-fell-person", figures)))
    z, reason = min(found, key=lambda one: one[0], default=(0.0, Reason("progress-fell-person", {})))
    return reason if z < -SUSPECT_Z else None


def agreement(question: QuestionInputs, said: list[dict[str, object]], predictions: object) -> Floats | None:
    """Whether the model favours what was said, in [0, 1] for each answer; None for numbers, which are near or far."""
    task = question.make_task()
    metric = next((name for name in task.mean_metrics if task.higher_is_better(name)), None)
    if metric is None:
        return None
    return np.asarray(task.losses(metric, task.encode(said), predictions), dtype=np.float64)  # type: ignore[arg-type]
