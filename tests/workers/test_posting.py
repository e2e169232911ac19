"""Posting to addresses that somebody else chose: bounded, without redirects, and not into the own network."""

import asyncio

import pytest

from smsdesk.core.webhooks import Outcome
from smsdesk.workers.posting import Poster, Reach, may_reach
from tests.fakes.webhook_receiver import Answer, drop, nonsense, receiving, status

pytestmark = pytest.mark.anyio
PRIVATE = ("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "fc00::1")
MORE = ("fe80::1%eth0", "224.0.0.1", "no address")
OTHERS = ("64:ff9b::7f00:1", "2002:7f00:1::", "::", "255.255.255.255")
LOOPBACK = ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1")
PUBLIC = ("8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8")


@pytest.mark.parametrize("address", [*PRIVATE, *MORE, *OTHERS, *LOOPBACK, *PUBLIC])
@pytest.mark.parametrize("reach", ["public", "loopback"])
def test_which_addresses_may_be_reached(address: str, reach: Reach) -> None:
    assert may_reach(address, reach) == (address in PUBLIC or (address in LOOPBACK and reach == "loopback"))


def test_all_is_all() -> None:
    assert all(may_reach(address, "all") for address in (*PRIVATE, *LOOPBACK, *PUBLIC))


async def test_what_arrives() -> None:
    async with receiving() as receiver:
        poster = Poster("loopback")
        outcome = await poster.post(receiver.url, b"{}", {"Smsdesk-Event": "alarm"})
        await poster.close()
        (got,) = receiver.got
        assert (outcome.status, got.body, got.headers["smsdesk-event"]) == (204, b"{}", "alarm")
        assert got.headers["host"] == f"127.0.0.1:{receiver.port}"


async def test_a_name_is_resolved_once_and_goes_along() -> None:
    """The address that was looked at is the one that is connected to."""
    async with receiving() as receiver:
        asked = []

        async def resolve(host: str, port: int) -> list[str]:
            asked.append((host, port))
            return ["10.1.2.3", "127.0.0.1"]

        poster = Poster("loopback", resolve=resolve)
        outcome = await poster.post(f"http://hooks.example:{receiver.port}/x?y=1", b"{}", {})
        await poster.close()
        assert (outcome.status, asked) == (204, [("hooks.example", receiver.port)])
        (got,) = receiver.got
        assert (got.line, got.headers["host"]) == (
            "POST /x?y=1 HTTP/1.1",
            f"hooks.example:{receiver.port}",
        )


@pytest.mark.parametrize("reach", ["public", "loopback"])
async def test_a_private_address_is_refused_for_good(reach: Reach) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.7"]

    outcome = await Poster(reach, resolve=resolve).post("https://inside.example/", b"", {})
    assert (outcome.status, outcome.final) == (None, True)
    assert outcome.words == "inside.example is 10.0.0.7: webhook_allow_private forbids that"


async def test_a_literal_address_is_looked_at_too() -> None:
    async with receiving() as receiver:
        outcome = await Poster("public").post(receiver.url, b"", {})
        assert (outcome.final, receiver.got) == (True, [])


async def test_a_name_that_means_nothing() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    outcome = await Poster("public", resolve=resolve).post("https://nowhere.example/", b"", {})
    assert (outcome.status, outcome.final) == (None, False)
    assert outcome.words == "the host was not found: Name or service not known"


async def test_a_redirect_is_not_followed() -> None:
    async with receiving() as receiver:
        receiver.will(status(302, Location=f"http://127.0.0.1:{receiver.port}/other"))
        outcome = await _post(receiver.url)
        assert (outcome.status, len(receiver.got)) == (302, 1)


async def test_a_huge_answer_is_not_read() -> None:
    async with receiving() as receiver:
        receiver.will(receiver.endless)
        outcome = await _post(receiver.url)
        assert (outcome.status, outcome.words) == (500, "answered 500 " + "x" * 200)
        assert receiver.sent < 50_000_000


async def test_words_of_an_answer_are_printable() -> None:
    async with receiving() as receiver:
        receiver.will(status(503, b"\x1b[31mdown\r\n\xff  now"))
        assert (await _post(receiver.url)).words == "answered 503 [31mdown \ufffd now"


@pytest.mark.parametrize("answer", [drop, nonsense], ids=["drop", "nonsense"])
async def test_no_answer_worth_the_name(answer: Answer) -> None:
    async with receiving() as receiver:
        receiver.will(answer)
        outcome = await _post(receiver.url)
        assert (outcome.status, outcome.final) == (None, False)
        assert outcome.words.startswith("the connection failed")


async def test_a_slow_one_is_not_waited_for() -> None:
    async with receiving() as receiver:
        receiver.will(receiver.slow)
        poster = Poster("loopback", seconds=0.2)
        outcome = await poster.post(receiver.url, b"", {})
        await poster.close()
        assert (outcome.status, outcome.words) == (None, "no answer within 0.2 seconds")


async def test_nobody_listens() -> None:
    async with receiving() as receiver:
        url = receiver.url
    assert (await _post(url)).words.startswith("the connection failed")


async def _post(url: str) -> Outcome:
    poster = Poster("loopback")
    try:
        async with asyncio.timeout(10):
            return await poster.post(url, b"{}", {})
    finally:
        await poster.close()
