"""Fixtures of the end-to-end tests: the Node packages, an SMSC, and the demo server bound to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.server import Server, smpp_config
from tests.e2e.smscs import Smsc
from tests.e2e.toolchain import InstallError, install


@pytest.fixture(scope="session")
def node_modules(request: pytest.FixtureRequest) -> Path:
    """The third-party programs, installed once for all workers; what takes long says so."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    try:
        if capture is None:
            return install()
        with capture.global_and_fixture_disabled():
            return install()
    except InstallError as error:
        pytest.exit(str(error), returncode=3)


@pytest.fixture
def smsc(node_modules: Path) -> Iterator[Smsc]:
    """An SMSC that listens; nobody is bound yet."""
    with Smsc() as smsc:
        yield smsc


@pytest.fixture
def server(smsc: Smsc, tmp_path: Path) -> Iterator[Server]:
    """The demo contact centre with +15550100 on the SMSC, ready and bound."""
    with Server(tmp_path, smpp_config(smsc.port)) as server:
        smsc.wait_bound()
        yield server
