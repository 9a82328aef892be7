"""How long strategies take, in passes over the pool, against what they may; and other libraries beside them.

python -m benchmarks.speed --sizes 10000,100000,1000000 --peers --losses --out speed.jsonl --data DIR
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.speed_cases import N_WARM, Case, call, cases, goal_of, loss_cases, losses
from benchmarks.speed_peers import DISTRIBUTIONS, installed, peer_call, peer_cases, peer_table
from benchmarks.speed_pool import Pool, floors, held, machine_seconds, seconds, status, table

ROOT = Path(__file__).parent.parent
LONG = 10.0  # seconds after which a call is not repeated
SETUP = 1200.0  # seconds for all that is not timed
MANY, MOST = 100_000, 1_000_000  # where growth is taken between; memory is judged at the second
Record = dict[str, Any]


# --- one case, in a process of its own


def one(case: Case, args: argparse.Namespace) -> None:
    """Measure and print a line of JSON after each call."""
    resource.setrlimit(resource.RLIMIT_AS, (int(args.memory * 2**30),) * 2)
    from threadpoolctl import threadpool_info

    pool, said = Pool(args.data, case.n_items), Record()
    if case.whose == "ours":
        select = call(case, pool)
        said["P"], said["G"] = floors(pool.items, pool.labeled)
        select(N_WARM)
    elif case.whose == "loss":
        print(json.dumps({"rows": losses(case, pool)}))
        return
    else:
        warnings.simplefilter("ignore")
        select = peer_call(case, pool)
    blas = [f"{lib['internal_api']} {lib['version']} {lib.get('architecture', '')}" for lib in threadpool_info()
            if lib["user_api"] == "blas"]  # fmt: skip
    said |= {"walls": [], "cpus": [], "blas": sorted(set(blas))}
    said["threads"] = max((lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"), default=1)
    before = held()
    while len(said["walls"]) < args.repeats and max(said["walls"], default=0) < LONG:
        signal.setitimer(signal.ITIMER_REAL, args.limit)  # unhandled, it ends the process
        wall, cpu = time.perf_counter(), time.process_time()
        select()
        said["walls"].append(time.perf_counter() - wall)
        said["cpus"].append(time.process_time() - cpu)
        signal.setitimer(signal.ITIMER_REAL, 0)
        said["mb"] = max(0.0, status("VmHWM") - before)
        print(json.dumps(said), flush=True)


# --- all cases


def run(case: Case, args: argparse.Namespace) -> Record:
    """The measurement of a fresh process, or its error."""
    env = os.environ | ({} if args.threads is None else dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(args.threads)))  # fmt: skip
    options = [f"--{key}={getattr(args, key)}" for key in ("repeats", "limit", "memory")]
    command = [
        sys.executable,
        "-m",
        "benchmarks.speed",
        "--data",
        str(args.data.resolve()),
        "--one",
        json.dumps(asdict(case)),
    ]
    started = time.perf_counter(), machine_seconds(), resource.getrusage(resource.RUSAGE_CHILDREN)
    most = SETUP + args.limit * args.repeats + 3 * SETUP * (case.whose == "loss")
    try:
        done = subprocess.run([*command, *options], env=env, cwd=ROOT, capture_output=True, text=True, timeout=most)
    except subprocess.TimeoutExpired:
        return {"failed": f"over {most:.0f} s, set-up included"}
    took, busy, own = time.perf_counter() - started[0], machine_seconds() - started[1], started[2]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    found: Record = json.loads(lines[-1]) if lines else {}
    found["others"] = max(0.0, busy - (used.ru_utime - own.ru_utime) - (used.ru_stime - own.ru_stime)) / took
    if done.returncode and not lines:
        error = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        memory = "MemoryError" in error or "Unable to allocate" in error
        found["failed"] = (
            f"over {args.limit:g} s" if done.returncode == -signal.SIGALRM
            else f"over {args.memory:g} GB" if memory or done.returncode == -signal.SIGKILL else error[:200]
        )  # fmt: skip
    return found


def code_hash(case: Case) -> str:
    """Of all that a result depends on: our source, or the other library's version."""
    packages = ("kernels", "models", "scores", "evidence", "strategies", "tasks")
    files = [ROOT / "benchmarks" / "speed_pool.py", ROOT / "benchmarks" / "speed_cases.py"]
    source = ROOT / "src" / "labelwright"
    digest = hashlib.sha256()
    if case.whose in DISTRIBUTIONS:
        files = [files[0], ROOT / "benchmarks" / "speed_peers.py"]
        digest.update(version(DISTRIBUTIONS[case.whose]).encode())
    else:
        files += [source / "check.py", *sorted(f for package in packages for f in (source / package).rglob("*.py"))]
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def measured(todo: list[Case], args: argparse.Namespace) -> dict[Case, Record]:
    """Results by case: those in the file, and those that are missing there, which are added."""
    known: dict[str, Record] = {}
    for line in args.out.read_text("utf-8").splitlines() if args.out.exists() else ():
        record = json.loads(line)
        known[json.dumps(record["key"])] = record
    found: dict[Case, Record] = {}
    for i, case in enumerate(todo):
        key = asdict(case) | {"code": code_hash(case), "threads": args.threads}
        record = known.get(json.dumps(key))
        if record is None or ("failed" in record and record["limit"] < args.limit):
            smaller = [c for c in found if (c.title, c.whose) == (case.title, case.whose) and "failed" in found[c]]
            if smaller and case.whose in DISTRIBUTIONS:
                record = {"failed": f"not run: {found[smaller[-1]]['failed'].removeprefix('not run: ')}"}
            else:
                Pool(args.data, case.n_items)
                record = run(case, args)
            record |= {"key": key, "limit": args.limit}
            with args.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
        found[case] = record
        told = record.get("failed") or record.get("rows") or seconds(min(record["walls"]))
        print(
            f"{i + 1}/{len(todo)} {case.whose} {case.title}, N = {case.n_items:,}: {told}", file=sys.stderr, flush=True
        )
    return found


# --- tables


def verdict(case: Case, record: Record) -> str:
    """Whether a case is within its limits; empty where there are none at its size."""
    goal = goal_of(case)
    if goal is None:
        return ""
    most = None if "failed" in record else goal.limit(case.n_items, record["P"], record["G"])
    late = most is not None and min(record["walls"]) > most
    large = case.n_items >= MOST and "failed" not in record and record["mb"] >= goal.mb
    if "failed" in record or late or large:
        return "not met: " + (record.get("failed") or ", ".join(["time"] * late + ["memory"] * large))
    return "met" if most is not None or case.n_items >= MOST else ""


def head(found: dict[Case, Record], args: argparse.Namespace) -> None:
    """Print what was measured with, and how to read it."""
    records = list(found.values())
    cpuinfo = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in cpuinfo if line.startswith("model name")), platform.machine())
    versions = [f"{name} {version(name)}" for name in ("labelwright", "numpy", "scipy", "scikit-learn")]
    theirs = [f"{DISTRIBUTIONS[name]} {said}" for name, said in installed().items()]
    lacking = [name for key, name in DISTRIBUTIONS.items() if key not in installed()]
    blas = sorted({lib for record in records for lib in record.get("blas", ())})
    threads = sorted({record["threads"] for record in records if "threads" in record})
    others = [record["others"] for record in records if "others" in record]
    print(f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, {', '.join(versions + theirs)}")
    print(f"BLAS: {', '.join(blas)}; threads: {', '.join(map(str, threads))}")
    if others:
        print(f"Other processes took {sum(others) / len(others):.2f} cores on average, {max(others):.2f} at most.")
    if args.peers and lacking:
        print(f"Left out, not installed: {', '.join(lacking)}")
    print(
        "\nWall: the fastest call; P and G: the fastest pass over the pool, and product of pool and labeled items, in\n"
        "the same process. float32, D = 256, K = 10, b = 100, 1,000 labeled, 10 members unless a row says otherwise.\n"
        "Memory: the peak beyond what the process held before. Limits in P and G are judged from 100,000 items on,\n"
        "memory from 1,000,000. Other libraries get the same predictions and models; they read the pool as one table."
    )


def our_table(n_items: int, found: dict[Case, Record]) -> None:
    """Each strategy of ours at one size, beside its limits."""
    mine = {case: record for case, record in found.items() if case.whose == "ours" and case.n_items == n_items}
    P, G = ([record[floor] for record in mine.values() if floor in record] for floor in "PG")
    rows = []
    for case, record in mine.items():
        goal = goal_of(case)
        if "failed" in record:
            rows.append([case.title, record["failed"], *[""] * 5, verdict(case, record)])
            continue
        wall = min(record["walls"])
        most = None if goal is None else goal.limit(n_items, record["P"], record["G"])
        rows.append([
            case.title, seconds(wall), f"{wall / record['P']:.3g} P, {wall / record['G']:.2g} G",
            "" if goal is None else str(goal) if most is None or goal.seconds else f"{goal} = {seconds(most)}",
            seconds(record["cpus"][record["walls"].index(wall)]), f"{record['mb']:.0f} MB",
            f"{goal.mb:.0f} MB" if goal is not None and n_items >= MOST else "", verdict(case, record),
        ])  # fmt: skip
    spans = [f"{seconds(min(some))} to {seconds(max(some))}" for some in (P, G) if some]
    columns = ["strategy", "wall", "in floors", "at most", "CPU", "extra memory", "at most", ""]
    table(f"N = {n_items:,} (P {', G '.join(spans)})" if spans else f"N = {n_items:,}", columns, rows)


def growth_table(found: dict[Case, Record]) -> None:
    """Wall time of ours by size; ten times the items may cost ten times as much."""
    walls: dict[str, dict[int, float]] = {}
    for case, record in found.items():
        if case.whose == "ours" and "failed" not in record:
            walls.setdefault(case.title, {})[case.n_items] = min(record["walls"])
    sizes = sorted({size for row in walls.values() for size in row})
    rows = [
        [title, *[seconds(row[size]) if size in row else "" for size in sizes],
         f"{row[MOST] / row[MANY]:.3g}" if {MANY, MOST} <= set(row) else ""]
        for title, row in walls.items()
    ]  # fmt: skip
    table("Growth", ["strategy", *[f"{size:,}" for size in sizes], f"{MANY:,} to {MOST:,}, times"], rows)


def loss_table(found: dict[Case, Record]) -> None:
    """What a part of the pool reaches of what the whole pool does."""
    rows = []
    for case, record in found.items():
        if case.whose == "loss":
            for what, share in record.get("rows", [[record.get("failed", ""), float("nan")]]):
                said = "nothing is left to add" if math.isnan(share) else f"{share:.4f}"
                rows.append([case.title, f"{case.n_items:,}", what, said])
    table("By default settings, as a share of the exact ones", ["strategy", "N", "objective", "share"], rows)


def main() -> None:
    """Parse the options, measure what is missing, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of candidates, comma-separated")
    parser.add_argument("--strategies", help="comma-separated; all by default")
    parser.add_argument("--repeats", type=int, default=3, help=f"one where a call takes over {LONG:g} s")
    parser.add_argument("--peers", action="store_true", help=f"also {', '.join(DISTRIBUTIONS.values())}")
    parser.add_argument("--losses", action="store_true", help="also what is lost where a part of the pool is looked at")
    parser.add_argument("--loss-size", type=int, default=50_000)
    parser.add_argument("--limit", type=float, default=120, help="seconds a call")
    parser.add_argument("--memory", type=float, default=18, help="GB that a process may ask for")
    parser.add_argument("--threads", type=int, help="as many as the machine has by default")
    parser.add_argument("--out", type=Path, help="a file of results, one a line; what is there is not run again")
    parser.add_argument("--data", type=Path, help="a folder for pools (2 GB at 1,000,000); a temporary one by default")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        return one(Case(**json.loads(args.one)), args)
    folder = tempfile.TemporaryDirectory() if None in (args.data, args.out) else None
    args.data, args.out = args.data or Path(folder.name), args.out or Path(folder.name) / "speed.jsonl"
    sizes = sorted({int(size) for size in args.sizes.split(",")})
    strategies = args.strategies.split(",") if args.strategies else None
    todo = cases(sizes, strategies)
    if args.peers:
        todo += peer_cases(todo, list(installed()))
    todo.sort(key=lambda case: case.n_items)
    if args.losses:
        todo += loss_cases(args.loss_size, strategies)
    found = measured(todo, args)
    head(found, args)
    for size in sorted({case.n_items for case in found if case.whose == "ours"}):
        our_table(size, found)
        peer_table(size, found)
    growth_table(found)
    if args.losses:
        loss_table(found)
    said = [(case, verdict(case, record)) for case, record in found.items() if case.whose == "ours"]
    kept = sum(word == "met" for _, word in said)
    print(f"\nWithin limits: {kept} of {sum(bool(word) for _, word in said)} that have one at their size.")
    for case, word in said:
        if word.startswith("not"):
            print(f"- {case.title}, N = {case.n_items:,}: {word}")


if __name__ == "__main__":
    main()
