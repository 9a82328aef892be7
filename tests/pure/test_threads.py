"""No bit of a selection depends on the number of threads."""

import os
import subprocess
import sys

import pytest

CODE = """
import hashlib
import numpy as np
from sklearn.linear_model import LogisticRegression
import labelwright as lw

rng = np.random.default_rng(0)
X = rng.normal(size=(12_000, 48)).astype(np.float32)
X += 3 * rng.normal(size=(12, 48)).astype(np.float32)[rng.integers(12, size=len(X))]
y = (X[:, :4].argmax(axis=1))
model = LogisticRegression(max_iter=50).fit(X[:200], y[:200])
proba = model.predict_proba(X)
draws = np.stack([np.roll(proba, k, axis=1) * 0.3 + proba * 0.7 for k in range(4)])
labeled = {"X_labeled": X[:200], "y_labeled": y[:200]}
for name in NAMES:
    s = lw.select(name, X, n=20, model=model, proba=proba, draws=draws, embed=X, **labeled)
    print(name, hashlib.sha256(s.indices.tobytes() + s.scores.tobytes()).hexdigest())
"""
NAMES = [
    "margin", "entropy", "bald", "epig", "k-center", "badge", "bait", "k-means", "information-density", "typiclust",
    "probcover", "max-herding", "facility-location", "cluster-margin", "uherding", "auto", "greedy-x", "galaxy",
    "neighbours-only", "expected-error-reduction",
]  # fmt: skip


def start(n_threads: int) -> subprocess.Popen[str]:
    env = os.environ | {key: str(n_threads) for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    code = f"NAMES = {NAMES!r}\n" + CODE
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )


def picks(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=280)
    assert process.returncode == 0, err
    return out.splitlines()


@pytest.mark.slow
def test_selections_are_equal_to_the_bit_on_one_thread_and_on_three():
    one, three = map(picks, [start(1), start(3)])  # side by side
    assert len(one) == len(NAMES)
    assert [a for a, b in zip(one, three, strict=True) if a != b] == []
