"""A session that an agent has accepted and does nothing about goes back to its queue, where the policy says
so (A§4.4).
"""

from smsdesk.core.draft import Draft
from smsdesk.core.ending import requeue
from smsdesk.core.outgoing import Timer
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session


def note_activity(draft: Draft, session_id: str, me: Participation) -> None:
    """An agent has done something in a session: from now on he has the whole time again."""
    if not draft.policy.handling or me.kind not in ("agent", "consulted"):
        return
    session = draft.session(session_id)
    if session.open and session.agents():
        session = draft.change(session, handled=draft.now)
        if draft.get("timer", _timer_id(session.id)) is None:
            _start(draft, session)


def handling_over(draft: Draft, timer: Timer) -> None:
    """Back to the queue with its age if nobody has done anything; who had it is not asked again at once."""
    draft.stop_timer(timer.id)
    session = draft.session(timer.session)
    agents = session.agents()
    if not draft.policy.handling or not session.open or not agents:
        return
    if draft.now < session.handled + draft.policy.handling:
        _start(draft, session)
        return
    session = requeue(draft, session, session.queue or "", session.owner, fresh=False)
    interaction = draft.interaction(session.id)
    assert interaction is not None
    draft.change(interaction, rejected=interaction.rejected | {agent.user: draft.now for agent in agents})
    draft.close(session, "HandlingOver")


def _start(draft: Draft, session: Session) -> None:
    due = session.handled + draft.policy.handling
    draft.start_timer(Timer(_timer_id(session.id), "handling", session.id, due))


def _timer_id(session: str) -> str:
    return f"handling:{session}"
