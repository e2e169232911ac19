"""The receiver of the tests is itself tested, over a socket: one that lies proves nothing."""

import asyncio

import pytest

from tests.fakes.webhook_receiver import Answer, drop, nonsense, receiving, status

pytestmark = pytest.mark.anyio
REQUEST = b"POST /hook HTTP/1.1\r\nHost: x\r\nSmsdesk-Event: alarm\r\nContent-Length: 2\r\n\r\n{}"
PATIENCE = 10


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def ask(port: int, most: int = -1) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST)
    async with asyncio.timeout(PATIENCE):
        try:
            answer = await reader.read(most)
        except ConnectionError:
            answer = b""
    writer.transport.abort()
    return answer


async def test_it_keeps_what_it_gets_and_answers_204() -> None:
    async with receiving() as receiver:
        assert (await ask(receiver.port)).startswith(b"HTTP/1.1 204 ")
        (got,) = receiver.got
        assert (got.line, got.headers["smsdesk-event"], got.body) == ("POST /hook HTTP/1.1", "alarm", b"{}")


@pytest.mark.parametrize(
    ("answer", "begins"),
    [
        (status(500, b"no"), b"HTTP/1.1 500 Said\r\nContent-Length: 2\r\n"),
        (status(302, Location="/there"), b"HTTP/1.1 302 Said\r\nContent-Length: 0\r\nLocation: /there\r\n"),
        (nonsense, b"220 mail"),
    ],
)
async def test_it_answers_as_it_is_told_once(answer: Answer, begins: bytes) -> None:
    async with receiving() as receiver:
        receiver.will(answer)
        assert (await ask(receiver.port)).startswith(begins)
        assert (await ask(receiver.port)).startswith(b"HTTP/1.1 204 ")


async def test_it_drops() -> None:
    async with receiving() as receiver:
        receiver.will(drop)
        assert await ask(receiver.port) == b""


async def test_it_is_slow_until_the_gate_opens() -> None:
    async with receiving() as receiver:
        receiver.will(receiver.slow)
        asked = asyncio.create_task(ask(receiver.port))
        await receiver.arrived.wait()
        assert (asked.done(), receiver.open) == (False, 1)
        receiver.gate.set()
        assert (await asked).startswith(b"HTTP/1.1 204 ")
        assert (receiver.open, receiver.most_open) == (0, 1)


async def test_it_never_ends() -> None:
    async with receiving() as receiver:
        receiver.will(receiver.endless)
        assert len(await ask(receiver.port, 1000)) == 1000
