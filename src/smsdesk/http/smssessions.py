"""Sessions over REST: operations, the list, one session, its transcript (SPEC 1, S§3.1, S§3.2)."""

import msgspec

from smsdesk.core.agent import Agent
from smsdesk.core.centre import User
from smsdesk.core.errors import unknown
from smsdesk.core.message import Message
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, Visibility, level, sees
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.features import require_feature
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.operations.smssession import ALIASES, OPERATIONS
from smsdesk.store import StoreError
from smsdesk.wire.notifications import replay_id
from smsdesk.wire.queries import collection, number, pick
from smsdesk.wire.resources import MessageShape, Resources, SessionShape, mapping

MULTIMEDIA, READING = "api-multimedia", "api-multimedia-chat"
PAGE = 500
_decode_message = msgspec.json.Decoder(Message).decode


class SmsSessions:
    """The endpoints of `/me/smssessions`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._decoder = Decoder(OPERATIONS, ALIASES)

    async def operate(self, request: Request) -> Reply:
        """POST an operation on a session."""
        caller = await self._auth.caller(request)
        operation = self._decoder.decode(await request.body())
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        key = request.idempotency_key()
        return done(await self._performer.perform(caller.user, request.parameters["id"], operation, key))

    async def listing(self, request: Request) -> Reply:
        """GET the caller's sessions, with where the stream of notifications stood (SPEC 1.7, 9.16)."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA, READING)
        replay = replay_position(self._performer)
        shapes = [mapping(shape) for shape in await self.shapes(caller.user)]
        return done(collection("smssessions", shapes, request.query) | {"replay": replay})

    async def one(self, request: Request) -> Reply:
        """GET one session [ext]."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA, READING)
        session, _ = await self._mine(caller.user, request.parameters["id"])
        shape = self._shape(session, caller.user, await self.agent(caller.user))
        return done({"smssession": pick(mapping(shape), request.query)})

    async def messages(self, request: Request) -> Reply:
        """GET the transcript as far as the caller sees it (S§3.2)."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA, READING)
        session, sight = await self._mine(caller.user, request.parameters["id"])
        start = max(1, number(request.query, "startIndex", 1))
        count = number(request.query, "count", 0)
        return done({"messages": await self.transcript(session.id, sight, start, count)})

    async def transcript(self, session: str, sight: Visibility, start: int, count: int) -> list[MessageShape]:
        """Entries from index `start` on that somebody at this level sees; `count` 0 means all. Raises
        Refused UNAVAILABLE.
        """
        shown: list[MessageShape] = []
        while True:
            try:
                entries = await self._performer.store.entries(session, start, PAGE)
            except StoreError as error:
                raise unavailable() from error
            for entry in entries:
                message = _decode_message(entry.body)
                if sees(sight, message.visibility):
                    shown.append(self._resources.message(message))
                    if len(shown) == count:
                        return shown
            if len(entries) < PAGE:
                return shown
            start = entries[-1].index + 1

    async def on_desk(self, user: User, id: str) -> Session:
        """A session on a user's desk. Raises Refused 6."""
        session, _ = await self._mine(user, id)
        return session

    async def shapes(self, user: User) -> list[SessionShape]:
        """Everything on a user's desk, as committed."""
        agent = await self.agent(user)
        shapes = []
        for id in agent.desk:
            session = await self._performer.read("session", id)
            if isinstance(session, Session):
                shapes.append(self._shape(session, user, agent))
        return shapes

    def _shape(self, session: Session, user: User, agent: Agent) -> SessionShape:
        shape = self._resources.session_of(session, user.id, agent.focus == session.id)
        assert shape is not None
        return shape

    async def agent(self, user: User) -> Agent:
        """How a user stands as an agent; who never was at work is logged out. Raises Refused UNAVAILABLE."""
        agent = await self._performer.read("agent", user.id)
        return agent if isinstance(agent, Agent) else Agent(user.id)

    async def _mine(self, user: User, id: str) -> tuple[Session, Visibility]:
        session = await self._performer.read("session", id)
        me = session.participation(user.id) if isinstance(session, Session) else None
        if not isinstance(session, Session) or me is None or me.state in FINAL:
            raise unknown("the session")
        return session, level(me.kind)


def replay_position(performer: Performer) -> dict[str, object]:
    """Where the stream stands: everything that a subscription asks for behind this id is newer (SPEC 4.1,
    9.16).
    """
    return {"epoch": performer.epoch, "id": replay_id(performer.position + 1, 0) - 1}
