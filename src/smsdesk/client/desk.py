"""An agent's desk at the server: signs in, follows the notifications, knows the sessions, does the work."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import httpx2

from smsdesk.client.bayeux import Bayeux, Over, Position, ProtocolError, Read
from smsdesk.client.calls import LATER, Calls, Json, Pause, connect, sleep
from smsdesk.client.errors import DeskError, Ended, Unreachable, refusal
from smsdesk.client.resources import Event, Snapshot
from smsdesk.client.session import Session
from smsdesk.client.state import DeskState

NOTIFICATIONS = "/notifications"
GARBLED = 5  # answers in a row that are no Bayeux, say of a proxy's page, until this is given up
CHANNEL = "/me/channels/smssession"


class Client:
    """`async with Client(url, user, password) as desk:` signs in and keeps `desk.sessions` true to its end.

    `url` is the server's address without `/api/v2`; instead of a password there may be an `api_key`. Leaving
    the block closes the connections and leaves the work as it is: `end` is what goes home.
    """

    def __init__(
        self,
        url: str,
        user: str | None = None,
        password: str = "",
        *,
        api_key: str | None = None,
        patience: float = 60.0,
        transport: httpx2.AsyncBaseTransport | None = None,
        chance: Callable[[], float] = random.random,
        pause: Pause = sleep,
    ) -> None:
        """`patience`: seconds for which a request without an answer is repeated; what is lost among the
        notifications is looked for as long as the desk is open. `transport`, `chance` and `pause` are for
        tests and for unusual networks.
        """
        if (user is None) == (api_key is None):
            raise ValueError("either a user with a password, or an api_key")
        auth = httpx2.BasicAuth(user, password) if user is not None else None
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._http = connect(url, auth, headers, transport)
        self._calls = Calls(self._http, chance, pause, patience)
        self._pause = pause
        self._bayeux = Bayeux(chance)
        self._state = DeskState(lambda resource: Session(self._calls, resource))
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._garbled = 0
        self._failure: DeskError | None = None
        self.user: dict[str, Json] = {}
        """The user who has signed in (C§3.1)."""

    async def __aenter__(self) -> Self:
        try:
            self.user = (await self._calls.call("GET", "/me"))["user"]
            self._listening = asyncio.create_task(self._listen())
            await self._ready.wait()
            if self._failure is not None:
                raise self._failure
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop listening, and close the connections. Work on the desk stays there."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None
        goodbye = self._bayeux.goodbye()
        if goodbye is not None:
            with suppress(httpx2.HTTPError):  # the server forgets us by itself after a minute
                await self._calls.post(NOTIFICATIONS, goodbye.body, 2.0)
        self._over(Ended("the desk is closed"))
        await self._http.aclose()

    # -- what is there -----------------------------------------------------------------------------
    @property
    def sessions(self) -> dict[str, Session]:
        """The sessions on the desk by id: what a GET would show, as soon as its notifications are here."""
        return self._state.sessions

    @property
    def channels(self) -> list[dict[str, Json]]:
        """The channels that the user is logged in on, with their readiness."""
        return self._state.channels

    @property
    def position(self) -> Position | None:
        """How far the notifications have been taken in."""
        return self._bayeux.position

    async def events(self) -> AsyncIterator[Event]:
        """Everything that is told, each once and in order, beginning with a Snapshot.

        Ends when the desk is closed or the user has logged out; raises what made listening impossible, such
        as LoginRefused. One reader at a time.
        """
        while (event := await self._events.get()) is not None:
            yield event
        self._events.put_nowait(None)  # for whoever asks again
        if self._failure is not None and not isinstance(self._failure, Ended):
            raise self._failure

    # -- what can be done --------------------------------------------------------------------------
    async def call(self, method: str, path: str, body: Json = None) -> Json:
        """Any request: `path` is below `/api/v2`, the reply is JSON. Raises Refused, Unreachable."""
        return await self._calls.call(method, path, body)

    async def start(self, channels: Sequence[str] = ("smssession",)) -> list[dict[str, Any]]:
        """Log in on the channels. Returns those that failed while others did not (C§3.2)."""
        reply = await self._me("/me", "StartContactCenterSession", channels=list(channels))
        failed: list[dict[str, Any]] = reply.get("failed", [])
        return failed

    async def end(self) -> None:
        """Go home: log out of all channels; this ends the login too (C§3.3)."""
        await self._me("/me", "EndContactCenterSession")

    async def ready(self) -> None:
        """Offers may come."""
        await self._me(CHANNEL, "Ready")

    async def not_ready(self, state: str = "NotReady") -> None:
        """No more offers; `state` is the operationName of an agent state."""
        await self._me(CHANNEL, state)

    async def _me(self, path: str, operation: str, **parameters: Json) -> Json:
        return await self._calls.call("POST", path, {"operationName": operation, **parameters})

    # -- listening ---------------------------------------------------------------------------------
    async def _listen(self) -> None:
        """Do what the Bayeux client says until it is over. Whatever ends it, ends the events."""
        try:
            while not isinstance(action := self._bayeux.next(), Over):
                if action.pause:
                    await self._pause(action.pause)
                if isinstance(action, Read):
                    await self._read()
                else:
                    await self._exchange(action.body, action.patience)
            self._over(Ended(action.words))
        except DeskError as error:
            self._over(error)
        except Exception as error:
            self._over(DeskError(f"{type(error).__name__}: {error}"))
            raise

    async def _read(self) -> None:
        try:
            sessions = await self._calls.call("GET", "/me/smssessions?fields=*")
            channels = await self._calls.call("GET", "/me/channels")
        except Unreachable:
            if not self._ready.is_set():
                raise
            self._bayeux.failed()
            return
        self._state.snapshot(sessions["smssessions"], channels["channels"])
        self._events.put_nowait(Snapshot())
        self._bayeux.resume(Position(**sessions["replay"]))
        self._ready.set()

    async def _exchange(self, body: bytes, patience: float) -> None:
        try:
            response = await self._calls.post(NOTIFICATIONS, body, patience)
        except httpx2.TransportError:
            self._bayeux.failed()
            return
        if response.status_code in LATER or response.status_code == 408:
            self._bayeux.failed()
            return
        if response.status_code != 200:
            raise refusal(_json(response), response.status_code)
        try:
            notes = self._bayeux.received(response.content)
        except ProtocolError as error:
            self._garbled += 1
            if self._garbled == GARBLED:
                raise DeskError(f"the answers of {NOTIFICATIONS} make no sense: {error}") from error
            return
        self._garbled = 0
        for note in notes:
            self._events.put_nowait(self._state.told(note))

    def _over(self, why: DeskError) -> None:
        if self._failure is None:
            self._failure = why
            self._events.put_nowait(None)
            self._ready.set()


def _json(response: httpx2.Response) -> Json:
    try:
        return response.json()
    except ValueError:
        return None
