"""A real server that speaks S3, on this machine, which a test can stop and start again."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.request import Request, urlopen

import pytest

KEY_ID, SECRET = "AKIAOFTHETESTS", "the-secret-of-the-tests"


class ObjectStore:
    """The server and one bucket; ``url`` is where files of a site go."""

    def __init__(self) -> None:
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._make = ThreadedMotoServer
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        self._server.start()
        self.port = self._server.get_host_and_port()[1]
        self.url = "s3://labels/site"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Any:
        """boto3's own client, to look at the bucket past our code."""
        import boto3

        return boto3.client("s3", endpoint_url=self.endpoint)

    def paths(self) -> list[str]:
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket="labels")
        return sorted(one["Key"] for page in pages for one in page.get("Contents", ()))

    def empty(self) -> None:
        """What the servers of this process had before is theirs no more."""
        urlopen(Request(f"{self.endpoint}/moto-api/reset", method="POST")).close()

    def stop(self) -> None:
        """Nobody listens at the port from now on."""
        self._server.stop()
        self._server._server.server_close()

    def start(self) -> None:
        """The same port and the same bucket: moto keeps what it has in this process."""
        self._server = self._make(ip_address="127.0.0.1", port=self.port)
        self._server.start()


@contextmanager
def running() -> Iterator[ObjectStore]:
    """A server with an empty bucket, and the variables by which the driver finds it."""
    for name in ("fsspec", "s3fs", "boto3"):
        pytest.importorskip(name)
    pytest.importorskip("moto.server")
    variables = {
        "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    with mock.patch.dict(os.environ, variables):
        store = ObjectStore()
        os.environ["AWS_ENDPOINT_URL"] = store.endpoint
        store.empty()
        store.client().create_bucket(Bucket="labels")
        try:
            yield store
        finally:
            store.stop()
