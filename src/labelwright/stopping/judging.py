"""`judge`: what rules say of a history, whoever recorded it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from labelwright.check import complain
from labelwright.stopping.base import StoppingRule, Verdict

if TYPE_CHECKING:
    import pandas as pd


def judge(history: pd.DataFrame, rules: str | StoppingRule | Sequence[str | StoppingRule], **params: object) -> Verdict:
    """Judge a history by stopping rules. Nothing stops by itself: what to do with the verdict is yours.

    Parameters
    ----------
    history : DataFrame
        A row a look, in order: ``learner.history_``, ``results.history(strategy, seed)``, or a project's. Columns are
        those of `labelwright.stopping.columns.COLUMNS`.
    rules : str, StoppingRule, or sequence of them
        Of several, any may stop: the verdict is that of the first that does, else that of the first.
    **params : object
        Parameters of the rule, where it is one and is given by name.

    Returns
    -------
    Verdict
        ``stop``, ``value``, ``limit``, ``reason``, whose ``str`` is a sentence.

    Raises
    ------
    InputError
        If a name or a parameter is unknown, there is no rule, or the history lacks a column.

    Examples
    --------
    >>> import pandas as pd
    >>> history = pd.DataFrame({"n_labels": [90, 100], "cost": [9.0, 10.0]})
    >>> verdict = judge(history, "budget", n_labels=100)
    >>> verdict.stop, str(verdict.reason)
    (True, '100 of 100 labels are spent.')
    """
    from labelwright.stopping import make
    from labelwright.stopping.composition import AnyOf

    given = [rules] if isinstance(rules, (str, StoppingRule)) else list(rules)
    if params and not (len(given) == 1 and isinstance(given[0], str)):
        raise complain("judge", "params", "given with the name of one rule", ", ".join(params), "Make the rules first.")
    made = [make(rule, **params) if isinstance(rule, str) else rule for rule in given]
    return made[0].judge(history) if len(made) == 1 else AnyOf(*made).judge(history)


def default(*, value_of_point: float | None = None, n_labels: int | None = None) -> StoppingRule:
    """The rules that are sound together: a plateau that models agree on, costs above gains, or a budget.

    Parameters
    ----------
    value_of_point : float, optional
        What 0.01 more of the metric is worth, see `CostBenefit`.
    n_labels : int, optional
        A budget.

    Examples
    --------
    >>> [type(rule).__name__ for rule in default(n_labels=500).rules]
    ['AllOf', 'Budget']
    """
    from labelwright.stopping import make
    from labelwright.stopping.composition import AllOf, AnyOf

    rules: list[StoppingRule] = [AllOf(make("plateau"), make("kappa-stable", threshold=0.97))]
    if value_of_point is not None:
        rules.append(make("cost-benefit", value_of_point=value_of_point))
    if n_labels is not None:
        rules.append(make("budget", n_labels=n_labels))
    return AnyOf(*rules)
