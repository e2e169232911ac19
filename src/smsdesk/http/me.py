"""`/me`: the caller, his channels, readiness, beginning and ending work; and by a supervisor for others (C§3,
C§4.3, SPEC 4.7).
"""

from collections.abc import Callable
from typing import Any

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.auth import Auth, must_change
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.features import require_feature
from smsdesk.http.logins import Logins
from smsdesk.http.smssessions import MULTIMEDIA, SmsSessions, replay_position
from smsdesk.http.subresources import Subresources, check_staff
from smsdesk.operations.base import Operation, UserOperation
from smsdesk.operations.channel import CHANNEL_NAMES, SUPERVISION, agent_state
from smsdesk.operations.channel import OPERATIONS as CHANNEL_OPERATIONS
from smsdesk.operations.channel.supervision import check_supervises
from smsdesk.operations.decoding import Decoder, operation_name
from smsdesk.operations.me import OPERATIONS as ME_OPERATIONS
from smsdesk.operations.me.change_password import ChangePassword
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession
from smsdesk.operations.me.pull import Pull, check_pulls, pull
from smsdesk.operations.me.start_contact_center_session import StartContactCenterSession
from smsdesk.operations.perform import Performer
from smsdesk.operations.smssession.intrude import Intrude
from smsdesk.wire.queries import pick
from smsdesk.wire.resources import Resources

AGENT_CONTROL, MONITORING = "api-supervisor-agent-control", "api-supervisor-monitoring"
PULLS = 5  # times that something else is tried when somebody else is faster
NextFor = Callable[[str, str | None], str | None]
CHANGE = str(ChangePassword.__struct_config__.tag)


class Taken(Exception):
    """Somebody else was faster."""


class Me:
    """The endpoints of `/me`, of channels, and of supervisors for others. `next_for`: what waits in front for
    a user, in all queues or in one.
    """

    def __init__(
        self,
        performer: Performer,
        auth: Auth,
        resources: Resources,
        sessions: SmsSessions,
        subresources: Subresources,
        logins: Logins,
        next_for: NextFor,
    ) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._sessions = sessions
        self._subresources = subresources
        self._logins = logins
        self._next_for = next_for
        self._me: Decoder[Operation] = Decoder(ME_OPERATIONS, others=self._agent_state)
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
        user |= await self._subresources.of(caller.user, request.query)
        answer = {"user": pick(user, request.query), "replay": replay}
        return self._auth.dress(done(answer), caller)

    async def operate_me(self, request: Request) -> Reply:
        """POST an operation on all of the caller's work."""
        caller = await self._auth.anyone(request)
        body = await request.body()
        if caller.user.change_password and operation_name(body) != CHANGE:
            raise must_change()
        operation = self._me.decode(body)
        if isinstance(operation, ChangePassword):
            await self._logins.change_password(operation, request, caller)
            return done()
        self._auth.seen(caller.user.id)
        if isinstance(operation, StartContactCenterSession):
            answer = await self._logins.start(operation, request, caller)
        elif isinstance(operation, EndContactCenterSession):
            await self._logins.end(operation, caller)
            answer = None
        elif isinstance(operation, Pull):
            answer = await self._pull(operation, caller.user, request.idempotency_key())
        else:
            assert isinstance(operation, UserOperation | Refused)
            answer = await self._run(operation, caller.user, caller.user, request)
        if answer and "failed" in answer:
            answer["statusCode"] = 7
        return done(answer)

    async def _pull(self, operation: Pull, user: User, key: str | None) -> dict[str, Any]:
        """What waits in front for this user. When somebody else takes it meanwhile, what is behind it."""
        queue = operation.queue
        if queue is not None and queue not in self._performer.centre.queues:
            raise unknown("the queue")

        def body(draft: Draft) -> dict[str, Any]:
            check_pulls(draft, user.id)
            next = self._next_for(user.id, queue)
            if next is None:
                raise Refused(Fault.UNKNOWN, f"nothing waits for you{f' in {queue}' if queue else ''}")
            session = pull(draft, user.id, next)
            if session is None:
                raise Taken
            path = f"/smssessions/{session.id}"
            return {"id": session.id, "uri": self._resources.base + path, "path": path}

        for _ in range(PULLS):
            try:
                return await self._performer.once(body, user.id, key)
            except Taken:
                await self._performer.barrier()
        raise Refused(Fault.UNKNOWN, "others are taking what waits; ask again")

    async def channel(self, request: Request) -> Reply:
        """GET one channel: one's own, or for supervisors and administrators another's."""
        caller = await self._auth.caller(request)
        check_channel(request)
        subject = self._subject(request, caller.user)
        if subject.id != caller.user.id:
            check_staff(caller.user)
        channel = self._resources.channel(await self._sessions.agent(subject))
        return done({"channel": pick(channel, request.query)})

    async def operate_channel(self, request: Request) -> Reply:
        """POST an operation on a channel: one's own, or by a supervisor on another's (C§4.3)."""
        caller = await self._auth.caller(request)
        operation = self._channel.decode(await request.body())
        check_channel(request)
        if isinstance(operation, UserOperation) and operation.supervises:
            require_feature(caller, self._performer.policy, MONITORING)
        elif "user" in request.parameters:
            require_feature(caller, self._performer.policy, AGENT_CONTROL)
        subject = self._subject(request, caller.user)
        return done(await self._run(operation, caller.user, subject, request))

    def _subject(self, request: Request, caller: User) -> User:
        id = request.parameters.get("user")
        subject = caller if id is None else self._performer.centre.users.get(id)
        if subject is None:
            raise unknown("the user")
        return subject

    async def _run(
        self, operation: UserOperation | Refused, caller: User, subject: User, request: Request
    ) -> dict[str, Any] | None:
        """Parameters, then the role, then the state (SPEC 1.6)."""
        if isinstance(operation, Refused):
            raise operation
        if operation.supervises or subject.id != caller.id:
            check_supervises(self._performer.centre, caller, subject)
        key = request.idempotency_key()
        return await self._performer.once(lambda d: operation.apply(d, subject.id) or {}, caller.id, key)

    async def intrude(self, request: Request) -> Reply:
        """POST on a session of another user: a supervisor asks himself in (S§3.27)."""
        caller = await self._auth.caller(request)
        operation = self._intrude.decode(await request.body())
        require_feature(caller, self._performer.policy, MULTIMEDIA, MONITORING)
        subject = self._subject(request, caller.user)
        if isinstance(operation, Refused):
            raise operation
        check_supervises(self._performer.centre, caller.user, subject)
        session = request.parameters["id"]
        await self._performer.run(lambda draft: operation.apply(draft, subject.id, session), caller.user.id)
        return done()


def check_channel(request: Request) -> None:
    """Raises Refused 6 for a channel that does not exist here."""
    if request.parameters["channel"] not in CHANNEL_NAMES:
        raise unknown("the channel")
