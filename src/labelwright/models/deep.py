"""Torch models as committees: draws by dropout whose masks are fixed, or by an ensemble of seeds.

Nothing here imports torch before it is given a model of torch: one of skorch, or `labelwright.models.net.Net`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, complain
from labelwright.errors import InputError
from labelwright.kernels.rows import as_rows
from labelwright.models.base import Model
from labelwright.models.estimator import TINY, Estimator

if TYPE_CHECKING:
    from torch import nn

FAMILIES = ("skorch.", "labelwright.models.net")  # modules whose classes keep their network in `module_`


def is_deep(estimator: object) -> bool:
    """Whether an estimator is a torch model that is known here.

    >>> from sklearn.linear_model import Ridge
    >>> is_deep(Ridge())
    False
    """
    return any(base.__module__.startswith(FAMILIES) for base in type(estimator).__mro__)


class Deep(Estimator):
    """A torch model of skorch, or a `Net`, as a model whose committee comes from itself.

    Its network is given float32 items and classes as their positions in the schema, and must have one output for each.
    Where it has dropout layers, a member of the committee is the network under one mask, the same for all items, so
    that members can be compared across a pool; else members are networks trained from other seeds.

    Notes
    -----
    Cost of a committee of k: by dropout k passes over the pool, by seeds k trainings and k passes.

    References
    ----------
    Gal, Ghahramani (2016). Dropout as a Bayesian approximation, ICML. Kirsch, van Amersfoort, Gal (2019). BatchBALD,
    NeurIPS, section 3.3: masks that are the same for all items. Lakshminarayanan, Pritzel, Blundell (2017). Simple and
    scalable predictive uncertainty estimation using deep ensembles, NeurIPS.
    """

    sourced: ClassVar[bool] = False

    def fresh(self, *, n_draws: int, random_state: int) -> Model:
        return Deep(self.task, self.estimator, values=self.values, n_draws=n_draws, random_state=random_state)

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        if (weight != 1).any():
            repeats = np.rint(weight).astype(np.int64)
            if (repeats != weight).any():
                cure = "Take a model of scikit-learn's whose fit has sample_weight."
                raise complain(self.name, "sample_weight", "whole numbers (they repeat items)", "fractions", cure)
            X, y = X.repeat(repeats, axis=0), y.repeat(repeats, axis=0)
        flat = self.task.target.constant(y, self.task.n_outputs)
        if not self._fits(y):
            return {"members": [None], "flat": flat, "n_own": self.n_draws}
        members = [self._trained(X, y, 0)]
        by_dropout = bool(dropout_layers(members[0].module_))
        for k in range(0 if by_dropout else self.n_draws):
            members.append(self._trained(X, y, 1 + k))
        return {"members": members, "flat": flat, "n_own": self.n_draws if by_dropout else 0}

    def _trained(self, X: Any, y: npt.NDArray[Any], k: int) -> Any:
        from sklearn.base import clone

        estimator, seed = clone(self.estimator), self.random_state + k
        own = estimator.get_params()
        if "n_outputs" in own:
            estimator.set_params(n_outputs=self.task.n_outputs, random_state=own["random_state"] + seed)
        target = self.task.target.pick(
            codes=y.astype(np.int64), marks=y.astype(np.float32), numbers=y.astype(np.float32)[:, None]
        )
        try:
            with seeded(seed):
                return estimator.fit(as_floats(X, self.name), target)
        except InputError:
            raise
        except (TypeError, ValueError, RuntimeError) as error:
            reason = str(error).strip().split("\n")[0][:200].rstrip(".")
            cure = f"It must take {X.shape[1]} numbers an item and have {self.task.n_outputs} outputs."
            raise complain(
                self.name, "the network", "one that can be fitted on X", f"one that says: {reason}", cure
            ) from error

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        members, n_own = self.state_["members"], self.state_["n_own"]
        own = self._member_raw(members[0], X)
        if members[0] is None:
            return np.stack([own] * (1 + self.n_draws)).astype(np.float32)
        others = [self._member_raw(member, X) for member in members[1:]]
        for k in range(n_own):
            with masked(members[0].module_, (self.random_state, k)):
                others.append(self._member_raw(members[0], X))
        return np.stack([own, *others]).astype(np.float32)

    def _member_raw(self, member: Any, X: Any) -> Floats:
        if member is None:
            return np.tile(self.state_["flat"], (X.shape[0], 1))
        items = as_floats(X, self.name)
        read = self.task.target.pick(codes=_log_proba, marks=_log_odds, numbers=_number)
        raw: Floats = read(member, items)
        if raw.shape != (len(items), self.task.n_outputs):
            raise complain(self.name, "the network", f"{self.task.n_outputs} outputs", f"shape {raw.shape}")
        return raw


def draws(model: object, n_draws: int, seed: int = 0) -> Callable[[object], Floats] | None:
    """A function of items that gives draws by dropout of a fitted torch model; None if it is none, or has no dropout.

    Returns
    -------
    draws : array of shape (n_draws, n_items, n_classes), or (n_draws, n_items) of numbers
    """
    fitted: Any = model  # an estimator, whose methods are looked up by name
    if not is_deep(model) or not hasattr(model, "module_") or not dropout_layers(model.module_):
        return None

    def drawn(X: object) -> Floats:
        items, found = as_floats(as_rows(X, "draws")[:], "draws"), list[Floats]()
        for k in range(n_draws):
            with masked(fitted.module_, (seed, k)):
                values = fitted.predict_proba(items) if hasattr(fitted, "classes_") else fitted.predict(items)
            found.append(np.asarray(values, dtype=np.float64))
        return np.stack([one[:, 0] if one.shape[1:] == (1,) else one for one in found])

    return drawn


def as_floats(X: object, who: str) -> npt.NDArray[np.float32]:
    """Items as float32; `InputError` where they are no numbers."""
    try:
        return np.asarray(X.toarray() if hasattr(X, "toarray") else X, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(f"{who}: X must be numbers for a torch model.", "Encode texts first: lw.encode.") from error


def dropout_layers(module: nn.Module) -> list[nn.Module]:
    """Its layers that drop units or whole channels, in their order."""
    from torch import nn

    kinds = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)
    return [layer for layer in module.modules() if isinstance(layer, kinds) and layer.p > 0]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Torch's random numbers from a seed, and as they were afterwards."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


@contextmanager
def masked(module: nn.Module, seed: tuple[int, int]) -> Iterator[None]:
    """Within this, each dropout layer of a network that is not training drops the same units for all items."""
    import torch

    def hook(place: int) -> Callable[[Any, Any, Any], Any]:
        def drop(layer: Any, _: Any, output: Any) -> Any:
            whole = not isinstance(layer, torch.nn.Dropout)
            shape = (1, output.shape[1], *[1] * (output.ndim - 2)) if whole else (1, *output.shape[1:])
            kept = np.random.default_rng([*seed, place]).random(shape) >= layer.p
            return output * torch.as_tensor(kept / (1 - layer.p), dtype=output.dtype, device=output.device)

        return drop

    hooks = [layer.register_forward_hook(hook(place)) for place, layer in enumerate(dropout_layers(module))]
    try:
        yield
    finally:
        for one in hooks:
            one.remove()


def _log_proba(member: Any, items: npt.NDArray[np.float32]) -> Floats:
    return np.asarray(np.log(np.maximum(member.predict_proba(items), TINY)), dtype=np.float64)


def _log_odds(member: Any, items: npt.NDArray[np.float32]) -> Floats:
    proba = np.asarray(member.predict_proba(items), dtype=np.float64)
    return np.asarray(np.log(np.maximum(proba, TINY)) - np.log(np.maximum(1 - proba, TINY)))


def _number(member: Any, items: npt.NDArray[np.float32]) -> Floats:
    return np.asarray(member.predict(items), dtype=np.float64).reshape(-1, 1)
