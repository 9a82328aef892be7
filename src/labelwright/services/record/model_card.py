"""A model card as Markdown: what a model is for, what it learned from, how good it is, and what that does not tell.

Nothing is stated that the record does not hold: what is not known is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from labelwright.engine.layout import SOURCE
from labelwright.loop.steps import ENOUGH
from labelwright.policy.kinds.random import Random
from labelwright.services.people.roles import Actor
from labelwright.services.record.model_facts import ModelFacts, TrainingData, collect
from labelwright.services.record.models import KeptFile
from labelwright.services.site import Site
from labelwright.words.reason import counted

ORIGINS = {
    "given": "given with the data", "decided": "decided in a review", "chosen": "chosen by the strategy",
    "random": "drawn at random", "pinned": "pinned by a lead", "relabel": "asked again",
    "gold": "asked although the answer is known", "other": "answered without being asked",
    "arm_a": "chosen by the first arm of a fork", "arm_b": "chosen by the second arm of a fork",
}  # fmt: skip
STAGES = {
    "served": "It serves: predictions on screens and in exports come from it.",
    "candidate": "It is newer than the model that serves.",
    "retired": "It is older than the model that serves.",
}


def card(site: Site, actor: Actor, slug: str, model_id: str | None = None) -> str:
    """The card of a model, of the one that serves the primary question if none is named.

    Raises
    ------
    NotFoundError
        If there is no such model, or none yet.
    """
    facts = collect(site, slug, model_id)
    parts = (_purpose(facts), _data(facts), _training(facts), _measured(facts), _limits(facts), _files(facts))
    head = [f"# Model {facts.model.id} of {_plain(facts.project)}", "", STAGES[facts.model.stage]]
    return "\n".join([*head, *(line for part in parts for line in ("", *part))]) + "\n"


def _purpose(facts: ModelFacts) -> Iterator[str]:
    yield from ("## What it is for", "", f"It answers one question about each {facts.items_are} item:", "")
    yield f"> {_plain(facts.text)}"
    if facts.labels:
        yield from ("", f"Labels: {', '.join(_plain(name) for name in facts.labels)}.")
    if facts.guidelines:
        yield from ("", "The guidelines of the people who labeled begin:", "")
        yield from (f"> {line}" for line in facts.guidelines.splitlines())


def _data(facts: ModelFacts) -> Iterator[str]:
    yield from ("## Data", "", f"{counted(sum(facts.splits.values()), 'item')}, imported from:", "")
    yield from _table(
        ("file", "items", "imported"),
        [(_plain(one.source), f"{one.n_items:,}", one.at[:10]) for one in facts.imports],
    )
    if n_source := facts.splits.get(SOURCE, 0):
        yield from (
            "",
            f"{counted(n_source, 'item')} of them are of another domain and came with labels (split: source).",
        )
    yield from ("", f"Label version {facts.model.label_version}, made of answers by the resolver '{facts.resolver}'.")
    data = facts.data
    if data is None:
        return
    people = f" Answers are from {_people(data.n_people)}." if data.n_people is not None else ""
    yield f"{counted(data.n_training, 'label')} to train on, {data.n_reserve:,} of the reserve to measure on.{people}"
    if data.origins:
        yield from ("", "Training labels by how their items came to be labeled:", "")
        for why, n in data.origins.items():
            yield f"- {ORIGINS.get(why, why)}: {n:,} ({n / data.n_training:.0%})"
    if data.classes:
        rows = [(_plain(one.name), f"{one.before:,}", f"{one.after:,}") for one in data.classes]
        yield from ("", *_table(("label", "training", "reserve"), rows))


def _training(facts: ModelFacts) -> Iterator[str]:
    model = facts.model
    yield from ("## Training", "", f"- Learner: {model.kind}, on features of the encoder '{model.encoder}'")
    yield f"- Trained: {model.at}"
    yield f"- Training labels: {model.n_labels:,}"
    yield f"- Seed: {model.seed}"
    yield from (f"- {name}: {_value(value)}" for name, value in model.params.items() if name != "name")
    yield from (f"- {name} {value}" for name, value in model.versions.items())


def _measured(facts: ModelFacts) -> Iterator[str]:
    yield from ("## How good it is", "")
    reserve, sealed = facts.splits.get("reserve", 0), facts.splits.get("sealed", 0)
    asked = sum(n for split, n in facts.splits.items() if split != SOURCE)
    if reserve + sealed:
        yield (
            f"Measured on the reserve: {counted(reserve + sealed, 'item')} of {asked:,}, drawn "
            "uniformly at random among groups of alike items when they were imported, before people labeled them. No "
            "model learns from them."
        )
    if sealed:
        yield f"{counted(sealed, 'item')} of them are sealed: their labels are read only to certify a goal."
    if not facts.model.metrics:
        yield from ("", "No figure: there were no labels of the reserve when it was trained.")
        return
    rows = [
        (one.metric, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", f"{one.n:,}")
        for one in facts.model.metrics
    ]
    yield from ("", *_table(("metric", "value", "95 % interval", "reserve labels"), rows))
    told = [(one, one.figure) for one in facts.slices if one.figure.value is not None]
    if told:
        cells = [
            (_plain(one.column.removeprefix("saved.") if one.column != "domain" else f"domain {one.value}"),
             f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}", f"{figure.n:,}")
            for one, figure in told
            if figure.low is not None and figure.high is not None
        ]  # fmt: skip
        yield from ("", f"In parts of the items with {ENOUGH} reserve labels or more:", "")
        yield from _table(("part", facts.model.metrics[0].metric, "95 % interval", "reserve labels"), cells)


def _limits(facts: ModelFacts) -> Iterator[str]:
    yield from ("## What the figures do not tell", "")
    yield "- The reserve stands for the items that were imported. Figures do not hold for items of another kind."
    first = facts.model.metrics[0] if facts.model.metrics else None
    if first is not None and not first.enough:
        yield f"- {counted(first.n, 'label')} of the reserve are fewer than {ENOUGH}: too few to judge the model by."
    if facts.model.is_best:
        yield "- It is the best of several models by this figure, so the figure flatters it somewhat."
    share = _chosen(facts.data)
    if share is not None:
        yield (
            f"- {share:.0%} of the training labels were not drawn at random, so their share of each label is not "
            "that of the items."
        )
    yield "- A label is what people agreed on under the guidelines. What they all get wrong, the figures do not show."


def _files(facts: ModelFacts) -> Iterator[str]:
    yield from ("## Files and hashes", "", f"- Event {facts.event} of the record, hash `{facts.event_hash}`")
    yield from (_file("Model", facts.model.artifact), *(_file("For a refit", one) for one in facts.model.refit))
    yield f"- Features: revision `{facts.model.revision}`"


def _chosen(data: TrainingData | None) -> float | None:
    if data is None or not data.origins or not data.n_training:
        return None
    share = 1 - data.origins.get(Random.name, 0) / data.n_training
    return share or None


def _file(what: str, file: KeptFile) -> str:
    return f"- {what}: `{file.path}`, SHA-256 `{file.hash}`{'' if file.is_kept else ', kept no longer'}"


def _people(n: int) -> str:
    return "1 person" if n == 1 else f"{n:,} people"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """On one line, without what Markdown reads as a cell's end."""
    return " ".join(text.split()).replace("|", "\\|")


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
