"""A long simulation shows how far it is, and what is done is kept when it is interrupted."""

import io
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from labelwright.errors import InputError

X = np.random.default_rng(0).normal(size=(120, 2))
Y = (X[:, 0] > 0).astype(int)
SETTINGS = {"strategies": ["margin", "random"], "n_initial": 10, "budget": 30, "seeds": 3}


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self):
        return True


def run(**settings):
    return lw.simulate(X, Y, LogisticRegression(), **(SETTINGS | settings))


@pytest.mark.parametrize("n_initial", [10, 0])
def test_a_terminal_shows_how_many_rounds_there_are(monkeypatch, n_initial):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    n_rounds = len(run(n_initial=n_initial).curves)
    assert "simulate:" in terminal.getvalue() and f"/{n_rounds} " in terminal.getvalue() and n_rounds == 18


@pytest.mark.parametrize(
    ("stream", "progress"), [(Terminal(), False), (io.StringIO(), True)], ids=["turned off", "a file"]
)
def test_it_is_silent_elsewhere(monkeypatch, capsys, stream, progress):
    monkeypatch.setattr(sys, "stderr", stream)
    run(progress=progress)
    assert not stream.getvalue() and not capsys.readouterr().out


class Interrupting:
    """An oracle during whose k-th answer the user presses Ctrl-C."""

    def __init__(self, at):
        self.at, self.n_calls = at, 0

    def __call__(self, indices, rng):
        self.n_calls += 1
        if self.n_calls == self.at:
            raise KeyboardInterrupt
        return Y[indices]


def test_an_interrupted_simulation_returns_the_finished_runs():
    whole = run()
    with pytest.warns(UserWarning, match=r"simulate: interrupted after 3 of 6 runs\. The results hold those\."):
        some = run(oracle=Interrupting(at=11))  # in the fourth run, which is random's on the second seed
    assert whole.complete and not some.complete
    assert some.curves.groupby("strategy")["seed"].unique().map(list).to_dict() == {"margin": [0, 1], "random": [0]}
    columns = ["strategy", "seed", "n_labels", "value"]
    assert some.curves[columns].equals(whole.curves[columns].iloc[:9])
    table = some.summary()
    assert table.loc["margin", ["wins", "ties", "losses"]].sum() == 1  # the seed that both have finished
    assert np.isfinite(table["aulc"]).all() and np.isfinite(table.loc["margin", "delta_vs_random"])


def test_an_interrupt_before_a_run_has_finished_has_nothing_to_return():
    with pytest.raises(KeyboardInterrupt):
        run(oracle=Interrupting(at=2))


def test_a_summary_without_a_seed_in_common_with_random_compares_nothing():
    with pytest.warns(UserWarning, match="after 1 of 6"):
        table = run(oracle=Interrupting(at=4)).summary()
    assert table.index.tolist() == ["margin"] and np.isnan(table.loc["margin", "delta_vs_random"])


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_n_jobs_is_that_of_scikit_learn(monkeypatch, n_jobs):
    alone, terminal = run(), Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    columns = ["strategy", "seed", "n_labels", "value"]
    assert run(n_jobs=n_jobs).curves[columns].equals(alone.curves[columns]) and "/18 " in terminal.getvalue()


@pytest.mark.parametrize("n_jobs", [0, 1.5, "all"])
def test_other_n_jobs_are_refused(n_jobs):
    with pytest.raises(InputError, match="n_jobs must be"):
        run(n_jobs=n_jobs)


def test_results_tell_in_a_line_what_they_are():
    assert repr(run(seeds=[0])) == (
        "Results(accuracy of margin, random over 1 seed, from 10 to 30 labels; see summary(), curves, plot())"
    )
