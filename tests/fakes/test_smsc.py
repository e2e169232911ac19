"""The SMSC of the tests is itself tested, octet by octet over a socket: one that lies proves nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from smsdesk.smpp import pdu as p
from tests.fakes.smsc import PATIENCE, Smsc

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Client:
    """A socket that speaks hexadecimal."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, command: str, sequence: int, body: bytes = b"") -> None:
        length = (16 + len(body)).to_bytes(4, "big")
        self.writer.write(length + bytes.fromhex(command + "00000000") + sequence.to_bytes(4, "big") + body)

    async def receive(self) -> tuple[str, int, int, bytes]:
        """Command, status, sequence, body."""
        async with asyncio.timeout(PATIENCE):
            length = int.from_bytes(await self.reader.readexactly(4), "big")
            rest = await self.reader.readexactly(length - 4)
        return rest[:4].hex(), int.from_bytes(rest[4:8], "big"), int.from_bytes(rest[8:12], "big"), rest[12:]


@contextlib.asynccontextmanager
async def client(smsc: Smsc) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", smsc.port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


BIND = b"desk\0secret\0\0\x34\0\0\0"
SUBMIT = b"\0\1\115550100\0\1\115550111\0\0\0\0\0\0\1\0\0\0\2hi"


async def test_it_answers_each_request_in_kind() -> None:
    async with Smsc() as smsc, client(smsc) as desk:
        for command, body in (("00000009", BIND), ("00000001", BIND), ("00000002", BIND)):
            desk.send(command, 1, body)
            assert (await desk.receive())[:3] == ("8" + command[1:], 0, 1)
        desk.send("00000004", 2, SUBMIT)
        assert await desk.receive() == ("80000004", 0, 2, b"1\0")
        desk.send("00000015", 3)
        assert await desk.receive() == ("80000015", 0, 3, b"")
        desk.send("00000006", 4)
        assert await desk.receive() == ("80000006", 0, 4, b"")
        assert (await smsc.got(p.SubmitSm)).short_message == b"hi"
        assert (await smsc.got(p.BindTransceiver)).system_id == "desk"


async def test_statuses_are_used_up_one_by_one() -> None:
    async with Smsc() as smsc, client(smsc) as desk:
        smsc.statuses[p.SubmitSm] = [0x58, 0x14]
        answers = []
        for sequence in (1, 2, 3):
            desk.send("00000004", sequence, SUBMIT)
            answers.append((await desk.receive())[1:])
        assert answers == [(0x58, 1, b"\0"), (0x14, 2, b"\0"), (0, 3, b"1\0")]


async def test_silence() -> None:
    async with Smsc() as smsc, client(smsc) as desk:
        smsc.silent_on.add(p.SubmitSm)
        desk.send("00000004", 1, SUBMIT)
        desk.send("00000015", 2)
        assert (await desk.receive())[0] == "80000015"
        assert (await smsc.got(p.SubmitSm)).sequence == 1


async def test_it_delivers_under_numbers_of_its_own() -> None:
    async with Smsc() as smsc, client(smsc) as desk:
        desk.send("00000015", 1)
        await desk.receive()
        assert [smsc.send(p.DeliverSm(short_message=b"x")), smsc.send(p.EnquireLink())] == [1, 2]
        command, _, sequence, body = await desk.receive()
        assert (command, sequence, body[-1:]) == ("00000005", 1, b"x")
        assert (await desk.receive())[:3] == ("00000015", 0, 2)
        smsc.write(b"\xff" * 4)
        assert await desk.reader.readexactly(4) == b"\xff" * 4


async def test_a_round_trip_waits_for_what_was_sent_before() -> None:
    async with Smsc() as smsc, client(smsc) as desk:
        desk.send("00000015", 1)
        await desk.receive()
        trip = asyncio.create_task(smsc.round_trip())
        _, _, sequence, _ = await desk.receive()
        assert not trip.done()
        desk.send("80000015", sequence)
        await trip


async def test_drop_stop_and_listen_again() -> None:
    async with Smsc() as smsc:
        async with client(smsc) as desk:
            desk.send("00000015", 1)
            await desk.receive()
            smsc.drop()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await desk.receive()
            await smsc.ended()
        await smsc.stop()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", smsc.port)
        await smsc.listen()
        async with client(smsc) as desk:
            desk.send("00000015", 1)
            assert (await desk.receive())[0] == "80000015"
        assert smsc.connections == 2
