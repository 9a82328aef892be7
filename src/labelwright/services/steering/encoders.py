"""The encoders of a project: which one serves and why, how far the others are, and naming others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelwright import encoders
from labelwright.engine import candidates, encoding, features, refined
from labelwright.engine.project import Project
from labelwright.engine.reasons import reason_of
from labelwright.errors import ForbiddenError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store.record.features import EncodersNamed, Figure
from labelwright.store.rows import Rows
from labelwright.words import Reason


@dataclass(frozen=True)
class EncoderView:
    """One encoder of a project.

    Attributes
    ----------
    spec : str
    serves : bool
        Whether features come from it now.
    n_encoded : int
        Items that have features by it.
    loss, p_best : float, optional
        At the last comparison; None where it was not in it.
    licence : str
        Of its weights; "" where it has none.
    model : str
        The learner that serves with it, or fitted best with it at the last comparison; "" before one.
    """

    spec: str
    serves: bool
    n_encoded: int
    loss: float | None
    p_best: float | None
    licence: str
    model: str
    gain: str


@dataclass(frozen=True)
class FitView:
    """One pair of encoder and learner at the last comparison.

    Attributes
    ----------
    spec, model : str
    serves : bool
        Whether it was chosen.
    loss, p_best : float
    """

    spec: str
    model: str
    serves: bool
    loss: float
    p_best: float


@dataclass(frozen=True)
class EncodersView:
    """The encoders of a project.

    Attributes
    ----------
    n_items : int
    encoders : list of EncoderView
        The one that the project begins with first.
    measure : str, optional
        The metric that the losses are parts of.
    n_labels : int, optional
        Training labels at the last comparison.
    why : str, optional
        What came of it.
    at : str, optional
        When.
    fits : list of FitView
        Pairs of encoder and learner, the likeliest first; none where the model is not "auto".
    """

    n_items: int
    encoders: list[EncoderView]
    measure: str | None
    n_labels: int | None
    why: str | None
    at: str | None
    fits: list[FitView]


def show(site: Site, slug: str) -> EncodersView:
    """Where they stand."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        row, learner = project.row, candidates.learner(rows, project.primary, project.kind)
        every, serving = candidates.candidates(rows, row.config), candidates.serving(rows, row.config)
        last = candidates.last_comparison(rows)
        gains = {one.spec: _gain(rows, project, one.spec) for one in every}
        made = {one.revision: min(row.n_items, encoding.n_made(store, rows, one.revision)) for one in every}
    figures = [] if last is None else list(last[1].figures)
    listed = [
        _encoder(one, one.spec == serving.spec, made[one.revision], figures, learner, gains[one.spec]) for one in every
    ]
    if last is None:
        return EncodersView(row.n_items, listed, None, None, None, None, [])
    at, compared = last
    chosen = (compared.chosen, compared.model_chosen)
    fits = [
        FitView(one.spec, one.model, (one.revision, one.model) == chosen, one.loss, one.p_best)
        for one in sorted(figures, key=lambda one: -one.p_best)
        if one.model
    ]
    why, measure = str(reason_of(compared.reason)), compared.measure or None
    return EncodersView(row.n_items, listed, measure, compared.n_labels, why, at, fits)


def _encoder(
    one: candidates.Candidate, serves: bool, n_made: int, figures: Sequence[Figure], learner: str, gain: str
) -> EncoderView:
    """One encoder, with the smallest loss of its learners and the chance that one of them is the best."""
    own = sorted((figure for figure in figures if figure.revision == one.revision), key=lambda figure: figure.loss)
    return EncoderView(
        one.spec, serves, n_made, own[0].loss if own else None, sum(figure.p_best for figure in own) if own else None,
        type(encoders.make(one.spec)).licence, learner if serves else own[0].model if own else "", gain,
    )  # fmt: skip


def _gain(rows: Rows, project: Project, spec: str) -> str:
    """What refined features bring, in a sentence."""
    base = encoders.base_of(spec)
    if base is None:
        return ""
    if not project.primary.task.one_class:
        return str(Reason("refined-not-one-class"))
    made = refined.last(rows, spec, features.revision_of(rows, base))
    if made is None:
        return str(Reason("refined-waits", {"needed": refined.ENOUGH}))
    return str(refined.reason(made, "refined-gain" if made.is_better else "refined-none"))


def name(site: Site, actor: Actor, slug: str, specs: Sequence[str]) -> EncodersView:
    """Name the encoders that a project tries from now on; features that are there stay.

    Raises
    ------
    InputError
        If there is none or more than eight, one is unknown, cannot read the items, or misses packages or weights.
    ConflictError
        If the project is archived.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        wanted = encoders.checked(",".join(specs), project.kind, embedded=bool(project.columns.embedding))
        if ",".join(wanted) != project.row.config.get("encoder"):
            transaction.record(EncodersNamed(tuple(wanted)), actor=actor.person_id)
    return show(site, slug)


def check_allowed(site: Site, specs: Sequence[str]) -> None:
    """Refuse over HTTP what reads files, runs code or reaches hosts of this machine, unless its owner allows it.

    Raises
    ------
    ForbiddenError
    """
    allowed = set(encoders.split(site.settings.encoders or ""))
    for spec in specs:
        if spec not in allowed and any(part.argument and part.text not in allowed for part in encoders.parts(spec)):
            raise ForbiddenError(
                f"encoders: '{spec}' reads weights or runs code on this machine, which its owner has to allow.",
                "They can add it to the setting 'encoders', or name it with 'labelwright encoders'.",
            )
