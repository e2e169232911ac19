"""The simulator carrier over HTTP: phones for demos and tests (SPEC 7.4, 9.13). Loopback peers, or an
administrator.
"""

from collections.abc import Collection, Sequence
from typing import Any, Literal, Protocol, TypeVar

import msgspec
from msgspec import Struct, field

from smsdesk.carriers import NotAccepted, UnknownNumber
from smsdesk.core.errors import Refused
from smsdesk.http.auth import Auth
from smsdesk.http.cors import LOOPBACK, own_name, same_host
from smsdesk.http.exchange import RETRY_AFTER, Reply, Request
from smsdesk.wire.timestamps import Timestamps

T = TypeVar("T")
_encode = msgspec.json.encode
TEXT_LIMIT = 10_000
NUMBER_LIMIT = 32
ID_LIMIT = 128
FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")  # a proxy speaks for somebody else


class Text(Struct):
    """POST /simulator/messages."""

    sender: str = field(name="from")
    to: str
    text: str
    id: str | None = None


class Receipt(Struct):
    """POST /simulator/receipts."""

    id: str
    state: str


class PhoneMessage(Protocol):
    """A text on a phone; `at` in UTC milliseconds."""

    @property
    def direction(self) -> Literal["in", "out"]: ...
    @property
    def text(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def parts(self) -> int: ...


class Phones(Protocol):
    """The simulator carrier, as far as it is served."""

    @property
    def receipt_states(self) -> Collection[str]:
        """The words that a receipt may say."""

    async def text(self, sender: str, to: str, words: str, id: str | None) -> str:
        """A phone sends a text; returns its id. Raises UnknownNumber, NotAccepted."""

    async def receipt(self, id: str, state: str) -> None:
        """A receipt for a text that was sent. Raises NotAccepted."""

    def messages(self, phone: str) -> Sequence[PhoneMessage]:
        """What a phone sent and received."""

    def forget(self) -> None:
        """Empty all phones."""


class Wrong(Exception):
    """A mistake of the asker: HTTP status and words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class SimulatorEndpoints:
    """The endpoints under `/simulator/`."""

    def __init__(self, simulator: Phones, auth: Auth, timestamps: Timestamps) -> None:
        self._simulator = simulator
        self._auth = auth
        self._timestamps = timestamps

    async def messages(self, request: Request) -> Reply:
        """POST: a phone sends a text. GET `?phone=`: what a phone sent and received."""
        return await self.answer(request, self._text if request.method == "POST" else self._phone)

    async def receipts(self, request: Request) -> Reply:
        """POST a delivery receipt for a text that went out."""
        return await self.answer(request, self._receipt)

    async def answer(self, request: Request, endpoint: Any) -> Reply:
        """Run an endpoint; mistakes are answered in words under `error` (SPEC 9.13)."""
        try:
            await self._admit(request)
            reply: Reply = await endpoint(request)
        except Wrong as wrong:
            return in_words(wrong.words, wrong.status)
        except NotAccepted as not_accepted:
            return in_words(f"not kept: {not_accepted}", 503)
        except Refused as refused:
            return in_words(refused.message, refused.fault.http)
        return reply

    async def _admit(self, request: Request) -> None:
        origin = request.header(b"origin")
        foreign = origin is not None and not same_host(request, origin)
        if foreign and request.header(b"authorization") is None:
            raise Wrong(403, "pages of other origins may not use the simulator")
        if not foreign and _is_local(request):
            return
        caller = await self._auth.caller(request)
        if not caller.user.administers:
            raise Wrong(403, "only this machine or an administrator may use the simulator")

    async def _text(self, request: Request) -> Reply:
        text = read(await request.body(), Text)
        bounded("from", text.sender, NUMBER_LIMIT)
        bounded("to", text.to, NUMBER_LIMIT)
        bounded("text", text.text, TEXT_LIMIT)
        if text.id is not None:
            bounded("id", text.id, ID_LIMIT)
        try:
            id = await self._simulator.text(text.sender, text.to, text.text, text.id)
        except UnknownNumber as unknown:
            raise Wrong(404, str(unknown)) from unknown
        return Reply(_encode({"id": id}), 202)

    async def _phone(self, request: Request) -> Reply:
        phone = request.query.get("phone", "")
        if not phone:
            raise Wrong(400, "phone is missing: GET /simulator/messages?phone=+15550111")
        number = phone if not phone.startswith(" ") else "+" + phone[1:]  # an unescaped + arrives as a blank
        return Reply(_encode({"messages": [self._shape(m) for m in self._simulator.messages(number)]}))

    def _shape(self, message: PhoneMessage) -> dict[str, Any]:
        return {
            "direction": message.direction,
            "text": message.text,
            "from": message.sender,
            "to": message.to,
            "at": self._timestamps.render(message.at),
            "id": message.id,
            "parts": message.parts,
        }

    async def _receipt(self, request: Request) -> Reply:
        receipt = read(await request.body(), Receipt)
        bounded("id", receipt.id, ID_LIMIT)
        states = self._simulator.receipt_states
        if receipt.state.lower() not in states:
            raise Wrong(400, f"state is none of {', '.join(states)}")
        await self._simulator.receipt(receipt.id, receipt.state)
        return Reply(_encode({"id": receipt.id}), 202)


def in_words(words: str, status: int) -> Reply:
    """What is said about a mistake (SPEC 9.13)."""
    reply = Reply(_encode({"error": words}), status)
    if status == 503:
        reply.headers.append(RETRY_AFTER)
    return reply


def _is_local(request: Request) -> bool:
    """Whether somebody on this machine asks, for himself and knowing whom he asks."""
    forwarded = any(request.header(name) is not None for name in FORWARDED)
    return request.client in LOOPBACK and own_name(request) and not forwarded


def read(body: bytes, type: type[T]) -> T:
    """The body as a struct. Raises Wrong 400."""
    try:
        return msgspec.json.decode(body, type=type)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Wrong(400, str(error)) from None
    except RecursionError:
        raise Wrong(400, "the body is nested too deeply") from None


def bounded(name: str, value: str, longest: int) -> None:
    """Raises Wrong 400 for an empty or too long value, or one with a NUL character."""
    if not 1 <= len(value) <= longest:
        raise Wrong(400, f"{name} has {len(value)} characters; 1 to {longest} are allowed")
    if "\0" in value and name != "text":  # in a text it becomes U+FFFD (SPEC 8.7)
        raise Wrong(400, f"{name} holds a NUL character")
