"""Fixtures of the store tests."""

from tests.store.fixtures import anyio_backend, companion, store

__all__ = ["anyio_backend", "companion", "store"]
