"""How long the first things take: import, the first select, --help, a demo's usable page.

python -m benchmarks.startup --demo
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

from benchmarks.processes import API, Process, environment
from benchmarks.table import quantile, show

SELECT = (
    "import labelwright as lw\n"
    "lw.select('margin', [[0.0], [1.0], [2.0]], n=1, proba=[[0.9, 0.1], [0.5, 0.5], [0.6, 0.4]])\n"
)
SELECT_FAR = "import labelwright as lw\nlw.select('k-center', [[0.0], [1.0], [2.0]], n=2)\n"


def seconds(arguments: list[str], home: Path, trials: int) -> list[float]:
    """Wall time of a fresh Python process, several times, the first one (cold) left out."""
    took = []
    for _ in range(trials + 1):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments], env=environment(home), check=True, stdout=subprocess.DEVNULL, timeout=300
        )
        took.append(time.perf_counter() - started)
    return took[1:]


def demo(which: str, home: Path) -> tuple[float, float]:
    """Seconds until ``labelwright demo`` answers, and until it has an item to label."""
    started = time.perf_counter()
    process = Process(["-m", "labelwright", "--home", str(home), "demo", which, "--port", "0", "--no-browser"], home)
    with process:
        assert process.process is not None and process.process.stdout is not None
        line = process.process.stdout.readline()
        url = line.strip().rpartition(" at ")[2]
        while True:
            try:
                if httpx2.get(url + API + "/ready", timeout=5).status_code == 200:
                    break
            except httpx2.TransportError:
                time.sleep(0.05)
        answers = time.perf_counter() - started
        from benchmarks.processes import make_people

        (token,) = make_people(home, 1)
        headers = {"Authorization": f"Bearer {token}"}
        slug = httpx2.get(url + API + "/projects", headers=headers).json()["items"][0]["slug"]
        while not httpx2.post(f"{url}{API}/projects/{slug}/queue", json={"n": 1}, headers=headers).json()["leases"]:
            time.sleep(0.05)
        return answers, time.perf_counter() - started


def main() -> None:
    """Parse the options, start things, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--trials", type=int, default=5)
    parser.add_argument("--demo", action="store_true", help="also the demos, to a page with an item")
    parser.add_argument("--which", default="digits,breast-cancer,diabetes,text")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        runs = {
            "python -c pass": ["-c", "pass"],
            "import labelwright": ["-c", "import labelwright"],
            "import sklearn.linear_model": ["-c", "import sklearn.linear_model"],
            "first lw.select (proba given)": ["-c", SELECT],
            "first lw.select (k-center)": ["-c", SELECT_FAR],
            "labelwright --help": ["-m", "labelwright", "--help"],
            "labelwright create --help": ["-m", "labelwright", "create", "--help"],
        }
        median = {name: quantile(seconds(arguments, home, args.trials), 0.5) for name, arguments in runs.items()}
        rows = [(name, f"{value:.3f} s") for name, value in median.items()]
        bare = median["python -c pass"]
        rows.append(("import labelwright, Python itself taken off", f"{median['import labelwright'] - bare:.3f} s"))
        rows.append(
            ("first lw.select / import sklearn.linear_model",
             f"{median['first lw.select (k-center)'] / median['import sklearn.linear_model']:.2f}")
        )  # fmt: skip
        for which in args.which.split(",") if args.demo else ():
            answers, labels = demo(which, Path(folder) / f"demo-{which}")
            rows.append((f"labelwright demo {which}", f"answers after {answers:.1f} s, an item after {labels:.1f} s"))
    show(f"startup: medians of {args.trials}", rows)


if __name__ == "__main__":
    main()
