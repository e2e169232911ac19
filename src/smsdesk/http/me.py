"""`/me`: the caller, his channels, readiness, beginning and ending work; and by a supervisor for others (C§3,
C§4.3, SPEC 4.7).
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from smsdesk.core.centre import User
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.smssessions import SmsSessions, replay_position
from smsdesk.operations.base import UserOperation
from smsdesk.operations.channel import CHANNEL_NAMES, SUPERVISION, agent_state
from smsdesk.operations.channel import OPERATIONS as CHANNEL_OPERATIONS
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.me import OPERATIONS as ME_OPERATIONS
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession
from smsdesk.operations.perform import Performer
from smsdesk.operations.smssession.intrude import Intrude
from smsdesk.wire import agent_states
from smsdesk.wire.features import features
from smsdesk.wire.queries import collection, pick, wanted
from smsdesk.wire.resources import Resources, mapping

Ending = Callable[[str], AbstractAsyncContextManager[None]]


class Me:
    """The endpoints of `/me`, `/me/channels` and of supervisors for others. `ending` frames a user's
    Bayeux sessions.
    """

    def __init__(
        self,
        performer: Performer,
        auth: Auth,
        resources: Resources,
        sessions: SmsSessions,
        ending: Ending,
    ) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._sessions = sessions
        self._ending = ending
        self._me: Decoder[UserOperation] = Decoder(ME_OPERATIONS, others=self._agent_state)
        self._channel: Decoder[UserOperation] = Decoder(
            (*CHANNEL_OPERATIONS, *SUPERVISION), others=self._agent_state
        )
        self._intrude: Decoder[Intrude] = Decoder((Intrude,))

    def _agent_state(self, name: str) -> UserOperation | None:
        return agent_state(self._performer.centre, name)

    async def me(self, request: Request) -> Reply:
        """GET the caller, with the subresources asked for; begins an HTTP session (C§1.7, C§3.1)."""
        caller = await self._auth.with_session(request)
        replay = replay_position(self._performer)  # before reading: what comes meanwhile is told again
        user = self._resources.user(caller.user, self._performer.store.contact_center_id)
        if "subresources" in request.query:
            there = await self._subresources(caller.user)
            user |= {name: there[name] for name in wanted(request.query, there)}
        answer = {"user": pick(user, request.query), "replay": replay}
        return self._auth.dress(done(answer), caller)

    async def operate_me(self, request: Request) -> Reply:
        """POST an operation on all of the caller's work."""
        caller = await self._auth.caller(request)
        operation = self._me.decode(await request.body())
        if isinstance(operation, EndContactCenterSession):
            async with self._ending(caller.user.id):
                answer = await self._run(operation, caller.user, caller.user)
                await self._auth.end(caller.user.id)
        else:
            answer = await self._run(operation, caller.user, caller.user)
        if answer and "failed" in answer:
            answer["statusCode"] = 7
        return done(answer)

    async def channels(self, request: Request) -> Reply:
        """GET the caller's channels."""
        caller = await self._auth.caller(request)
        return done({"channels": await self._channels(caller.user)})

    async def channel(self, request: Request) -> Reply:
        """GET one channel of the caller."""
        caller = await self._auth.caller(request)
        check_channel(request)
        return done({"channel": self._resources.channel(await self._sessions.agent(caller.user))})

    async def operate_channel(self, request: Request) -> Reply:
        """POST an operation on a channel: one's own, or by a supervisor on another's (C§4.3)."""
        caller = await self._auth.caller(request)
        operation = self._channel.decode(await request.body())
        check_channel(request)
        subject = self._subject(request, caller.user)
        return done(await self._run(operation, caller.user, subject))

    def _subject(self, request: Request, caller: User) -> User:
        id = request.parameters.get("user")
        subject = caller if id is None else self._performer.centre.users.get(id)
        if subject is None:
            raise unknown("the user")
        return subject

    async def _run(
        self, operation: UserOperation | Refused, caller: User, subject: User
    ) -> dict[str, Any] | None:
        """Parameters, then the role, then the state (SPEC 1.6)."""
        if isinstance(operation, Refused):
            raise operation
        if operation.supervises or subject.id != caller.id:
            self._check_role(caller, subject)
        return await self._performer.run(lambda draft: operation.apply(draft, subject.id), caller.id)

    def _check_role(self, caller: User, subject: User) -> None:
        if not self._performer.centre.watches(caller, subject.id):
            raise Refused(Fault.PERMISSION, f"{caller.user_name} may not supervise {subject.user_name}")

    async def intrude(self, request: Request) -> Reply:
        """POST on a session of another user: a supervisor asks himself in (S§3.27)."""
        caller = await self._auth.caller(request)
        operation = self._intrude.decode(await request.body())
        subject = self._subject(request, caller.user)
        if isinstance(operation, Refused):
            raise operation
        self._check_role(caller.user, subject)
        session = request.parameters["id"]
        await self._performer.run(lambda draft: operation.apply(draft, subject.id, session), caller.user.id)
        return done()

    async def agent_states(self, request: Request) -> Reply:
        """GET settings/agent-states (C§3.4)."""
        await self._auth.caller(request)
        return done(agent_states.settings(self._performer.centre.agent_states.values()))

    async def features(self, request: Request) -> Reply:
        """GET features (C§1.9)."""
        await self._auth.caller(request)
        return done(collection("features", self._features(), request.query))

    def _features(self) -> list[dict[str, Any]]:
        return features(self._resources.base, self._performer.policy.features_off)

    async def _channels(self, user: User) -> list[dict[str, Any]]:
        agent = await self._sessions.agent(user)
        return [self._resources.channel(agent)] if agent.logged_in else []

    async def _subresources(self, user: User) -> dict[str, Any]:
        channels = await self._channels(user)
        groups = self._performer.centre.groups_of(user.id)
        return {
            "devices": [],
            "skills": [
                {"id": name, "name": name, "level": str(level)} for name, level in user.skills.items()
            ],
            "channels": channels,
            "channelStates": channels,
            "interactions": [],
            "calls": [],
            "chats": [],
            "smssessions": [mapping(shape) for shape in await self._sessions.shapes(user)],
            "settings": {},
            "groups": [
                {
                    "id": group.id,
                    "name": group.name,
                    "type": "BusinessUnit",
                    "contains": ["users", "skills", "queues"],
                    "uri": f"{self._resources.base}/groups/{group.id}",
                    "path": f"/groups/{group.id}",
                }
                for group in groups
            ],
            "features": self._features(),
        }


def check_channel(request: Request) -> None:
    """Raises Refused 6 for a channel that does not exist here."""
    if request.parameters["channel"] not in CHANNEL_NAMES:
        raise unknown("the channel")
