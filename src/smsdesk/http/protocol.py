"""uvicorn's HTTP/1.1 with the bounds it leaves open: how large a head may be, and how long a request may take
to come (SPEC 8.10). Knows no requests.
"""

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from smsdesk.core.errors import Fault, Refused
from smsdesk.http.exchange import Reply, refusal

HEAD_LIMIT = 65_536  # bytes of request line and headers
REQUEST_SECONDS = 60.0  # from connecting, or from the first byte, to the last byte of a request


class HttpProtocol(HttpToolsProtocol):
    """One connection. For uvicorn's setting `http`. A timer runs only while a request has come in part."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """A client is there; it has to say something soon."""
        self._in_head = self._unfinished = True
        self._began = False
        self._head = 0
        self._deadline: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._unwatch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of some requests. Answers 431 for a head that is too large, 400 for what is no HTTP."""
        self._began = False
        super().data_received(data)
        if not self._unfinished:
            self._unwatch()
        if self._in_head and not self._began:
            self._head += len(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._head > HEAD_LIMIT:
            self.send_400_response("")
        elif self._unfinished:
            self._watch()

    def on_message_begin(self) -> None:
        """Called by the parser."""
        self._in_head = self._unfinished = self._began = True
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Called by the parser, for each piece of it."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._unfinished = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be read, and close. Without words: the head is too large."""
        too_large = self._head > HEAD_LIMIT
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if too_large else HTTPStatus.BAD_REQUEST
        words = f"the head is larger than {HEAD_LIMIT} bytes" if too_large else msg
        self.send_refusal(status, refusal(Refused(Fault.INVALID, words)))

    def send_refusal(self, status: HTTPStatus, reply: Reply) -> None:
        """Answer without having been asked anything that can be read, and close."""
        lines = [f"HTTP/1.1 {status} {status.phrase}".encode(), b"connection: close"]
        lines += [b": ".join(header) for header in reply.headers]
        lines.append(f"content-length: {len(reply.body)}".encode())
        self.transport.write(b"\r\n".join([*lines, b"", reply.body]))
        self.transport.close()

    def _count(self, size: int) -> None:
        if self._began:  # else the bytes are counted as they come
            self._head += size
            if self._head > HEAD_LIMIT:
                raise ValueError("the head is too large")

    def _watch(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self._late)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self.flow.read_paused:  # it is we who do not take it
            self._watch()
        else:
            self.transport.close()
