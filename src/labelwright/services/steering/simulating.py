"""Simulate on labeled data from a file: how many labels each strategy would have needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labelwright import encoders, items, models, tasks
from labelwright.engine.importing.scan import drafts
from labelwright.errors import InputError
from labelwright.exchange import Columns, guess, open_source
from labelwright.exchange.guess import is_blank
from labelwright.services.site.settings import Settings

if TYPE_CHECKING:
    from labelwright.loop.results import Results


def simulate_file(
    source: Path,
    *,
    label: str,
    task: str | None = None,
    text: str | None = None,
    image: str | None = None,
    features: str | None = None,
    id_: str | None = None,
    group: str | None = None,
    strategies: str = "auto,margin,random",
    n_initial: int = 20,
    batch_size: int = 10,
    budget: int = 300,
    seeds: int = 5,
    metric: str | None = None,
    model: str | None = None,
    jobs: int = 1,
    progress: Callable[[str, int, int | None], None] = lambda *_: None,
) -> Results:
    """Read, encode and simulate; rows without a label are left out.

    Returns
    -------
    result
        What ``labelwright.simulate`` returns.

    Raises
    ------
    InputError
        If the source cannot be read or has too few labels.
    """
    from labelwright.loop.simulate import simulate

    reader = open_source(source)
    columns = Columns(
        id=id_, text=text, image=image, label=label, group=group,
        features=tuple(part.strip() for part in features.split(",")) if features else (),
    )  # fmt: skip
    found = guess(reader, columns, task=task)
    kind = items.make(found.kind)
    contents, cells, groups = [], [], []
    for draft in drafts(reader, found.columns, kind, Settings.max_text):
        progress("reading", draft.record.number, reader.count())
        if not is_blank(draft.record.cells[label]):
            contents.append(draft.content)
            cells.append(draft.record.cells[label])
            groups.append(str(draft.record.cells[found.columns.group]) if found.columns.group else "")
    if len(contents) < 2 * n_initial or len(contents) < 20:
        least = max(20, 2 * n_initial)
        raise InputError(f"simulate: SOURCE must hold at least {least} labeled rows, got {len(contents)}.")
    schema = tasks.guess(found.task, cells)
    task_object = tasks.make(found.task, schema)
    y = task_object.encode([answer for cell in cells if (answer := task_object.parse(cell)) is not None])
    X = encoders.make(encoders.default(kind.name)).fit(contents).transform(contents)
    return simulate(
        X,
        y,
        model or models.default(task_object, found.kind),
        strategies=[name.strip() for name in strategies.split(",")],
        n_initial=n_initial,
        batch_size=batch_size,
        budget=min(budget, int(len(contents) * 0.7)),
        groups=np.array(groups) if found.columns.group else None,
        metric=metric,
        seeds=range(seeds),
        n_jobs=jobs,
    )
