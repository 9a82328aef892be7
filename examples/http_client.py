"""A client of the HTTP API, with the standard library alone.

    labelwright serve
    TOKEN=$(labelwright tokens create ann@example.com)
    python examples/http_client.py http://127.0.0.1:8000 $TOKEN PROJECT

It answers three items with the first label, sends one answer twice to show that it is stored once, and takes it back.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
import uuid
from typing import Any


class Client:
    """Sends JSON with a token."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = f"{base}/api/v1", token

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and reply; an error of the server raises `urllib.error.HTTPError`."""
        request = urllib.request.Request(
            self.base + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)


def take_work(call: Client, slug: str, n: int) -> list[dict[str, Any]]:
    """Items lent to us; just after the import the first ranking may still be under way."""
    for _ in range(300):
        _, queue = call("POST", f"/projects/{slug}/queue", {"n": n})
        if queue["leases"] or queue["empty_because"] != "starting":
            return list(queue["leases"])
        time.sleep(0.2)
    return []


def main() -> None:
    """Take work, answer, repeat, undo."""
    base, token, slug = sys.argv[1:]
    call = Client(base, token)
    _, project = call("GET", f"/projects/{slug}")
    label = project["question"]["labels"][0]
    for lease in take_work(call, slug, 3):
        answer = {
            "answer_id": str(uuid.uuid4()),  # ours: the same one again is the same answer
            "lease_id": lease["id"],
            "item_id": lease["item"]["id"],
            "kind": "answer",
            "answer": {"label": label["id"]},
            "seconds": 2.5,
        }
        first, receipt = call("POST", f"/projects/{slug}/annotations", answer)
        again, same = call("POST", f"/projects/{slug}/annotations", answer)
        assert (first, again) == (201, 200) and same == receipt
        print(f"{lease['item']['key']}: {label['name']}, event {receipt['seq']}, hash {receipt['hash'][:12]}…")
    undo = {
        "answer_id": str(uuid.uuid4()), "item_id": lease["item"]["id"], "kind": "undo", "replaces": receipt["id"],
    }  # fmt: skip
    status, _ = call("POST", f"/projects/{slug}/annotations", undo)
    print(f"the last one was taken back ({status})")


if __name__ == "__main__":
    main()
