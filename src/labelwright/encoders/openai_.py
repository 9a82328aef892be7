"""Texts by a server that speaks the protocol of /v1/embeddings."""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from labelwright.encoders.pretrained import Pretrained, Run
from labelwright.errors import InputError
from labelwright.items.base import Content
from labelwright.items.text import text_of

KEY: Final = "LABELWRIGHT_EMBEDDINGS_KEY"
TRIES: Final = 5
TIMEOUT: Final = 60.0
AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
FIRST_WAIT: Final = 0.5
MOST_BYTES: Final = 256 << 20


class OpenAI(Pretrained):
    """``openai:MODEL@URL``: any server with ``URL/v1/embeddings``, with the key in LABELWRIGHT_EMBEDDINGS_KEY.

    Texts leave this machine: who may name such an encoder is the owner's to say. The server's weights cannot be seen;
    what is held fast is the model's name and the address.
    """

    name: ClassVar[str] = "openai"
    items: ClassVar[tuple[str, ...]] = ("text",)
    takes: ClassVar[str] = "MODEL@URL"
    licence: ClassVar[str] = "the server's own"
    is_safe: ClassVar[bool] = False
    batch: ClassVar[int] = 64

    def __init__(self, argument: str = "") -> None:
        super().__init__(argument)
        self._model, _, url = argument.rpartition("@")
        if not self._model or not url.startswith(("http://", "https://")):
            raise InputError(f"encoders: 'openai' must be given as openai:MODEL@URL, got 'openai:{argument}'.")
        self._address = url.rstrip("/").removesuffix("/v1") + "/v1/embeddings"

    def weights(self) -> str:
        """The model's name and the address; the server may change what is behind them."""
        return self.argument

    def open(self) -> Run:
        """Nothing is loaded; each batch is a request."""

        def run(contents: Sequence[Content]) -> list[list[float]]:
            rows = self._ask([text_of(one.body) or " " for one in contents])
            if len(rows) != len(contents):
                raise InputError(
                    f"encoders: {self._address} must give one row a text, got {len(rows)} of {len(contents)}."
                )
            return rows

        return run

    def _ask(self, texts: list[str]) -> list[list[float]]:
        body = json.dumps({"model": self._model, "input": texts}).encode()
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(self._address, body, headers, method="POST")
        for attempt in range(TRIES):
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                    return _rows(json.loads(answer.read(MOST_BYTES)))
            except urllib.error.HTTPError as error:
                said = f"answered {error.code}"
                if error.code not in AGAIN:
                    break
            except (OSError, http.client.HTTPException) as error:
                said = f"cannot be reached ({type(error).__name__})"
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"encoders: {self._address} does not answer as /v1/embeddings does.") from error
            if attempt < TRIES - 1:
                time.sleep(FIRST_WAIT * 2**attempt)
        raise InputError(f"encoders: {self._address} {said}.", f"See that the server runs, and that {KEY} is right.")


def _rows(answer: Any) -> list[list[float]]:
    found = sorted(answer["data"], key=lambda one: one["index"])
    return [[float(x) for x in one["embedding"]] for one in found]
