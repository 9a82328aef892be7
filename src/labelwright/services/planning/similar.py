"""Similar projects of the home as a start: what won, what an item took, what was spent past the goal.

Similarity is between 0 and 1: half of it is the content (shared frequent words of texts, shared columns of tables;
images have none, and the other two parts count alone), three tenths shared label names, two tenths the size, on the
scale of the logarithm. Only projects of the same kind of item and of label are compared.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from labelwright import items
from labelwright.engine import contents
from labelwright.engine.importing.scan import drafts
from labelwright.engine.plans.folder import FINISHED, folders
from labelwright.engine.project import Project
from labelwright.errors import LabelwrightError
from labelwright.exchange import guess, open_source
from labelwright.items import Content
from labelwright.services.people.roles import Actor, permissions_of
from labelwright.services.planning.labeled import label_names
from labelwright.services.planning.source import Source, managed
from labelwright.services.planning.views import RangeView, SetUpView, known
from labelwright.services.projects import access, uploads
from labelwright.services.projects import goal as goals
from labelwright.services.site import Site
from labelwright.services.steering import control, curves
from labelwright.stats.intervals import median_interval
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWER

N_SAMPLED, N_WORDS, N_SHOWN = 200, 200, 5
LEAST: Final = 0.2  # similarity below which a project is no start
CONTENT, LABELS, SIZE = 0.5, 0.3, 0.2
DECADES: Final = 3.0  # sizes that differ by so many powers of ten have nothing in common
WORD: Final = re.compile(r"\w{3,}")


@dataclass(frozen=True)
class Sketch:
    """What projects are compared by.

    Parameters
    ----------
    kind, task : str
        Of items and of labels.
    marks : frozenset of str, optional
        Frequent words, or columns; None for images.
    labels : frozenset of str
        Names, in small letters.
    n_items : int
    """

    kind: str
    task: str
    marks: frozenset[str] | None
    labels: frozenset[str]
    n_items: int


@dataclass(frozen=True)
class SimilarView:
    """A similar project and what it says.

    Attributes
    ----------
    similarity : float
        In [0, 1].
    strategy : str
        What chose its items.
    saving : RangeView
        Of that strategy against the project's control arm; of None where there is no such figure.
    planned : SetUpView, optional
        What its latest finished plan proposes.
    seconds : RangeView
        Median of an answer.
    n_labels : int
        Of its latest model.
    regret : int, optional
        Labels between the first model that reached the goal and the latest; None without a goal that was reached.
    """

    slug: str
    title: str
    similarity: float
    n_items: int
    strategy: str
    model: str
    batch_size: int
    overlap: int
    saving: RangeView
    planned: SetUpView | None
    seconds: RangeView
    n_labels: int
    regret: int | None


def similar(site: Site, actor: Actor, source: Source, labels: tuple[str, ...] = ()) -> list[SimilarView]:
    """The most similar projects whose progress the caller may read, the most similar first, five at most.

    Parameters
    ----------
    labels : tuple of str
        Those to choose from, of an upload; a project has its own.

    Raises
    ------
    InputError
        If the source cannot be read.
    ForbiddenError, NotFoundError
        If the caller may not manage the project, or there is no such upload.
    """
    source.check()
    if source.project is None:
        own = _sketch_of_upload(site, actor, source, labels)
    else:
        store = managed(site, actor, source.project)
        with store.read() as rows:
            project = access.ready(store, rows)
        own = _sketch_of(store, project)
    found = []
    for slug, role in site.roles_of(actor).items():
        if slug == source.project or "progress.read" not in permissions_of(role):
            continue
        try:
            store = site.project(slug)
            with store.read() as rows:
                project = access.ready(store, rows)
            if (project.kind, project.primary.task_name) != (own.kind, own.task):
                continue
            likeness = similarity(own, _sketch_of(store, project))
            if likeness >= LEAST:
                found.append((likeness, store, project))
        except LabelwrightError:  # one that is damaged or still imported says nothing
            continue
    found.sort(key=lambda one: -one[0])
    return [_view(site, store, project, likeness) for likeness, store, project in found[:N_SHOWN]]


def sketch(kind: str, task: str, sample: Iterable[Content], labels: Iterable[str], n_items: int) -> Sketch:
    """What data are compared by; words are those in most of 200 items at most."""
    bodies = [content.body for content, _ in zip(sample, range(N_SAMPLED), strict=False)]
    marks: frozenset[str] | None = None
    if kind == "text":
        words = Counter(word for body in bodies for word in set(WORD.findall(str(body.get("text")).casefold())))
        marks = frozenset(word for word, _ in words.most_common(N_WORDS))
    elif kind == "table":
        cells = [body.get("row") for body in bodies]
        marks = frozenset(str(name).casefold() for row in cells if isinstance(row, dict) for name in row)
    return Sketch(kind, task, marks, frozenset(label.casefold() for label in labels), n_items)


def similarity(one: Sketch, other: Sketch) -> float:
    """How alike two sets of data are, in [0, 1]; see the module.

    Examples
    --------
    >>> news = Sketch("text", "classification", frozenset({"goal", "match"}), frozenset({"sport"}), 1000)
    >>> round(similarity(news, news), 9)
    1.0
    >>> far = Sketch("text", "classification", frozenset({"enzyme"}), frozenset({"tumor"}), 1_000_000)
    >>> round(similarity(news, far), 9)
    0.0
    """
    size = max(0.0, 1 - abs(math.log10(max(one.n_items, 1) / max(other.n_items, 1))) / DECADES)
    parts = [(SIZE, size)]
    if one.labels or other.labels:
        parts.append((LABELS, _shared(one.labels, other.labels)))
    if one.marks is not None and other.marks is not None:
        parts.append((CONTENT, _shared(one.marks, other.marks)))
    return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index; 0 for two empty sets."""
    return len(one & other) / max(len(one | other), 1)


def _sketch_of(store: ProjectStore, project: Project) -> Sketch:
    n_items = project.row.n_items
    drawn = np.sort(np.random.default_rng(0).permutation(n_items)[:N_SAMPLED])
    sample = [] if project.kind == "image" else [one for block in contents.blocks(store, drawn) for one in block]
    return sketch(project.kind, project.primary.task_name, sample, label_names(project.primary.task), n_items)


def _sketch_of_upload(site: Site, actor: Actor, source: Source, labels: tuple[str, ...]) -> Sketch:
    reader = open_source(uploads.find(site, actor, source.upload_id or ""))
    guessed = guess(reader, source.columns, task=source.task)
    kind, n_items = items.make(guessed.kind), reader.count()
    read = drafts(reader, guessed.columns, kind, site.settings.max_text)
    sample = [] if guessed.kind == "image" else [draft.content for draft in islice(read, N_SAMPLED)]
    return sketch(
        guessed.kind, guessed.task, sample, labels, sum(1 for _ in reader) if n_items is None else n_items
    )  # fmt: skip


def _view(site: Site, store: ProjectStore, project: Project, likeness: float) -> SimilarView:
    equal = control.measured(site, store, project).equal
    seen = None if equal is None else control.view_of(equal)
    saving = RangeView(None, None, None) if seen is None else RangeView(seen.saving, seen.saving_low, seen.saving_high)
    points = curves.measured(site, store, project).points
    return SimilarView(
        store.slug, project.title, round(likeness, 3), project.row.n_items, str(project.policy.make_strategy().name),
        project.primary.model, project.policy.batch_size, project.policy.overlap, saving, _planned(site, store.slug),
        _seconds(store), points[-1].n_labels if points else 0,
        _regret(project, [(point.n_labels, point.estimate.value) for point in points]),
    )  # fmt: skip


def _planned(site: Site, slug: str) -> SetUpView | None:
    done = [one for one in folders(site.settings.home) if one.about().get("project") == slug and one.state == FINISHED]
    return SetUpView.of(done[-1].plan().best.setup) if done else None


def _seconds(store: ProjectStore) -> RangeView:
    table = t.annotation
    with store.read() as rows:
        query = rows.select(table.c.seconds).where(table.c.kind == ANSWER, table.c.seconds.is_not(None))
        seconds = np.array(rows.scalars(query).all(), dtype=np.float64)
    if not len(seconds):
        return RangeView(None, None, None)
    median = median_interval(seconds)
    return RangeView(known(median.value), known(median.low), known(median.high))


def _regret(project: Project, points: list[tuple[int, float]]) -> int | None:
    """Labels of the latest model beyond those of the first that reached the goal."""
    goal = goals.view(project)
    if goal is None or project.goal is None or project.goal.is_search or not points:
        return None
    sign = 1 if goal.higher_is_better else -1
    first = next((n_labels for n_labels, value in points if sign * value >= sign * goal.value), None)
    return None if first is None else points[-1][0] - first
