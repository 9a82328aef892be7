"""Develop: server, worker and web app at once, each started anew when its files change. Ctrl-C ends all three.

make dev                       # http://localhost:5173, on the home of LABELWRIGHT_HOME or build/dev-home
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from node import npm

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "labelwright"
PORT = 8000
LOOK_SECONDS = 0.7


def newest() -> float:
    """When a Python file was last changed."""
    return max(path.stat().st_mtime for path in SOURCE.rglob("*.py"))


def start(command: list[str], **more: str) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own."""
    home = os.environ.get("LABELWRIGHT_HOME") or str(ROOT / "build" / "dev-home")
    environ = {**os.environ, "LABELWRIGHT_HOME": home, "LABELWRIGHT_API": f"http://127.0.0.1:{PORT}", **more}
    folder = ROOT / "web" if command[0] == npm()[0] else ROOT
    return subprocess.Popen(command, cwd=folder, env=environ, start_new_session=True)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process with its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def main() -> int:
    """Run until Ctrl-C."""
    serve = [sys.executable, "-m", "labelwright", "serve", "--port", str(PORT)]
    if not (ROOT / "web" / "node_modules").exists():
        subprocess.run([*npm(), "ci", "--no-audit", "--no-fund"], cwd=ROOT / "web", check=True)
    web = start([*npm(), "run", "dev"])
    server, seen = start(serve), newest()
    try:
        while web.poll() is None:
            time.sleep(LOOK_SECONDS)
            if (changed := newest()) > seen:
                seen = changed
                print("A Python file changed: server and worker start anew.", flush=True)
                stop(server)
                server = start(serve)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        stop(server)
        stop(web)


if __name__ == "__main__":
    sys.exit(main())
