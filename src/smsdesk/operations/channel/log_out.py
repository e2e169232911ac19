"""Logging out of the channel with work on the desk (SPEC 4.7, 9.10)."""

from smsdesk.core.agent import OFFLINE, Agent
from smsdesk.core.draft import Draft
from smsdesk.core.ending import complete, leave, requeue, withdraw
from smsdesk.core.inviting import return_offer
from smsdesk.core.session import Session


def log_out(draft: Draft, agent: Agent) -> None:
    """Offers are Revoked, sessions go back to their queue with their age unless another agent stays, wrap-up
    is completed.
    """
    draft.answers = False
    for id in agent.desk:
        clear(draft, draft.session(id), agent.id)
    agent = draft.change(
        draft.agent(agent.id),
        readiness="LoggedOut",
        state=OFFLINE,
        since=draft.now,
        do_not_disturb=False,
        watches=(),
    )
    draft.tell_channels(agent, "LoggedOut")


def clear(draft: Draft, session: Session, user: str) -> None:
    """Take one session off a user's desk."""
    me = session.participation(user)
    assert me is not None
    if me.state == "Invited":
        session = withdraw(draft, session, me)
        session = return_offer(draft, session, me, "logged out")
    elif me.state == "LeftChat":
        session = complete(draft, session, me)
    elif me.kind == "agent" and not session.agents(but=user):
        session = requeue(draft, session, session.queue or "", user, fresh=False)
    else:
        session = leave(draft, session, me)
    draft.close(session, "DeskCleared")
