"""Invite: a conference with a further agent, whom the customer sees (SPEC 3, S§3.18)."""

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft, entries
from smsdesk.core.events import Tell
from smsdesk.core.inviting import ask_queue, ask_user, become, check_free
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import Answer
from smsdesk.operations.smssession.targets import TargetedOperation


class Invite(TargetedOperation, frozen=True, tag="Invite"):
    """A user, or a queue to find one through; a consulted agent becomes a party of the conference at once."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> Answer:
        target = self.target(draft.centre)
        check_free(session)
        if not isinstance(target, User):
            session = ask_queue(draft, session, me, "Invite", target)
        elif consulted := _consulted(session, target.id):
            session = become(draft, session, consulted, "agent")
            last = session.next_index - 1
            draft.tell_all(session, Tell("participants"), entries(last, last))
        else:
            session = ask_user(draft, session, me, "Invite", target)
        draft.close(session, "InviteAsked")
        return {"referenceId": draft.reference()}


def _consulted(session: Session, user: str) -> Participation | None:
    there = session.participation(user)
    return there if there and there.state == "Chatting" and there.kind == "consulted" else None
