"""Transfer: hand the session to a colleague or a queue (SPEC 3, S§3.10)."""

from smsdesk.core.centre import Queue, User
from smsdesk.core.draft import Draft, entries
from smsdesk.core.ending import requeue
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.inviting import ask_user, check_free, check_target, transfer_to_colleague
from smsdesk.core.participant import Participation
from smsdesk.core.sending import check_may_send, send_text
from smsdesk.core.session import Session
from smsdesk.core.states import permitted
from smsdesk.operations.base import Answer, check_text
from smsdesk.operations.smssession.targets import Target, TargetedOperation, queue_named


class Transfer(TargetedOperation, frozen=True, tag="Transfer"):
    """A user, a queue, or `queue_name`. `text` goes to the customer first."""

    queue_name: str | None = None
    text: str | None = None

    def check(self) -> None:
        check_text("queueName", self.queue_name, 255)
        check_text("text", self.text, 10_000)
        if self.queue_name is None:
            TargetedOperation.check(self)

    def apply(self, draft: Draft, session: Session, me: Participation) -> Answer:
        centre = draft.centre
        target: Target = queue_named(centre, self.queue_name) if self.queue_name else self.target(centre)
        check_free(session)
        colleague = _colleague(session, target) if target.id != me.user else None
        if isinstance(target, User) and colleague is None:
            check_target(session, me, target)
        session = self._say(draft, session, me)
        if isinstance(target, Queue):
            session = requeue(draft, session, target.name, None, fresh=True, first=me)
        elif colleague is not None:
            session = transfer_to_colleague(draft, session, me, colleague)
        else:
            session = ask_user(draft, session, me, "Transfer", target)
        draft.close(session, "TransferAsked" if session.pending else "SessionTransferred")
        return {"referenceId": draft.reference()}

    def _say(self, draft: Draft, session: Session, me: Participation) -> Session:
        author = session.participant(me.user)
        if self.text is None:
            return session
        if author is None or not permitted(me.state, me.kind, session.alone(me.user), "SendMessage"):
            raise Refused(Fault.STATE, "text is not possible: the customer is gone, or does not see you")
        check_may_send(draft, session)
        session = send_text(draft, session, author, self.text)
        draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
        return session


def _colleague(session: Session, target: Target) -> Participation | None:
    """The target, when it is an agent who is in the session already."""
    there = session.participation(target.id)
    return there if there and there.state == "Chatting" and there.kind in ("consulted", "agent") else None
