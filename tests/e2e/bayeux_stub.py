"""A scripted Bayeux endpoint, just enough to test agent.js alone: scripted answers, recorded messages."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Answer = Callable[[Json], Json]


class BayeuxStub(ThreadingHTTPServer):
    """Answers every message with success unless `answers` says otherwise for its channel; records all.

    A /meta/connect is held until `push` has something for it, at most ten seconds.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.answers: dict[str, Answer] = {}
        self.received: list[tuple[Json, str]] = []
        self.waiting: queue.SimpleQueue[Json] = queue.SimpleQueue()
        self.connects = 0

    def push(self, topic: str, data: Json) -> None:
        """Deliver one message with the held poll, or the next."""
        self.waiting.put({"channel": topic, "data": data})

    def reply(self, message: Json) -> list[Json]:
        """The replies to one message, in the order they are sent."""
        channel = message["channel"]
        base = {"channel": channel, "id": message.get("id"), "successful": True}
        if channel in self.answers:
            return [base | self.answers[channel](message)]
        if channel == "/meta/handshake":
            self.connects = 0
            return [base | {"version": "1.0", "clientId": "c1", "supportedConnectionTypes": ["long-polling"]}]
        if channel == "/meta/subscribe":
            return [base | {"subscription": message["subscription"]}]
        if channel == "/meta/connect":
            self.connects += 1
            at_once = self.connects == 1 or message.get("advice", {}).get("timeout") == 0
            held = [] if at_once else [self.waiting.get(timeout=10)]
            return [base | {"advice": {"reconnect": "retry", "interval": 0, "timeout": 10000}}, *held]
        return [base]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: BayeuxStub

    def do_GET(self) -> None:
        good = "Authorization" in self.headers
        body: Json = {"statusCode": 0, "user": {}} if good else {"statusCode": 20}
        self._send(200 if good else 403, body, "JSESSIONID=abc; HttpOnly; Path=/" if good else None)

    def do_POST(self) -> None:
        messages = json.loads(self._body())
        replies: list[Json] = []
        for message in messages:
            self.server.received.append((message, self.headers.get("Cookie", "")))
            try:
                replies += self.server.reply(message)
            except queue.Empty:
                self.close_connection = True
                return
        with contextlib.suppress(ConnectionError):  # a client that cut its connection is part of the test
            self._send(200, replies)

    def _body(self) -> bytes:
        # The client's Node adapter sends its bodies chunked.
        if "Content-Length" in self.headers:
            return self.rfile.read(int(self.headers["Content-Length"]))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, body: Json | list[Json], cookie: str | None = None) -> None:
        encoded = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test sees what matters."""


@contextmanager
def bayeux_stub() -> Iterator[BayeuxStub]:
    """A running stub."""
    with BayeuxStub() as stub:
        thread = threading.Thread(target=stub.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield stub
        finally:
            stub.shutdown()
            thread.join()
