"""What is stored of a secret: enough to know it again."""

from __future__ import annotations

import hashlib


def digest(secret: str) -> str:
    """What is stored of a random secret of 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
