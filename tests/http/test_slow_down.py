"""Failed logins cost time (SPEC 1.9, 8.10). Nobody waits here: the clock jumps."""

import asyncio

import pytest

from smsdesk.core.errors import Fault, Refused
from smsdesk.http.slow_down import (
    FIRST_DELAY,
    FORGET_FAILURES,
    FREE_FAILURES,
    LONGEST_DELAY,
    MAX_DELAYED,
    SlowDown,
)
from tests.http.house import API, House, basic
from tests.http.peers import Exchange, turn, until

CHANNELS = API + "/me/channels"
NOW = 1_000_000


class Watch:
    """Stands for the clock: remembers how long was to be waited, and waits until told."""

    def __init__(self) -> None:
        self.waits: list[int] = []
        self.over = asyncio.Event()

    async def pause(self, milliseconds: int) -> None:
        self.waits.append(milliseconds)
        await self.over.wait()


async def delay(slow_down: SlowDown, watch: Watch, name: str, address: str, now: int = NOW) -> int:
    """How long an attempt would have to wait."""
    watch.over.set()
    watch.waits.clear()
    await slow_down.wait(name, address, now)
    return watch.waits[0] if watch.waits else 0


async def test_delays_double_up_to_a_limit() -> None:
    watch = Watch()
    slow_down = SlowDown(watch.pause)
    delays = []
    for _ in range(14):
        delays.append(await delay(slow_down, watch, "ann", "10.0.0.1"))
        slow_down.failed("ann", "10.0.0.1", NOW)
    assert delays == [0] * FREE_FAILURES + [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]
    for _ in range(100_000):
        slow_down.failed("ann", "10.0.0.1", NOW)
    assert await delay(slow_down, watch, "ann", "10.0.0.1") == LONGEST_DELAY


async def test_users_and_addresses_are_slowed_each_for_themselves() -> None:
    watch = Watch()
    slow_down = SlowDown(watch.pause)
    for number in range(FREE_FAILURES):
        slow_down.failed("Ann", f"10.0.0.{number}", NOW)
        slow_down.failed(f"user{number}", "10.9.9.9", NOW)
    assert await delay(slow_down, watch, "aNN", "10.0.0.77") == FIRST_DELAY
    assert await delay(slow_down, watch, "ben", "10.9.9.9") == FIRST_DELAY
    assert await delay(slow_down, watch, "ben", "10.0.0.0") == 0


async def test_a_success_clears_the_user_but_not_the_address() -> None:
    watch = Watch()
    slow_down = SlowDown(watch.pause)
    for _ in range(FREE_FAILURES):
        slow_down.failed("ann", "10.0.0.1", NOW)
    slow_down.succeeded("Ann")
    assert await delay(slow_down, watch, "ann", "10.0.0.2") == 0
    assert await delay(slow_down, watch, "ann", "10.0.0.1") == FIRST_DELAY


async def test_failures_are_forgotten_after_a_time() -> None:
    watch = Watch()
    slow_down = SlowDown(watch.pause)
    for _ in range(FREE_FAILURES):
        slow_down.failed("ann", "10.0.0.1", NOW)
    last = NOW + FORGET_FAILURES - 1
    assert await delay(slow_down, watch, "ann", "10.0.0.1", last) == FIRST_DELAY
    assert await delay(slow_down, watch, "ann", "10.0.0.1", last + 1) == 0
    slow_down.failed("ann", "10.0.0.1", last + 1)
    assert await delay(slow_down, watch, "ann", "10.0.0.1", last + 1) == 0, "counted from one again"


async def test_memory_is_bounded_and_the_busiest_stay_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.slow_down.MAX_KEPT", 10)
    watch = Watch()
    slow_down = SlowDown(watch.pause)
    for number in range(1000):
        slow_down.failed("ann", "10.0.0.1", NOW)
        slow_down.failed(f"user{number}", f"10.1.1.{number}", NOW)
    assert len(slow_down._failures) == 10
    assert await delay(slow_down, watch, "ann", "10.0.0.1") == LONGEST_DELAY


async def test_names_of_any_length_are_one_to_the_memory() -> None:
    watch = Watch()
    slow_down = SlowDown(watch.pause)
    for _ in range(FREE_FAILURES):
        slow_down.failed("n" * 100_000, "10.0.0.1", NOW)
    assert await delay(slow_down, watch, "n" * 100_000, "10.0.0.2") == FIRST_DELAY
    assert max(len(text) for key in slow_down._failures for text in key) <= 255


async def crowd() -> tuple[Watch, SlowDown, list[asyncio.Task[None]]]:
    """As many wait at once for one name as may."""
    watch = Watch()
    slow_down = SlowDown(watch.pause)
    for _ in range(FREE_FAILURES):
        slow_down.failed("ann", "10.0.0.1", NOW)
    waiting = [asyncio.ensure_future(slow_down.wait("ann", f"10.1.0.{n}", NOW)) for n in range(20)]
    await until(lambda: len(watch.waits) == MAX_DELAYED["user"])
    return watch, slow_down, waiting


async def test_asking_in_parallel_does_not_help() -> None:
    watch, slow_down, waiting = await crowd()
    with pytest.raises(Refused) as refused:
        await slow_down.wait("ann", "10.2.2.2", NOW)
    assert refused.value.fault is Fault.UNAVAILABLE
    watch.over.set()
    await asyncio.gather(*waiting)
    assert await delay(slow_down, watch, "ann", "10.2.2.2") == FIRST_DELAY, "there is room again"


async def test_who_gives_up_waiting_makes_room() -> None:
    watch, slow_down, waiting = await crowd()
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await delay(slow_down, watch, "ann", "10.2.2.2") == FIRST_DELAY


async def test_without_a_clock_of_its_own_it_waits_by_the_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.slow_down.FIRST_DELAY", 0)
    slow_down = SlowDown()
    for _ in range(FREE_FAILURES):
        slow_down.failed("ann", "10.0.0.1", NOW)
    await slow_down.wait("ann", "10.0.0.1", NOW)


# -- the same over HTTP ------------------------------------------------------------------------------------


async def fail(house: House, times: int, user: str = "agent1", address: str = "10.0.0.1") -> None:
    for _ in range(times):
        answer = await house.ask("GET", CHANNELS, headers=basic(user, "wrong"), address=address)
        assert answer.status == 403


async def delayed(house: House, user: str, password: str, address: str) -> Exchange:
    """An attempt that has to wait."""
    exchange = house.begin("GET", CHANNELS, basic(user, password), address)
    exchange.say(b"")
    await turn()
    assert not exchange.answered
    return exchange


async def test_the_sixth_failure_of_a_user_waits_by_the_programs_clock() -> None:
    async with House() as house:
        await fail(house, FREE_FAILURES)
        verified = house.hasher.verified
        exchange = await delayed(house, "agent1", "wrong", "10.0.0.2")
        assert house.hasher.verified == verified, "nothing is hashed before its time"
        await house.pass_time(FIRST_DELAY - 1)
        await turn()
        assert not exchange.answered
        await house.pass_time(1)
        assert (await exchange.end()).status == 403


async def test_a_burst_of_guesses_counts_before_it_is_over() -> None:
    async with House() as house:
        guesses = [house.ask("GET", CHANNELS, headers=basic("agent1", f"x{n}")) for n in range(200)]
        answers = await asyncio.gather(*guesses)
        assert house.hasher.verified < 2 * FREE_FAILURES
        assert {answer.status for answer in answers} == {403, 503}


async def test_a_burst_of_names_from_one_address_counts_before_it_is_over() -> None:
    """Many names guessed in parallel: the address is slowed down with the first few of them."""
    async with House() as house:
        guesses = [
            house.ask("GET", CHANNELS, headers=basic(f"user{n}", "x"), address="10.6.6.6") for n in range(200)
        ]
        answers = await asyncio.gather(*guesses)
        assert house.hasher.verified < 3 * FREE_FAILURES
        assert {answer.status for answer in answers} == {403, 503}


async def test_a_shift_that_begins_behind_one_address_is_let_in() -> None:
    async with House() as house:
        users = ("agent1", "agent2", "agent3", "supervisor", "admin")
        asked = [
            house.ask("GET", CHANNELS, headers=basic(users[n % 5]), address="10.0.0.9") for n in range(300)
        ]
        assert {answer.status for answer in await asyncio.gather(*asked)} == {200}


async def test_a_thousand_logins_at_once_are_all_answered_and_nothing_is_half_done() -> None:
    """SPEC 8.10, 8.11: right and wrong ones, known names and unknown ones, from many addresses and one."""
    async with House() as house:
        passwords = house.application.auth.passwords
        asked = []
        for n in range(1000):
            user, password = f"agent{n % 3 + 1}", "demo" if n % 4 == 0 else f"wrong{n}"
            name = user if n % 5 else f"nobody{n}"
            address = f"10.0.{n % 250}.1" if n % 2 else "10.6.6.6"
            exchange = house.begin("GET", API + "/me", basic(name, password), address)
            exchange.say(b"")
            asked.append(exchange)
        while not all(exchange.answered for exchange in asked):
            await turn()
            await house.pass_time(LONGEST_DELAY)
        answers = [await exchange.end() for exchange in asked]
        said = {(answer.status, answer.json["statusCode"]) for answer in answers}
        assert said <= {(200, 0), (403, 20), (503, 4)}
        assert {(200, 0), (403, 20)} <= said
        logged_in = [answer for answer in answers if answer.status == 200]
        assert all(answer.cookie for answer in logged_in)
        assert not any(answer.cookie for answer in answers if answer.status != 200)
        for user in ("agent1", "agent2", "agent3"):
            came = sum(answer.json["user"]["userName"] == user for answer in logged_in)
            id = house.application.performer.centre.user_names[user].id
            assert len(await house.application.auth.sessions.of(id)) == min(came, 50)
        assert passwords._attempts == 0
        assert len(passwords._turns) == 0, "nobody waits for his turn any more"


async def test_attempts_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.passwords.MAX_ATTEMPTS", 3)
    async with House() as house:
        await fail(house, FREE_FAILURES)
        waiting = [await delayed(house, "agent1", f"x{n}", f"10.1.0.{n}") for n in range(3)]
        answer = await house.ask("GET", CHANNELS, headers=basic("agent2"), address="10.2.0.1")
        assert (answer.status, answer.json["statusCode"]) == (503, 4)
        for exchange in waiting:
            await house.pass_time(LONGEST_DELAY)
            await exchange.end()
        answer = await house.ask("GET", CHANNELS, headers=basic("agent2"), address="10.2.0.1")
        assert answer.status == 200


async def test_a_burst_of_right_logins_is_let_in_and_hardly_hashed() -> None:
    async with House() as house:
        asked = [house.ask("GET", CHANNELS, headers=basic()) for _ in range(200)]
        assert {answer.status for answer in await asyncio.gather(*asked)} == {200}
        assert house.hasher.verified <= FREE_FAILURES


async def test_who_has_the_password_waits_once_and_is_free_again() -> None:
    async with House(login_memory_seconds=0) as house:
        await fail(house, FREE_FAILURES)
        exchange = await delayed(house, "agent1", "demo", "10.0.0.2")
        await house.pass_time(FIRST_DELAY)
        assert (await exchange.end()).status == 200
        answer = await house.ask("GET", CHANNELS, headers=basic(), address="10.0.0.2")
        assert answer.status == 200


async def test_who_is_remembered_or_has_a_cookie_does_not_notice() -> None:
    async with House() as house:
        cookie = await house.cookie()
        await fail(house, FREE_FAILURES)
        for headers in (cookie, basic()):
            answer = await house.ask("GET", CHANNELS, headers=headers, address="10.0.0.1")
            assert answer.status == 200


async def test_an_address_that_tries_many_names_waits() -> None:
    async with House() as house:
        for number in range(FREE_FAILURES):
            await fail(house, 1, f"user{number}", "10.6.6.6")
        exchange = await delayed(house, "agent2", "demo", "10.6.6.6")
        answer = await house.ask("GET", CHANNELS, headers=basic("agent2"), address="10.0.0.1")
        assert answer.status == 200, "others are not held up"
        await house.pass_time(FIRST_DELAY)
        assert (await exchange.end()).status == 200


async def test_too_many_at_once_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.slow_down.MAX_DELAYED", {"user": 1, "address": 1})
    async with House() as house:
        await fail(house, FREE_FAILURES)
        first = await delayed(house, "agent1", "wrong", "10.0.0.2")
        answer = await house.ask("GET", CHANNELS, headers=basic("agent1", "wrong"), address="10.0.0.3")
        assert (answer.status, answer.json["statusCode"]) == (503, 4)
        assert answer.header("retry-after")
        await house.pass_time(FIRST_DELAY)
        assert (await first.end()).status == 403


async def test_a_password_changed_while_its_owner_waits_is_the_one_that_counts() -> None:
    async with House() as house:
        await fail(house, FREE_FAILURES)
        exchange = await delayed(house, "agent1", "demo", "10.0.0.2")
        user = house.application.performer.centre.user_names["agent1"]
        await house.application.performer.run(lambda draft: draft.put("credential", user.id, None))
        await house.pass_time(FIRST_DELAY)
        assert (await exchange.end()).status == 403
