"""The way in: a server and a token, its projects, and making a new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from labelwright.client.adding import source_of
from labelwright.client.project import RemoteProject
from labelwright.client.transport import Retries, Transport, part
from labelwright.client.uploading import upload
from labelwright.client.views import ProjectSummary, views
from labelwright.plain import Json, JsonObject

PAGE = 200


def connect(url: str, token: str, *, timeout: float = 60.0, retries: Retries | None = None) -> Connection:
    """Use a server from Python.

    Parameters
    ----------
    url : str
        The address that people open in the browser.
    token : str
        Made with ``labelwright tokens create EMAIL`` or on the page *Account*. It acts with its person's role, and is
        shown nowhere. Behind anything but your own machine use https, or it can be read on the way.
    timeout : float
        Seconds that the server may be silent.
    retries : Retries
        How patiently requests are repeated after a lost connection or a busy server.

    Returns
    -------
    Connection
        Nothing is sent before its first method is called.

    Raises
    ------
    InputError
        If the address or the token cannot be one.

    Examples
    --------
    >>> connect("http://127.0.0.1:8000/", token="lw_secret")
    connect('http://127.0.0.1:8000')

    .. code-block:: python

        project = lw.connect("https://label.example.org", token).project("reviews")
        for lease in project.queue(5):
            project.answer(lease, "good")
        project.items(show="labeled")       # a DataFrame
    """
    return Connection(Transport(url, token, timeout=timeout, retries=retries))


class Connection:
    """A server and a token; made by `connect`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def __repr__(self) -> str:
        return f"connect('{self._transport.url}')"

    @property
    def url(self) -> str:
        """The address of the server."""
        return self._transport.url

    def projects(self) -> tuple[ProjectSummary, ...]:
        """All projects that the token's person may know of; ``pandas.DataFrame(...)`` makes a table of them."""
        found: list[ProjectSummary] = []
        cursor: str | None = None
        while True:
            page = self._transport.get("/projects", limit=PAGE, cursor=cursor)
            found += views(ProjectSummary, page["items"])
            cursor = _cursor(page)
            if cursor is None:
                return tuple(found)

    def project(self, name: str) -> RemoteProject:
        """One project by its short name; an error comes when it is first used, if there is none."""
        return RemoteProject(self._transport, name)

    def create(
        self, name: str, source: str | Path, *, columns: Mapping[str, Json] | None = None,
        fields: Mapping[str, Json] | None = None, wait: float | None = 600.0,
    ) -> RemoteProject:  # fmt: skip
        """Make a project from a file or folder of this machine, which is sent to the server.

        Parameters
        ----------
        name : str
            Lower-case letters, digits, hyphens.
        source : path
        columns : mapping of str to str
            Which column is what, such as ``{"text": "review", "id": "key"}``; guessed where left out.
        fields : mapping
            Those of ``NewProject`` in `openapi.json`: ``task``, ``labels``, ``goal``, ``guidelines``, ``overlap``,
            ``questions``, … The server refuses names that it does not know.
        wait : float, optional
            Seconds to wait until its items are in; None does not wait.

        Raises
        ------
        ConflictError
            If there is a project of this name.
        InputError
            If a row or a field is wrong; the message names it.
        """
        upload_id = self.upload(source)
        body: JsonObject = {"slug": name, "upload_id": upload_id, "columns": dict(columns or {})}
        self._transport.send("POST", "/projects", {**dict(fields or {}), **body}, repeatable=False)
        project = self.project(name)
        if wait is not None:
            project.wait_until_imported(timeout=wait)
        return project

    def upload(self, source: str | Path) -> str:
        """Send a file or folder of this machine; its id is for routes that take an ``upload_id``."""
        return upload(self._transport, Path(source))

    def source(self, source: str | Path, *, label: str | None = None) -> JsonObject:
        """Labels of another domain, as the field ``start_from`` of a new project: of a project here, or of a file."""
        return source_of(self._transport, str(source), label, "create")

    def request(self, method: str, path: str, body: Json = None, *, repeatable: bool | None = None) -> JsonObject:
        """Call any route of `openapi.json` that has no method here.

        Parameters
        ----------
        path : str
            After ``/api/v1``, such as ``/projects/reviews/drift``.
        repeatable : bool, optional
            Whether sending it twice does the same as once; of GET and PUT it does.
        """
        again = method in ("GET", "PUT") if repeatable is None else repeatable
        return self._transport.send(method, path, body, repeatable=again)

    def delete(self, name: str) -> None:
        """Take a project out of everybody's sight; an admin can restore it."""
        self._transport.send("DELETE", f"/projects/{part(name)}", repeatable=False)


def _cursor(page: JsonObject) -> str | None:
    found = page.get("next_cursor")
    return None if found is None else str(found)
