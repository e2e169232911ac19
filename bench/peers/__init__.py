"""Bayeux servers of others, run by the Node of the Python environment. What npm brings is in node_modules."""

from pathlib import Path

from tests.e2e.toolchain import NODE, InstallError, install

HERE = Path(__file__).parent
Missing = InstallError
"""The registry is out of reach: the measurement goes on without these."""


def fetch() -> None:
    """Install what the lock file names, unless it is there. Raises Missing."""
    install(HERE)


def command(script: str, port: int) -> list[str]:
    """How to run a peer."""
    return [str(NODE), str(HERE / script), str(port)]
