"""Situations put on the desk in one stroke, for demos and tests (SPEC 7.4). Only the demo server offers it.

A scenario says how things stand, not how they came to be: nobody is notified of it.
"""

from msgspec.structs import replace

from smsdesk.core.agent import NOT_READY, OFFLINE, READY, Watch
from smsdesk.core.centre import Group, Queue, User
from smsdesk.core.consent import Consent
from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.ending import invitation_id, ring_timer, start_idle_timer, wait_timer
from smsdesk.core.enlisting import enlist_contact, enlist_session
from smsdesk.core.errors import invalid, unknown
from smsdesk.core.interaction import Interaction, Place
from smsdesk.core.lists import TRANSCRIPT, agent_list
from smsdesk.core.message import Message
from smsdesk.core.outgoing import Seen, Timer
from smsdesk.core.participant import Participant, Participation, Pending
from smsdesk.core.session import Session, pair
from smsdesk.core.states import FINAL, Kind, State, Visibility
from smsdesk.operations.system.situation import Other, Situation, Waiting

MAIN = "$id"  # the label of the session that the participants and the data belong to
MODES: dict[str, Kind] = {"Monitor": "monitor", "Coach": "coach", "BargeIn": "bargein"}
_SUPERVISING: dict[Visibility, Kind] = {"Supervisors": "monitor", "Agents": "coach", "All": "bargein"}
_READINESS = {"Ready": READY, "NotReady": NOT_READY, "LoggedOut": OFFLINE}


def configure(draft: Draft, scenario: Situation) -> None:
    """The part that is provisioned: queues, groups, names, capacities. Raises Refused 6 for unknown users."""
    for name in (name for name in scenario.queues if name not in draft.centre.queues):
        queue = Queue(draft.ids.user(), name, f"?:serves_{name.lower()}>0")
        draft.put("queue", queue.id, queue)
    if scenario.queue is not None and scenario.queue.name in draft.centre.queues:
        queue = draft.centre.queues[scenario.queue.name]
        codes = None if scenario.queue.dispositions is None else tuple(scenario.queue.dispositions)
        mandatory = scenario.queue.disposition_mandatory
        draft.put("queue", queue.id, replace(queue, dispositions=codes, disposition_mandatory=mandatory))
    if scenario.groups is not None:
        for old in draft.centre.groups.values():
            draft.put("group", old.id, replace(old, members=(), watched_by=()))
        for name, group in scenario.groups.items():
            members = tuple(_user(draft, m).id for m in group.members)
            watched_by = tuple(_user(draft, w).id for w in group.watched_by)
            known = draft.centre.groups.get(name)
            new = Group(known.id if known else draft.ids.user(), name, members, watched_by)
            draft.put("group", new.id, new)
    for name in {*scenario.first_names, *scenario.capacity}:
        user = _user(draft, name)
        first = scenario.first_names.get(name, user.first_name)
        draft.put("user", user.id, replace(user, first_name=first, capacity=scenario.capacity.get(name)))
    if scenario.consent is not None:
        id = pair(scenario.consent.service, scenario.consent.customer)
        draft.put("consent", id, Consent(id, scenario.consent.blocked, draft.now, "scenario"))
    if scenario.contact is not None:
        contact = Contact(draft.ids.interaction(), scenario.customer, scenario.contact.first_name)
        if draft.get_key("contact", scenario.customer) is None:
            draft.save(contact)
            enlist_contact(draft, contact)
    for carrier_id in scenario.carrier_ids:
        id = f"simulator {carrier_id}"
        draft.put("seen", id, Seen(id, "simulator", draft.now, carrier_id))


def build(draft: Draft, scenario: Situation) -> dict[str, str]:
    """The part on the desk. Returns what was made, by label: sessions (`session` for the main one) and
    participants.
    """
    for order, (name, state) in enumerate(scenario.actors.items()):
        agent = draft.agent(_user(draft, name).id)
        readiness, since = _READINESS[state], draft.now - 1000 + order
        draft.save(replace(agent, readiness=state, state=readiness, since=since))
    for watching in scenario.monitoring:
        supervisor = draft.agent(_user(draft, watching.supervisor).id)
        watched = _user(draft, watching.agent).id
        watch = Watch(watched, watching.mode, watching.scope, watching.nickname)
        draft.change(supervisor, watches=(*supervisor.watches, watch))
    made: dict[str, str] = {}
    waits = {waiting.id for waiting in scenario.waiting}
    if scenario.state or (scenario.participants and not waits):
        made |= _Builder(draft, scenario).main()
    for number, other in enumerate(scenario.other_sessions):
        made[other.id] = _other(draft, scenario, other, f"+1555013{number}")
    for number, waiting in enumerate(scenario.waiting):
        made |= _waiting(draft, scenario, waiting, f"+1555012{number}")
    return made


class _Builder:
    """The main session of a scenario."""

    def __init__(self, draft: Draft, scenario: Situation) -> None:
        self._draft = draft
        self._scenario = scenario
        self._states = {_user(draft, name).id: state for name, state in (scenario.state or {}).items()}
        self.people = {
            p.id: Participant(
                draft.ids.participant(),
                p.type,
                p.nickname,
                p.visibility,
                _user(draft, p.user).id if p.user else None,
            )
            for p in scenario.participants
        }

    def main(self) -> dict[str, str]:
        scenario = self._scenario
        if self._draft.get_key("session", pair(scenario.service, scenario.customer)) is not None:
            raise invalid("customer", "has an open session with this service number already; reset first")
        session = _session(self._draft, scenario, scenario.customer, tuple(self.people.values()))
        session = replace(session, comment=scenario.comment, user_data=dict(scenario.user_data))
        key = self._draft.policy.disposition_key
        if key in session.user_data:
            session = replace(session, disposition=bytes(session.user_data[key]).decode().strip('"'))
        states = set(self._states.values())
        over = bool(states) and "Chatting" not in states and bool({"LeftChat", "Completed"} & states)
        if over and "Invited" not in states:
            session = replace(session, open=False, participants=())
        self._draft.save(session)
        self._write_transcript(session.id)
        for user, state in self._states.items():
            self._stand(session.id, user, state)
        self._pend(session.id)
        session = self._draft.session(session.id)
        place: Place = "waiting"
        if "Chatting" in states:
            place = "assigned"
        elif "Invited" in states and not over:
            place = "offered"
        elif over:
            place = "closed"
        offered = next((p.user for p in session.participations if p.offer == "queue"), None)
        self._draft.save(
            Interaction(
                session.id,
                session.queue or "",
                session.received,
                place,
                offered_to=offered,
                answered=place == "assigned",
            )
        )
        if session.open:
            idle = (
                self._draft.policy.idle_assigned if place == "assigned" else self._draft.policy.idle_waiting
            )
            start_idle_timer(self._draft, session, idle)
        return {"session": session.id} | {label: person.id for label, person in self.people.items()}

    def _write_transcript(self, session: str) -> None:
        last = 0
        for e in self._scenario.transcript:
            author = self.people.get(e.author)
            if author is None:  # who wrote it is no longer there
                author = self._gone(e.author)
                self.people[e.author] = author
            message = Message(e.index, e.type, author, e.visibility, self._draft.now, e.text)
            self._draft.messages.append((session, message))
            if e.type == "Text" and e.text is not None:
                self._draft.index_words(TRANSCRIPT, session, e.index, e.text)
            last = max(last, e.index)
        self._draft.change(self._draft.session(session), next_index=last + 1)

    def _gone(self, label: str) -> Participant:
        """Somebody who wrote something and is no longer there: the customer first, then the agent."""
        if not self.people:
            return Participant(self._draft.ids.participant(), "Customer", "FirstL")
        agent = next(iter(self._states), None)
        return Participant(self._draft.ids.participant(), "Agent", "TestName", user=agent)

    def _stand(self, id: str, user: str, state: State) -> None:
        draft, session = self._draft, self._draft.session(id)
        participant = session.participant(user)
        kind, offer = self._kind(user, participant), None
        if state == "Invited":
            pending = self._scenario.pending
            mine = pending is not None and pending.to is not None and _user(draft, pending.to).id == user
            offer = pending.operation if pending is not None and mine else "queue"
            if pending is not None and mine:
                kind = {"Consult": "consulted", "Intrude": MODES[pending.mode]}.get(
                    pending.operation, "agent"
                )
            due = draft.now + draft.policy.ring
            draft.start_timer(Timer(ring_timer(id, user), "ring", id, due, user))
        part_id = participant.id if participant else None
        new = Participation(user, state, kind, draft.now, part_id, offer)
        draft.change(session, participations=(*session.participations, new))
        _enlist_agent(draft, session, new)
        if state not in FINAL:
            agent = draft.agent(user)
            draft.change(agent, desk=(*agent.desk, id))

    def _kind(self, user: str, participant: Participant | None) -> Kind:
        visibility = participant.visibility if participant else "All"
        if "ROLE_SUPERVISOR" in self._draft.centre.users[user].roles:
            return _SUPERVISING[visibility]
        return "consulted" if visibility == "Agents" else "agent"

    def _pend(self, id: str) -> None:
        pending = self._scenario.pending
        if pending is None or pending.operation == "Intrude":
            return
        to = _user(self._draft, pending.to).id if pending.to else None
        by = _user(self._draft, pending.by).id
        made = Pending(pending.operation, by, pending.reference_id or 1, to, pending.queue)
        self._draft.change(self._draft.session(id), pending=made)
        if pending.queue is not None and pending.operation != "Transfer":
            further = Interaction(
                invitation_id(id), pending.queue, self._draft.now, purpose=pending.operation, of=id
            )
            self._draft.save(further)
            due = self._draft.now + self._draft.policy.invite_wait
            self._draft.start_timer(Timer(wait_timer(id), "wait", id, due))


def _session(
    draft: Draft, scenario: Situation, customer: str, people: tuple[Participant, ...] = (), age: int = 0
) -> Session:
    number = draft.centre.numbers.get(scenario.service)
    contact = draft.get_key("contact", customer)
    if not isinstance(contact, Contact):
        first = scenario.contact.first_name if scenario.contact else ""
        first = next((p.nickname for p in people if p.type == "Customer"), first)
        contact = Contact(draft.ids.interaction(), customer, first, created=draft.now)
        draft.save(contact)
        enlist_contact(draft, contact)
    if not any(p.type == "Customer" for p in people):
        people = (Participant(draft.ids.participant(), "Customer", contact.name or customer), *people)
    session = Session(
        draft.ids.interaction(),
        scenario.service,
        customer,
        number.carrier if number else "simulator",
        draft.now - age,
        {},
        1,
        active=draft.now,
        queue=number.queue if number else None,
        participants=people,
        contact_id=contact.id,
    )
    enlist_session(draft, session)
    return session


def _other(draft: Draft, scenario: Situation, other: Other, customer: str) -> str:
    session = _session(draft, scenario, customer)
    chatting = "Chatting" in other.state.values()
    session = replace(session, open=chatting, participants=session.participants if chatting else ())
    draft.save(session)
    draft.save(Interaction(session.id, session.queue or "", draft.now, "assigned" if chatting else "closed"))
    for name, state in other.state.items():
        user = _user(draft, name)
        joined = None
        if state == "Chatting":
            joined = Participant(draft.ids.participant(), "Agent", user.display_name, "All", user.id)
            session = draft.change(session, participants=(*session.participants, joined))
        mine = Participation(user.id, state, "agent", draft.now, joined.id if joined else None)
        session = draft.change(session, participations=(*session.participations, mine))
        _enlist_agent(draft, session, mine)
        agent = draft.agent(user.id)
        focus = session.id if name in other.in_focus else agent.focus
        draft.change(agent, desk=(*agent.desk, session.id), focus=focus)
    return session.id


def _waiting(draft: Draft, scenario: Situation, waiting: Waiting, customer: str) -> dict[str, str]:
    people = _Builder(draft, scenario).people if waiting.id == MAIN else {}
    session = _session(draft, scenario, customer, tuple(people.values()), waiting.age * 1000)
    draft.save(replace(session, queue=waiting.queue, user_data=dict(scenario.user_data)))
    rejected = {_user(draft, n).id: draft.now - 1000 * s for n, s in waiting.rejected_by.items()}
    draft.save(
        Interaction(session.id, waiting.queue, session.received, priority=waiting.priority, rejected=rejected)
    )
    return {waiting.id: session.id} | {label: person.id for label, person in people.items()}


def _enlist_agent(draft: Draft, session: Session, part: Participation) -> None:
    if part.kind in ("agent", "consulted") and part.state in ("Chatting", "LeftChat", "Completed"):
        draft.list(agent_list(part.user), session.received, session.id)


def _user(draft: Draft, name: str) -> User:
    user = draft.centre.user_names.get(name.lower())
    if user is None:
        raise unknown(f"the user {name}")
    return user
