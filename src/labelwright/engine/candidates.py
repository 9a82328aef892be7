"""The encoders that a project tries: which one serves, and making the features of the others in the background.

A project names one or more. It begins with one that is fast; the others are encoded while nothing else is to do, and
serve from the cycle after the one that finds them better, or at once where the project names that one alone. Refined
features (``refined:SPEC``) serve in the place of those of SPEC where they were measured to bring something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from labelwright import encoders, models
from labelwright.engine import encoding, features, refined
from labelwright.engine.executors import Executor
from labelwright.engine.project import Question, load
from labelwright.models.automatic import AUTO, first
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.features import EncoderReady, EncodersCompared
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Candidate:
    """An encoder of a project.

    Attributes
    ----------
    spec : str
    revision : str
        Of its features.
    """

    spec: str
    revision: str


def specs(config: JsonObject) -> list[str]:
    """The encoders that a project tries, the one that it begins with first.

    >>> specs({"kind": "text", "encoder": "wordllama"}), specs({"kind": "text", "encoder": None})
    (['tfidf', 'wordllama'], ['tfidf'])
    >>> specs({"kind": "text", "encoder": "refined:wordllama"})
    ['tfidf', 'wordllama', 'refined:wordllama']
    """
    default = encoders.default(str(config["kind"]))
    listed = encoders.split(str(config.get("encoder") or default))
    named = list(dict.fromkeys(part for spec in listed for part in (encoders.base_of(spec), spec) if part))
    return named if is_fast(named[0]) else [default, *(spec for spec in named if spec != default)]


def is_fast(spec: str) -> bool:
    """Whether an encoder needs no weights, so that people can begin while it encodes."""
    return not encoders.make(spec).is_pretrained


def asked_for(config: JsonObject) -> str | None:
    """The encoder that a project names alone, which serves as soon as it is ready, whatever is measured.

    >>> asked_for({"encoder": "refined:wordllama"}), asked_for({"encoder": "tfidf,wordllama"})
    ('wordllama', None)
    """
    named = {encoders.base_of(spec) or spec for spec in encoders.split(str(config.get("encoder") or ""))}
    return named.pop() if len(named) == 1 else None


def candidates(rows: Rows, config: JsonObject) -> list[Candidate]:
    """All of them, with the revisions of their features."""
    return [Candidate(spec, features.revision_of(rows, spec)) for spec in specs(config)]


def serving(rows: Rows, config: JsonObject) -> Candidate:
    """The one that serves: what was chosen last, as long as the project names it, else the one that it begins with."""
    every, last = candidates(rows, config), last_choice(rows)
    if last is None:
        return every[0]
    made = refined.of_revision(rows, last.chosen)
    if made is not None and made.spec in specs(config):  # its own revision, also where a newer one is being made
        return Candidate(made.spec, made.revision)
    chosen = last.chosen if made is None else made.base
    return next((one for one in every if one.revision == chosen), every[0])


def last_comparison(rows: Rows) -> tuple[str, EncodersCompared] | None:
    """When they were compared last, and what came of it."""
    table = t.decision
    query = rows.select(table.c.at, table.c.data).where(table.c.kind == EncodersCompared.kind)
    row = rows.first(query.order_by(table.c.seq.desc()).limit(1))
    return None if row is None else (row.at, EncodersCompared.read(row.data, EncodersCompared.body_version))


def last_choice(rows: Rows) -> EncodersCompared | None:
    """What came of the last comparison."""
    last = last_comparison(rows)
    return None if last is None else last[1]


def learner(rows: Rows, question: Question, kind: str) -> str:
    """The learner that serves a question: the named one; of "auto" what was chosen last, before that the first one.

    Learners are compared for the first question. Others with "auto" have the one that is usual for the kind of item.
    """
    if question.model != AUTO:
        return question.model
    if not question.primary:
        return models.default(question.task, kind)
    last = last_choice(rows)
    chosen = "" if last is None or last.question != question.id else last.model_chosen
    return chosen if chosen in models.names(question.task) else first(question.task)


def title(spec: str, model: str, *, many: bool, automatic: bool) -> str:
    """How a candidate is called in reasons.

    >>> title("tfidf", "svm", many=True, automatic=True), title("tfidf", "svm", many=False, automatic=True)
    ('svm on tfidf', 'svm')
    >>> title("tfidf", "linear", many=True, automatic=False)
    'tfidf'
    """
    if not automatic:
        return spec
    return f"{model} on {spec}" if many else model


def plain(rows: Rows, config: JsonObject) -> list[Candidate]:
    """Those whose features depend on no label, so that they can be compared on labels."""
    return [one for one in candidates(rows, config) if encoders.base_of(one.spec) is None]


def ready(rows: Rows, config: JsonObject, n_items: int) -> list[Candidate]:
    """Those that can be compared and whose features of all items are there."""
    return [one for one in plain(rows, config) if features.n_encoded(rows, one.revision) >= n_items]


def instead(rows: Rows, config: JsonObject, n_items: int, chosen: Candidate, serving: str) -> Candidate:
    """What serves where an encoder is chosen: its refined features, if the last adapter brought something.

    Parameters
    ----------
    chosen : Candidate
        One that refines nothing.
    serving : str
        The revision that serves now: where it comes from an earlier adapter, it stays until the features of the last
        one are there.
    """
    spec = next((spec for spec in specs(config) if encoders.base_of(spec) == chosen.spec), None)
    newest = None if spec is None else refined.last(rows, spec, chosen.revision)
    if newest is None or not newest.is_better:
        return chosen
    if features.n_encoded(rows, newest.revision) >= n_items:
        return Candidate(newest.spec, newest.revision)
    now = refined.of_revision(rows, serving)
    return chosen if now is None or now.base != chosen.revision else Candidate(now.spec, now.revision)


def missing(rows: Rows, config: JsonObject, n_items: int) -> list[Candidate]:
    """Those of which features are missing; refined ones only where the last adapter brought something."""
    return [
        one
        for one in candidates(rows, config)
        if features.n_encoded(rows, one.revision) < n_items
        and (encoders.base_of(one.spec) is None or refined.is_newest(rows, one.revision))
    ]


def wanted(store: ProjectStore) -> bool:
    """Whether features of a candidate are missing, once people have something to do."""
    with store.read() as rows:
        row = store.row_if_any(rows)
        if row is None or row.n_items == 0 or row.awaits_features or row.state != "ready":
            return False
        listed = specs(row.config)
        if len(listed) > 1 and missing(rows, row.config, row.n_items):
            return True
    return bool(refined.due(store, listed))


def make(
    store: ProjectStore, may_go_on: Callable[[], bool] = lambda: True, executor: Executor | None = None
) -> bool:  # fmt: skip
    """Encode the items by the candidates that do not serve, and refine features on labels; whether all is there.

    When a candidate is ready, that is an event, and the project wants a cycle, which compares it.
    """
    if not _encode(store, may_go_on, executor):
        return False
    with store.read() as rows:
        listed = specs(store.row(rows).config)
    for spec, base in refined.due(store, listed):
        refined.fit(store, spec, base)
    return _encode(store, may_go_on, executor)


def _encode(store: ProjectStore, may_go_on: Callable[[], bool], executor: Executor | None) -> bool:
    """Encode what is missing; whether all is there."""
    with store.read() as rows:
        row = store.row(rows)
        left = missing(rows, row.config, row.n_items)
        upto_seq = store.head_seq(rows)
    for one in left:
        kind = str(row.config["kind"])
        if not encoding.encode(store, kind, one.spec, one.revision, row.n_items, upto_seq, may_go_on, executor):
            return False
        with store.write() as transaction:
            question = load(store, transaction.rows).primary.id
            body = EncoderReady(one.revision, one.spec, row.n_items, question)
            transaction.record(body, actor="system")
    return True
