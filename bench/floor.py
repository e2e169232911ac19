"""The floor: the least that does the work of smsdesk on the same HTTP server and the same disk, without
login, limits or rules. `python -m bench.floor FOLDER PORT`, and with SMPP the port of the SMSC behind it.
"""

import asyncio
import secrets
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
import uvloop

from bench import sample
from bench.floor_log import Log
from bench.floor_texts import Texts

HOST = "127.0.0.1"
JSON = [(b"content-type", b"application/json")]
HOLD_SECONDS = 30.0
encode = msgspec.json.Encoder().encode


class Operation(msgspec.Struct, tag_field="operationName", tag="UpdateUserData", rename="camel"):
    """The one operation there is."""

    user_data: dict[str, msgspec.Raw]


class Message(msgspec.Struct, rename="camel"):
    """A Bayeux message as far as it is read."""

    channel: str
    id: str
    client_id: str = ""
    subscription: str = ""
    advice: dict[str, int] | None = None


decode_operation = msgspec.json.Decoder(Operation).decode
decode_batch = msgspec.json.Decoder(list[Message]).decode


class Listener:
    """A Bayeux client: by WebSocket it has a queue, by long-polling what waits and a poll that is held."""

    def __init__(self) -> None:
        self.channel = ""
        self.waiting: list[bytes] = []
        self.poll: asyncio.Future[None] | None = None
        self.socket: asyncio.Queue[bytes] | None = None

    def deliver(self, message: bytes) -> None:
        """Give it a message, or have it ready for the next poll."""
        if self.socket is not None:
            self.socket.put_nowait(b"[" + message + b"]")
            return
        self.waiting.append(message)
        self.end_poll()

    def end_poll(self) -> None:
        """Have the held poll answered."""
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(None)


class Floor:
    """The ASGI application."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._documents: dict[str, dict[str, Any]] = {}
        self._clients: dict[str, Listener] = {}
        self._channels: dict[str, list[Listener]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request, one socket."""
        if scope["type"] == "websocket":
            await self._socket(receive, send)
            return
        if scope["method"] == "GET":
            body = b"{}"
        elif scope["path"] == "/bayeux":
            body = await self._poll(await whole(receive))
        else:
            body = await self._operate(scope["path"], await whole(receive))
        headers = [*JSON, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _operate(self, path: str, body: bytes) -> bytes:
        name = path[path.rindex("/") + 1 :]
        operation = decode_operation(body)
        document = self._documents.get(name)
        if document is None:
            document = self._documents[name] = sample.notification(name)
        document["smssession"]["userData"] |= operation.user_data
        encoded = encode(document)
        await self._log.keep(name, encoded)
        message = b'{"channel":"/s/' + name.encode() + b'","data":' + encoded + b"}"
        for listener in self._channels.get("/s/" + name, ()):
            listener.deliver(message)
        return b'{"statusCode":0}'

    async def _poll(self, body: bytes) -> bytes:
        (message,) = decode_batch(body)
        if message.channel != "/meta/connect":
            return encode([self._meta(message)])
        listener = self._clients[message.client_id]
        if not listener.waiting and not (message.advice and message.advice.get("timeout") == 0):
            listener.poll = asyncio.get_running_loop().create_future()
            over = asyncio.get_running_loop().call_later(HOLD_SECONDS, listener.end_poll)
            await listener.poll
            over.cancel()
        parts, listener.waiting = [*listener.waiting, encode(granted(message))], []
        return b"[" + b",".join(parts) + b"]"

    async def _socket(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        writer = asyncio.create_task(write(queue, send))
        while (event := await receive())["type"] != "websocket.disconnect":
            (message,) = decode_batch(event["text"])
            if message.channel != "/meta/connect" or (message.advice and message.advice.get("timeout") == 0):
                reply = self._meta(message)
                self._clients[str(reply["clientId"])].socket = queue
                queue.put_nowait(encode([reply]))
        writer.cancel()

    def _meta(self, message: Message) -> dict[str, object]:
        if message.channel == "/meta/handshake":
            message.client_id = secrets.token_hex(16)
            self._clients[message.client_id] = Listener()
        elif message.channel == "/meta/subscribe":
            self._channels.setdefault(message.subscription, []).append(self._clients[message.client_id])
        return granted(message)


def granted(message: Message) -> dict[str, object]:
    """The answer to any meta message."""
    return {"channel": message.channel, "id": message.id, "clientId": message.client_id, "successful": True}


async def write(queue: asyncio.Queue[bytes], send: Any) -> None:
    """Send what is queued, for ever."""
    while True:
        await send({"type": "websocket.send", "text": (await queue.get()).decode()})


async def whole(receive: Any) -> bytes:
    """The whole body."""
    event = await receive()
    body: bytes = event["body"]
    while event["more_body"]:
        event = await receive()
        body += event["body"]
    return body


async def main(folder: Path, port: int, smsc: int | None) -> None:
    """Serve until told to stop."""
    log = Log(folder / "floor.sqlite3")
    binding = None if smsc is None else asyncio.create_task(Texts.connect(HOST, smsc, log))
    config = uvicorn.Config(
        Floor(log), host=HOST, port=port, interface="asgi3", http="httptools", ws="websockets-sansio",
        lifespan="off", log_level="warning", access_log=False, proxy_headers=False, server_header=False,
        date_header=False, backlog=4096,
    )  # fmt: skip
    await uvicorn.Server(config).serve()
    if binding is not None:
        binding.cancel()
    log.close()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None))
