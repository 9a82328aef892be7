"""Importing is cheap, and the pure packages stay pure."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import labelwright as lw

PURE = ("kernels", "stats", "scores", "tasks", "models", "annotators", "costs", "drift", "evaluation", "evidence", "strategies", "stopping",
        "policy", "loop", "testing", "words")  # fmt: skip


def loaded_after(code):
    line = f"import sys; {code}; print(' '.join(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_nothing_heavy():
    assert not loaded_after("import labelwright") & {"numpy", "scipy", "pandas", "sklearn"}


@pytest.mark.parametrize("strategy", ["margin", "auto"])
def test_a_first_selection_loads_neither_pandas_nor_scikit_learn(strategy):
    code = (
        f"import labelwright as lw; lw.select({strategy!r}, [[0.0], [1.0], [2.0]], n=2, "
        "proba=[[.5, .5], [.9, .1], [.6, .4]], X_labeled=[[0.5], [1.5]], y_labeled=[0, 1])"
    )
    assert not loaded_after(code) & {"pandas", "sklearn"}


def test_public_names():
    assert re.fullmatch(r"\d+\.\d+\.\d+", lw.__version__)
    assert all(hasattr(lw, name) for name in lw.__all__)
    assert dir(lw) == lw.__all__
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        lw.nope  # noqa: B018


def test_type_checkers_are_told_that_the_package_is_typed():
    assert files("labelwright").joinpath("py.typed").is_file()


@pytest.mark.parametrize("package", PURE)
def test_no_files_clock_or_network_in_pure_packages(package):
    """The clock is looked at where users wait (the learner's session, simulated runs); processes are started, and files written, by the checks alone."""
    allowed = {
        "session.py": {"time"},
        "runs.py": {"time"},
        "strategies.py": {"subprocess"},
        "formats.py": {"pathlib"},
        "executors.py": {"pathlib"},
    }
    outside = r"^\s*(?:import|from) (os|pathlib|time|datetime|socket|urllib|http|sqlite3|subprocess|tempfile)\b"
    for path in (Path(lw.__file__).parent / package).rglob("*.py"):
        found = set(re.findall(outside, path.read_text(), flags=re.M)) - allowed.get(path.name, set())
        assert not found, f"{path.name} imports {found}"
        if package != "tasks":
            assert not re.search(r"task\.name ==|== \"classification\"|\bform ==", path.read_text()), path.name
