"""The README's two commands without make, in a fresh clone with a clean environment: an install and a living demo."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
PORT = 8123
LIMIT_SECONDS = 240


def main() -> int:
    """Clone, install, start the demo, fetch its first page and its API."""
    with tempfile.TemporaryDirectory() as folder:
        clone, venv = Path(folder) / "labelwright", Path(folder) / "venv"
        environ = {"PATH": os.environ["PATH"], "HOME": folder, "LABELWRIGHT_HOME": f"{folder}/home"}
        environ |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "npm_config_"))}
        started = time.monotonic()
        for command in (
            ["git", "clone", "--quiet", str(ROOT), str(clone)],
            [sys.executable, "-m", "venv", str(venv)],
            [str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", str(clone)],
        ):
            subprocess.run(command, check=True, env=environ, cwd=folder)
        installed = time.monotonic()
        demo = subprocess.Popen(
            [str(venv / "bin" / "labelwright"), "demo", "--port", str(PORT), "--no-browser"], env=environ, cwd=folder
        )
        try:
            health = _fetch(f"http://127.0.0.1:{PORT}/api/v1/health", demo)
            page = _fetch(f"http://127.0.0.1:{PORT}/", demo)
        finally:
            demo.terminate()
            demo.wait(20)
        living = time.monotonic()
        print(f"installed in {installed - started:.0f} s, living after {living - installed:.0f} s more: {health}")
        return 0 if "ok" in health and "<script" in page else 1


def _fetch(url: str, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"{url} did not answer")


if __name__ == "__main__":
    sys.exit(main())
