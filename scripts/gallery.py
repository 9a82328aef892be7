"""Write the gallery of strategies: a page for each family, the table of all, a picture of the picks of each.

``--check`` changes nothing and exits 1 if a page, or what a picture shows, is stale. ``--measure CURVES.jsonl`` first
summarises the output of ``python -m benchmarks.labels --part wide``.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gallery_measured as measured
import gallery_pictures as pictures

from labelwright.strategies import Strategy, current

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "reference" / "strategies"
IMAGES = ROOT / "docs" / "images" / "strategies"
SUMMARY = PAGES / "measured.json"
BEGIN, END = "<!-- generated: the table -->", "<!-- end of the table -->"

FAMILIES = {  # in the order of the index: title, and what the members of the family have in common
    "random": ("Random", "The baseline: items are sampled uniformly at random."),
    "hybrid": (
        "Doubt and coverage",
        "Doubtful items that are spread over the pool. `auto`, the default, is one of these.",
    ),
    "uncertainty": ("Doubt", "Each item is scored alone, by how uncertain the model is."),
    "committee": ("Committees", "Each item is scored alone, by how much a committee of models disagrees."),
    "information": ("Information", "The information of an answer about the model, or about other answers."),
    "model-change": ("Change of the model", "How much an answer is expected to change a linear last layer."),
    "expected-error": ("Expected error", "One answer ahead: which answer is expected to leave the fewest errors."),
    "diversity": (
        "Coverage",
        "Coverage of the feature space. Most do not use the model and can pick the first batch.",
    ),
    "search": ("Search and rare classes", "Finding items of a rare class, and its boundary."),
    "multilabel": ("Multilabel", "For items with several labels. Strategies of other families serve them too."),
    "regression": ("Regression", "For numbers. Strategies of other families serve them too."),
    "relabel": ("Asking again", "Whether a second answer is worth more than a new item."),
    "transfer": ("Transfer", "Which items of a new domain to ask about, where another one is labeled."),
    "wrapper": ("Wrappers", "Restrict the candidates of another strategy."),
}
INTERVALS = "In brackets: 95 % intervals of the difference by seed, from the corrected resampled t-test."
NEEDS = {  # what evidence is, in words
    "margin": "probabilities or decision values", "scored": "predictions", "proba": "predictions",
    "doubt": "the model's doubt",
    "draws": "a committee's predictions", "embed": "embeddings", "answers": "answers so far",
    "changed": "predictions of changed items", "labeled": "predictions of labeled items",
    "annotations": "answers by annotator", "source": "a labeled source",
}  # fmt: skip
NOT = re.compile(r"(?:^|(?<=[.;:] ))[Nn]ot (?:for|where|while|with|in|on|to|once|as|when|if) [^.]*(?:\.(?=\S)[^.]*)*\.")


@dataclass(frozen=True)
class Docs:
    """A docstring in parts: paragraphs of Markdown."""

    idea: str
    body: list[str]
    when_not: str
    parameters: dict[str, str]
    notes: list[str]
    cost: str


def read_docs(kind: type[Strategy]) -> Docs:
    """Split a strategy's docstring; a sentence that begins with "Not for", "Not where", ... says when not."""
    head, parts = _sections(kind)
    idea, *body = _paragraphs(head)
    found = NOT.search(" ".join(body))
    when_not = found[0] if found else ""
    body = [left for part in body if (left := part.replace(when_not, "").strip() if when_not else part)]
    body = [re.sub(r"[;:]$", ".", part) for part in body]
    notes = _paragraphs(parts.get("Notes", ""))
    cost = ""
    for k, note in enumerate(notes):
        before, cut, after = note.partition("Cost: ")
        if cut:
            notes[k], cost = before.strip(), after
    parameters: dict[str, str] = {}
    for one in reversed([one for one in kind.__mro__ if issubclass(one, Strategy)]):
        section = _sections(one)[1].get("Parameters", "")
        for name, more in re.findall(r"^(\w+)(?: : .*)?\n?((?:(?:    .*)?\n?)*)", section, re.M):
            parameters[name] = _plain(more)
    return Docs(idea, body, _begun(when_not), parameters, [note for note in notes if note], _begun(cost))


def _sections(kind: type) -> tuple[str, dict[str, str]]:
    """The text before the first heading of a docstring, and the text below each heading."""
    head, *rest = re.split(r"\n\n(\w+)\n-+\n", inspect.cleandoc(kind.__doc__ or ""))
    return head, dict(zip(rest[::2], rest[1::2], strict=True))


def _paragraphs(text: str) -> list[str]:
    return [_plain(part) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _plain(text: str) -> str:
    """One line of Markdown."""
    return " ".join(text.split()).replace("``", "`").replace("*", "\\*")


def _begun(text: str) -> str:
    """With a capital, unless a name begins it."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.rstrip(",.").isalpha() else text


def entry(kind: type[Strategy], summary: dict[str, Any]) -> list[str]:
    """A strategy's part of its family's page."""
    name, docs, task = name_of(kind), read_docs(kind), pictures.task_of(kind)
    images = [
        f"![{name}: what it asks on the {task} pool{pictures.shown_with(name)}](../../images/strategies/{name}.svg)"
    ]
    if kind.cold:
        images.append(f"![{name}: what it asks with nothing labeled](../../images/strategies/{name}-cold.svg)")
    looks = ", ".join(f"{NEEDS.get(need, need)} (`{need}`)" for need in kind.needs) or "nothing"
    flags = [_yes(so) for so in (kind.batch_aware, kind.drawn, kind.cold, kind.has_gain)]
    lines = [f"## {name}", "", docs.idea, "", *images, ""]
    if name in pictures.SHOWN:
        given = ", ".join(f"`{key}={value!r}`" for key, value in pictures.SHOWN[name].items())
        lines += [f"Shown with {given}.", ""]
    for paragraph in docs.body:
        lines += [linked(paragraph, name), ""]
    if docs.when_not:
        lines += [f"**When not to use it.** {linked(docs.when_not, name)}", ""]
    lines += [
        "| tasks | looks at | batch-aware | drawn | first batch | costs |", "|---|---|---|---|---|---|",
        f"| {', '.join(kind.tasks)} | {looks} | {' | '.join(flags)} |", "",
    ]  # fmt: skip
    if kind.random_share:
        lines += [f"**Sampled at random by default.** {kind.random_share:.0%} of a batch.", ""]
    if docs.cost:
        lines += [f"**Cost.** {linked(docs.cost, name)}", ""]
    for note in docs.notes:
        lines += [linked(note, name), ""]
    if defaults := getattr(kind.__init__, "__kwdefaults__", None):
        lines += ["**Parameters.**", "", *(_parameter(key, value, docs) for key, value in defaults.items()), ""]
    lines += [f"**Source.** {kind.reference.removesuffix('.')}.", ""]
    return [*lines, *measured.table(summary, name), ""]


def _parameter(key: str, value: Any, docs: Docs) -> str:
    text = docs.parameters.get(key, "")
    return f"- `{key}={value!r}`" + (f": {text[:1].lower()}{text[1:]}" if text else "")


def linked(text: str, own: str) -> str:
    """Names of other strategies lead to their entries; a name of one plain word, or of an algorithm, does not."""
    pages = {name_of(kind): family for family, kinds in families().items() for kind in kinds}
    names = [name for name in pages if "-" in name and name not in (own, "k-means", "k-center")]
    return re.sub(rf"(?<![\w`\[-])({'|'.join(names)})(?![\w`+-])", lambda m: f"[{m[1]}]({pages[m[1]]}.md#{m[1]})", text)


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def page(family: str, kinds: list[type[Strategy]], summary: dict[str, Any]) -> str:
    """A family's page."""
    title, what = FAMILIES.get(family, (family.capitalize(), ""))
    lines = [f"# {title}", "", "Generated from the classes by `scripts/gallery.py`. [All families](README.md).", ""]
    lines += [what, ""] if what else []
    lines += [" · ".join(f"[{name_of(kind)}](#{name_of(kind)})" for kind in kinds), ""] if len(kinds) > 1 else []
    if _curves(family, kinds, summary) is not None:
        how = " ".join(dict.fromkeys(_how(one) for one in summary.values() if _shown(one, kinds)))
        lines += [
            f"![Learning curves of this family](../../images/strategies/curves-{family}.svg)",
            "",
            f"{how} {INTERVALS}",
            "",
        ]
    for kind in kinds:
        lines += entry(kind, summary)
    return "\n".join(lines).rstrip() + "\n"


def _shown(one: dict[str, Any], kinds: list[type[Strategy]]) -> bool:
    return any(name_of(kind) in one["strategies"] for kind in kinds)


def _how(one: dict[str, Any]) -> str:
    learner = measured.LEARNERS.get(one["learner"], one["learner"])
    return f"{one['task'].capitalize()}: {learner}, batches of {one['batch']}, a random start, mean over seeds."


def _curves(family: str, kinds: list[type[Strategy]], summary: dict[str, Any]) -> str | None:
    return measured.curves(summary, [name_of(kind) for kind in kinds], f"Learning curves, family {family}")


def index(families: dict[str, list[type[Strategy]]]) -> str:
    """The table of all."""
    lines = [
        "| strategy | family | tasks | idea | batch-aware | first batch | costs |",
        "|---|---|---|---|---|---|---|",
    ]
    for family, kinds in families.items():
        title = FAMILIES.get(family, (family.capitalize(), ""))[0]
        for kind in kinds:
            tasks = "all" if kind.tasks == Strategy.tasks else ", ".join(kind.tasks)
            flags = " | ".join("yes" if so else "" for so in (kind.batch_aware, kind.cold, kind.has_gain))
            link = f"[{name_of(kind)}]({family}.md#{name_of(kind)})"
            lines.append(f"| {link} | [{title}]({family}.md) | {tasks} | {_cell(read_docs(kind).idea)} | {flags} |")
    return "\n".join(lines)


def with_index(text: str, table: str) -> str:
    """The index page, written by hand, with the table between its marks made anew."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{PAGES / 'README.md'}: the marks '{BEGIN}' and '{END}' must be there, got neither or one.")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def name_of(kind: type[Strategy]) -> str:
    """The name that people write, without a version."""
    return kind.alias or kind.name


def families() -> dict[str, list[type[Strategy]]]:
    """Strategies by family, those of FAMILIES first; the default first in its own."""
    found: dict[str, list[type[Strategy]]] = {}
    for kind in current().values():
        if kind.__module__.startswith("labelwright."):
            found.setdefault(kind.family, []).append(kind)
    order = [*FAMILIES, *sorted(set(found) - set(FAMILIES))]
    return {
        family: sorted(found[family], key=lambda kind: name_of(kind) != "auto") for family in order if family in found
    }


def files() -> dict[Path, str]:
    """Every file of the gallery with its content."""
    summary = measured.read(SUMMARY)
    made = {PAGES / "README.md": with_index((PAGES / "README.md").read_text("utf-8"), index(families()))}
    for family, kinds in families().items():
        made[PAGES / f"{family}.md"] = page(family, kinds, summary)
        curves = _curves(family, kinds, summary)
        if curves is not None:
            made[IMAGES / f"curves-{family}.svg"] = curves
        for kind in kinds:
            task = pictures.task_of(kind)
            made[IMAGES / f"{name_of(kind)}.svg"] = pictures.picture(name_of(kind), task)
            if kind.cold:
                made[IMAGES / f"{name_of(kind)}-cold.svg"] = pictures.picture(name_of(kind), task, cold=True)
    return made


def same(path: Path, made: str) -> bool:
    """Whether a file is as made; of a picture of picks, whether it shows the same picks."""
    there = path.read_text("utf-8") if path.exists() else ""
    asked = re.compile(r"<desc>.*?</desc>")
    return there == made or (asked.findall(there) == asked.findall(made) != [])


def main() -> int:
    """Write or check all files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if something is stale")
    parser.add_argument("--measure", type=Path, metavar="CURVES.jsonl", help="summarise benchmark lines first")
    args = parser.parse_args()
    if args.measure:
        lines = args.measure.read_text("utf-8").splitlines()
        measured.write(SUMMARY, measured.measure(json.loads(line) for line in lines if line.strip()))
    made = files()
    left = {path for folder, ending in ((PAGES, "*.md"), (IMAGES, "*.svg")) for path in folder.glob(ending)} - set(made)
    stale = [path for path, text in made.items() if not same(path, text)]
    if args.check:
        if stale or left:
            names = ", ".join(path.relative_to(ROOT).as_posix() for path in sorted({*stale, *left}))
            print(f"stale: {names}. Run 'python scripts/gallery.py' and commit.")
        return 1 if stale or left else 0
    for path in left:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], "utf-8")
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    for kind in (kind for kinds in families().values() for kind in kinds):
        docs = read_docs(kind)
        if name_of(kind) != measured.BASELINE and not (docs.when_not and docs.cost):
            print(f"{name_of(kind)}: the docstring should say when not to use it ('Not for ...') and 'Cost: ...'")
    return 0


if __name__ == "__main__":
    sys.exit(main())
