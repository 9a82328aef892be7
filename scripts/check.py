"""All checks that need no test: style, types, layers, generated files, licences, size, the web app's own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from node import npm

ROOT = Path(__file__).parent.parent
MAX_LINES = 300
COPYLEFT = ("AGPL", "GPL", "SSPL", "BUSL")
ALLOWED_COPYLEFT = {"psycopg", "psycopg-binary"}  # LGPL: used, not changed, and only with PostgreSQL
WEB_LICENCES = {
    "MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD", "MPL-2.0", "Unlicense", "Python-2.0",
    "CC0-1.0", "CC-BY-4.0", "BlueOak-1.0.0", "MIT-0", "(MIT OR CC0-1.0)", "WTFPL",
}  # fmt: skip


def run(*command: str, cwd: Path = ROOT) -> bool:
    """Run a command; show what it says if it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-6000:] + done.stderr[-6000:])
    return done.returncode == 0


def python(*arguments: str) -> bool:
    """Run a Python module."""
    return run(sys.executable, "-m", *arguments)


def licences() -> bool:
    """No GPL or AGPL among what we ship with."""
    listed = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed"], capture_output=True, text=True
    )
    bad = [
        f"{p['Name']} ({p['License']})"
        for p in json.loads(listed.stdout)
        if any(word in p["License"].upper() for word in COPYLEFT)
        and "LGPL" not in p["License"].upper()
        and p["Name"].lower() not in ALLOWED_COPYLEFT
    ]
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        licence = package.get("license", "MIT")
        if name and licence not in WEB_LICENCES:
            bad.append(f"{name} ({licence})")
    resolved = [name for name, package in lock["packages"].items() if package.get("resolved", "").startswith("http")]
    if bad or resolved:
        print("licences not allowed:", ", ".join(bad), "| lock file with addresses:", ", ".join(resolved[:3]))
    return not bad and not resolved


def sizes() -> bool:
    """A file is one idea."""
    long = [
        f"{path.relative_to(ROOT)} ({n})"
        for path in (ROOT / "src").rglob("*.py")
        if "migrations" not in path.parts and (n := len(path.read_text("utf-8").splitlines())) > MAX_LINES
    ]
    if long:
        print(f"over {MAX_LINES} lines:", ", ".join(long))
    return not long


def web() -> bool:
    """The web app's types, style and unit tests."""
    folder = ROOT / "web"
    if not (folder / "node_modules").exists() and not run(*npm(), "ci", "--no-audit", "--no-fund", cwd=folder):
        return False
    return all([run(*npm(), "run", script, cwd=folder) for script in ("typecheck", "lint", "test")])


CHECKS = {
    "style": lambda: python("ruff", "check", "."),
    "format": lambda: python("ruff", "format", "--check", "."),
    "types": lambda: python("mypy"),
    "layers": lambda: run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache"),
    "borders": lambda: run(sys.executable, "scripts/borders.py", "--check"),
    "sizes": sizes,
    "licences": licences,
    "web": web,
    "generated": lambda: run(sys.executable, "scripts/generate.py", "--check"),
    "gallery": lambda: run(sys.executable, "scripts/gallery.py", "--check"),
}


def main() -> int:
    """Run all; name those that failed."""
    wanted = sys.argv[1:] or list(CHECKS)
    failed = []
    for name in wanted:
        started = time.monotonic()
        fine = CHECKS[name]()
        print(f"{'ok  ' if fine else 'FAIL'} {name} ({time.monotonic() - started:.0f} s)", flush=True)
        if not fine:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
