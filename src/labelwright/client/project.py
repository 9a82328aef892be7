"""One project of a server: its items, its queue, answers, rounds, progress and labels."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from labelwright.check import check_count
from labelwright.client.adding import rows_of, source_of
from labelwright.client.answering import Answer, Answered, body_of, question_of
from labelwright.client.formats import format_of_export
from labelwright.client.transport import Transport, listed, part
from labelwright.client.views import Added, Lease, Progress, ProjectDetail, Question, Queue, Round, Stored, view, views
from labelwright.errors import InputError, NotReadyError, UnreachableError
from labelwright.plain import Json, JsonObject

if TYPE_CHECKING:
    from pandas import DataFrame

PAGE = 200
LOOK_SECONDS = 0.5


class RemoteProject:
    """A project of a server; made by `Connection.project` and `Connection.create`.

    Everything is asked when a method is called, nothing is kept but the questions, which answers are read with.
    """

    def __init__(self, transport: Transport, name: str) -> None:
        self.name = name
        self._transport = transport
        self._path = f"/projects/{part(name)}"
        self._questions: tuple[Question, ...] = ()

    def __repr__(self) -> str:
        return f"connect('{self._transport.url}').project('{self.name}')"

    def detail(self) -> ProjectDetail:
        """The project with its questions, labels, counts and state."""
        return view(ProjectDetail, self._transport.get(self._path))

    def progress(self) -> Progress:
        """The sentence, figures and learning curve of the page *Progress*."""
        return view(Progress, self._transport.get(f"{self._path}/progress"))

    def rounds(self) -> tuple[Round, ...]:
        """All rounds, the newest first; ``pandas.DataFrame(project.rounds())`` makes a table of them."""
        pages = self._pages(f"{self._path}/rounds")
        return tuple(one for page in pages for one in views(Round, page["items"]))

    def start_round(
        self, *, hypothesis: str = "", labels: int | None = None, strategy: str | None = None,
        constraints: Sequence[str] | None = None,
    ) -> Round:  # fmt: skip
        """Begin a new round, which needs the role of a lead; None keeps strategy and constraints as they are."""
        body: JsonObject = {"hypothesis": hypothesis, "labels": labels, "strategy": strategy}
        if constraints is not None:
            body["constraints"] = list(constraints)
        return view(Round, self._transport.send("POST", f"{self._path}/rounds", body, repeatable=False))

    def items(self, **filters: str | bool) -> DataFrame:
        """Items as a table, one row each.

        Parameters
        ----------
        **filters
            Those of ``GET …/items``: ``show`` ("all", "labeled", "unlabeled", "reserve", …), ``label`` by id,
            ``search``, ``slice``, ``sort``, ``descending``, ….

        Returns
        -------
        DataFrame
            Columns ``id, key, preview, split, label, prediction, confidence, answers, …``. What you may not know yet
            is missing.
        """
        return self._table(f"{self._path}/items", filters)

    def annotations(self, **filters: str | bool) -> DataFrame:
        """Your own answers as a table, without those undone; filters are ``kind``, ``standing`` and ``noted``."""
        return self._table(f"{self._path}/annotations", filters)

    def queue(self, n: int = 1) -> tuple[Lease, ...]:
        """Take work: your live leases, then new ones up to n. Empty where there is none; `next_work` says why."""
        return self.next_work(n).leases

    def next_work(self, n: int = 1) -> Queue:
        """The same with the reason why nothing came; sent twice it gives the same leases."""
        check_count("queue", "n", n)
        return view(Queue, self._transport.send("POST", f"{self._path}/queue", {"n": n}, repeatable=True))

    def give_back(self, lease: Lease) -> None:
        """Return an item unanswered."""
        self._transport.send("DELETE", f"{self._path}/leases/{part(lease.id)}", repeatable=False)

    def answer(
        self, lease: Lease, label: Answered, *, question: str | None = None, seconds: float | None = None,
        answer_id: str | None = None,
    ) -> Answer:  # fmt: skip
        """Answer a leased item; it is on the server's disk when this returns, once however often it was sent.

        Parameters
        ----------
        lease : Lease
            From `queue`.
        label : str, number or list of str
            The name of a label or its id, a number, or the names of all labels that hold.
        question : str, optional
            Id or name, where there are several; the lease's first if left out.
        seconds : float, optional
            How long it took.
        answer_id : str, optional
            A UUID that you keep, if the answer shall stay one answer even though your process ends and a next one
            sends it again. Made here if left out.

        Raises
        ------
        InputError
            If there is no such label.
        ConflictError
            If you have answered this item already.
        UnreachableError
            If the server stayed away through all repetitions. The hint has the ``answer_id`` to send it again with.
        """
        asked, answer = self._said(lease, label, question)
        return self._store(
            {"kind": "answer", "answer": answer, "question": asked.id, "seconds": seconds}, lease.item.id, lease.id,
            answer_id,
        )  # fmt: skip

    def skip(self, lease: Lease, reason: str | None = None, *, answer_id: str | None = None) -> Answer:
        """Say that a leased item cannot be answered."""
        return self._store({"kind": "skip", "reason": reason}, lease.item.id, lease.id, answer_id)

    def flag(self, lease: Lease, reason: str | None = None, *, answer_id: str | None = None) -> Answer:
        """Say that something is wrong with a leased item."""
        return self._store({"kind": "flag", "reason": reason}, lease.item.id, lease.id, answer_id)

    def correct(self, answer: Answer, label: Answered, *, answer_id: str | None = None) -> Answer:
        """Replace an answer of yours; the first one stays on record."""
        question = question_of(self._asked(), answer.question, "")
        body: JsonObject = {"kind": "correct", "answer": body_of(question, label), "question": question.id}
        return self._store({**body, "replaces": answer.id}, answer.item_id, None, answer_id)

    def undo(self, answer: Answer, *, answer_id: str | None = None) -> Answer:
        """Withdraw an answer of yours; the item is yours again."""
        return self._store({"kind": "undo", "replaces": answer.id}, answer.item_id, None, answer_id)

    def add(self, source: str | Path | None = None, *, rows: Sequence[Mapping[str, Json]] | None = None) -> Added:
        """Add the rows of a file or folder of this machine, or rows as they are; what is there already stays."""
        return self._add(rows_of(self._transport, source, rows))

    def add_source(self, source: str | Path, *, label: str | None = None) -> Added:
        """Bring new and changed labels of another domain: ``PROJECT[@SNAPSHOT]`` of the server, or a labeled file.

        ``label`` names the column of labels of the file, else guessed; ``corrected`` ones replace a copy that is there.
        """
        return self._add({"source": source_of(self._transport, str(source), label, "add")})

    def labels(self, *, at: str | None = None) -> DataFrame:
        """The labels as a table, as `export` writes them, now or as of a version, event or time."""
        import pandas

        with tempfile.TemporaryFile() as file:
            self._transport.download(f"{self._path}/export", file, format="parquet", at=at)
            file.seek(0)
            return pandas.read_parquet(file)

    def export(self, path: str | Path, format: str | None = None, *, at: str | None = None, media: bool = False) -> str:
        """Write the labels to a file.

        Parameters
        ----------
        path : path
            Replaced as a whole once everything has come; a transfer that fails leaves what was there.
        format : str, optional
            "csv", "tsv", "xlsx", "jsonl", "parquet", or that of another tool: "label-studio", "argilla", "prodigy",
            "doccano", "huggingface", "huggingface-folder". If left out, the ending says it: ``labels.prodigy.jsonl``.
        at : str, optional
            A version, event or time.
        media : bool
            Of images: write a zip of the file and its images, such as ``pets.csv.zip``.

        Returns
        -------
        str
            What is to be told beside the labels; "" if nothing.
        """
        target = Path(path)
        chosen, where = format_of_export(target, format, media=media), f"{self._path}/export"
        if not target.absolute().parent.is_dir():
            raise InputError(f"export: '{target}' must be in a folder that exists.", "Make the folder first.")
        handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                findings = self._transport.download(where, file, format=chosen, at=at, media=media)
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return findings

    def wait_until_imported(self, *, timeout: float = 600.0) -> ProjectDetail:
        """Wait until the items of a new project are in.

        Raises
        ------
        InputError
            If the import failed; the message is the server's.
        NotReadyError
            If it lasts longer than ``timeout`` seconds.
        """
        until = time.monotonic() + timeout
        while True:
            said = self._transport.get(self._path)
            if said.get("state") == "failed":
                raise InputError(f"{self.name}: {said.get('error') or 'the import failed.'}")
            if said.get("state") != "importing":
                return view(ProjectDetail, said)
            self._pause(until, timeout, "its items are in")

    def wait(self, *, timeout: float = 600.0) -> Progress:
        """Wait until the worker has trained on all that it wants to, and a ranking is published.

        Raises
        ------
        NotReadyError
            If no worker runs, training failed, or it lasts longer than ``timeout`` seconds.
        """
        until = time.monotonic() + timeout
        self.wait_until_imported(timeout=timeout)
        while True:
            progress = self.progress()
            running = progress.running
            if running.state == "failed":
                raise NotReadyError(f"{self.name}: training failed: {running.error or 'see the page Progress'}.")
            if running.state == "no-worker":
                raise NotReadyError(f"{self.name}: no worker runs on the server.", "Start one: labelwright worker")
            if running.state == "idle" and progress.ranking is not None:
                return progress
            self._pause(until, timeout, "the worker is idle")

    def _add(self, body: JsonObject) -> Added:
        return view(Added, self._transport.send("POST", f"{self._path}/items", body, repeatable=False))

    def _pause(self, until: float, timeout: float, what: str) -> None:
        if time.monotonic() > until:
            raise NotReadyError(f"{self.name}: {timeout:g} seconds went by before {what}.", "Wait longer.")
        time.sleep(LOOK_SECONDS)

    def _said(self, lease: Lease, label: Answered, asked: str | None) -> tuple[Question, JsonObject]:
        """The answer by ids; a label that somebody added meanwhile is looked up once."""
        question = question_of(self._asked(), asked, lease.question)
        try:
            return question, body_of(question, label)
        except InputError:
            self._questions = ()
            question = question_of(self._asked(), asked, lease.question)
            return question, body_of(question, label)

    def _asked(self) -> tuple[Question, ...]:
        self._questions = self._questions or self.detail().questions
        return self._questions

    def _store(self, body: JsonObject, item_id: str, lease_id: str | None, answer_id: str | None) -> Answer:
        own_id = answer_id or str(uuid.uuid4())
        sent: JsonObject = {"answer_id": own_id, "item_id": item_id, "lease_id": lease_id, **body}
        try:
            stored = view(
                Stored, self._transport.send("POST", f"{self._path}/annotations", sent, repeatable=True)
            )  # fmt: skip
        except UnreachableError as error:
            hint = f"Send it again with answer_id='{own_id}': it is stored once, whether it has arrived or not."
            raise UnreachableError(error.message, hint) from None
        question = body.get("question")
        return Answer(
            stored.id, stored.seq, stored.hash, own_id, item_id, None if question is None else str(question)
        )  # fmt: skip

    def _table(self, path: str, filters: Mapping[str, str | bool]) -> DataFrame:
        import pandas

        rows = [row for page in self._pages(path, **filters) for row in listed(page)]
        return pandas.DataFrame(rows)

    def _pages(self, path: str, **query: str | bool) -> Iterator[JsonObject]:
        cursor: str | None = None
        while True:
            page = self._transport.get(path, limit=PAGE, cursor=cursor, **query)
            yield page
            if page.get("next_cursor") is None:
                return
            cursor = str(page["next_cursor"])
