"""Where the browser tests get their Chromium from, and what is said when there is none."""

from pathlib import Path

import pytest

from scripts import browser, run_suites


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing on the path but what a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_browser_on_the_path_is_taken(bare: Path) -> None:
    program(bare / "chromium", "")
    assert browser.find() == str(bare / "chromium")
    assert browser.ensure(bare / "log") is None


def test_without_the_means_to_install_it_says_what_to_do(bare: Path) -> None:
    assert browser.find() is None
    problem = browser.ensure(bare / "log")
    assert problem is not None
    assert "apt-get install chromium" in problem


def test_no_browser_is_a_word_on_a_desk_and_a_failure_where_all_must_run(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert str(run_suites.without_browser("browser", "none here")) == "0 passed, 0 failed, 1 skipped"
    monkeypatch.setenv("CI", "true")
    assert str(run_suites.without_browser("browser", "none here")) == "0 passed, 1 failed, 0 skipped"
