"""Logins in the audit log (SPEC 3, 8.9): who came in, who was refused and from where, never a flood of it."""

import pytest

from smsdesk.core.outgoing import Audit
from smsdesk.http import login_log
from tests.http.house import API, House, basic
from tests.http.peers import until

ME = API + "/me"
CHANNELS = API + "/me/channels"


def lines(house: House, action: str) -> list[Audit]:
    found = [line for line in house.application.performer.live.all("audit") if line.action == action]
    return sorted(found, key=lambda line: line.id)


def id_of(house: House, user: str) -> str:
    return house.application.performer.centre.user_names[user].id


async def test_a_login_that_begins_a_session_is_written_with_its_address() -> None:
    async with House() as house:
        await house.ask("GET", ME, headers=basic(), address="10.0.0.1")
        (line,) = lines(house, "logged in")
        assert (line.actor, line.subject, line.address) == (line.subject, id_of(house, "agent1"), "10.0.0.1")


async def test_a_request_by_basic_that_begins_none_writes_nothing() -> None:
    async with House() as house:
        await house.ask("GET", CHANNELS, headers=basic())
        before = house.store.changes
        for _ in range(20):
            await house.ask("GET", CHANNELS, headers=basic())
        assert house.store.changes == before
        assert lines(house, "logged in") == []


async def test_logins_that_are_alike_are_written_once_a_minute() -> None:
    async with House() as house:
        for _ in range(3):
            for address in ("10.0.0.1", "10.0.0.2"):
                for _ in range(5):
                    await house.ask("GET", ME, headers=basic(), address=address)
            house.clock.jump(30_000)
        assert len(lines(house, "logged in")) == 4


async def test_a_logout_is_written() -> None:
    async with House() as house:
        await house.ask("POST", ME, {"operationName": "EndContactCenterSession"}, await house.cookie())
        (line,) = lines(house, "logged out")
        assert line.actor == line.subject == id_of(house, "agent1")


async def test_refused_logins_are_counted_and_written_together() -> None:
    async with House() as house:
        for _ in range(3):
            await house.ask("GET", ME, headers=basic("agent1", "wrong"), address="10.0.0.1")
        await house.ask("GET", ME, headers=basic("agent2", "wrong"), address="10.0.0.2")
        await house.ask("GET", ME, headers=basic("nobody", "secret"), address="10.0.0.2")
        assert lines(house, "login refused") == [], "no request waits for that"
        before = house.store.changes
        await house.application.auth.log.flush()
        assert house.store.changes == before + 1
        found = {(a.subject, a.address, a.count, a.actor) for a in lines(house, "login refused")}
        assert found == {
            (id_of(house, "agent1"), "10.0.0.1", 3, None),
            (id_of(house, "agent2"), "10.0.0.2", 1, None),
        }
        await house.application.auth.log.flush()
        assert house.store.changes == before + 1, "nothing is written twice"


async def test_a_flood_has_an_end() -> None:
    async with House() as house:
        log = house.application.auth.log
        for number in range(login_log.MAX_PLACES + 500):
            log.refused(f"user{number}", "10.0.0.1")
        await log.flush()
        found = lines(house, "login refused")
        assert len(found) == login_log.MAX_PLACES + 1
        assert sum(line.count for line in found) == login_log.MAX_PLACES + 500
        for number in range(login_log.MAX_REMEMBERED + 500):
            log.is_new("ann", f"{number}")
        assert len(log._came) == login_log.MAX_REMEMBERED


async def test_what_cannot_be_written_waits_for_the_next_time() -> None:
    async with House() as house:
        await house.ask("GET", ME, headers=basic("agent1", "wrong"))
        house.store.broken = True
        await house.application.auth.log.flush()
        await house.ask("GET", API + "/features", headers=basic("agent1", "wrong"))
        house.store.broken = False
        await house.application.auth.log.flush()
        assert [line.count for line in lines(house, "login refused")] == [2]


async def test_a_stop_writes_what_is_left() -> None:
    house = House()
    async with house:
        await house.ask("GET", ME, headers=basic("agent1", "wrong"))
    assert len(lines(house, "login refused")) == 1


async def test_it_is_written_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.login_log.EVERY", 0.0)
    async with House() as house:
        await house.ask("GET", ME, headers=basic("agent1", "wrong"))
        await until(lambda: lines(house, "login refused"))
