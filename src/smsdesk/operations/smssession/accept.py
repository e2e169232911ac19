"""Accept: take an offer, from a queue or from a colleague (SPEC 3, S§3.3)."""

from msgspec import field
from msgspec.structs import replace

from smsdesk.core.draft import Draft, entries
from smsdesk.core.ending import end_pending, ring_timer, start_idle_timer
from smsdesk.core.events import Tell
from smsdesk.core.inviting import hand_over, join
from smsdesk.core.participant import Participation, Pending
from smsdesk.core.session import Session
from smsdesk.core.states import VISIBILITY_OF, Visibility
from smsdesk.core.watching import bring_watchers
from smsdesk.operations.base import SessionOperation, check_text
from smsdesk.operations.smssession.last_agent import remember_last_agent


class Accept(SessionOperation, frozen=True, tag="Accept"):
    """`nickname`: how the customer sees the agent. `save_lar`: keep him as the contact's last agent."""

    nickname: str | None = None
    save_lar: bool = field(default=False, name="saveLAR")

    def check(self) -> None:
        check_text("nickname", self.nickname, 255)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        draft.stop_timer(ring_timer(session.id, me.user))
        pending = session.pending if me.offer not in ("queue", "Intrude") else None
        before = session.next_index
        if pending is not None:
            session = self._answer_colleague(draft, session, pending)
        session = self._come_in(draft, session, me)
        session, supervisors = bring_watchers(draft, session, me.user)
        _tell(draft, session, me, supervisors, before, pending)
        _settle_interaction(draft, session)
        if self.save_lar:
            remember_last_agent(draft, session, me.user)
        draft.close(session, "OfferAccepted")

    def _answer_colleague(self, draft: Draft, session: Session, pending: Pending) -> Session:
        session = end_pending(draft, session)
        sender = session.participation(pending.by)
        if pending.operation == "Transfer" and sender is not None:
            session = hand_over(draft, session, sender, pending.reference)
        return session

    def _come_in(self, draft: Draft, session: Session, me: Participation) -> Session:
        if not session.open:  # handed over for wrap-up: there is nobody left to join (SPEC 9.7)
            return draft.move(session, me.user, "ended", offer=None)
        user = draft.centre.users[me.user]
        supervising = me.offer == "Intrude"
        name = self.nickname or me.nickname or (user.user_name if supervising else user.display_name)
        session, joined = join(draft, session, me.user, me.kind, name)
        return draft.move(session, me.user, "accepted", participant=joined.id, offer=None)


def _tell(
    draft: Draft,
    session: Session,
    me: Participation,
    supervisors: list[str],
    before: int,
    pending: Pending | None,
) -> None:
    last = session.next_index - 1
    draft.tell(session, me.user, Tell("status", bare=True))
    for user in (me.user, *supervisors):
        if user != me.user:
            draft.tell(session, user, Tell("status"))
        draft.tell(session, user, Tell("participants"))
        draft.tell(session, user, entries(1, last))
    new = [m for id, m in draft.messages if id == session.id and m.index >= before]
    least: Visibility = min((m.visibility for m in new), key=_breadth, default=VISIBILITY_OF[me.kind])
    for viewer in list(session.viewers()):
        if viewer.user in (me.user, *supervisors):
            continue
        told = Tell("participants")
        if pending is not None and viewer.user == pending.by:
            told = replace(told, reference=pending.reference)
        draft.tell_one_who_sees(session, viewer, least, told, entries(before, last))


def _breadth(visibility: Visibility) -> int:
    return ("All", "Agents", "Supervisors").index(visibility)


def _settle_interaction(draft: Draft, session: Session) -> None:
    interaction = draft.interaction(session.id)
    if interaction is not None and interaction.place == "offered":
        place = "assigned" if session.open else "closed"
        draft.change(interaction, place=place, offered_to=None, answered=True)
        if session.open:
            start_idle_timer(draft, session, draft.policy.idle_assigned)
