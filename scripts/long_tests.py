"""List the tests that take long, which ``make test`` leaves out and ``make test-all`` runs.

    .venv/bin/python -m pytest -n auto --dist loadfile --junitxml=build/tests.xml
    .venv/bin/python scripts/long_tests.py build/tests.xml

A test with parameters is long if it is so with one of them. A file of browser tests is long as a whole, since a server
and a browser start for it, however short its tests are. What CI always runs is named in `KEPT`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "long.txt"
SECONDS = 3.0
BROWSER = "tests/browser/"
KEPT = (  # the examples of the docs, a life in the browser, and what a killed process has acknowledged
    "tests/docs/", "tests/browser/test_browser_label.py", "tests/browser/test_browser_source.py",
    "tests/browser/test_browser_encoders.py", "tests/promises/test_p01_durable.py",
)  # fmt: skip


def seconds_of(report: Path) -> dict[str, float]:
    """The longest time of each test, by ``file::name`` without parameters."""
    found: defaultdict[str, float] = defaultdict(float)
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        place, name = str(case.get("classname")).replace(".", "/"), str(case.get("name")).partition("[")[0]
        test = f"{place}.py::{name}"
        found[test] = max(found[test], float(case.get("time") or 0.0))
    return dict(found)


def main() -> None:
    """Read a report of pytest, write the list."""
    found = seconds_of(Path(sys.argv[1]))
    files = {f"{BROWSER}{path.name}" for path in (ROOT / BROWSER).glob("test_*.py")}
    tests = {test for test, seconds in found.items() if seconds >= SECONDS and not test.startswith(BROWSER)}
    long = sorted(one for one in files | tests if not one.startswith(KEPT))
    LIST.write_text("".join(f"{one}\n" for one in long), "utf-8")
    print(f"{len(long)} files and tests of {len(found)} tests are long: {LIST.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
