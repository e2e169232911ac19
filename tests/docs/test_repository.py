"""The frame of the repository: lock files, package contents, suites and changelog keep their promises."""

import re
import subprocess
import sys
import tomllib
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import changelog
from scripts.suites import SUITES

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;]+)", re.MULTILINE)
LOCKS = ("dev.lock", "run.lock")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pinned(lock: str) -> dict[str, str]:
    """What a lock file pins, name to version."""
    text = (ROOT / "requirements" / lock).read_text()
    return {canonicalize_name(match["name"]): match["version"] for match in PINNED.finditer(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_what_the_project_asks_for(lock: str) -> None:
    asked: list[str] = project()["project"]["dependencies"]
    if lock == "dev.lock":
        asked = asked + project()["dependency-groups"]["dev"]
    versions = pinned(lock)
    for line in asked:
        requirement = Requirement(line)
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, line


def test_a_server_gets_the_versions_that_were_tested() -> None:
    assert pinned("run.lock").items() <= pinned("dev.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_names_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert not re.search(r"https?:|file:|--index|--find-links|--extra-index|@ ", text)
    for entry in re.split(r"(?m)^(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text)):
        assert not entry.strip() or "--hash=sha256:" in entry, entry


def test_every_dependency_is_bounded() -> None:
    """A new major version is taken on purpose; zone data has years for versions and no surprises."""
    asked: list[str] = project()["project"]["dependencies"] + project()["dependency-groups"]["dev"]
    for line in asked:
        operators = {specifier.operator for specifier in Requirement(line).specifier}
        assert ">=" in operators, line
        assert "<" in operators or line.startswith("tzdata"), line


def test_the_wheel_has_every_file_of_the_package(tmp_path: Path) -> None:
    """SQL, schema and pages too, not Python alone."""
    call = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(call, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    ours = {
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= packed
    assert any(name.endswith("/licenses/LICENSE") for name in packed)


def test_every_folder_with_tests_belongs_to_one_suite() -> None:
    """Otherwise `make test` would pass tests by that nobody runs."""
    tests = ROOT / "tests"
    folders = {
        path.relative_to(tests).parts[0]
        for path in tests.glob("*/**/test_*.py")
        if "node_modules" not in path.parts
    }
    listed = [folder for suite in SUITES for folder in suite.folders]
    assert len(listed) == len(set(listed))
    assert folders <= set(listed)
    assert not list(tests.glob("test_*.py"))


def test_changelog_fragments_are_named_and_not_empty() -> None:
    for path in changelog.fragments(ROOT / "changelog.d"):
        assert path.read_text().strip().endswith("."), path.name


def test_a_fragment_with_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "smpp.improved.md").write_text("Better.")
    with pytest.raises(ValueError, match=r"smpp\.improved\.md; KIND is one of added"):
        changelog.fragments(tmp_path)


def test_a_release_groups_the_fragments(tmp_path: Path) -> None:
    (tmp_path / "a.fixed.md").write_text("It no longer\nbreaks.\n")
    (tmp_path / "b.added.md").write_text("It can fly.\n")
    section = changelog.release("1.2.0", date(2030, 1, 2), changelog.fragments(tmp_path))
    assert section == (
        "## 1.2.0 (2030-01-02)\n\n### Added\n\n- It can fly.\n\n### Fixed\n\n- It no longer breaks.\n"
    )
