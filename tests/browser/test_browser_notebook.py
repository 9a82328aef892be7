"""The widgets in a real JupyterLab: a person labels by keyboard, the model learns, the curve grows.

Where JupyterLab is not installed the test is left out; ``make test-all`` has it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, browser_of, chromium
from tests.browser.test_browser_prefix import free_port, wait_for

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("jupyterlab") is None or importlib.util.find_spec("ipykernel") is None,
    reason="JupyterLab is not installed; make test-all has it",
)
CELLS = (
    "import numpy as np, labelwright as lw\n"
    "X, texts = np.arange(60.0)[:, None], [f'note {k}: ' + ('late' if k >= 30 else 'early') for k in range(60)]\n"
    "learner = lw.ActiveLearner('linear', batch_size=3)\n"
    "learner.watch(X + 0.25, np.where(np.arange(60) >= 30, 'late', 'early'))",
    "learner.label(learner.rounds(X), texts, classes=['early', 'late'])",
    "print('taught', len(learner.history_), learner.classes_.tolist())",
)


def notebook(path: Path) -> None:
    """A notebook with a few cells that were never run."""
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"c{k}", "metadata": {}, "outputs": [], "source": source}
        for k, source in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    path.write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), "utf-8")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab that has the notebook."""
    notebook(tmp_path / "label.ipynb")
    port = free_port()
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "IPYTHONDIR": str(tmp_path / "ipython"),
    }  # fmt: skip
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
            "--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}", "--LabApp.news_url=",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/api", process)
        yield f"http://127.0.0.1:{port}/lab/tree/label.ipynb"
    finally:
        process.terminate()
        process.wait(20)


def run(page: Any, number: int) -> None:
    """Run a cell; a key that comes before the notebook listens is pressed again."""
    import playwright.sync_api

    cell = page.locator(".jp-Cell").nth(number)
    for _ in range(5):
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        try:
            cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[[*\d]+\]")).wait_for(timeout=15_000)
            return
        except playwright.sync_api.TimeoutError:
            continue


def test_a_person_labels_and_watches_the_curve(lab: str) -> None:
    with browser_of(chromium()) as browser:
        page: Any = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(90_000)
        page.goto(lab)
        page.locator(".jp-NotebookPanel .jp-Cell").nth(2).wait_for()
        run(page, 0)
        page.locator(".lw-curve").wait_for()
        run(page, 1)
        asked = page.locator(".lw-label")
        asked.locator("section").wait_for()
        for batch in (1, 2):
            asked.get_by_text(f"Batch {batch}").wait_for()
            asked.focus()
            for number in (1, 2, 3):
                page.locator(".lw-label header span", has_text=f"{number} of 3").wait_for()
                if (batch, number) == (1, 1):  # a slip, taken back
                    page.keyboard.press("1")
                    page.keyboard.press("Backspace")
                text = asked.locator("section").inner_text()
                page.keyboard.press("2" if "late" in text else "1")
            asked.get_by_text("3 answers, 0 skipped.").wait_for()
            page.keyboard.press("Enter")
        asked.get_by_text("Batch 3").wait_for()
        page.locator(".lw-curve", has_text="with 6 labels").wait_for()
        assert page.locator(".lw-curve .lw-dot").count() == 2
        if (picture := os.environ.get("LABELWRIGHT_PICTURE")) is not None:
            page.screenshot(path=picture)
        run(page, 2)
        page.get_by_text("taught 2 ['early', 'late']").wait_for()
