"""Clients that cost little: raw asyncio protocols, nothing between them and the sockets."""

from typing import NamedTuple


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int
