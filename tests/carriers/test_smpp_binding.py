"""Staying bound: SPEC 6.4; SMPP 4.1, 4.2, 4.3, 4.11, 7.2. Every failure is told with its reason."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from msgspec.structs import replace
from structlog.testing import capture_logs

from smsdesk.carriers.smpp import SmppCarrier
from smsdesk.carriers.smpp.link import Link
from smsdesk.carriers.smpp.pace import Pace, Patience
from smsdesk.carriers.smpp.visit import in_words
from smsdesk.smpp import pdu as p
from tests.carriers.smpp_stage import SETTINGS, TEXT, deliver, stage, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    structlog.reset_defaults()
    with capture_logs() as entries:
        yield entries


def said(logs: list[Any], event: str) -> list[str]:
    return [entry.get("reason", "") for entry in logs if entry["event"] == event]


async def test_the_bind_says_who_we_are() -> None:
    async with stage() as on:
        bind = await on.smsc.got(p.BindTransceiver)
        assert (bind.system_id, bind.password, bind.interface_version) == ("desk", "secret", 0x34)


async def test_a_refused_bind_is_tried_again_and_told(logs: list[Any]) -> None:
    async with stage() as on:
        on.smsc.statuses[p.BindTransceiver] = [0x0E, 0x0D]
        for _ in range(2):
            await on.smsc.got(p.BindTransceiver)
        await on.bound()
        assert (await on.carrier.send(TEXT)).outcome == "sent"
    assert said(logs, "bind refused") == [
        "password is wrong (ESME_RINVPASWD, 0x0000000E)",
        "bind failed (ESME_RBINDFAIL, 0x0000000D)",
    ]
    assert "secret" not in str(logs)


async def test_a_bind_without_an_answer_is_given_up(logs: list[Any]) -> None:
    async with stage({"answer_within": 20}) as on:
        on.smsc.silent_on.add(p.BindTransceiver)
        for _ in range(2):
            await on.smsc.got(p.BindTransceiver)
            await on.smsc.ended()
        on.smsc.silent_on.clear()
        await on.bound()
    assert "no answer to bind_transceiver within 20 ms" in said(logs, "connection ended")


async def test_nobody_listens_until_somebody_does(logs: list[Any]) -> None:
    async with stage() as on:
        await on.bound()
        await on.smsc.stop()
        await until(lambda: len(said(logs, "cannot connect")) >= 2)
        assert not on.carrier.ready()
        await on.smsc.listen()
        await on.bound()
    assert said(logs, "cannot connect")[0] == "Connection refused"


async def test_no_bind_while_the_store_is_down(logs: list[Any]) -> None:
    """What the last bind left unproven must be known before the next one delivers (SPEC 6.2)."""
    async with stage() as on:
        await on.bound()
        on.desk.down = True
        on.smsc.drop()
        event = "not connecting: the store is not available"
        await until(lambda: len(said(logs, event)) >= 2)
        assert on.smsc.connections == 1
        on.desk.down = False
        await on.bound()


async def test_a_fault_of_our_own_is_told_and_the_carrier_goes_on(logs: list[Any]) -> None:
    async with stage() as on:
        await on.bound()
        on.desk.broken = True
        on.smsc.drop()
        event = "connection failed by our own fault"
        await until(lambda: len(said(logs, event)) >= 2)
        on.desk.broken = False
        await on.bound()


async def test_a_silent_link_is_made_anew(logs: list[Any]) -> None:
    async with stage({"enquire_after": 10, "answer_within": 20}) as on:
        await on.bound()
        await on.smsc.got(p.EnquireLink)
        on.smsc.silent_on.add(p.EnquireLink)
        await on.smsc.ended()
        on.smsc.silent_on.clear()
        await on.bound()
    assert "no answer to enquire_link within 20 ms" in said(logs, "connection ended")


@pytest.mark.parametrize("octets", ["ffffffff00000005", "00000004", "485454502f312e31"])
async def test_garbage_ends_the_link_and_a_new_one_is_made(octets: str, logs: list[Any]) -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.write(bytes.fromhex(octets))
        assert (await on.smsc.got(p.GenericNack)).status == 0x02
        await on.smsc.ended()
        await on.bound()
        assert (await on.carrier.send(TEXT)).outcome == "sent"
    assert any("command_length" in reason for reason in said(logs, "carrier breaks the protocol"))


async def test_a_malformed_pdu_is_refused_and_the_link_stays(logs: list[Any]) -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.write(bytes.fromhex("000000140000000500000000000000070001ffff"))
        refused = await on.smsc.got(p.DeliverSmResponse)
        assert (refused.sequence, refused.status) == (7, 0x02)
        on.smsc.write(bytes.fromhex("00000010000000990000000000000008"))
        nack = await on.smsc.got(p.GenericNack)
        assert (nack.sequence, nack.status) == (8, 0x03)
        assert (await on.carrier.send(TEXT)).outcome == "sent"
        assert on.smsc.connections == 1
    assert len(said(logs, "carrier breaks the protocol")) == 2


async def test_the_carrier_unbinds() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.send(p.Unbind())
        await on.smsc.got(p.UnbindResponse)
        await on.smsc.ended()
        await on.bound()


async def test_leaving_answers_what_was_taken_and_unbinds() -> None:
    async with stage() as on:
        await on.bound()
        on.desk.door.clear()
        on.smsc.send(deliver(b"taken"))
        await on.desk.knocks.get()
        leaving = asyncio.create_task(on.leave())
        await until(lambda: on.running.cancelling() > 0)
        on.smsc.send(deliver(b"too late"))
        assert (await on.smsc.got(p.DeliverSmResponse)).status == 0x64
        on.desk.door.set()
        assert (await on.smsc.got(p.DeliverSmResponse)).status == 0
        await on.smsc.got(p.Unbind)
        await leaving
        assert [text.text for text in on.desk.texts] == ["taken"]


async def test_leaving_does_not_wait_for_a_carrier_that_is_silent() -> None:
    async with stage(leave_within=20) as on:
        await on.bound()
        on.smsc.silent_on.add(p.Unbind)
        await on.leave()
        await on.smsc.got(p.Unbind)
        await on.smsc.ended()


async def test_a_host_that_does_not_answer_is_given_up(logs: list[Any]) -> None:
    """Its queue of connections is full: a further one gets no answer at all."""
    with contextlib.ExitStack() as sockets:
        host = sockets.enter_context(socket.socket())
        host.bind(("127.0.0.1", 0))
        host.listen(0)
        for _ in range(4):
            other = sockets.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(host.getsockname())
        async with stage(port=host.getsockname()[1], connect_within=20):
            await until(lambda: len(said(logs, "cannot connect")) >= 2)
    assert said(logs, "cannot connect")[0] == "no connection within 20 ms"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 1)"), "Connection refused"),
        (OSError("Multiple exceptions: this, that"), "Multiple exceptions: this, that"),
        (socket.gaierror(-2, "Name or service not known"), "[Errno -2] Name or service not known"),
    ],
)
def test_reasons_in_words(fault: OSError, words: str) -> None:
    assert in_words(fault) == words


async def test_leaving_while_connecting_or_pausing() -> None:
    async with stage(reconnect_first=60_000, reconnect_last=60_000) as on:
        on.smsc.statuses[p.BindTransceiver] = [0x0E]
        await on.smsc.got(p.BindTransceiver)
        await on.smsc.ended()
        await on.leave()
        assert on.smsc.connections == 1


def test_a_bind_that_does_not_fit_is_refused_at_once() -> None:
    wrong = replace(SETTINGS, session=replace(SETTINGS.session, system_id="sixteen letters!"))
    with pytest.raises(ValueError, match="system_id is longer than 15"):
        SmppCarrier(wrong, lambda: "bind1", lambda: 0.0)


class Wire(asyncio.Transport):
    """A transport that keeps what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.asked.append("write")

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.asked.append("pause")

    def resume_reading(self) -> None:
        self.asked.append("resume")


async def test_a_carrier_that_reads_no_answers_gets_no_more_of_its_requests_read() -> None:
    """Else its answers would pile up in memory (SPEC 8.10)."""
    wire, link = Wire(), Link(SETTINGS.session, lambda event: None)
    link.pause_writing()
    link.resume_writing()
    link.connection_made(wire)
    link.pause_writing()
    link.resume_writing()
    assert wire.asked == ["write", "pause", "resume"]
    link.connection_lost(None)
    assert link.closed.result() == "the connection ended"


# ---- pauses ----


def test_pauses_double_up_to_the_last_and_begin_again() -> None:
    patience = Patience(100, 500, lambda: 0.0)
    assert [patience.next() for _ in range(5)] == [100, 200, 400, 500, 500]
    patience.reset()
    assert patience.next() == 100


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 100), (0.5, 75), (1.0, 50)])
def test_jitter_shortens_a_pause_by_up_to_half(chance: float, pause: int) -> None:
    assert Patience(100, 500, lambda: chance).next() == pause


async def test_turns_are_spread_over_the_second() -> None:
    loop = asyncio.get_running_loop()
    pace = Pace(200)
    begin = loop.time()
    order: list[int] = []

    async def take(number: int) -> None:
        await pace.turn()
        order.append(number)

    await asyncio.gather(*map(take, range(5)))
    assert loop.time() - begin >= 4 / 200 - 0.001
    assert order == [0, 1, 2, 3, 4]


async def test_without_a_rate_nobody_waits() -> None:
    pace = Pace(0)
    async with asyncio.timeout(5):
        for _ in range(1000):
            await pace.turn()
