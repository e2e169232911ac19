"""What is true of a contact centre at any moment, whoever did what in whatever order."""

from smsdesk.core.agent import Agent
from smsdesk.core.interaction import Interaction
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, TRANSITIONS, VISIBILITY_OF
from tests.races.world import World


def broken_laws(world: World) -> list[str]:
    """The laws that do not hold, in words."""
    session = world.live.peek("session", world.session)
    interaction = world.live.peek("interaction", world.session)
    assert isinstance(session, Session)
    assert isinstance(interaction, Interaction)
    agents = {agent.id: agent for agent in world.live.all("agent")}
    laws = {
        "states are those of the table": all(
            p.state in set(TRANSITIONS.values()) for p in session.participations
        ),
        "one participation a user": len({p.user for p in session.participations})
        == len(session.participations),
        "a desk holds what is not final": _desks_agree(session, agents),
        "who chats is a participant, and nobody else": _participants_agree(session),
        "a participant's visibility is that of his kind": _visibility_agrees(session),
        "the customer comes first": not session.participants or session.participants[0].type == "Customer",
        "a closed session has nobody in it": session.open or not session.participants,
        "only wrap-up outlives the customer": session.open or _none(session, "Chatting"),
        "an invitation has an asker": _pending_agrees(session, world),
        "an offer rings": _timers_agree(session, world),
        "somebody has it, or it waits": _conserved(session, interaction),
        "offered to one at most": sum(p.offer == "queue" for p in session.participations) <= 1,
        "no supervisor without an agent": _supervised(session),
    }
    return [law for law, holds in laws.items() if not holds]


def _none(session: Session, state: str) -> bool:
    return all(p.state != state for p in session.participations)


def _desks_agree(session: Session, agents: dict[str, Agent]) -> bool:
    mine = {p.user for p in session.participations if p.state not in FINAL}
    return mine == {id for id, agent in agents.items() if session.id in agent.desk}


def _participants_agree(session: Session) -> bool:
    chatting = {p.user: p.participant for p in session.participations if p.state == "Chatting"}
    return chatting == {p.user: p.id for p in session.participants if p.type == "Agent"}


def _visibility_agrees(session: Session) -> bool:
    kinds = {p.user: p.kind for p in session.participations}
    agents = (p for p in session.participants if p.user is not None)
    return all(p.visibility == VISIBILITY_OF[kinds[p.user or ""]] for p in agents)


def _pending_agrees(session: Session, world: World) -> bool:
    waiting = world.live.peek("interaction", f"{session.id}+")
    searching = isinstance(waiting, Interaction) and waiting.place != "closed"
    invited = [
        p.user for p in session.participations if p.state == "Invited" and p.offer not in ("queue", "Intrude")
    ]
    if session.pending is None:
        return not searching and not invited
    asker = session.participation(session.pending.by)
    asked = invited == [session.pending.to] if session.pending.to else searching
    return asker is not None and asker.state in ("Chatting", "LeftChat") and asked


def _timers_agree(session: Session, world: World) -> bool:
    ringing = {timer.user for timer in world.live.all("timer") if timer.kind == "ring"}
    return ringing == {p.user for p in session.participations if p.state == "Invited"}


def _conserved(session: Session, interaction: Interaction) -> bool:
    offered = {p.user for p in session.participations if p.offer == "queue" and p.state == "Invited"}
    chatting = any(p.state == "Chatting" and p.kind == "agent" for p in session.participations)
    match interaction.place:
        case "waiting":
            return not chatting and not offered and _none(session, "LeftChat")
        case "offered":
            return offered == {interaction.offered_to} and not chatting
        case "assigned":
            return session.open and chatting and not offered
        case _:
            return not session.open and not chatting and not offered


def _supervised(session: Session) -> bool:
    watching = any(
        p.state == "Chatting" and p.kind in ("monitor", "coach", "bargein") for p in session.participations
    )
    return not watching or any(p.state == "Chatting" and p.kind == "agent" for p in session.participations)
