"""Tampering: every column of every table, and every kind of file, is changed in turn; `verify` must name it.

python -m labs.tampering            # every column, some minutes
python -m labs.tampering --share 4  # every fourth case
python -m labs.tampering --database postgres  # with rows on PostgreSQL

Whoever tampers has write access to the databases and the files, but not the signing key. What `verify` does not find
stands in `NOT_COVERED` with the reason; the table in docs/theory/record.md is this list. The command fails if
something is missed that is not in the list, or found although it is. All changes of rows are tried on both databases;
no case is about the bytes of SQLite's file. What the database itself refuses, as PostgreSQL refuses values of another
type, counts as "no rows".
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.databases import drop_database, make_database, postgres_server
from labelwright.services.record.verify import verify
from labelwright.services.site import Site
from labelwright.services.site.moving import move
from labelwright.services.site.settings import load
from labelwright.store import site_tables, tables
from labs.changes import FILES, in_database
from scripts import keep_project

ROWS: Final = ("insert", "delete", "swap")
CELLS: Final = ("alter", "retype")
PROJECTS: Final = ("topics", "reports")
HONEST, COPY = "honest", "tampered"
WORK = "work in progress: it decides who is asked next, never what was answered; an answer's event has its own copy"
SITE = "the site's database is not made anew from its chain"
NOT_COVERED: Final[dict[str, str]] = {
    "lease": WORK,
    "exposure": "who was shown what; an answer's event says whether its author had seen what others say",
    "cycle": "how far a training is, and its error; what it made is in events",
    "webhook": "where events are told, and how far; that an address was set or removed is an event",
    "search_progress": "how far the full-text index is",
    "slot.done": "whether a slot is open; order, kind, score and propensity are checked",
    "slot insert": "a row beyond the published order is never served",
    "slot of an older ranking": "only the ranking that is served is compared",
    "array_file.kind": "a remark; the digest is checked",
    "array_file.n_bytes": "a remark; the digest is checked",
    "array_file insert": "a row of a file that no event names is not read",
    "import_batch.source": "the file's name; each item's own source is in the manifest",
    "sealed delete": "erasing free text is allowed, and counted",
    "sealed.id": "the same as erasing it",
    "sealed.project_id": "on PostgreSQL, which holds all projects in one table, the same as erasing it",
    "chain_head insert": "on PostgreSQL a row of another project, which is never read",
    "sealed insert": "text that no event names is never shown",
    **{table.name: SITE for table in site_tables.META.sorted_tables if not table.name.startswith("site_")},
    "site_sealed": SITE,
    "site_event insert": "a row of another chain is never read",
    "site_chain_head insert": "a row of another chain is never read",
}


@dataclass(frozen=True)
class Case:
    """One way to tamper: with a column or the rows of a table, or with a file."""

    what: str
    how: str
    column: str = ""

    @property
    def name(self) -> str:
        """As it stands in the tables."""
        return f"{self.what}.{self.column} {self.how}" if self.column else f"{self.what} {self.how}"

    @property
    def reason(self) -> str | None:
        """Why it is not found, where that is known."""
        keys = (self.what, f"{self.what}.{self.column}", f"{self.what} {self.how}")
        return next((NOT_COVERED[key] for key in keys if key in NOT_COVERED), None)


@dataclass(frozen=True)
class Outcome:
    """What became of a case: "found" by name, "found" only in general, "missed", or "no rows" to change."""

    case: Case
    state: str
    said: str = ""


def cases() -> list[Case]:
    """All of them, in a fixed order."""
    listed = []
    for table in (*tables.META.sorted_tables, *site_tables.META.sorted_tables):
        listed += [Case(table.name, how) for how in ROWS]
        listed += [Case(table.name, how, column.name) for column in table.c for how in CELLS]
    files = [
        ("array", ("alter", "delete", "cut")), ("media", ("alter", "delete")),
        ("anchor", ("delete", "cut", "garbage", "forge")), ("public key", ("alter",)),
    ]  # fmt: skip
    return listed + [Case(what, how) for what, hows in files for how in hows]


class Laboratory:
    """Homes to tamper with: one honest home, copied for each case.

    Parameters
    ----------
    folder : Path
        For the copies.
    server : str or None
        Rows are on this PostgreSQL server, as `benchmarks.databases.postgres_server` gives it; None: in SQLite's files.
    """

    def __init__(self, folder: Path, server: str | None = None) -> None:
        self._folder = folder
        self._server = server
        self._honest = folder / "honest"
        keep_project.make(self._honest)
        if server is not None:
            move(load({"home": self._honest}, environ={}), make_database(server, HONEST))
        for problem in self._verify(self._honest, self._url(HONEST)):
            raise AssertionError(f"the honest home is not whole: {problem}")

    def run(self, case: Case) -> Outcome:
        """Tamper with a copy and verify it."""
        home = self._folder / "copy"
        shutil.copytree(self._honest, home)
        if self._server is not None:
            make_database(self._server, COPY, like=HONEST)
        try:
            if not self._tamper(home, self._url(COPY), case):
                return Outcome(case, "no rows")
            problems = list(self._verify(home, self._url(COPY)))
        except Exception as error:  # a site that cannot be opened at all hides nothing either
            problems = [f"the site cannot be opened: {type(error).__name__}"]
        finally:
            shutil.rmtree(home)
            if self._server is not None:
                drop_database(self._server, COPY)
        if not problems:
            return Outcome(case, "missed")
        named = next((problem for problem in problems if names(case, problem)), None)
        return Outcome(case, "found" if named else "found, not by name", named or problems[0])

    def _url(self, name: str) -> str | None:
        return None if self._server is None else self._server.format(name=name)

    @staticmethod
    def _verify(home: Path, database_url: str | None) -> Iterator[str]:
        site = Site(load({"home": home, "database_url": database_url}, environ={}))
        try:
            for slug in site.store.slugs():
                yield from verify(site, slug, full=True).problems
        finally:
            site.close()

    @staticmethod
    def _tamper(home: Path, database_url: str | None, case: Case) -> bool:
        if case.what in FILES:
            return FILES[case.what](home, case.how)
        if case.what in site_tables.META.tables:
            table = site_tables.META.tables[case.what]
            return in_database(home, database_url, None, table, case.how, case.column)
        table = tables.META.tables[case.what]
        return any(in_database(home, database_url, slug, table, case.how, case.column) for slug in PROJECTS)


def names(case: Case, problem: str) -> bool:
    """Whether a problem tells somebody where to search: the table, the event, the item, the file or the head."""
    words = {
        "event": ("event ",), "site_event": ("event ",), "chain_head": ("head",), "site_chain_head": ("head",),
        "content": ("item i", "content"), "given": ("manifest", "given"), "sealed": ("sealed",),
        "item": ("import ", "item i", "imports", "table item"), "array_file": ("array ",), "media": ("item i",),
        "anchor": ("anchor",), "public key": ("anchor",), "import_batch": ("import",), "slot": ("slot",),
    }  # fmt: skip
    return any(word in problem for word in words.get(case.what, (case.what,)))


def judged(outcome: Outcome) -> str | None:
    """What is wrong with an outcome; None if it is as expected."""
    if outcome.state == "missed" and outcome.case.reason is None:
        return f"{outcome.case.name}: not found"
    if outcome.state == "found, not by name" and outcome.case.reason is None:
        return f"{outcome.case.name}: found, but only as '{outcome.said}'"
    return None


def main() -> None:
    """Parse the options, tamper, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=int, default=1, help="try one case in so many")
    parser.add_argument("--only", default="", help="a table or a kind of file")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite", help="where rows are")
    args = parser.parse_args()
    wanted = [case for case in cases() if args.only in ("", case.what)][:: args.share]
    server: AbstractContextManager[str | None] = postgres_server() if args.database == "postgres" else nullcontext(None)
    with tempfile.TemporaryDirectory() as folder, server as url:
        laboratory = Laboratory(Path(folder), url)
        outcomes = [laboratory.run(case) for case in wanted]
    print(f"{'what':18} {'found':>6} {'missed':>7} {'no rows':>8}   why it is not covered")
    for what in dict.fromkeys(case.what for case in wanted):
        of = [outcome for outcome in outcomes if outcome.case.what == what]
        n = {state: sum(one.state == state for one in of) for state in ("found", "missed", "no rows")}
        reasons = dict.fromkeys(one.case.reason for one in of if one.state == "missed" and one.case.reason)
        print(f"{what:18} {n['found']:6} {n['missed']:7} {n['no rows']:8}   {'; '.join(map(str, reasons))}")
    wrong = [problem for outcome in outcomes if (problem := judged(outcome)) is not None]
    print(f"{len(outcomes)} cases, {len(wrong)} not as they should be")
    for problem in wrong:
        print("  " + problem)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
