"""A contact centre without edges: the one path over a store in memory, the demo's people, a jumping clock."""

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

import msgspec

from smsdesk.carriers import TextReceived
from smsdesk.core.agent import READY
from smsdesk.core.centre import Policy, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.ids import Ids
from smsdesk.core.message import Message
from smsdesk.core.session import Session
from smsdesk.operations.base import Answer, SessionOperation
from smsdesk.operations.channel.set_agent_state import become
from smsdesk.operations.demo import provision_demo
from smsdesk.operations.kinds import KINDS
from smsdesk.operations.perform import Performer
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.system.receive_text import receive_text
from smsdesk.operations.system.routing_steps import offer_to
from smsdesk.store import Change, Kept, Lost, OutboxRow, Store
from smsdesk.store.commit import GroupCommit
from smsdesk.store.sqlite import SqliteStore
from tests.clock import JumpingClock
from tests.fakes.failing_store import FailingStore

SERVICE, CUSTOMER = "+15550100", "+15550111"
Snapshot = tuple[dict[tuple[str, str], Any], list[OutboxRow], dict[str, list[Any]]]


class WatchedStore(FailingStore):
    """Remembers which documents and transcripts were ever written, so that all of it can be looked at."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.contact_center_id = store.contact_center_id
        self.places: dict[tuple[str, str], None] = {}
        self.sessions: dict[str, None] = {}

    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        for change in changes:
            self.places |= {(put.kind, put.id): None for put in change.puts}
            self.sessions |= {entry.session: None for entry in change.entries}
        return await super().commit(changes)

    async def snapshot(self) -> Snapshot:
        """Everything that is kept."""
        documents = {place: (await self.get(place[0], [place[1]])).get(place[1]) for place in self.places}
        transcripts = {session: await self.entries(session, 1, 0) for session in self.sessions}
        return documents, await self.rows(0, 100_000), transcripts


OPENED: list[WatchedStore] = []


def new_store(clock: Callable[[], int]) -> WatchedStore:
    """An empty store in memory, to be closed by `close_all`."""
    OPENED.append(WatchedStore(SqliteStore(None, epoch="test", contact_center_id="centre", clock=clock)))
    return OPENED[-1]


async def close_all() -> None:
    """Give back what tests opened."""
    while OPENED:
        await OPENED.pop().close()


class World:
    """One program over a store. A second World over the same store is another node, or the next start."""

    def __init__(
        self, store: WatchedStore | None = None, *, seed: int = 1, policy: Policy | None = None, **parts: Any
    ) -> None:
        self.clock: JumpingClock = parts.get("clock") or JumpingClock()
        self.fresh: bool = parts.get("fresh", store is None)
        self.store = store or new_store(self.clock)
        self.commits = GroupCommit(self.store, parts.get("waiting", 1000))
        ids = Ids(Random(seed).randbytes)
        self.performer = Performer(self.store, self.commits, ids, self.clock, policy or Policy())
        self.live = self.performer.live
        self.texts = 0

    async def open(self) -> "World":
        """Begin; an empty store gets the demo's people."""
        if self.fresh:
            await self.store.open()
        await self.performer.open()
        if self.fresh:
            await self.performer.run(lambda draft: provision_demo(draft, "no password"))
        return self

    def again(self, seed: int = 2) -> "World":
        """Another program over the same store; still to be opened."""
        return World(self.store, seed=seed, policy=self.performer.policy, clock=self.clock)

    def user(self, name: str) -> User:
        """A user by name."""
        return self.performer.centre.user_names[name]

    # -- what happens ------------------------------------------------------------------------------
    async def ready(self, *names: str) -> None:
        """These agents work."""
        for name in names:
            await self.performer.run(partial(self._ready, name))

    def _ready(self, name: str, draft: Draft) -> None:
        become(draft, draft.agent(self.user(name).id), READY)

    def fact(self, words: str, **fields: Any) -> TextReceived:
        """A text as a carrier hands it over, each with its own key."""
        self.texts += 1
        customer = fields.pop("customer", CUSTOMER)
        key = fields.pop("key", f"m{self.texts}")
        return TextReceived("simulator", fields.pop("service", SERVICE), customer, words, key, **fields)

    async def text(self, words: str = "hello", **fields: Any) -> str:
        """A customer sends a text; its id."""
        fact = self.fact(words, **fields)
        return await self.performer.run(lambda draft: receive_text(draft, fact, fact.key))

    async def offered(self, name: str, words: str = "hello", **fields: Any) -> str:
        """A new session, offered to an agent; its id."""
        await self.text(words, **fields)
        waiting = [i for i in self.live.all("interaction") if i.place == "waiting"]
        id = max(waiting, key=lambda i: i.arrived).id
        assert isinstance(id, str)
        user = self.user(name).id
        assert await self.performer.run(lambda draft: offer_to(draft, id, user))
        return id

    async def accepted(self, name: str, words: str = "hello", **fields: Any) -> str:
        """A new session that an agent has accepted; its id."""
        id = await self.offered(name, words, **fields)
        await self.do(name, id, Accept())
        return id

    async def do(
        self, name: str, session: str, operation: SessionOperation | Refused, key: str | None = None
    ) -> Answer:
        """An agent asks for an operation."""
        return await self.performer.perform(self.user(name), session, operation, key)

    async def run(self, step: Callable[[Draft], Any]) -> Any:
        """Something the system does."""
        return await self.performer.run(step)

    # -- what there is -----------------------------------------------------------------------------
    async def session(self, id: str) -> Session:
        """A session as committed."""
        found = await self.performer.read("session", id)
        assert isinstance(found, Session)
        return found

    async def sessions(self) -> list[Session]:
        """Every session there ever was, the oldest first."""
        ids = [id for kind, id in self.store.places if kind == "session"]
        kept = await self.store.get("session", ids)
        return [await self.session(id) for id in ids if id in kept]

    async def transcript(self, id: str) -> list[Message]:
        """A transcript as committed."""
        entries = await self.store.entries(id, 1, 0)
        return [msgspec.json.decode(entry.body, type=Message) for entry in entries]

    async def said(self, id: str) -> list[str]:
        """The texts of a transcript."""
        return [message.text for message in await self.transcript(id) if message.text is not None]

    def memory_is_the_store(self, snapshot: Snapshot) -> bool:
        """Whether what is in memory is exactly what is kept: nothing half done is left behind."""
        for (kind, id), document in snapshot[0].items():
            kept = msgspec.json.decode(document.body, type=KINDS[kind].type) if document else None
            self.live.loaded(kind, id, document)
            if not self.live.peek(kind, id) == self.live.committed(kind, id) == kept:
                return False
        return True


async def refusal(asked: Any) -> Refused:
    """The refusal that an awaitable ends in."""
    try:
        answer = await asked
    except Refused as refused:
        return refused
    raise AssertionError(f"not refused but answered {answer!r}")


async def fault(asked: Any) -> Fault:
    """The kind of refusal."""
    return (await refusal(asked)).fault
