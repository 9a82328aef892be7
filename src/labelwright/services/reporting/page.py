"""The report as a page that prints well on A4: plain HTML with its style inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from labelwright.loop.steps import ENOUGH
from labelwright.policy import kinds
from labelwright.services.reporting import drawing
from labelwright.services.reporting.markup import Markup, joined, tag
from labelwright.services.reporting.report import Report
from labelwright.services.reporting.style import STYLE
from labelwright.services.steering.drafts import FAILED, HELD, OPEN
from labelwright.services.steering.estimates import EstimateView
from labelwright.services.steering.round_views import RoundView
from labelwright.services.steering.spending import CostShare
from labelwright.words import counted

VERDICTS: Final = {HELD: "Held", FAILED: "Failed", OPEN: "Open"}
HOUR: Final = 3600.0


def page(report: Report) -> str:
    """The whole page."""
    head = tag(
        "head", tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{report.title}: report"), tag("style", Markup(STYLE)),
    )  # fmt: skip
    body = tag(
        "body",
        tag(
            "main",
            tag("header", tag("h1", report.title), tag("p", report.progress.sentence, class_="lead"), _made(report)),
            _targets(report), _curve(report), _measured(report), _cost(report), _worked(report), _rounds(report),
            _decisions(report), _reading(),
        ),
    )  # fmt: skip
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _made(report: Report) -> Markup:
    asked = "; ".join(report.questions)
    answers = counted(report.progress.counts.answers, "answer")
    people = f"{report.n_people} {'person' if report.n_people == 1 else 'people'}"
    return tag("p", f"{answers} of {people}, as of {_day(report.made_at)}. What is asked: {asked}", class_="quiet")


def _targets(report: Report) -> Markup:
    goal = report.goal
    rows: list[tuple[str, str]] = []
    if goal is not None:
        rows.append(("Goal", f"{goal.metric} {'at least' if goal.higher_is_better else 'at most'} {goal.value:g}"))
        if goal.deadline is not None:
            rows.append(("Deadline", goal.deadline.isoformat()))
        if goal.budget is not None:
            rows.append(("Budget", counted(goal.budget, "answer")))
        if goal.label_cost is not None:
            rows.append(("Cost of an answer", f"{goal.label_cost:g}"))
    said = joined(tag("p", text) for text in report.advice)
    lines = joined(tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in rows)
    table = tag("table", tag("tbody", lines)) if rows else tag("p", "No goal is set.")
    steps = joined(tag("li", sentence) for sentence in report.plan)
    todo = [tag("h3", "What is still to do"), tag("ol", steps)] if report.plan else []
    return _section("Target", table, *todo, tag("h3", "Whether to stop"), said)


def _curve(report: Report) -> Markup:
    points, metric = [point.estimate for point in report.progress.curve], report.progress.metric
    if not points:
        return _section("Learning curve", tag("p", "There are too few labels of the reserve to draw a curve."))
    first, last = points[0], points[-1]
    caption = (
        f"{metric} from {_figure(first)} with {counted(first.n_labels, 'label')} to {_figure(last)} with "
        f"{counted(last.n_labels, 'label')}, measured on the same {last.n} labels of the reserve. The band is the 95 % "
        "interval."
    )
    arm = report.progress.baseline
    more = " Open dots are models of the control arm, which learn from random labels alone." if arm else ""
    drawn = drawing.curve(points, metric, target=report.progress.target, arm=arm)
    return _section("Learning curve", tag("figure", drawn, tag("figcaption", caption + more)))


def _measured(report: Report) -> Markup:
    rows = [
        (
            line.name, _number(line.figure.value), _interval(line.figure.low, line.figure.high),
            "higher" if line.higher_is_better else "lower",
        )
        for line in report.metrics
    ]  # fmt: skip
    if not rows:
        return _section("How good the model is", tag("p", "No model is measured yet."))
    basis = f"Measured on {counted(report.n_reserve, 'label')} of the reserve, which no model learned from."
    few = tag("p", "That is too few to judge.") if report.n_reserve < ENOUGH else None
    return _section(
        "How good the model is",
        tag("p", basis),
        few,
        _table(("Metric", "Value", "95 % interval", "Better is"), rows, numbers=(1, 2)),
    )


def _cost(report: Report) -> Markup:
    shares, last = report.progress.cost, report.progress.curve[-1:]
    rows = [(_kind(share), f"{share.answers:,}", f"{share.seconds / HOUR:.2f}", _use(share)) for share in shares]
    total = (
        "All", f"{sum(share.answers for share in shares):,}",
        f"{sum(share.seconds for share in shares) / HOUR:.2f}", "",
    )  # fmt: skip
    paid = [
        tag("p", f"Until the newest model the answers cost {one.cost:,.2f}.") for one in last if one.cost is not None
    ]
    table = _table(("Why it was asked", "Answers", "Hours", "Note"), [*rows, total], numbers=(1, 2))
    return _section("What was spent", table, *paid)


def _worked(report: Report) -> Markup:
    """The rounds whose verdict is not open, by verdict."""
    parts: list[Markup] = []
    for verdict, title in ((HELD, "What worked"), (FAILED, "What did not work")):
        of_it = [one for one in report.rounds if one.verdict == verdict]
        lines = joined(tag("li", f"Round {one.number}: {one.hypothesis} {one.outcome} {one.note}") for one in of_it)
        parts += [tag("h3", title), tag("ul", lines) if of_it else tag("p", "No round has that verdict yet.")]
    note = "A round that held shows that the metric rose while it ran. Why it rose takes a comparison of two arms."
    ended = [one for one in report.forks if one.ended_at is not None]
    of_arms = [
        tag("h3", "Two ways to choose, side by side"),
        tag("ul", joined(tag("li", f"Fork {one.number}: {one.hypothesis} {one.sentence}") for one in ended)),
    ] if ended else []  # fmt: skip
    return _section("What worked and what did not", *parts, tag("p", note, class_="quiet"), *of_arms)


def _rounds(report: Report) -> Markup:
    """Rounds that a person described, that changed something, or that have a verdict; the rest as a number."""
    told = [one for one in report.rounds if _is_told(one)]
    rest = len(report.rounds) - len(told)
    rows = [
        (
            str(one.number), _day(one.started_at), joined([tag("b", one.hypothesis), tag("br"), one.change]),
            f"{one.answers} of {one.planned}", one.outcome, _verdict(one), one.note,
        )
        for one in told
    ]  # fmt: skip
    more = f"{counted(rest, 'round')} more changed nothing, and nothing can be said of them." if rest else None
    names = ("Round", "Began", "Hypothesis and change", "Answers", "Outcome", "Verdict", "Note")
    drafted = "A verdict in brackets is drafted from the data; a person gave the others."
    table = _table(names, rows, narrow=(0, 1, 3, 5)) if rows else None
    return _section(
        "Rounds", table, tag("p", drafted, class_="quiet") if rows else None, tag("p", more) if more else None
    )


def _verdict(one: RoundView) -> str:
    name = VERDICTS[one.verdict]
    return f"({name})" if "verdict" in one.drafted else name


def _is_told(one: RoundView) -> bool:
    by_person = {"hypothesis", "change", "measure", "verdict"} - set(one.drafted)
    return bool(one.number == 1 or by_person or one.note or one.verdict != OPEN or one.changed)


def _decisions(report: Report) -> Markup:
    rows = [(_day(one.at), "the machine" if one.by_machine else "a person", one.text) for one in report.decisions]
    return _section("Decisions", _table(("Day", "By", "What"), rows, narrow=(0, 1)))


def _reading() -> Markup:
    text = (
        "Figures come from a reserve: items sampled uniformly at random before labeling began, which no model learns "
        "from. An interval of 95 % covers the true value in 95 of 100 such projects. Rounds are compared on the same "
        "items, so that what is hard for both models cancels. Nothing in this report ranks people."
    )
    return _section("How to read this", tag("p", text))


def _section(title: str, *parts: Markup | None) -> Markup:
    return tag("section", tag("h2", title), *parts)


def _table(
    names: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), narrow: Sequence[int] = ()
) -> Markup:
    def cell(name: str, k: int, text: str) -> Markup:
        look = "number" if k in numbers else "narrow" if k in narrow else ""
        return tag(name, text, class_=look) if look else tag(name, text)

    head = tag("tr", *(cell("th", k, name) for k, name in enumerate(names)))
    body = joined(tag("tr", *(cell("td", k, text) for k, text in enumerate(row))) for row in rows)
    table = tag("table", tag("thead", head), tag("tbody", body))
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=f"Table by {names[0].lower()}")


def _kind(share: CostShare) -> str:
    return next((kind.label for kind in kinds.all() if kind.name == share.kind), share.kind)


def _use(share: CostShare) -> str:
    return "measures the model, never trains it" if share.measures else ""


def _day(at: str) -> str:
    return at[:10]


def _figure(estimate: EstimateView) -> str:
    return f"{_number(estimate.value)} {_interval(estimate.low, estimate.high)}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"[{low:.3f}, {high:.3f}]"
