"""The admin socket as a file (SPEC 7.2): owner only, replaced when stale, taken away at the end."""

import os
import socket
import stat
from pathlib import Path

import pytest

from smsdesk.commands.sockets import LONGEST_PATH, NAME, AdminSocket, answers, listen, short
from smsdesk.config import load


def connect(path: Path) -> None:
    with short(path) as address, socket.socket(socket.AF_UNIX) as peer:
        peer.connect(address)


def test_it_is_for_its_owner_alone_and_goes_with_the_server(tmp_path: Path) -> None:
    admin = AdminSocket(tmp_path / "data")
    with admin.open():
        found = (tmp_path / "data" / NAME).lstat()
        assert stat.S_ISSOCK(found.st_mode)
        assert stat.S_IMODE(found.st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        connect(tmp_path / "data" / NAME)
    admin.close()
    assert list((tmp_path / "data").iterdir()) == []
    admin.close()


def test_the_mode_does_not_hang_on_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with AdminSocket(tmp_path).open():
            assert stat.S_IMODE((tmp_path / NAME).lstat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_one_that_nobody_listens_at_is_replaced(tmp_path: Path) -> None:
    AdminSocket(tmp_path).open().close()  # killed: the file stays
    assert not answers(str(tmp_path / NAME))
    with AdminSocket(tmp_path).open():
        assert answers(str(tmp_path / NAME))


def test_one_that_somebody_listens_at_is_left_alone(tmp_path: Path) -> None:
    with AdminSocket(tmp_path).open():
        second = AdminSocket(tmp_path)
        with pytest.raises(FileExistsError, match="another server listens"):
            second.open()
        second.close()
        connect(tmp_path / NAME)


@pytest.mark.parametrize("kind", ["file", "directory", "link"])
def test_what_is_no_socket_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / NAME
    if kind == "file":
        path.write_text("mine")
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError, match="is no socket"):
        AdminSocket(tmp_path).open()
    assert os.path.lexists(path)


def test_what_has_become_anothers_is_left_alone(tmp_path: Path) -> None:
    first, second = AdminSocket(tmp_path), AdminSocket(tmp_path)
    first.open().close()
    with second.open():
        first.close()
        connect(tmp_path / NAME)


def test_a_path_may_be_longer_than_the_system_takes(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    assert len(os.fsencode(folder / NAME)) > LONGEST_PATH
    admin = AdminSocket(folder)
    with admin.open():
        connect(folder / NAME)
    admin.close()
    assert not (folder / NAME).exists()


def test_nobody_answers_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "nothing", tmp_path / "file", tmp_path / "file" / NAME):
        assert not answers(str(path))


def test_a_port_that_is_taken_is_said_and_given_back(tmp_path: Path) -> None:
    with listen(load(None, {}, {"port": "0"})) as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            listen(load(None, {}, {"port": str(port)}))
