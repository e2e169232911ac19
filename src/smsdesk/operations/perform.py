"""The one path by which anything changes: find, permit, apply, commit (ARCHITECTURE, the way of a request).
Awaits the store only.
"""

from collections.abc import Callable
from typing import TypeVar

from smsdesk.core.centre import Centre, Policy, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.core.ids import Ids
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import permitted
from smsdesk.operations.base import Answer, SessionOperation
from smsdesk.operations.kinds import CONFIGURED, KINDS, centre_of
from smsdesk.operations.live import Live, Made, NotLoaded
from smsdesk.operations.login import Answered
from smsdesk.operations.system.handling import note_activity
from smsdesk.store import Change, Kept, Store, StoreError
from smsdesk.store.commit import Busy, Conflicted, GroupCommit

R = TypeVar("R")
ATTEMPTS = 50
IDEMPOTENCY_PERIOD = 24 * 3_600_000  # milliseconds


class Performer:
    """Runs operations. `clock` returns UTC milliseconds."""

    def __init__(
        self, store: Store, commits: GroupCommit, ids: Ids, clock: Callable[[], int], policy: Policy
    ) -> None:
        self.store = store
        self.commits = commits
        self.live = Live()
        self.ids = ids
        self.clock = clock
        self.policy = policy
        self.centre = Centre()
        self.epoch = ""
        self.position = 0
        commits.on_kept(self.kept)
        commits.on_undone(self.undone)

    async def open(self) -> None:
        """Bring what always stays in memory there. Raises StoreError."""
        for kind, description in KINDS.items():
            if description.resident:
                await self._load_live(kind)
        head = await self.store.head()
        self.epoch, self.position = head.epoch, head.position
        self.rebuild_centre()

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer, first of all: what was newest is committed now."""
        if isinstance(change, Made):
            self.live.kept(change)
            self.position = kept.positions[-1] if kept.positions else self.position
            if any(kind in CONFIGURED for kind, _, _, _ in change.values):
                self.rebuild_centre()

    def undone(self, change: Change, error: Exception) -> None:
        """Called by the committer for what was not kept, the newest first."""
        if isinstance(change, Made):
            self.live.undo(change)

    async def _load_live(self, kind: str) -> None:
        after = ""
        while documents := await self.store.tagged(kind, "live", after):
            for document in documents:
                self.live.loaded(kind, document.id, document)
            after = documents[-1].id

    def rebuild_centre(self) -> None:
        """Index the configured contact centre anew."""
        self.centre = centre_of(self.live.all)

    async def perform(
        self, user: User, session: str, operation: SessionOperation | Refused, key: str | None = None
    ) -> Answer:
        """A user's operation on a session. Returns what the reply holds beside statusCode; raises Refused,
        nothing changed then.

        `key`: the Idempotency-Key; the same again by the same user does nothing and answers the same (SPEC
        1.6).
        """

        def body(draft: Draft) -> Answer:
            found, me = find(draft, session, user.id)
            if isinstance(operation, Refused):
                raise operation
            permit(found, me, operation)
            answer = operation.apply(draft, found, me) or {}
            note_activity(draft, session, me)
            return answer

        return await self.once(body, user.id, key)

    async def once(self, body: Callable[[Draft], Answer], user: str, key: str | None) -> Answer:
        """Run a change of a user; under an Idempotency-Key that he has used before, nothing is done again and
        the answer is the same (SPEC 1.6). Raises Refused like `run`; a refusal is not remembered.
        """
        if key is None:
            return await self.run(body, user)
        id = f"{user} {key}"

        def guarded(draft: Draft) -> Answer:
            done = draft.get("idempotency", id)
            if isinstance(done, Answered) and draft.now < done.expires:
                return done.answer
            answer = body(draft)
            draft.put("idempotency", id, Answered(id, answer, draft.now + IDEMPOTENCY_PERIOD))
            return answer

        answer = await self.run(guarded, user)
        await self.barrier()
        return answer

    async def barrier(self) -> None:
        """Return when everything that was in the making before is on disk. Raises Refused UNAVAILABLE."""
        try:
            await self.commits.submit(Change())
        except (StoreError, Busy) as error:
            raise unavailable() from error

    async def run(self, body: Callable[[Draft], R], actor: str | None = None) -> R:
        """Run a change to its commit: again from the start when a record was not in memory or somebody else
        was first.

        Raises Refused (nothing changed), with UNAVAILABLE when the store cannot keep it now.
        """
        for _ in range(ATTEMPTS):
            draft = Draft(self.live, self.centre, self.policy, self.ids, self.clock(), actor)
            try:
                result = body(draft)
            except NotLoaded as need:
                await self.load(need)
                continue
            change = self.live.stage(draft)
            if change is None:
                return result
            try:
                await self.commits.submit(change)
            except Conflicted as conflict:
                await self._catch_up(change, conflict)
                continue
            except Busy as error:
                self.live.undo(change)
                raise unavailable() from error
            except StoreError as error:
                raise unavailable() from error
            return result
        raise Refused(Fault.UNAVAILABLE, "too many others change the same at this moment")

    async def rehearse(self, body: Callable[[Draft], R], actor: str | None = None) -> R:
        """What a change would come to, without making it. Raises Refused like `run`."""
        for _ in range(ATTEMPTS):
            try:
                return body(Draft(self.live, self.centre, self.policy, self.ids, self.clock(), actor))
            except NotLoaded as need:
                await self.load(need)
        raise unavailable()

    async def load(self, need: NotLoaded) -> None:
        """Bring one record into memory. Raises Refused UNAVAILABLE."""
        try:
            if need.by_key:
                self.live.loaded_key(need.kind, need.id, await self.store.find(need.kind, need.id))
            else:
                documents = await self.store.get(need.kind, [need.id])
                self.live.loaded(need.kind, need.id, documents.get(need.id))
        except StoreError as error:
            raise unavailable() from error

    async def read(self, kind: str, id: str) -> object | None:
        """The committed value of a record. Raises Refused UNAVAILABLE."""
        try:
            return self.live.committed(kind, id)
        except NotLoaded as need:
            await self.load(need)
            return self.live.committed(kind, id)

    async def _catch_up(self, change: Made, conflict: Conflicted) -> None:
        self.live.forget(conflict.lost)
        for kind, id in conflict.lost:
            if kind in KINDS:
                await self.load(NotLoaded(kind, id))


def unavailable() -> Refused:
    """The store cannot do it now (statusCode 4, HTTP 503). What it said is the cause, for the log alone."""
    return Refused(Fault.UNAVAILABLE, "the store is not available now; try again in a moment")


def find(draft: Draft, session: str, user: str) -> tuple[Session, Participation]:
    """The session and the user's side of it. Raises Refused 6, the same whether it is unknown or not his."""
    found = draft.session(session)
    me = found.participation(user)
    if me is None:
        raise unknown("the session")
    return found, me


def permit(session: Session, me: Participation, operation: SessionOperation) -> None:
    """Raises Refused 2 unless the table permits it now."""
    name = type(operation).__struct_config__.tag
    if not permitted(me.state, me.kind, session.alone(me.user), str(name)):
        raise Refused(Fault.STATE, f"{name} is not permitted: {standing(session, me)}")


def standing(session: Session, me: Participation) -> str:
    """How somebody stands to a session, in words."""
    kind = {"agent": "an agent", "consulted": "a consulted agent", "monitor": "a supervisor in Monitor mode"}
    kind |= {"coach": "a supervisor in Coach mode", "bargein": "a supervisor in BargeIn mode"}
    company = ", nobody else is there" if session.alone(me.user) and me.state == "Chatting" else ""
    return f"the state is {me.state}, for {kind[me.kind]}{company}"
