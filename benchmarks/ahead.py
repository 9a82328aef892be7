"""A start ahead: labels that encoder, model and selection on "auto" need for what TF-IDF and random labels reach.

python -m benchmarks.ahead --data DIR [--specs tfidf,wordllama] [--sets banking77 fine_foods] [--seeds 3]

Each run is a real project: texts are imported, a batch is taken from the queue and answered by the data, a worker
trains, and so on. The encoders are made in the background and compared on the labels, as is the learner (`auto`), and
the strategy is `auto`. All labels train; none is spent on a reserve. The model that serves is measured on a thousand
texts that are not in the project. The level is what the linear model on TF-IDF reaches with 1,500 random labels, in
the mean of the seeds; the labels to it are the first at which the mean curve of the seeds reaches it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.encoders import texts
from benchmarks.table import show

N_TEST, LEVEL_AT, SLUG = 1000, 1500, "texts"
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Texts of a project and those that measure its models; y are codes of classes."""

    pool: list[str]
    y: Codes
    test: list[str]
    y_test: Codes
    names: list[str]


def split(name: str, data: Path, most: int, seed: int) -> Split:
    """A part of a set, cut by the seed."""
    items, labels = texts(data / f"{name}.jsonl.gz", most)
    names = sorted(set(labels.tolist()))
    codes = np.searchsorted(names, labels)
    order = np.random.default_rng([seed, 7]).permutation(len(items))
    test, pool = order[:N_TEST], order[N_TEST:]
    return Split([str(items[k]) for k in pool], codes[pool], [str(items[k]) for k in test], codes[test], names)


def level(cut: Split, seed: int) -> float:
    """Accuracy of the linear model on TF-IDF with random labels."""
    from labelwright import encoders, models, tasks
    from labelwright.items.base import Content

    pool, test = ([Content({"text": text}) for text in some] for some in (cut.pool, cut.test))
    encoder = encoders.make("tfidf").fit(pool)
    labeled = np.random.default_rng([seed, 1]).permutation(len(pool))[:LEVEL_AT]
    task = tasks.make("classification", tasks.guess("classification", cut.names))
    X = encoder.transform([pool[k] for k in labeled])
    model = models.make("linear", task, random_state=seed).fit(X, cut.y[labeled])
    return float((task.proba(model.predict(encoder.transform(test))).argmax(axis=1) == cut.y_test).mean())


class Project:
    """A project that answers itself from the data."""

    def __init__(self, home: Path, cut: Split, specs: str, batch: int, seed: int) -> None:
        from labelwright.exchange import Columns
        from labelwright.policy import Policy
        from labelwright.services.people import users
        from labelwright.services.projects import create
        from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
        from labelwright.services.site import Site
        from labelwright.services.site.settings import load

        self.site, self.cut, self._features = Site(load({"home": home}, environ={})), cut, dict[str, Any]()
        self.admin, _ = users.ensure_admin(self.site)
        source = home / "texts.jsonl"
        rows = ({"id": str(k), "text": text} for k, text in enumerate(cut.pool))
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        question = QuestionDraft(labels=tuple(cut.names), model="auto")
        policy = Policy(batch_size=batch, reserve_share=0.0, gold_share=0.0)
        create.create(self.site, self.admin, ProjectDraft(
            SLUG, source, (question,), Columns(id="id", text="text"), encoder=specs, policy=policy, seed=seed,
        ))  # fmt: skip
        self.train()

    def train(self) -> None:
        """Do what a worker does, and what it does in the background, until nothing is left to do."""
        from labelwright.engine import candidates
        from labelwright.engine.worker import Worker

        Worker(self.site.store, maps=False).run(until_idle=True)
        if candidates.wanted(store := self.site.project(SLUG)):
            candidates.make(store)
            Worker(self.site.store, maps=False).run(until_idle=True)

    def answer(self, n: int) -> int:
        """Answer the next items; how many there were."""
        from labelwright.services.labeling import annotations, queue

        given = 0
        while given < n and (leases := queue.take(self.site, self.admin, SLUG, n=min(20, n - given)).leases):
            annotations.give(self.site, self.admin, SLUG, [
                annotations.Given.of(
                    answer_id=f"{uuid.uuid4().hex}0000", lease_id=one.id, item_id=one.item.id, kind="answer",
                    answer={"label": f"l_{self.cut.y[int(one.item.key)] + 1}"}, seconds=1.0,
                )
                for one in leases[: n - given]
            ])  # fmt: skip
            given += len(leases)
        return given

    def measure(self) -> tuple[float, str, str]:
        """Accuracy of the model that serves, its encoder and its learner."""
        from labelwright.engine import model_file
        from labelwright.items.base import Content
        from labelwright.services.record import model

        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(model.write(self.site, self.admin, SLUG))
            file.flush()
            served = model_file.load(file.name)
        spec = str(served.about["encoder"])
        if spec not in self._features:
            self._features[spec] = served.encoder.transform([Content({"text": text}) for text in self.cut.test])
        predicted = served.task.proba(served.model.predict(self._features[spec])).argmax(axis=1)
        return float((predicted == self.cut.y_test).mean()), spec, str(served.about["model"])


def curve(cut: Split, specs: str, batch: int, seed: int, enough: float) -> Iterator[dict[str, Any]]:
    """Accuracy after each batch, until it is well above the level or 1.05 times as many labels are spent."""
    with tempfile.TemporaryDirectory() as folder:
        project, n = Project(Path(folder), cut, specs, batch, seed), 0
        while n < 1.05 * LEVEL_AT and (given := project.answer(batch)):
            n += given
            project.train()
            value, encoder, learner = project.measure()
            yield {"n": n, "accuracy": value, "encoder": encoder, "learner": learner}
            if value > enough:
                break
        project.site.close()


def labels_to(curves: list[list[dict[str, Any]]], wanted: float) -> int | None:
    """The first number of labels at which the mean curve reaches a level; a curve that ended early stays as it was."""
    grid = sorted({row["n"] for run in curves for row in run})
    for n in grid:
        reached = [[row["accuracy"] for row in run if row["n"] <= n] for run in curves]
        if all(reached) and np.mean([values[-1] for values in reached]) >= wanted:
            return int(n)
    return None


def main() -> None:
    """Parse the options, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", default=["banking77", "fine_foods"])
    parser.add_argument("--specs", default="tfidf,wordllama,tfidf+wordllama")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--items", type=int, default=4000)
    parser.add_argument("--margin", type=float, default=0.015, help="how far above the level a run ends")
    args = parser.parse_args()
    shares = []
    for name in args.sets:
        cuts = [split(name, args.data, args.items, seed) for seed in range(args.seeds)]
        wanted = float(np.mean([level(cut, seed) for seed, cut in enumerate(cuts)]))
        curves = []
        for seed, cut in enumerate(cuts):
            curves.append(list(curve(cut, args.specs, args.batch, seed, wanted + args.margin)))
            last = curves[-1][-1]
            print(f"{name} seed {seed}: {last['n']} labels, {last['accuracy']:.3f}, {last['learner']} on "
                  f"{last['encoder']}", flush=True)  # fmt: skip
        n = labels_to(curves, wanted)
        shares.append(1.05 if n is None else n / LEVEL_AT)
        show(f"{name}: {len(cuts[0].pool):,} texts, {len(cuts[0].names)} classes, {args.seeds} seeds, {args.specs}", [
            ("TF-IDF, linear, random labels", f"{100 * wanted:.1f} % with {LEVEL_AT:,} labels"),
            ("labels to it, all on auto", "more than 1.05 of them" if n is None else f"{n} ({n / LEVEL_AT:.2f})"),
        ])  # fmt: skip
    print(f"geometric mean of the shares: {np.exp(np.mean(np.log(shares))):.2f}")


if __name__ == "__main__":
    main()
