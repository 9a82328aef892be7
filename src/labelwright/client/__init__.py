"""A client of the HTTP API: projects of a server as objects of Python.

It knows nothing of stores and engines, only `docs/reference/http.md` and `openapi.json`.
"""

from labelwright.client.connection import Connection, connect
from labelwright.client.project import RemoteProject
from labelwright.client.transport import Retries

__all__ = ["Connection", "RemoteProject", "Retries", "connect"]
