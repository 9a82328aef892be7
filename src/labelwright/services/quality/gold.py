"""Items whose answer is known: which there are, how people fare on them, marking one and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine import gold
from labelwright.errors import NotFoundError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.site import Site
from labelwright.store.record.gold import GoldSet

LEAD = "lead"


@dataclass(frozen=True)
class GoldView:
    """An item with a known answer.

    Attributes
    ----------
    rule : str, optional
        Why the answer is right.
    source : str
        "import", "review", "calibration" or "lead".
    n_answers, n_wrong : int
        First answers of people who were checked with it.
    """

    item: shown.ItemView
    question: str
    answer: JsonObject
    label: str
    rule: str | None
    source: str
    n_answers: int
    n_wrong: int


def listing(site: Site, actor: Actor, slug: str) -> list[GoldView]:
    """All of them, those that people get wrong most often first."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        known = gold.known_answers(rows)
        views = shown.views(store, rows, project, sorted({ordinal for ordinal, _ in known}))
        rates: dict[tuple[int, str], tuple[int, int]] = {}
        for question in project.questions:
            found = gold.error_rates(rows, question.id, known)
            rates |= {(ordinal, question.id): counts for ordinal, counts in found.items()}
        listed = [
            GoldView(
                views[ordinal], one.question, one.answer, describe_answer(project.question(question_id), one.answer),
                store.unseal(rows, one.rule_id), one.source, rates.get((ordinal, question_id), (0, 0))[1],
                rates.get((ordinal, question_id), (0, 0))[0],
            )
            for (ordinal, question_id), one in known.items()
            if ordinal in views
        ]  # fmt: skip
    return sorted(listed, key=lambda one: (-one.n_wrong / max(one.n_answers, 1), one.item.id))


def mark(
    site: Site, actor: Actor, slug: str, item_id: str, answer: JsonObject, *, question: str | None, rule: str | None
) -> None:
    """From now on people are checked with this item; what they answered so far stays.

    Raises
    ------
    InputError
        If the answer does not fit the question.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        asked = project.question(question)
        ordinal = shown.existing(project, item_id)
        asked.task.validate(dict(answer))
        sealed = transaction.seal(rule) if rule else None
        transaction.record(GoldSet(asked.id, answer, sealed, LEAD, True), actor=actor.person_id, ordinal=ordinal)


def unmark(site: Site, actor: Actor, slug: str, item_id: str, *, question: str | None) -> None:
    """Check nobody with this item any more.

    Raises
    ------
    NotFoundError
        If its answer is not known.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        asked = project.question(question)
        ordinal = shown.existing(project, item_id)
        known = gold.known_answer(transaction.rows, ordinal, asked.id)
        if known is None:
            raise NotFoundError(f"The answer to the item '{item_id}' is not known, so there is nothing to take back.")
        body = GoldSet(asked.id, known.answer, None, known.source, False)
        transaction.record(body, actor=actor.person_id, ordinal=ordinal)
