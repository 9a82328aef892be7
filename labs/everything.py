"""All experiments within an hour on two cores, and one table; what `make lab` runs."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Final

EXPERIMENTS: Final = (
    ("labs.tampering",), ("labs.interrupted",), ("labs.faults", "--points", "40"), ("labs.fuzz", "--minutes", "6"),
    ("labs.budgets",), ("benchmarks.kills",),
)  # fmt: skip


def main() -> None:
    """Run each in a process of its own, print what each says last, fail if one fails."""
    ended = []
    for arguments in EXPERIMENTS:
        print(f"\n== python -m {' '.join(arguments)}", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        print(done.stdout, end="")
        last = done.stdout.strip().splitlines()[-1:] or [""]
        ended.append((arguments[0], done.returncode, time.monotonic() - began, last[0].strip()))
    print(f"\n{'experiment':18} {'ended':6} {'minutes':>7}  what it said last")
    for name, code, seconds, said in ended:
        print(f"{name:18} {'well' if code == 0 else f'exit {code}':6} {seconds / 60:7.1f}  {said}")
    sys.exit(max(code for _, code, _, _ in ended))


if __name__ == "__main__":
    main()
