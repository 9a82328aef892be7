"""Bring a Chromium for the browser tests: an installed one, else the system's package, else Playwright's.

Prints the path of the program, or why there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MINUTE = 60


def installed() -> str | None:
    """A Chromium that is there."""
    configured = os.environ.get("LABELWRIGHT_CHROMIUM")
    if configured:
        return configured
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for path in ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/opt/google/chrome/chrome"):
        if Path(path).exists():
            return path
    return _playwrights()


def _playwrights() -> str | None:
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
        return path if Path(path).exists() else None
    except Exception:
        return None


def bring() -> str | None:
    """Install one if there is none."""
    if found := installed():
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run([*sudo, *command], capture_output=True, timeout=5 * MINUTE)
        if found := installed():
            return found
    try:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, timeout=MINUTE)
    except subprocess.TimeoutExpired:
        return None
    return installed()


if __name__ == "__main__":
    found = bring()
    print(f"browser: {found}" if found else "browser: none could be brought; the browser tests will fail")
