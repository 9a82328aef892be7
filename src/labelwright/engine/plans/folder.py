"""One plan as files in the home: what is asked, the arrays that it is played on, and a line for each finished replay.

A replay that is not finished leaves nothing, so a worker may be killed at any time; the next one goes on with the
replays that have no line. A torn last line is left out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labelwright.errors import NotFoundError
from labelwright.loop.plan_grid import Grid, Replay
from labelwright.loop.plan_result import Plan
from labelwright.loop.planning import Replayed
from labelwright.plain import Json, JsonObject
from labelwright.strategies import make as make_strategy

ASKED: Final = "asked.json"
ARRAYS: Final = "arrays.npz"
REPLAYS: Final = "replays.jsonl"
TRIES: Final = "tries"
WAITING: Final = "waiting"
RUNNING: Final = "running"
FINISHED: Final = "finished"
CANCELLED: Final = "cancelled"  # a state, and the file that says so
FAILED: Final = "failed"  # the same
ID: Final = re.compile(r"pl_[0-9a-zA-Z]{1,60}")


@dataclass(frozen=True)
class PlanFolder:
    """The files of one plan.

    Parameters
    ----------
    path : Path
        ``HOME/plans/ID``; the name is the plan's id.
    """

    path: Path

    @classmethod
    def of(cls, home: Path, plan_id: str) -> PlanFolder:
        """The folder of a plan.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        folder = cls(home / "plans" / plan_id)
        if not ID.fullmatch(plan_id) or not (folder.path / ASKED).exists():
            raise NotFoundError(f"There is no plan '{plan_id}'.", "It may have been deleted.")
        return folder

    @property
    def id(self) -> str:
        """The id of the plan."""
        return self.path.name

    def write(self, plan: Plan, data: Replayed, about: JsonObject) -> None:
        """Keep a plan that is to be played; ``about`` is whatever the caller wants to find again.

        Models and strategies are kept by name.
        """
        self.path.mkdir(parents=True)
        arrays: dict[str, npt.NDArray[Any]] = {"y": np.asarray(data.y)}
        if sparse.issparse(data.X):
            rows: Any = data.X.tocsr()  # type: ignore[attr-defined]
            arrays |= {"data": rows.data, "indices": rows.indices, "indptr": rows.indptr, "shape": np.array(rows.shape)}
        else:
            arrays["X"] = np.asarray(data.X)
        if data.groups is not None:
            arrays["groups"] = np.asarray(data.groups)
        with (self.path / ARRAYS).open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        grid = plan.grid
        asked: JsonObject = {
            "about": about, "strategies": list(grid.strategies), "models": list(grid.models),
            "batch_sizes": list(grid.batch_sizes), "overlaps": list(grid.overlaps), "errors": list(grid.errors),
            "seeds": list(grid.seeds), "metric": plan.metric, "higher_is_better": plan.higher_is_better,
            "test_size": plan.test_share, "budget": plan.budget, "target": plan.given_target,
            "seconds_per_label": plan.seconds_per_label, "rate": plan.rate, "n_initial": data.n_initial,
        }  # fmt: skip
        part = self.path / (ASKED + ".part")
        part.write_text(json.dumps(asked), "utf-8")
        os.replace(part, self.path / ASKED)  # a plan is there once this file is

    def about(self) -> dict[str, Json]:
        """What the caller said about it."""
        found = self._asked()["about"]
        return dict(found) if isinstance(found, dict) else {}

    def plan(self) -> Plan:
        """The plan with the replays that are finished."""
        asked = self._asked()
        grid = Grid(
            _texts(asked["strategies"]), _texts(asked["models"]), _ints(asked["batch_sizes"]), _ints(asked["overlaps"]),
            tuple(float(str(one)) for one in _list(asked["errors"])), _ints(asked["seeds"]),
        )  # fmt: skip
        empty = Plan(
            grid, (), str(asked["metric"]), bool(asked["higher_is_better"]), float(str(asked["test_size"])),
            int(str(asked["budget"])), _float(asked["target"]), _float(asked["seconds_per_label"]),
            _float(asked["rate"]),
        )  # fmt: skip
        return replace(empty, replays=tuple(self._replays()))

    def data(self) -> Replayed:
        """What replays are played on."""
        asked, plan = self._asked(), self.plan()
        with np.load(self.path / ARRAYS, allow_pickle=False) as kept:
            X: object
            if "X" in kept:
                X = kept["X"]
            else:
                X = sparse.csr_matrix((kept["data"], kept["indices"], kept["indptr"]), shape=tuple(kept["shape"]))
            y, groups = kept["y"], kept.get("groups")
        names = dict.fromkeys((plan.grid.baseline.strategy, *plan.grid.strategies))
        return Replayed(
            X, y, {name: name for name in plan.grid.models}, {name: make_strategy(name) for name in names},
            int(str(asked["n_initial"])), plan.budget, plan.test_share, groups, plan.metric,
        )  # fmt: skip

    def append(self, runs: Sequence[Replay]) -> None:
        """Keep replays that are finished."""
        with (self.path / REPLAYS).open("a", encoding="utf-8") as file:
            file.write("\n")  # ends a line that was torn
            file.writelines(json.dumps(run.to_json()) + "\n" for run in runs)
            file.flush()
            os.fsync(file.fileno())

    @property
    def state(self) -> str:
        """ "waiting", "running", "finished", "cancelled" or "failed"."""
        if (self.path / FAILED).exists():
            return FAILED
        n_done = len(self._replays())
        if n_done == len(self.plan().grid.cells):
            return FINISHED
        if (self.path / CANCELLED).exists():
            return CANCELLED
        return RUNNING if n_done or (self.path / TRIES).exists() else WAITING

    @property
    def error(self) -> str | None:
        """Why it failed."""
        file = self.path / FAILED
        return file.read_text("utf-8") if file.exists() else None

    def fail(self, message: str) -> None:
        """Play no more of it."""
        (self.path / FAILED).write_text(message, "utf-8")

    def cancel(self) -> None:
        """Play no more of it; what is finished stays."""
        (self.path / CANCELLED).touch()

    def delete(self) -> None:
        """Remove it, the file first that says that it is there."""
        (self.path / ASKED).unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)

    def tried(self) -> int:
        """Note that a worker begins with some replays; how often that was since one was finished."""
        file, n_done = self.path / TRIES, len(self._replays())
        before = file.read_text("utf-8").split() if file.exists() else []
        n_tries = int(before[1]) + 1 if len(before) == 2 and int(before[0]) == n_done else 1
        file.write_text(f"{n_done} {n_tries}", "utf-8")
        return n_tries

    def _asked(self) -> dict[str, Json]:
        try:
            return dict(json.loads((self.path / ASKED).read_text("utf-8")))
        except FileNotFoundError:
            raise NotFoundError(f"There is no plan '{self.id}'.", "It may have been deleted.") from None

    def _replays(self) -> list[Replay]:
        file, runs = self.path / REPLAYS, dict[object, Replay]()
        for line in file.read_text("utf-8").splitlines() if file.exists() else []:
            try:
                run = Replay.of_json(json.loads(line))
            except ValueError:  # torn when a worker was killed
                continue
            runs[run.cell] = run
        return list(runs.values())


def folders(home: Path) -> list[PlanFolder]:
    """All plans of a home, the oldest first."""
    found = [path.parent for path in (home / "plans").glob(f"pl_*/{ASKED}")]
    return [PlanFolder(path) for path in sorted(found, key=lambda path: (path.joinpath(ASKED).stat().st_mtime, path))]


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(one) for one in _list(value))


def _ints(value: Json) -> tuple[int, ...]:
    return tuple(int(str(one)) for one in _list(value))


def _float(value: Json) -> float | None:
    return None if value is None else float(str(value))
