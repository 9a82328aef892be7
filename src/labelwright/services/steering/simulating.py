"""Simulate on labeled data from a file: how many labels each strategy would have needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from labelwright.exchange import Columns
from labelwright.services.planning.labeled import of_file

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

    columns = Columns(
        id=id_, text=text, image=image, label=label, group=group,
        features=tuple(part.strip() for part in features.split(",")) if features else (),
    )  # fmt: skip
    data = of_file(source, columns, task=task, least=max(20, 2 * n_initial), who="simulate", progress=progress)
    return simulate(
        data.X,
        data.y,
        model or data.model,
        strategies=[name.strip() for name in strategies.split(",")],
        n_initial=n_initial,
        batch_size=batch_size,
        budget=min(budget, int(data.n_items * 0.7)),
        groups=data.groups,
        metric=metric,
        seeds=range(seeds),
        n_jobs=jobs,
    )
