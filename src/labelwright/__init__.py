"""Labelwright: get a model to its target with the fewest, cheapest and most trustworthy human labels.

>>> import labelwright as lw
>>> proba = [[0.9, 0.1], [0.5, 0.5], [0.6, 0.4]]
>>> lw.select("margin", [[0.0], [1.0], [2.0]], n=1, proba=proba).indices
array([1])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelwright import encoders  # the module; it can be called too
    from labelwright.annotators.aggregate import aggregate
    from labelwright.annotators.agreement import agreement
    from labelwright.client.connection import connect
    from labelwright.costs.time_model import time_model
    from labelwright.drift.detect import drift
    from labelwright.drift.monitor import DriftMonitor
    from labelwright.encoders.encode import encode
    from labelwright.evaluation.active import active_test
    from labelwright.evaluation.evaluate import evaluate
    from labelwright.evaluation.forecast import forecast
    from labelwright.evaluation.model_picker import ModelPicker
    from labelwright.loop.annotator import Annotator
    from labelwright.loop.learner import ActiveLearner
    from labelwright.loop.planning import plan
    from labelwright.loop.refining import refine
    from labelwright.loop.simulate import simulate
    from labelwright.models.net import Net
    from labelwright.stats.estimate import Estimate
    from labelwright.stopping import judge
    from labelwright.stopping import table as stopping_rules
    from labelwright.strategies import table as strategies
    from labelwright.strategies.select import select

__version__ = "0.3.0"

__all__ = [
    "ActiveLearner",
    "Annotator",
    "DriftMonitor",
    "Estimate",
    "ModelPicker",
    "Net",
    "__version__",
    "active_test",
    "aggregate",
    "agreement",
    "connect",
    "drift",
    "encode",
    "encoders",
    "evaluate",
    "forecast",
    "judge",
    "load_model",
    "plan",
    "refine",
    "select",
    "simulate",
    "stopping_rules",
    "strategies",
    "time_model",
]

# Nothing is imported until it is asked for, so that `import labelwright` costs next to nothing.
_WHERE = {
    "ActiveLearner": ("labelwright.loop.learner", "ActiveLearner"),
    "Annotator": ("labelwright.loop.annotator", "Annotator"),
    "DriftMonitor": ("labelwright.drift.monitor", "DriftMonitor"),
    "Estimate": ("labelwright.stats.estimate", "Estimate"),
    "ModelPicker": ("labelwright.evaluation.model_picker", "ModelPicker"),
    "Net": ("labelwright.models.net", "Net"),
    "active_test": ("labelwright.evaluation.active", "active_test"),
    "aggregate": ("labelwright.annotators.aggregate", "aggregate"),
    "agreement": ("labelwright.annotators.agreement", "agreement"),
    "connect": ("labelwright.client.connection", "connect"),
    "encode": ("labelwright.encoders.encode", "encode"),
    "evaluate": ("labelwright.evaluation.evaluate", "evaluate"),
    "forecast": ("labelwright.evaluation.forecast", "forecast"),
    "judge": ("labelwright.stopping", "judge"),
    "load_model": ("labelwright.engine.model_file", "load"),
    "plan": ("labelwright.loop.planning", "plan"),
    "refine": ("labelwright.loop.refining", "refine"),
    "select": ("labelwright.strategies.select", "select"),
    "simulate": ("labelwright.loop.simulate", "simulate"),
    "stopping_rules": ("labelwright.stopping", "table"),
    "time_model": ("labelwright.costs.time_model", "time_model"),
}


if not TYPE_CHECKING:  # a type checker would take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name in ("drift", "encoders", "strategies"):
            return import_module(f"labelwright.{name}")  # the package can be called
        if name not in _WHERE:
            raise AttributeError(f"module 'labelwright' has no attribute '{name}'")
        module, attribute = _WHERE[name]
        value = getattr(import_module(module), attribute)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return list(__all__)
