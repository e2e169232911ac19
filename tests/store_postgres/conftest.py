"""One server a session, one database a test."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.store.fixtures import anyio_backend, companion, store
from tests.store_postgres import server

__all__ = ["anyio_backend", "companion", "database", "socket", "store"]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def socket() -> Iterator[Path]:
    """The folder of the server's socket."""
    with server.running() as folder:
        yield folder


@pytest.fixture
def database(socket: Path) -> Iterator[str]:
    """The url of a new, empty database."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(url(socket, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield url(socket, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def url(socket: Path, name: str) -> str:
    return f"postgresql://{server.USER}@/{name}?host={socket}"
