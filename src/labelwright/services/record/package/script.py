"""The script of a package: one file, made of the modules that it consists of."""

from __future__ import annotations

from importlib import resources
from typing import Final

PARTS: Final = ("curve", "fold")
HERE: Final = "labelwright.services.record.package"
FUTURE: Final = "from __future__ import annotations\n"


def script() -> str:
    """``verify.py`` as it lies in a package: it imports nothing but Python's own library."""
    folder = resources.files(HERE)
    whole = (folder / "verify.py").read_text("utf-8")
    for part in PARTS:
        _, _, body = (folder / f"{part}.py").read_text("utf-8").partition(FUTURE)
        lines = [body.strip() if line.startswith(f"from {HERE}.{part} ") else line for line in whole.splitlines()]
        whole = "\n".join(lines) + "\n"
    return whole
