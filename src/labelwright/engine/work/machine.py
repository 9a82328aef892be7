"""What a shard was computed with: the parts that may change the last bits of a result."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from typing import Any

from labelwright import __version__
from labelwright.plain import JsonObject

PACKAGES = ("numpy", "scipy", "scikit-learn")


def fingerprint() -> JsonObject:
    """Processor, BLAS with its threads, and versions, of this process as it is now.

    >>> sorted(fingerprint())
    ['blas', 'labelwright', 'machine', 'numpy', 'python', 'scikit-learn', 'scipy']
    """
    machine = f"{platform.system()} {platform.machine()}"
    return {**versions(), "machine": machine, "python": platform.python_version(), "blas": _blas()}


@cache
def versions() -> dict[str, str]:
    """What must be the same on all machines: Labelwright, and the libraries that results depend on."""
    return {"labelwright": __version__, **{name: version(name) for name in PACKAGES}}


def _blas() -> str:
    """The kernels that BLAS has chosen for the processor, and how many threads it uses."""
    from threadpoolctl import threadpool_info

    libraries: list[dict[str, Any]] = [one for one in threadpool_info() if one["user_api"] == "blas"]
    described = {
        f"{one['internal_api']} {one.get('version')} {one.get('architecture', '')}, {one['num_threads']} threads"
        for one in libraries
    }
    return "; ".join(sorted(described))
