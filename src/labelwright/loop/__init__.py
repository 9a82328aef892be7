"""One training cycle's steps on a plain state of arrays; the notebook's learner and the simulator run them too."""

from labelwright.loop.state import Evaluation, Labels, State, Unfinished
from labelwright.loop.steps import evaluate, fit, judge, predict, rank, resolve

__all__ = ["Evaluation", "Labels", "State", "Unfinished", "evaluate", "fit", "judge", "predict", "rank", "resolve"]
