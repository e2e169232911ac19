"""RemoveParticipantFromConference: put an agent out of the session (SPEC 3, S§3.19)."""

from smsdesk.core.draft import PARTICIPANTS, STATUS, Draft, entries
from smsdesk.core.ending import withdraw_pending
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.smssession.targets import TargetedOperation

NOTICE = "REMOVE_PARTICIPANT_FROM_CONFERENCE"  # followed by the user's id, as documented


class RemoveParticipantFromConference(TargetedOperation, frozen=True, tag="RemoveParticipantFromConference"):
    """The agent to remove, consulted ones too; supervisors cannot be removed."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        user = self.target_user(draft.centre)
        removed = session.participation(user.id)
        chats = removed is not None and removed.state == "Chatting" and removed.kind in ("agent", "consulted")
        if removed is None or not chats or user.id == me.user:
            raise Refused(Fault.STATE, f"{user.user_name} is no other agent of this session")
        if removed.kind == "agent" and not session.agents(but=user.id):
            raise Refused(Fault.STATE, f"{user.user_name} is the only agent of this session")
        author, gone = session.participant(me.user), session.participant(user.id)
        assert author is not None
        assert gone is not None
        if session.pending is not None and session.pending.by == user.id:
            session = withdraw_pending(draft, session)
        session = draft.say(session, author, "Notice", "Agents", text=NOTICE + user.id)
        session = draft.change(session, participants=tuple(p for p in session.participants if p is not gone))
        notice = entries(session.next_index - 1, session.next_index - 1)
        draft.tell(session, user.id, PARTICIPANTS)
        draft.tell(session, user.id, notice)
        draft.tell_all(session, notice, PARTICIPANTS, but=user.id)
        draft.close(session, "RemovalAnnounced")
        session = draft.say(session, gone, "ParticipantLeft")
        session = draft.move(session, user.id, "left")
        draft.tell(session, user.id, STATUS)
        draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
        draft.close(session, "ParticipantRemoved")
