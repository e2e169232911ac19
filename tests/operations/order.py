"""How sessions, agents, interactions and timers hang together at any moment (SPEC 2, 5.1, 8.3-8.5)."""

from collections.abc import Iterator
from typing import Any

from smsdesk.core.ending import idle_timer, invitation_id, ring_timer, wait_timer
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, VISIBILITY_OF
from smsdesk.operations.live import Live


def disorder(live: Live) -> list[str]:
    """What contradicts itself in memory, in words; nothing when all is in order."""
    sessions = {session.id: session for session in live.all("session")}
    wrong = [f"{id}: {words}" for id, session in sessions.items() for words in _session(live, session)]
    for agent in live.all("agent"):
        mine = {s.id for s in sessions.values() if s.states().get(agent.id, "Completed") not in FINAL}
        if set(agent.desk) != mine or len(agent.desk) != len(mine):
            wrong.append(f"{agent.id}: {agent.desk} on the desk instead of {mine}")
        if agent.focus is not None and agent.focus not in mine:
            wrong.append(f"{agent.id}: the focus is on {agent.focus}")
    open_pairs = [session.pair for session in sessions.values() if session.open]
    if len(open_pairs) != len(set(open_pairs)):
        wrong.append("two open sessions of one pair of numbers")
    return wrong


def _session(live: Live, session: Session) -> Iterator[str]:
    yield from _people(session)
    yield from _routing(live, session)
    yield from _pending(live, session)
    yield from _timers(live, session)


def _people(session: Session) -> Iterator[str]:
    customers = [p for p in session.participants if p.type == "Customer"]
    if len(customers) != (1 if session.open else 0):
        yield f"{len(customers)} customers where open is {session.open}"
    there = {p.user: p for p in session.participants if p.user is not None}
    chatting = {p.user: p for p in session.participations if p.state == "Chatting"}
    if set(there) != set(chatting):
        yield f"participants {set(there)}, but {set(chatting)} chat"
    for user, part in chatting.items():
        person = there.get(user)
        if person and (person.id != part.participant or person.visibility != VISIBILITY_OF[part.kind]):
            yield f"{user} is {part}, and {person}"
    left = [p.user for p in session.participations if p.state == "LeftChat"]
    if len(left) > (0 if session.open else 1):
        yield f"{left} are in LeftChat, open is {session.open}"


def _routing(live: Live, session: Session) -> Iterator[str]:
    interaction: Any = live.peek("interaction", session.id)
    place = interaction.place if interaction else None
    offered = [p.user for p in session.participations if p.state == "Invited" and p.offer == "queue"]
    if offered != ([interaction.offered_to] if place == "offered" else []):
        yield f"{offered} are invited from the queue, the place is {place}"
    working = bool(session.agents())
    if session.open and working != (place == "assigned"):
        yield f"agents chat: {working}, the place is {place}"
    if session.open and place not in ("waiting", "offered", "assigned"):
        yield f"nobody will ever answer it: the place is {place}"
    watched = [p for p in session.participations if p.state == "Chatting" and p.kind != "agent"]
    if watched and not working:
        yield f"{watched} are there, but nobody who chats with the customer"


def _pending(live: Live, session: Session) -> Iterator[str]:
    pending, states = session.pending, session.states()
    asked = [
        p for p in session.participations if p.state == "Invited" and p.offer not in ("queue", "Intrude")
    ]
    further: Any = live.peek("interaction", invitation_id(session.id))
    looking = further is not None and further.place in ("waiting", "offered")
    if pending is None:
        if asked or looking:
            yield f"{asked} invited by nobody, looking: {looking}"
        return
    if states.get(pending.by, "Completed") in FINAL:
        yield f"{pending.by} is gone, his invitation is not"
    if pending.to is not None and [p.user for p in asked] != [pending.to]:
        yield f"{pending.to} is to be asked, {asked} are"
    if (pending.queue is not None) != looking:
        yield f"pending {pending}, looking: {looking}"


def _timers(live: Live, session: Session) -> Iterator[str]:
    running = {timer.id for timer in live.all("timer") if timer.session == session.id}
    invited = [p.user for p in session.participations if p.state == "Invited"]
    wanted = {ring_timer(session.id, user) for user in invited}
    wanted |= {idle_timer(session.id)} if session.open else set()
    wanted |= {wait_timer(session.id)} if session.pending and session.pending.queue else set()
    if running != wanted:
        yield f"timers {running} instead of {wanted}"
