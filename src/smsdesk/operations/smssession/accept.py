"""Accept: take an offer (SPEC 3, S§3.3)."""

from smsdesk.core.draft import Draft, entries
from smsdesk.core.ending import ring_timer, start_idle_timer
from smsdesk.core.events import Tell
from smsdesk.core.participant import Participant, Participation
from smsdesk.core.session import Session
from smsdesk.core.states import VISIBILITY_OF
from smsdesk.operations.base import SessionOperation, check_text
from smsdesk.operations.smssession.last_agent import remember_last_agent


class Accept(SessionOperation, frozen=True, tag="Accept"):
    """`nickname`: how the customer sees the agent. `save_lar`: keep him as the contact's last agent."""

    nickname: str | None = None
    save_lar: bool = False

    def check(self) -> None:
        check_text("nickname", self.nickname, 255)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        draft.stop_timer(ring_timer(session.id, me.user))
        joined = Participant(
            draft.ids.participant(),
            "Agent",
            self.nickname or me.nickname or draft.centre.users[me.user].display_name,
            VISIBILITY_OF[me.kind],
            me.user,
        )
        session = draft.change(session, participants=(*session.participants, joined))
        session = draft.move(session, me.user, "accepted", participant=joined.id, offer=None)
        session = draft.say(session, joined, "ParticipantJoined")
        last = session.next_index - 1
        draft.tell(session, me.user, Tell("status", bare=True))
        draft.tell_all(session, Tell("participants"), entries(last, last), but=me.user)
        draft.tell(session, me.user, Tell("participants"))
        draft.tell(session, me.user, entries(1, last))
        interaction = draft.interaction(session.id)
        if interaction is not None and interaction.place == "offered":
            draft.change(interaction, place="assigned", offered_to=None)
            start_idle_timer(draft, session, draft.policy.idle_assigned)
        if self.save_lar:
            remember_last_agent(draft, session, me.user)
        draft.close(session, "OfferAccepted")
