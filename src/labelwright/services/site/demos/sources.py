"""The four demo projects: where their data come from and what is asked about them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from labelwright.engine.goals import Goal
from labelwright.exchange import Columns
from labelwright.services.site.demos import documentation

LATER: Final = "faint"
N_LATER: Final = 300


@dataclass(frozen=True)
class Demo:
    """One demo.

    ``write`` makes the source below a folder and returns its path and the true label by item key. ``team``: several
    people answer an item, are checked, disagree, and are reviewed. ``later`` writes items that are added while people
    label; their keys begin with "faint", as these were made for the demo.
    """

    slug: str
    title: str
    task: str
    question: str
    guidelines: str
    write: Callable[[Path], tuple[Path, dict[str, Any]]]
    columns: Columns = field(default_factory=Columns)
    labels: tuple[str, ...] = ()
    scale: dict[str, Any] = field(default_factory=dict)
    noise: float = 0.03
    goal: Goal | None = None
    team: bool = False
    later: Callable[[Path], tuple[Path, dict[str, Any]]] | None = None


def _digits(folder: Path) -> tuple[Path, dict[str, Any]]:
    return _images(folder / "digits", "digit", slice(0, -N_LATER), 1.0)


def _faint_digits(folder: Path) -> tuple[Path, dict[str, Any]]:
    return _images(folder / "faint-digits", LATER, slice(-N_LATER, None), 0.45)


def _images(source: Path, name: str, part: slice, ink: float) -> tuple[Path, dict[str, Any]]:
    """Some of the digits as images; ``ink`` is the share of their darkness that is kept."""
    from PIL import Image
    from sklearn.datasets import load_digits

    data, target = load_digits(return_X_y=True)
    source.mkdir()
    truth = {}
    for i, (pixels, digit) in enumerate(zip(data[part], target[part], strict=True)):
        image = Image.fromarray((pixels.reshape(8, 8) * (255 / 16 * ink)).astype("uint8"))
        image.save(source / f"{name}-{i:04d}.png")
        truth[f"{name}-{i:04d}.png"] = str(digit)
    return source, truth


def _table(loader: str, name: str) -> Callable[[Path], tuple[Path, dict[str, Any]]]:
    def write(folder: Path) -> tuple[Path, dict[str, Any]]:
        from sklearn import datasets

        bunch = getattr(datasets, loader)(**({"scaled": False} if loader == "load_diabetes" else {}))
        names = [str(n) for n in bunch.feature_names]
        source, truth = folder / f"{name}.csv", {}
        with source.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["id", *names])
            for i, (row, y) in enumerate(zip(bunch.data, bunch.target, strict=True)):
                out.writerow([f"{name}-{i:03d}", *(f"{v:.6g}" for v in row)])
                truth[f"{name}-{i:03d}"] = str(bunch.target_names[y]) if hasattr(bunch, "target_names") else float(y)
        return source, truth

    return write


SOURCES: dict[str, Demo] = {
    "digits": Demo(
        "digits",
        "Handwritten digits",
        "classification",
        "Which digit is this?",
        "## Handwritten digits\n\nEach image is one digit, 8 x 8 pixels.\n\n"
        "- Name the digit that the writer **meant**.\n"
        "- A `7` may have a bar; a `1` may have a foot.\n- If two readings are equally likely, skip it.\n\n"
        "The last images were made faint for this demo, and come later: *Drift* finds them.\n\n"
        "Data: UCI optical recognition of handwritten digits (Alpaydin and Kaynak 1998), CC BY 4.0, "
        "as it ships with scikit-learn.",
        _digits,
        Columns(id="file", image="image"),
        tuple("0123456789"),
        goal=Goal("accuracy", 0.92, budget=400),
        later=_faint_digits,
    ),
    "breast-cancer": Demo(
        "breast-cancer",
        "Breast cancer, cell nuclei",
        "classification",
        "Is the tumour malignant or benign?",
        "## Cell nuclei\n\nMeasurements of cell nuclei from a needle biopsy. Large, irregular nuclei "
        "(high *worst radius*, *worst concave points*) speak for **malignant**.\n\n"
        "Values that differ much from the typical row are marked.\n\n"
        "Data: UCI breast cancer Wisconsin (diagnostic), CC BY 4.0, as it ships with scikit-learn. Not medical advice.",
        _table("load_breast_cancer", "nucleus"),
        Columns(id="id"),
        ("malignant", "benign"),
    ),
    "diabetes": Demo(
        "diabetes",
        "Diabetes, progression after a year",
        "regression",
        "How far did the disease progress within a year (25 to 346)?",
        "## Progression\n\nTen measurements of a patient at the start. The answer is the progression a year later, "
        "from 25 (hardly any) to 346.\n\nHigh *bmi* and *s5* speak for more.\n\n"
        "Data: Efron, Hastie, Johnstone, Tibshirani (2004), as it ships with scikit-learn. Not medical advice.",
        _table("load_diabetes", "patient"),
        Columns(id="id"),
        scale={"min": 25, "max": 346, "step": 1},
        noise=8.0,
    ),
    "text": Demo(
        "text",
        "What is this function for?",
        "classification",
        "Which field does this documentation belong to?",
        "## Which field?\n\nEach text is the beginning of a function's documentation in a scientific library.\n\n"
        "- **statistics**: distributions, tests, summaries of samples\n- **signals**: filters, spectra, waves\n"
        "- **images**: pixels, segmentation, colours\n- **learning**: models that are fitted, their metrics and data\n"
        "- **optimization**: minima, roots, assignments\n- **special functions**: Bessel, gamma and their kin\n"
        "- **tables**: data frames, series, groups\n\n"
        "Texts: documentation of SciPy, scikit-image, scikit-learn and pandas, BSD 3-Clause, read from the installed "
        "packages.",
        documentation.write,
        Columns(id="id", text="text"),
        documentation.FIELDS,
        team=True,
    ),
}
