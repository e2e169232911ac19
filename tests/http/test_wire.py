"""HTTP as bytes on a socket: pieces, pipelines, lies, floods, and lines that break (SPEC 7.5, 8.10)."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from smsdesk.http.protocol import HEAD_LIMIT, HttpProtocol
from tests.http.house import API, BAYEUX, House, Listener, basic, data
from tests.http.peers import until
from tests.http.wire import Line, Wire, request

ME, CHANNELS, VERSION = API + "/me", API + "/me/channels", API + "/diagnostics/version"
START = b'{"operationName":"StartContactCenterSession","channels":["sms"]}'


@asynccontextmanager
async def listening(**settings: Any) -> AsyncIterator[Wire]:
    async with House(**settings) as house, Wire(house) as wire:
        yield wire


async def hold(wire: Wire, line: Line, listener: Listener) -> None:
    """A connect, held on this line."""
    count = wire.house.server.held
    await line.say(request("POST", BAYEUX, msgspec.json.encode([listener.connecting()])))
    await until(lambda: wire.house.server.held > count)


# -- plain -------------------------------------------------------------------------------------------------


async def test_one_line_carries_many_requests() -> None:
    async with listening() as wire:
        line = await wire.open()
        for method, status in [("GET", 200), ("HEAD", 200), ("DELETE", 405), ("GET", 200)]:
            assert (await line.ask(method, CHANNELS)).status == status


async def test_head_says_the_length_and_sends_nothing() -> None:
    async with listening() as wire:
        line = await wire.open()
        for target in ("/", VERSION, CHANNELS, API + "/nothing"):
            got, head = await line.ask("GET", target), await line.ask("HEAD", target)
            assert (head.status, head.header("content-length")) == (got.status, got.header("content-length"))
            assert head.header("content-type") == got.header("content-type")
        assert (await line.ask("GET", VERSION)).status == 200, "the line is in step"


async def test_pipelined_requests_are_answered_in_order() -> None:
    async with listening() as wire:
        line = await wire.open()
        targets = [VERSION, CHANNELS, API + "/nothing", "/healthz", ME]
        await line.say(b"".join(request("GET", target) for target in targets))
        assert [(await line.hear()).status for _ in targets] == [200, 200, 404, 200, 200]


async def test_what_comes_behind_a_held_poll_waits_for_it() -> None:
    async with listening() as wire:
        house = wire.house
        id = await house.put()
        listener = await Listener(house).ready()
        line = await wire.open()
        await hold(wire, line, listener)
        await line.say(request("GET", VERSION))
        await house.attach(id, k=1)
        assert len(data((await line.hear()).json)) == 1
        assert (await line.hear()).json["version"]


async def test_a_server_is_not_named() -> None:
    async with listening() as wire:
        answer = await (await wire.open()).ask("GET", VERSION)
        assert answer.header("server") is None


async def test_http_1_0_is_answered_and_closed() -> None:
    async with listening() as wire:
        line = await wire.open()
        await line.say(b"GET " + VERSION.encode() + b" HTTP/1.0\r\n\r\n")
        assert (await line.hear()).status == 200
        assert await line.ended() == b""


# -- bodies ------------------------------------------------------------------------------------------------


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def chunked_head(target: str) -> bytes:
    head = request("POST", target, b"", "Transfer-Encoding: chunked")
    return head.replace(b"Content-Length: 0\r\n", b"")


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_chunked_body(size: int) -> None:
    async with listening() as wire:
        line = await wire.open()
        await line.say(chunked_head(ME) + chunked(START, size))
        assert (await line.hear()).json == {"statusCode": 0}


async def test_a_request_byte_by_byte() -> None:
    async with listening() as wire:
        slow, quick = await wire.open(), await wire.open()
        for byte in request("POST", ME, START):
            await slow.say(bytes([byte]))
            if byte == ord("{"):
                assert (await quick.ask("GET", VERSION)).status == 200, "others are not held up"
        assert (await slow.hear()).json == {"statusCode": 0}


async def test_a_body_too_large_is_refused_and_the_line_goes_on() -> None:
    async with listening(body_limit=4096) as wire:
        line = await wire.open()
        answer = await line.ask("POST", ME, b" " * 100_000)
        assert (answer.status, answer.json["statusCode"]) == (413, 10)
        await line.say(chunked_head(ME) + chunked(b" " * 100_000, 1000))
        assert (await line.hear()).status == 413
        assert (await line.ask("POST", ME, START)).json == {"statusCode": 0}


async def test_a_flood_of_a_body_is_answered_long_before_it_ends() -> None:
    async with listening(body_limit=4096) as wire:
        line = await wire.open()
        await line.say(
            request("POST", ME, b"", "Content-Length: 99999999999").replace(b"Content-Length: 0\r\n", b"")
        )
        assert (await line.hear()).status == 413
        line = await wire.open()
        await line.say(chunked_head(ME))
        for _ in range(10):
            await line.say(b"400\r\n" + b" " * 1024 + b"\r\n")
        assert (await line.hear()).status == 413


@pytest.mark.parametrize("whole", [True, False])
async def test_a_client_that_leaves_within_its_body_has_asked_nothing(whole: bool) -> None:
    """Also where what has come is a whole object already."""
    async with listening() as wire:
        line = await wire.open()
        sent = START if whole else START[:20]
        await line.say(request("POST", ME, START + b" " * 10)[: -len(START) - 10] + sent)
        await until(lambda: wire.server.server_state.tasks)
        line.abort()
        await until(lambda: not wire.server.server_state.tasks)
        channels = await (await wire.open()).ask("GET", CHANNELS)
        assert channels.json["channels"] == []


async def test_a_client_may_wait_to_be_asked_for_its_body() -> None:
    async with listening() as wire:
        line = await wire.open()
        head = request("POST", ME, START, "Expect: 100-continue")[: -len(START)]
        await line.say(head)
        assert await line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        await line.say(START)
        assert (await line.hear()).json == {"statusCode": 0}
        await line.say(head.replace(basic()["Authorization"].encode(), b"Basic bm86"))
        assert (await line.hear()).status == 403, "nobody is asked for a body that will not be read"


async def test_the_rest_of_a_body_that_was_answered_early_has_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smsdesk.http.protocol.REQUEST_SECONDS", 0.01)
    async with listening() as wire:
        line = await wire.open()
        await line.say(
            request("POST", ME, b"", "Content-Length: 1000", user="").replace(b"Content-Length: 0\r\n", b"")
        )
        assert (await line.hear()).status == 403
        assert await line.ended() == b""


async def test_a_rest_that_comes_in_time_keeps_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening() as wire:
        line = await wire.open()
        whole = request("POST", ME, b" " * 1000, user="")
        await line.say(whole[:-500])
        assert (await line.hear()).status == 403
        await line.say(whole[-500:] + request("GET", VERSION))
        assert (await line.hear()).status == 200


# -- what is no HTTP ---------------------------------------------------------------------------------------


NONSENSE = [
    b"\x00\x01\x02\x03\r\n\r\n",
    b"hello\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nContent-Length: 0x5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
    b"CONNECT localhost:80 HTTP/1.1\r\nHost: a\r\n\r\n",
]


async def test_nonsense_is_told_so_and_the_line_is_closed() -> None:
    async with listening() as wire:
        for nonsense in NONSENSE:
            line = await wire.open()
            await line.say(nonsense)
            answer = await line.hear()
            assert (answer.status, answer.json["statusCode"]) == (400, 10), nonsense
            assert answer.header("content-type") == "application/json"
            assert answer.header("connection") == "close"
            assert await line.ended() == b"", nonsense
        assert (await (await wire.open()).ask("GET", VERSION)).status == 200


async def test_a_length_that_is_too_small_makes_the_rest_nonsense() -> None:
    async with listening() as wire:
        line = await wire.open()
        await line.say(request("POST", ME, START[:10]) + START[10:])
        answers = await line.ended()
        assert answers.count(b"HTTP/1.1 400 ") == answers.count(b"HTTP/1.1 ") > 0
        channels = await (await wire.open()).ask("GET", CHANNELS)
        assert channels.json["channels"] == []


async def test_a_broken_chunk_performs_nothing() -> None:
    async with listening() as wire:
        line = await wire.open()
        await line.say(chunked_head(ME) + b"%x\r\n" % len(START) + START + b"\r\nnonsense\r\n\r\n")
        assert b" 400 " in await line.ended()
        channels = await (await wire.open()).ask("GET", CHANNELS)
        assert channels.json["channels"] == []


TRICKS = ["/../../etc/passwd", "/%2e%2e/x", "/%00", "/%ff", "//x", API + "/me/smssessions/%2f..", "/a?b%zz"]


async def test_tricks_with_paths_lead_nowhere() -> None:
    async with listening() as wire:
        line = await wire.open()
        for target in TRICKS:
            assert (await line.ask("GET", target)).status == 404, target


async def test_a_target_may_be_a_whole_url() -> None:
    async with listening() as wire:
        answer = await (await wire.open()).ask("GET", "http://anything.example" + VERSION)
        assert answer.status == 200


async def test_the_host_header_builds_no_uri() -> None:
    async with listening() as wire:
        line = await wire.open()
        await line.say(request("GET", ME).replace(b"Host: localhost", b"Host: evil.example.net"))
        answer = await line.hear()
        assert answer.json["user"]["uri"].startswith("http://localhost:8080/api/v2/users/")
        assert b"evil" not in answer.body


# -- heads -------------------------------------------------------------------------------------------------


async def test_a_head_within_the_limit_is_taken() -> None:
    async with listening() as wire:
        line = await wire.open()
        for more in (["X-Long: " + "x" * (HEAD_LIMIT - 1000)], [f"X-{n}: {n}" for n in range(2000)]):
            assert (await line.ask("GET", CHANNELS, b"", *more)).status == 200


async def test_a_head_beyond_it_is_told_so() -> None:
    async with listening() as wire:
        line = await wire.open()
        await line.say(request("GET", VERSION, b"", *[f"X-{n}: {'x' * 1000}" for n in range(66)]))
        answer = await line.hear()
        assert (answer.status, answer.json["statusCode"]) == (431, 10)
        assert answer.header("connection") == "close"
        assert await line.ended() == b""


async def test_a_flood_of_a_head_is_cut_off() -> None:
    """Whoever goes on writing may miss the answer, but not the end."""
    begin = b"GET / HTTP/1.1\r\n"
    floods = [
        begin + b"X: " + b"x" * 8 * HEAD_LIMIT,
        b"GET /" + b"x" * 8 * HEAD_LIMIT,
        begin + b"".join(b"X-%d: some value\r\n" % n for n in range(30_000)),
        begin + b"x" * 8 * HEAD_LIMIT,
    ]
    async with listening() as wire:
        for flood in floods:
            for step in (1 << 20, 5000):
                answer = await (await wire.open()).flood(flood, step)
                assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
        assert (await (await wire.open()).ask("GET", VERSION)).status == 200


async def test_each_head_of_a_line_is_counted_for_itself() -> None:
    async with listening() as wire:
        line = await wire.open()
        for _ in range(5):
            answer = await line.ask("GET", CHANNELS, b"", "X-Long: " + "x" * (HEAD_LIMIT // 2))
            assert answer.status == 200
        body = b" " * 200_000
        assert (await line.ask("POST", ME, body)).status == 400, "a body is no head"
        assert (await line.ask("GET", VERSION)).status == 200


@pytest.mark.parametrize(
    "begun", [b"", b"GET /", b"GET / HTTP/1.1\r\nHost: a\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r"]
)
async def test_a_head_that_does_not_come_is_not_waited_for(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsdesk.http.protocol.REQUEST_SECONDS", 0.01)
    async with listening() as wire:
        line = await wire.open()
        await line.say(begun)
        assert await line.ended() == b""


async def test_a_second_head_that_does_not_come_is_not_waited_for_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening() as wire:
        line = await wire.open()
        assert (await line.ask("GET", VERSION)).status == 200
        monkeypatch.setattr("smsdesk.http.protocol.REQUEST_SECONDS", 0.01)
        await line.say(b"GET / HT")
        assert await line.ended() == b""


async def test_a_body_that_does_not_come_to_its_end_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smsdesk.http.protocol.REQUEST_SECONDS", 0.01)
    async with listening() as wire:
        line = await wire.open()
        await line.say(request("POST", ME, START)[:-1])
        assert await line.ended() == b""
        assert (await (await wire.open()).ask("GET", CHANNELS)).json["channels"] == []


async def test_a_client_that_we_keep_waiting_is_not_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its next request is not read while its poll is held: that takes as long as it takes."""
    monkeypatch.setattr("smsdesk.http.protocol.REQUEST_SECONDS", 0.01)
    async with listening(poll_timeout_ms=100) as wire:
        listener = await Listener(wire.house).ready()
        line = await wire.open()
        await hold(wire, line, listener)
        behind = request("POST", ME, START)
        await line.say(behind[:-1])
        (protocol,) = (p for p in wire.server.server_state.connections if isinstance(p, HttpProtocol))
        await until(lambda: protocol.flow.read_paused)
        first = protocol._deadline
        await until(lambda: protocol._deadline not in (None, first))  # its time was over, and began again
        await wire.house.pass_time(100)
        assert (await line.hear()).json[0]["successful"]
        await line.say(behind[-1:])
        assert (await line.hear()).json == {"statusCode": 0}


async def test_a_long_answer_is_not_cut_by_the_time_a_request_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.protocol.REQUEST_SECONDS", 0.01)
    async with listening(poll_timeout_ms=100) as wire:
        listener = await Listener(wire.house).ready()
        line = await wire.open()
        await hold(wire, line, listener)
        wire.house.clock.jump(100)
        assert (await line.hear()).json[0]["successful"]


# -- lines that break, and the end -------------------------------------------------------------------------


@pytest.mark.parametrize("ack", [False, True])
@pytest.mark.parametrize("abruptly", [False, True])
async def test_a_poll_whose_line_breaks_loses_nothing(ack: bool, abruptly: bool) -> None:
    async with listening() as wire:
        house = wire.house
        id = await house.put()
        listener = await Listener(house).ready(ack=ack)
        line = await wire.open()
        await hold(wire, line, listener)
        if abruptly:
            line.abort()
        else:
            await line.close()
        await house.held(0)
        await house.attach(id, a=1)
        await house.attach(id, b=1)
        assert len(await listener.connect()) == 2


async def test_a_hundred_polls_are_held_and_answered() -> None:
    async with listening(bayeux_sessions_per_user=200) as wire:
        house = wire.house
        id = await house.put()
        lines = []
        for _ in range(100):
            listener = await Listener(house).ready()
            line = await wire.open()
            await hold(wire, line, listener)
            lines.append(line)
        await house.attach(id, k=1)
        for line in lines:
            assert len(data((await line.hear()).json)) == 1


async def test_a_server_that_stops_answers_what_it_holds_and_then_closes() -> None:
    async with listening() as wire:
        house = wire.house
        listener = await Listener(house).ready()
        held, idle, fresh = await wire.open(), await wire.open(), await wire.open()
        await hold(wire, held, listener)
        assert (await idle.ask("GET", VERSION)).status == 200
        await wire.stop()
        answer = await held.hear()
        assert answer.json[0]["successful"]
        assert answer.json[0]["advice"]["interval"] > 0
        assert answer.header("connection") == "close"
        for line in (held, idle, fresh):
            assert await line.ended() == b""
        with pytest.raises(OSError, match=re.compile("refused|Connect call failed", re.IGNORECASE)):
            await wire.open()


async def test_a_server_that_stops_finishes_what_it_has_accepted() -> None:
    async with listening() as wire:
        house = wire.house
        id = await house.put()
        assert (await house.ask("GET", CHANNELS, headers=basic())).status == 200
        line = await wire.open()
        house.store.writes.close()
        body = b'{"operationName":"AttachUserData","userData":{"k":1}}'
        await line.say(request("POST", f"{API}/me/smssessions/{id}", body))
        await until(lambda: house.store.writes.waiting)
        stopping = asyncio.ensure_future(wire.stop())
        await until(lambda: house.application.stopping)
        house.store.writes.open()
        assert (await line.hear()).json == {"statusCode": 0}
        await stopping
