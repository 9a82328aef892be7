"""Files that only the owner of the home may read, written whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def create(path: Path, content: bytes) -> None:
    """Make a file that only the owner may read, whole or not at all; the first process wins."""
    temporary = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def replace(path: Path, content: bytes) -> None:
    """Write a file that only the owner may read, durably, in the place of another."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    create(temporary, content)
    os.replace(temporary, path)
