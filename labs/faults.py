"""Faults: each write, fsync and rename of an act fails or is torn in turn; nothing acknowledged may be lost.

python -m labs.faults               # every call of every act, about two hours on two cores
python -m labs.faults --points 20   # twenty calls of each act and fault

An act is done in a process of its own: answers, an import, a whole training, an upgrade of an old home, an erasure, a
merger of two labels, an export, a backup. A small library that is loaded before libc (labs/faults.c, compiled here)
counts its calls and acts on one of them: it fails once, or it and all later ones fail as on a full disk, or half of it
is written and the process killed, or the process is killed before it. Then the home is opened without faults: every
acknowledged answer is there once, `verify` finds the record whole, and labeling and training go on; an erasure that
took place has left nothing of the content.
"""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LIBRARY: Final = "LABELWRIGHT_LAB_LIBRARY"
FAULTS: Final = {"fails once": 1, "disk full": 2, "torn": 3, "killed": 4}


@dataclass
class Tally:
    """What came of one act under one fault."""

    tried: int = 0
    went_through: int = 0
    problems: list[str] = field(default_factory=list)


def compile_library(folder: Path) -> Path:
    """Compile the library; a C compiler is needed.

    Raises
    ------
    FileNotFoundError, CalledProcessError
    """
    target = folder / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(target), str(source), "-ldl"], check=True)
    return target


def in_child(act: Callable[[], str]) -> tuple[int, str]:
    """Run a function in a forked process; its exit code (negative for a signal) and what it returned.

    What is returned arrives even if the process is killed later, as an acknowledged answer does.
    """
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        code = 0
        try:
            os.write(sending, act().encode())
        except BaseException as error:
            os.write(sending, f"!{type(error).__name__}: {error}".encode()[:4000])
            code = 3
        finally:
            os._exit(code)
    os.close(sending)
    with os.fdopen(receiving, "rb") as file:
        said = file.read().decode()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


class Faults:
    """The library within this process and its children."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(os.environ[LIBRARY])
        self._library.counted.restype = ctypes.c_long

    def arm(self, how: int, at: int, folder: Path) -> None:
        """Act on call number ``at`` within the folder; 0 only counts."""
        self._library.arm(how, ctypes.c_long(at), str(folder).encode())

    def counted(self) -> int:
        """Calls within the folder so far."""
        return int(self._library.counted())


def try_act(act: str, fault: str, at: int, honest: Path, home: Path, faults: Faults, tally: Tally) -> None:
    """One act under one fault on a copy of a home; what is wrong afterwards is noted."""
    from labs import homes

    homes.copy(honest, home)
    receiving, sending = os.pipe()  # of answers, one line each as it is acknowledged

    def under_fault() -> str:
        with os.fdopen(sending, "w", buffering=1) as acknowledge:
            faults.arm(FAULTS[fault], at, home)
            logging.disable()  # of errors that are expected
            homes.ACTS[act](home, lambda answer: print(answer, file=acknowledge))
        return ""

    code, _ = in_child(under_fault)
    os.close(sending)
    with os.fdopen(receiving) as file:
        acknowledged = file.read().split()
    tally.tried += 1
    tally.went_through += code == 0
    judged, said = in_child(lambda: homes.judge(home, acknowledged))
    if judged != 0 or said:
        tally.problems.append(f"{act}, call {at} {fault} (exit {code}): {said or judged}")


def points(n_calls: int, wanted: int) -> list[int]:
    """Which calls to act on: all, or some that are evenly spread, the first and the last among them."""
    if wanted == 0 or wanted >= n_calls:
        return list(range(1, n_calls + 1))
    return sorted({1 + round(k * (n_calls - 1) / max(1, wanted - 1)) for k in range(wanted)})


def run(acts: list[str], wanted: int, folder: Path) -> dict[tuple[str, str], Tally]:
    """Try the acts; the library must be loaded."""
    from labs import homes

    faults, tallies = Faults(), dict[tuple[str, str], Tally]()
    for act in acts:
        honest, home = folder / f"honest-{act}", folder / "copy"
        _checked(in_child(lambda act=act, honest=honest: homes.make(act, honest)))  # type: ignore[misc]
        homes.copy(honest, home)

        def count(act: str = act, home: Path = home) -> str:
            faults.arm(0, 0, home)
            homes.ACTS[act](home, lambda _: None)
            return str(faults.counted())

        n_calls = int(_checked(in_child(count)))
        for fault in FAULTS:
            tally = tallies[act, fault] = Tally()
            for at in points(n_calls, wanted):
                try_act(act, fault, at, honest, home, faults, tally)
            print(f"{act:10} {fault:11} {n_calls:6} calls, {tally.tried:5} tried, {tally.went_through:5} went through, "
                  f"{len(tally.problems):3} problems", flush=True)  # fmt: skip
    return tallies


def _checked(ended: tuple[int, str]) -> str:
    code, said = ended
    if code != 0:
        raise RuntimeError(f"without a fault: exit {code} {said}")
    return said


def preloaded(arguments: list[str]) -> None:
    """Start this program again with the library loaded; returns at once where it is."""
    if LIBRARY in os.environ:
        return
    with tempfile.TemporaryDirectory() as folder:
        library = str(compile_library(Path(folder)))
        environment = {**os.environ, LIBRARY: library, "LD_PRELOAD": library, "OPENBLAS_NUM_THREADS": "1"}
        sys.exit(subprocess.run([sys.executable, "-m", "labs.faults", *arguments], env=environment).returncode)


def main() -> None:
    """Parse the options, try, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=0, help="calls of each act to act on; 0: all")
    parser.add_argument("--acts", default="", help="some of them, with commas")
    args = parser.parse_args()
    preloaded(sys.argv[1:])
    from labs import homes

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    acts = args.acts.split(",") if args.acts else list(homes.ACTS)
    with tempfile.TemporaryDirectory() as folder:
        tallies = run(acts, args.points, Path(folder))
    problems = [problem for tally in tallies.values() for problem in tally.problems]
    for problem in problems[:40]:
        print("  " + problem)
    print(f"{sum(tally.tried for tally in tallies.values())} faults, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
