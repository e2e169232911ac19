"""Installing the Node packages: once for a lock file, and with plain words when that fails."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.server import free_port
from tests.e2e.toolchain import HERE, InstallError, install


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An npm without a registry and without anything cached."""
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package that depends on what the tests depend on."""
    folder = tmp_path / "package"
    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder)
    return folder


@pytest.mark.usefixtures("unreachable")
def test_an_unreachable_registry_is_told_in_words(folder: Path) -> None:
    with pytest.raises(InstallError, match=r"Is the npm registry reachable\?[\s\S]*ECONNREFUSED"):
        install(folder)
    assert not (folder / "node_modules").exists()


@pytest.mark.usefixtures("node_modules", "unreachable")
def test_what_is_installed_is_not_installed_again() -> None:
    assert (install() / "cometd" / "cometd.js").exists()


def test_the_lock_names_no_host_and_pins_every_package() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert "resolved" not in json.dumps(lock)
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version.split("@")[-1]
