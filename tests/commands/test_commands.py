"""`smsdesk init` and `smsdesk user …` beside a server and without one (SPEC 7.2)."""

import base64
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from smsdesk import cli
from smsdesk.app import Application
from smsdesk.commands import users
from smsdesk.commands.init import init
from smsdesk.commands.passwords import from_input, one_time
from smsdesk.commands.reach import CommandFailed, ask, reach
from smsdesk.commands.sockets import NAME, AdminSocket
from smsdesk.config import Settings, load
from tests.asgi import call
from tests.http.house import House
from tests.http.wire import Wire

ANN = ("Ann", "Lee")


def settings(folder: Path) -> Settings:
    return load(None, {}, {"data": str(folder)})


def secret(said: str) -> str:
    found = re.search(r"^password  (\S+)$", said, re.MULTILINE)
    assert found
    return found[1]


async def status(folder: Path, name: str, password: str) -> int:
    """The statusCode that somebody gets who asks with this password."""
    application = Application(settings(folder))
    await application.open(work=False)
    try:
        value = base64.b64encode(f"{name}:{password}".encode()).decode()
        answer = await call(
            application.asgi, "GET", "/api/v2/me/channels", headers={"Authorization": f"Basic {value}"}
        )
        code: int = answer.json["statusCode"]
        return code
    finally:
        await application.close()


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[House]:
    """A server on the data, with its admin socket."""
    admin = AdminSocket(folder)
    async with House(folder, demo=False) as house, Wire(house, admin.open()):
        yield house
    admin.close()


async def test_init_makes_one_administrator_with_a_password_for_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    said = await init(settings(folder))
    assert "admin" in said
    assert await status(folder, "admin", secret(said)) == 8
    with pytest.raises(CommandFailed, match="there is an administrator already: admin"):
        await init(settings(folder))


async def test_init_beside_a_server_is_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await init(settings(tmp_path))
        assert house.application.performer.centre.user_names["admin"].change_password
        with pytest.raises(CommandFailed, match="administrator already"):
            await init(settings(tmp_path))


async def test_somebody_else_may_be_the_administrator(tmp_path: Path) -> None:
    await users.add(settings(tmp_path), "server", ["apiuser"], ANN, "", "correct horse")
    with pytest.raises(CommandFailed, match="already: server"):
        await init(settings(tmp_path))


async def test_users_are_made_shown_disabled_and_enabled(tmp_path: Path) -> None:
    """The same with a server and without: only who answers differs."""
    shown = []
    for folder in (tmp_path / "alone", tmp_path / "beside"):

        async def play(folder: Path = folder) -> str:
            there = settings(folder)
            said = await users.add(there, "ann", ["agent", "supervisor", "agent"], ANN, "a@example.com", None)
            assert secret(said)
            assert (
                await users.add(there, "bob", ["agent"], ("Bob", "Ray"), "", "correct horse")
                == "bob is there"
            )
            assert await users.enable(there, "ANN", False) == "ann is disabled"
            table = await users.listing(there)
            assert await users.enable(there, "ann", True) == "ann is enabled"
            assert "ann   agent,supervisor  enabled, must" in await users.listing(there)
            return table

        if folder.name == "alone":
            shown.append(await play())
        else:
            async with running(folder):
                shown.append(await play())
    assert shown[0] == shown[1]
    assert shown[0].splitlines() == [
        "NAME  ROLES             STATE                               IS CALLED",
        "ann   agent,supervisor  disabled, must change the password  Ann Lee",
        "bob   agent             enabled                             Bob Ray",
    ]


async def test_a_new_password_opens_and_the_old_one_does_not(tmp_path: Path) -> None:
    there = settings(tmp_path)
    await users.add(there, "bob", ["agent"], ANN, "", "correct horse")
    assert await users.passwd(there, "Bob", "battery staple") == "bob has a new password"
    assert await status(tmp_path, "bob", "battery staple") == 0
    assert await status(tmp_path, "bob", "correct horse") == 20
    once = secret(await users.passwd(there, "bob", None))
    assert await status(tmp_path, "bob", once) == 8


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("ann", "correct horse", "already exists"),
        ("a:b", "correct horse", "colon"),
        ("bob", "short", "password must have 8 to 256 characters"),
        ("", "correct horse", "userName"),
    ],
)
async def test_what_the_api_refuses_is_said_in_its_words(
    tmp_path: Path, name: str, password: str, words: str
) -> None:
    there = settings(tmp_path)
    await users.add(there, "ann", ["agent"], ANN, "", "correct horse")
    with pytest.raises(CommandFailed, match=words):
        await users.add(there, name, ["agent"], ANN, "", password)


async def test_nobody_is_not_found(tmp_path: Path) -> None:
    for command in (
        users.passwd(settings(tmp_path), "nobody", None),
        users.enable(settings(tmp_path), "nobody", False),
    ):
        with pytest.raises(CommandFailed, match="there is no user 'nobody'"):
            await command


async def test_what_the_operator_does_is_in_the_log_as_his(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await users.add(settings(tmp_path), "ann", ["agent"], ANN, "", None)
        lines = list(house.application.performer.live.all("audit"))
        assert {(line.actor, line.action) for line in lines} == {("operator", "user created")}


async def test_commands_work_where_the_provisioning_api_is_off(tmp_path: Path) -> None:
    there = load(
        None, {}, {"data": str(tmp_path), "features_off": "api-provisioning-write,api-provisioning-read"}
    )
    await users.add(there, "ann", ["agent"], ANN, "", None)
    assert "ann" in await users.listing(there)


async def test_data_that_a_server_holds_without_a_socket_is_said(tmp_path: Path) -> None:
    async with House(tmp_path, demo=False):
        with pytest.raises(CommandFailed, match="is in use by process"):
            await users.listing(settings(tmp_path))


async def test_a_socket_that_nobody_listens_at_does_not_matter(tmp_path: Path) -> None:
    AdminSocket(tmp_path).open().close()
    assert "NAME" in await users.listing(settings(tmp_path))


async def test_a_command_in_its_own_process_does_no_work(tmp_path: Path) -> None:
    async with reach(settings(tmp_path)) as client:
        assert (await ask(client, "GET", "/features"))["statusCode"] == 0
        with pytest.raises(CommandFailed, match="has no desk"):
            await ask(client, "GET", "/me")
        assert (await client.get("/nothing")).status_code == 404
    assert not (tmp_path / NAME).exists()


async def test_an_answer_that_is_none_is_said(tmp_path: Path) -> None:
    async with reach(settings(tmp_path)) as client:
        with pytest.raises(CommandFailed, match="did not answer"):
            await ask(client, "GET", "/../../docs/")


def test_passwords_for_once_are_readable_and_never_the_same() -> None:
    made = {one_time() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}", password) for password in made)


def test_a_password_is_the_first_line_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, password in (("a b \r\nmore\n", "a b "), ("ünï", "ünï"), ("\n", "")):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        assert from_input() == password
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandFailed, match="is empty"):
        from_input()


# -- the command line --------------------------------------------------------------------------------------


def smsdesk(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.cli(words)
    code = ended.value.code
    return code if isinstance(code, int) else 0


def test_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data", str(tmp_path / "data"))
    assert smsdesk("init", *data) == 0
    assert secret(capsys.readouterr().out)
    assert smsdesk("init", *data) == 1
    assert "administrator already" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\n"))
    names = ("--first-name", "Ann", "--last-name", "Lee")
    roles = ("--role", "agent", "--role", "supervisor")
    assert smsdesk("user", "add", "ann", *roles, *names, "--password-stdin", *data) == 0
    assert capsys.readouterr().out == "ann is there\n"
    assert smsdesk("user", "add", "bob", *names, *data) == 0
    assert smsdesk("user", "passwd", "ann", *data) == 0
    assert smsdesk("user", "disable", "ann", *data) == 0
    assert smsdesk("user", "enable", "ann", *data) == 0
    capsys.readouterr()
    assert smsdesk("user", "list", *data) == 0
    assert "ann    agent,supervisor  enabled, must change the password" in capsys.readouterr().out
    assert smsdesk("user", "passwd", "nobody", *data) == 1
    assert smsdesk("user", "add", "eve", "--role", "king", *names, *data) != 0
    assert smsdesk("user", "list", "--data", "") == 2
    assert smsdesk("user", "list", "--config", str(tmp_path / "nothing.toml")) == 2
