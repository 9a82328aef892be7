"""Sends requests with a token, repeats those that may be repeated, and makes the library's exceptions of refusals."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from labelwright import errors
from labelwright.check import complain
from labelwright.pauses import Pauses
from labelwright.plain import Json, JsonObject

API: Final = "/api/v1"
BLOCK: Final = 1 << 20
BUSY: Final = (500, 502, 503, 504)  # passing faults of a server, or of a proxy before it
MAX_PAUSE: Final = 60.0
LOST: Final = (OSError, http.client.HTTPException)  # URLError and TimeoutError are OSErrors

Body = Callable[[], Iterator[bytes]]
Used = TypeVar("Used")


@dataclass(frozen=True)
class Retries:
    """How often and how patiently a request is repeated.

    Parameters
    ----------
    n : int
        Repetitions after the first attempt.
    first_pause : float
        Seconds before the first one; each further pause is twice as long, at most a minute, and a random part of
        it is left out, so that many clients do not come back at once.
    """

    n: int = 6
    first_pause: float = 0.25

    def pause(self, attempt: int, asked: float | None = None) -> float:
        """Seconds before the repetition after attempt 0, 1, …; never less than what the server asked for.

        >>> 2.0 <= Retries(first_pause=1.0).pause(2) <= 4.0, Retries(first_pause=1.0).pause(0, asked=10.0)
        (True, 10.0)
        """
        full = Pauses(self.first_pause, MAX_PAUSE).after(attempt + 1)
        pause = random.uniform(full / 2, full)
        return pause if asked is None else max(pause, min(asked, MAX_PAUSE))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


class Transport:
    """The connection to one server.

    Parameters
    ----------
    url : str
        Such as ``https://label.example.org``.
    token : str
        Appears in no representation, message or log.
    timeout : float
        Seconds that the server may be silent.
    retries : Retries
    """

    def __init__(self, url: str, token: str, *, timeout: float = 60.0, retries: Retries | None = None) -> None:
        self.url = checked_url(url)
        self.retries = retries or Retries()
        self._timeout = timeout
        self._headers = {"Authorization": f"Bearer {checked_token(token)}", "Accept": "application/json"}
        self._opener = urllib.request.build_opener(_NoRedirects)

    def __repr__(self) -> str:
        return f"Transport('{self.url}')"

    def get(self, path: str, **query: str | int | bool | None) -> JsonObject:
        """Read a resource; repeated until it comes."""
        return self._json("GET", path, None, query=query, repeatable=True)

    def send(self, method: str, path: str, body: Json = None, *, repeatable: bool) -> JsonObject:
        """Change something.

        Parameters
        ----------
        repeatable : bool
            Whether sending it twice does the same as once.
        """
        return self._json(method, path, None if body is None else json.dumps(body).encode(), repeatable=repeatable)

    def upload(self, path: str, body: Body, length: int, content_type: str) -> JsonObject:
        """Send a long body in blocks; ``body`` begins it anew for each attempt."""
        headers = {"Content-Type": content_type, "Content-Length": str(length)}
        return self._ask("POST", path, body, headers, self._parsed, repeatable=True)

    def download(self, path: str, to: IO[bytes], **query: str | int | bool | None) -> str:
        """Write a resource into a file from its beginning; return the header ``X-Findings``, "" without one."""

        def save(response: http.client.HTTPResponse) -> str:
            _rewind(to)
            while block := response.read(BLOCK):
                _write(to, block)
            return str(response.headers.get("X-Findings") or "")

        return self._ask("GET", path + _query(query), None, {}, save, repeatable=True)

    def _json(
        self, method: str, path: str, data: bytes | None, *, repeatable: bool,
        query: dict[str, str | int | bool | None] | None = None,
    ) -> JsonObject:  # fmt: skip
        headers, body = {}, None
        if data is not None:
            headers = {"Content-Type": "application/json", "Content-Length": str(len(data))}
            body = partial(_in_one_piece, data)
        return self._ask(method, path + _query(query or {}), body, headers, self._parsed, repeatable=repeatable)

    def _ask(
        self, method: str, path: str, body: Body | None, headers: dict[str, str],
        use: Callable[[http.client.HTTPResponse], Used], *, repeatable: bool,
    ) -> Used:  # fmt: skip
        """Send, and use the response, within one attempt: a reply that breaks off is a lost one."""
        for attempt in range(self.retries.n + 1):
            request = urllib.request.Request(
                self.url + API + path, data=None if body is None else body(), method=method,
                headers={**self._headers, **headers},
            )  # fmt: skip
            try:
                with self._opener.open(request, timeout=self._timeout) as response:
                    return use(response)
            except urllib.error.HTTPError as refusal:
                again = refusal.code == 429 or (repeatable and refusal.code in BUSY)
                if not again or attempt == self.retries.n:
                    raise error_of(self.url, refusal) from None
                asked = _seconds(refusal.headers.get("Retry-After"))
                refusal.close()
                time.sleep(self.retries.pause(attempt, asked))
            except LOST as error:
                self._rest(attempt, error, repeatable=repeatable or _never_sent(error))
        raise AssertionError("the last attempt returns or raises")

    def _parsed(self, response: http.client.HTTPResponse) -> JsonObject:
        body = response.read()
        try:
            parsed = json.loads(body) if body else {}
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise errors.UnreachableError(f"{self.url} does not answer as Labelwright does.", "Is the address right?")
        return parsed

    def _rest(self, attempt: int, error: BaseException, *, repeatable: bool) -> None:
        """Pause before the next attempt, or give up."""
        if not repeatable or attempt == self.retries.n:
            reason = getattr(error, "reason", error)
            raise errors.UnreachableError(
                f"{self.url} does not answer ({type(reason).__name__}).",
                "What was sent may have been stored: look before you send it again."
                if not repeatable
                else "Is the server running, and the address right?",
            ) from None
        time.sleep(self.retries.pause(attempt))


def checked_url(url: str) -> str:
    """The address without a slash at its end.

    >>> checked_url("http://127.0.0.1:8000/")
    'http://127.0.0.1:8000'
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise complain("connect", "url", "an address such as 'https://label.example.org'", repr(url))
    if parts.username or parts.password:
        raise complain("connect", "url", "an address without a name or password in it", f"one for '{parts.hostname}'")
    return url.rstrip("/")


def checked_token(token: str) -> str:
    """The token as it goes into a header; never shown, whatever is wrong with it."""
    token = token.strip()
    if not token or not token.isascii() or any(c.isspace() for c in token) or not token.isprintable():
        raise complain(
            "connect", "token", "one word, such as 'lw_…'", f"{len(token)} characters that are not",
            "Make one with 'labelwright tokens create EMAIL'.",
        )  # fmt: skip
    return token


def part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def error_of(url: str, refusal: urllib.error.HTTPError) -> errors.LabelwrightError:
    """The exception that a refusal means, with the server's message and hint."""
    with contextlib.closing(refusal):
        try:
            problem = json.loads(refusal.read(BLOCK))
            code, message, hint = str(problem["code"]), str(problem["message"]), str(problem["hint"])
        except (ValueError, KeyError, TypeError, *LOST):
            what = "redirects to another address" if 300 <= refusal.code < 400 else f"answers {refusal.code}"
            cure = "Give the address that it redirects to." if 300 <= refusal.code < 400 else "Is it Labelwright's?"
            return errors.UnreachableError(f"{url} {what}, not as Labelwright does.", cure)
    return _BY_CODE.get(code, errors.UserError if refusal.code < 500 else errors.LabelwrightError)(message, hint)


def _tree(kind: type[errors.LabelwrightError]) -> Iterator[type[errors.LabelwrightError]]:
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield below
            yield from _tree(below)


_BY_CODE: Final = {kind.code: kind for kind in _tree(errors.LabelwrightError)}


def _query(query: dict[str, str | int | bool | None]) -> str:
    given = {k: str(v).lower() if isinstance(v, bool) else v for k, v in query.items() if v is not None}
    return f"?{urlencode(given)}" if given else ""


def _in_one_piece(data: bytes) -> Iterator[bytes]:
    yield data


def _rewind(to: IO[bytes]) -> None:
    to.seek(0)
    to.truncate()


def _write(to: IO[bytes], block: bytes) -> None:
    try:
        to.write(block)
    except OSError as error:  # of this machine, not of the connection
        raise errors.InputError(
            f"export: the file cannot be written ({error.strerror}).", "Is the disk full?"
        ) from None


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.strip().isdigit() else None


def _never_sent(error: BaseException) -> bool:
    """Whether the connection was refused, so that the server cannot have stored anything."""
    return isinstance(getattr(error, "reason", error), ConnectionRefusedError)


def listed(page: JsonObject) -> list[JsonObject]:
    """The rows of one page of a list; none where there is no list."""
    items = page.get("items")
    return [row for row in items if isinstance(row, dict)] if isinstance(items, list) else []
