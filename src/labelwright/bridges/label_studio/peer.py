"""The HTTP API of a Label Studio, with either kind of its tokens.

References
----------
Label Studio, "API reference" and "Access tokens": https://labelstud.io/guide/access_tokens
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from labelwright.check import complain
from labelwright.client.transport import checked_url
from labelwright.errors import InputError, UnreachableError
from labelwright.plain import Json, JsonObject

PAGE: Final = 100
PASSING: Final = (408, 425, 429, 500, 502, 503, 504)  # faults that go by


class AwayError(UnreachableError):
    """Label Studio does not answer now; what was to be done is done when it does."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


class Peer:
    """One Label Studio and a token of one of its users.

    Parameters
    ----------
    url : str
        Such as ``http://127.0.0.1:8080``.
    token : str
        A personal access token, or a legacy token; it is in no representation, message or log.
    timeout : float
        Seconds that it may be silent.

    Examples
    --------
    >>> Peer("http://127.0.0.1:8080/", "secret")
    Peer('http://127.0.0.1:8080')
    """

    def __init__(self, url: str, token: str, *, timeout: float = 30.0) -> None:
        self.url = checked_url(url)
        self._token, self._timeout = _checked_token(token), timeout
        self._access = ""
        self._opener = urllib.request.build_opener(_NoRedirects)

    def __repr__(self) -> str:
        return f"Peer('{self.url}')"

    def projects(self) -> Iterator[JsonObject]:
        """All projects that the token's user sees."""
        page = 1
        while True:
            found = self._object("GET", f"/api/projects?{urlencode({'page': page, 'page_size': PAGE})}")
            yield from _objects(found.get("results"))
            if not found.get("next"):
                return
            page += 1

    def project(self, project_id: int) -> JsonObject | None:
        """One project; None if there is none."""
        found = self._ask("GET", f"/api/projects/{project_id}/", missing_is_fine=True)
        return found if isinstance(found, dict) else None

    def make_project(self, fields: Mapping[str, Json]) -> JsonObject:
        """Make a project."""
        return self._object("POST", "/api/projects/", dict(fields))

    def change_project(self, project_id: int, fields: Mapping[str, Json]) -> JsonObject:
        """Change fields of a project."""
        return self._object("PATCH", f"/api/projects/{project_id}/", dict(fields))

    def users(self) -> dict[int, str]:
        """E-mail addresses by the ids of users."""
        found = self._ask("GET", "/api/users/")
        listed = found.get("results") if isinstance(found, dict) else found
        return {int(str(one["id"])): str(one["email"]) for one in _objects(listed)}

    def tasks(self, project_id: int, changed_after: str | None = None) -> Iterator[JsonObject]:
        """Tasks with their annotations, by id; all, or those that changed after a time."""
        query: JsonObject = {"ordering": ["tasks:id"]}
        if changed_after is not None:
            query["filters"] = {
                "conjunction": "and",
                "items": [
                    {
                        "filter": "filter:tasks:updated_at", "operator": "greater", "type": "Datetime",
                        "value": changed_after,
                    }
                ],
            }  # fmt: skip
        page, seen = 1, 0
        while True:
            asked = {
                "project": project_id, "fields": "all", "page": page, "page_size": PAGE, "query": json.dumps(query)
            }  # fmt: skip
            path = f"/api/tasks?{urlencode(asked, quote_via=quote)}"
            found = self._ask("GET", path, missing_is_fine=page > 1)  # tasks may have been deleted meanwhile
            if found is None:
                return
            if not isinstance(found, dict):
                raise self._surprising()
            tasks = _objects(found.get("tasks"))
            yield from tasks
            seen, page = seen + len(tasks), page + 1
            if not tasks or seen >= int(str(found.get("total", 0))):
                return

    def task(self, task_id: int) -> JsonObject | None:
        """One task; None if there is none any more."""
        found = self._ask("GET", f"/api/tasks/{task_id}/", missing_is_fine=True)
        return found if isinstance(found, dict) else None

    def push(self, project_id: int, tasks: Sequence[JsonObject]) -> None:
        """Add tasks in their order."""
        listed: list[Json] = [*tasks]
        self._ask("POST", f"/api/projects/{project_id}/import", listed)

    def ask_more(self, task_id: int, n_people: int) -> None:
        """Let a task be shown until so many people have answered it."""
        self._ask("PATCH", f"/api/tasks/{task_id}/", {"overlap": n_people}, missing_is_fine=True)

    def withdraw(self, task_id: int) -> None:
        """Delete a task; one that is gone already is fine."""
        self._ask("DELETE", f"/api/tasks/{task_id}/", missing_is_fine=True)

    def _object(self, method: str, path: str, body: Json = None) -> JsonObject:
        found = self._ask(method, path, body)
        if not isinstance(found, dict):
            raise self._surprising()
        return found

    def _ask(self, method: str, path: str, body: Json = None, *, missing_is_fine: bool = False) -> Json:
        for attempt in (1, 2):
            try:
                return self._send(method, path, body, self._authorization())
            except urllib.error.HTTPError as refusal:
                with refusal:
                    if refusal.code == 404 and missing_is_fine:
                        return None
                    if refusal.code == 401 and attempt == 1 and self._is_personal:
                        self._access = ""  # it lasts some minutes
                        continue
                    raise self._refused(refusal, method, path) from None
        raise AssertionError("the second attempt returns or raises")

    def _send(self, method: str, path: str, body: Json, authorization: str | None) -> Json:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if authorization:
            headers["Authorization"] = authorization
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                content = response.read()
            parsed: Any = json.loads(content) if content else None
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise AwayError(
                f"Label Studio at {self.url} does not answer ({type(reason).__name__}).",
                "Is it running, and the address right?",
            ) from None
        except ValueError:
            raise self._surprising() from None
        answer: Json = parsed
        return answer

    @property
    def _is_personal(self) -> bool:
        """Whether the token is a personal access token, which buys short-lived ones; those are of three parts."""
        return self._token.count(".") == 2

    def _authorization(self) -> str:
        if not self._is_personal:
            return f"Token {self._token}"
        if not self._access:
            found = self._send("POST", "/api/token/refresh", {"refresh": self._token}, None)
            if not isinstance(found, dict) or "access" not in found:
                raise self._surprising()
            self._access = str(found["access"])
        return f"Bearer {self._access}"

    def _refused(self, refusal: urllib.error.HTTPError, method: str, path: str) -> Exception:
        code, where = refusal.code, path.partition("?")[0]
        if code in PASSING:
            return AwayError(f"Label Studio at {self.url} answers {code}.", "It is tried again.")
        if code in (401, 403):
            return InputError(
                f"bridge: Label Studio at {self.url} refuses the token ({code}).",
                "Make a new one on its page Account & Settings; legacy tokens may have to be allowed there first.",
            )
        return InputError(f"bridge: Label Studio refuses {method} {where} ({code}): {_detail(refusal)}")

    def _surprising(self) -> AwayError:
        return AwayError(f"{self.url} does not answer as Label Studio does.", "Is the address right?")


def _detail(refusal: urllib.error.HTTPError) -> str:
    try:
        found = json.loads(refusal.read(1 << 16))
        return json.dumps(found.get("validation_errors") or found.get("detail"), ensure_ascii=False)[:400]
    except (ValueError, OSError, AttributeError, http.client.HTTPException):
        return "no reason is given"


def _checked_token(token: str) -> str:
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or any(c.isspace() for c in token):
        raise complain(
            "bridge", "Label Studio's token", "one word", f"{len(token)} characters that are not",
            "Copy it from the page Account & Settings of Label Studio.",
        )  # fmt: skip
    return token


def _objects(found: Json) -> list[JsonObject]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
