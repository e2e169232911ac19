"""A change in the making: newest aggregates in, new aggregates, transcript entries and facts out. Plain
functions, no I/O.

Everything refuses before it changes anything; a draft that is thrown away has changed nothing.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.contact import Contact
from smsdesk.core.errors import unknown
from smsdesk.core.events import Fact, Tell, Told
from smsdesk.core.ids import Ids
from smsdesk.core.interaction import Interaction
from smsdesk.core.lists import AUDIT, TRANSCRIPT, agent_list
from smsdesk.core.message import Delivery, Message, MessageType
from smsdesk.core.outgoing import Audit, Timer
from smsdesk.core.participant import Participant, Participation
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, PRESENT, Trigger, Visibility, after, capabilities, level, sees
from smsdesk.core.trace import traced

Aggregate = Session | Agent | Interaction | Contact
LOG = ("messages", "updated")  # kinds of notifications that name transcript entries
T = TypeVar("T", Session, Agent, Interaction, Contact)


class Newest(Protocol):
    """Where a draft finds the newest aggregates; whatever an operation needs was brought into memory
    before.
    """

    def peek(self, kind: str, id: str) -> Any | None:
        """The newest value, or None when there is none."""

    def peek_key(self, kind: str, key: str) -> Any | None:
        """The newest value with this unique key (the open session of a pair, the contact of a number)."""

    def all(self, kind: str) -> Iterable[Any]:
        """The newest values of a kind that always stays in memory."""

    def watchers(self, agent: str) -> list[str]:
        """Supervisors who watch this user."""

    def reference(self, agent: Agent) -> tuple[int, Agent | None]:
        """The next referenceId of a user, and the agent to be written when a new block was begun."""


class Written(NamedTuple):
    """A record the draft writes; `value` None deletes it."""

    kind: str
    id: str
    value: Any | None


class Draft:
    """One operation's change. `now` in UTC milliseconds; `actor`: the user who asks, None for the system."""

    def __init__(
        self, newest: Newest, centre: Centre, policy: Policy, ids: Ids, now: int, actor: str | None = None
    ) -> None:
        self.newest = newest
        self.centre = centre
        self.policy = policy
        self.ids = ids
        self.now = now
        self.actor = actor
        self.records: dict[tuple[str, str], Any | None] = {}
        self.messages: list[tuple[str, Message]] = []
        self.facts: list[Fact] = []
        self.listings: list[tuple[str, int, str]] = []
        self.words: list[tuple[str, str, int, str]] = []
        self.erased: list[str] = []
        self._told: dict[str, dict[str, list[Tell]]] = {}
        self._reference: int | None = None
        self.answers = (
            True  # whether the actor's first state notification carries a reference (SPEC 9.10: not always)
        )

    # -- aggregates --------------------------------------------------------------------------------
    def get(self, kind: str, id: str) -> Any | None:
        """A record as this draft sees it: its own changes first."""
        return self.records[kind, id] if (kind, id) in self.records else self.newest.peek(kind, id)

    def get_key(self, kind: str, key: str) -> Any | None:
        """A record by its unique key, as it was before this draft."""
        return self.newest.peek_key(kind, key)

    def put(self, kind: str, id: str, value: Struct | None) -> None:
        """Write a record (None deletes)."""
        self.records[kind, id] = value

    def session(self, id: str) -> Session:
        """A session. Raises Refused 6."""
        found = self.get("session", id)
        if found is None:
            raise unknown("the session")
        assert isinstance(found, Session)
        return found

    def agent(self, user: str) -> Agent:
        """A user's working state; a user who never logged in on a channel has a fresh one."""
        found = self.get("agent", user)
        return found if isinstance(found, Agent) else Agent(user)

    def interaction(self, id: str) -> Interaction | None:
        """Where a session stands with routing."""
        found = self.get("interaction", id)
        return found if isinstance(found, Interaction) else None

    def save(self, value: Aggregate) -> None:
        """Write an aggregate."""
        if isinstance(value, Interaction):
            value = self._traced(value)
        self.put(type(value).__name__.lower(), value.id, value)

    def _traced(self, new: Interaction) -> Interaction:
        """Read no session that is not needed: it may have to be loaded."""
        old, left_as = self.interaction(new.id), None
        if old is not None and old.offered_to is not None and new.place == "waiting":
            session = self.get("session", new.session)
            mine = session.participation(old.offered_to) if isinstance(session, Session) else None
            left_as = mine.state if mine is not None else None
        return traced(old, new, self.now, left_as)

    def change(self, value: T, **fields: object) -> T:
        """Write an aggregate with some fields changed; returns the new value."""
        new = replace(value, **fields)
        self.save(new)
        return new

    # -- references --------------------------------------------------------------------------------
    def reference(self) -> int:
        """The referenceId of this operation (SPEC 1.5): taken once, increasing per user."""
        if self._reference is None:
            assert self.actor is not None
            self._reference, agent = self.newest.reference(self.agent(self.actor))
            if agent is not None:
                current = self.agent(self.actor)
                self.save(replace(current, references_until=agent.references_until))
        return self._reference

    # -- transcript --------------------------------------------------------------------------------
    def say(
        self,
        session: Session,
        author: Participant,
        type: MessageType,
        visibility: Visibility | None = None,
        *,
        text: str | None = None,
        url: str | None = None,
        notice: str | None = None,
        delivery: Delivery | None = None,
        carrier: str | None = None,
        incomplete: bool = False,
    ) -> Session:
        """Add a transcript entry; by default everybody sees it who sees its author."""
        message = Message(
            session.next_index,
            type,
            author,
            visibility or author.visibility,
            self.now,
            text,
            url,
            notice,
            delivery,
            carrier,
            incomplete,
        )
        self.messages.append((session.id, message))
        if type == "Text" and text is not None:
            self.index_words(TRANSCRIPT, session.id, message.index, text)
        return self.change(session, next_index=session.next_index + 1)

    # -- participations ----------------------------------------------------------------------------
    def move(self, session: Session, user: str, trigger: Trigger, **fields: Any) -> Session:
        """Take a participation along a transition of the table; a new one is made where there was none."""
        old = session.participation(user)
        state = after(old.state if old else None, trigger)
        if old is None:
            new = Participation(user, state, fields.pop("kind", "agent"), self.now, **fields)
            session = self.change(session, participations=(*session.participations, new))
        else:
            new = replace(old, state=state, since=self.now, **fields)
            others = tuple(new if p.user == user else p for p in session.participations)
            session = self.change(session, participations=others)
        if state in PRESENT and new.kind in ("agent", "consulted"):
            self.list(agent_list(user), session.received, session.id)
            session = self._note_owner(session, new)
        self._lay_on_desk(session.id, user, state not in FINAL)
        return session

    def _note_owner(self, session: Session, new: Participation) -> Session:
        """The session is the agent's who came in, unless it is somebody's who is still there."""
        here = [p.user for p in session.participations if p.kind == "agent" and p.state in PRESENT]
        if new.kind != "agent" or session.owner in here:
            return session
        return self.change(session, owner=new.user)

    def _lay_on_desk(self, session: str, user: str, there: bool) -> None:
        agent = self.agent(user)
        if there != (session in agent.desk):
            desk = (*agent.desk, session) if there else tuple(s for s in agent.desk if s != session)
            focus = agent.focus if there or agent.focus != session else None
            self.change(agent, desk=desk, focus=focus)

    # -- telling -----------------------------------------------------------------------------------
    def tell(self, session: Session, user: str, tell: Tell) -> None:
        """Tell one viewer; the asker's first state notification carries the reference (SPEC 1.5)."""
        if (
            user == self.actor
            and self.answers
            and tell.kind in ("status", "participants", "properties", "error")
        ):
            self.answers = False
            if tell.reference is None:
                tell = replace(tell, reference=self.reference())
        self._told.setdefault(session.id, {}).setdefault(user, []).append(tell)

    def tell_one_who_sees(
        self, session: Session, viewer: Participation, visibility: Visibility, *tells: Tell
    ) -> None:
        """Tell a viewer, if a participant of this visibility is seen by him; entries if he sees one of
        them.
        """
        if sees(level(viewer.kind), visibility):
            for tell in tells:
                if tell.kind != "messages" or self._sees_any(session.id, level(viewer.kind), tell):
                    self.tell(session, viewer.user, tell)

    def tell_all(self, session: Session, *tells: Tell, but: str | None = None) -> None:
        """Tell everybody who can see the session now; entries only to those who see at least one of them."""
        for viewer in session.viewers():
            if viewer.user != but:
                for tell in tells:
                    if tell.kind not in LOG or self._sees_any(session.id, level(viewer.kind), tell):
                        self.tell(session, viewer.user, tell)

    def _sees_any(self, session: str, sight: Visibility, tell: Tell) -> bool:
        return any(
            sees(sight, message.visibility)
            for id, message in self.messages
            if id == session and tell.first <= message.index <= tell.last
        )

    def close(self, session: Session, event: str) -> None:
        """Freeze what was told about a session so far as a fact; what is told later becomes a further one."""
        audience = []
        for user, tells in self._told.pop(session.id, {}).items():
            mine = session.participation(user)
            assert mine is not None
            focus = self.agent(user).focus == session.id
            audience.append(
                Told(
                    user,
                    tuple(tells),
                    level(mine.kind),
                    mine.state,
                    mine.kind,
                    capabilities(mine.state, mine.kind, session.alone(user)),
                    focus,
                )
            )
        if audience:
            self.facts.append(Fact(event, self.now, tuple(audience), self.actor, session))

    def tell_channels(self, agent: Agent, event: str) -> None:
        """Tell a user how his channels stand."""
        self.facts.append(
            Fact(event, self.now, (Told(agent.id, (Tell("channels"),)),), self.actor, agent=agent)
        )

    def tell_data(self, user: str, topic: str, data: dict[str, Any], event: str) -> None:
        """Tell a user something that is no session or channel: the outcome of what he asked for (SPEC 4.5).
        It is durable like every fact; `data` is notified as it stands.
        """
        self.facts.append(
            Fact(event, self.now, (Told(user, (Tell("data"),)),), self.actor, topic=topic, data=data)
        )

    def tell_group(self, users: Iterable[str], topic: str, data: dict[str, Any], event: str) -> None:
        """The same for several users at once: one fact, however many they are."""
        audience = tuple(Told(user, (Tell("data"),)) for user in users)
        if audience:
            self.facts.append(Fact(event, self.now, audience, self.actor, topic=topic, data=data))

    def audit(
        self,
        action: str,
        subject: str,
        session: str | None = None,
        *,
        address: str | None = None,
        count: int = 1,
    ) -> None:
        """Enter into the audit log who did what to whom (SPEC 3, supervisors). `address`: from where, of
        logins; `count`: how often.
        """
        id = f"{self.now:015d} {self.ids.participant()}"
        line = Audit(id, self.now, self.actor, action, subject, session, address, count)
        self.put("audit", id, line)
        self.list(AUDIT, self.now, id)

    # -- lists and words ---------------------------------------------------------------------------
    def list(self, name: str, at: int, id: str) -> None:
        """Put an id into an ordered list at a time (UTC milliseconds); the same again is the same."""
        self.listings.append((name, at, id))

    def index_words(self, space: str, id: str, index: int, text: str) -> None:
        """Have a text found by its words, in the place of an earlier one; an empty text is found no more."""
        self.words.append((space, id, index, text))

    @property
    def touches_texts(self) -> bool:
        """Whether it lists, finds or erases anything."""
        return bool(self.listings or self.words or self.erased)

    def erase(self, id: str) -> None:
        """Forget the transcript of a session, its places in lists and its words; or those of any other id."""
        self.erased.append(id)

    # -- timers ------------------------------------------------------------------------------------
    def start_timer(self, timer: Timer) -> None:
        """Have something happen at a time; one timer per id."""
        self.put("timer", timer.id, timer)

    def stop_timer(self, id: str) -> None:
        """Withdraw a timer if it runs."""
        if self.get("timer", id) is not None:
            self.put("timer", id, None)


def entries(first: int, last: int) -> Tell:
    """Tell of the transcript entries with these indices, as far as the viewer may see them."""
    return Tell("messages", first=first, last=last)


STATUS, PARTICIPANTS, PROPERTIES = Tell("status"), Tell("participants"), Tell("properties")
