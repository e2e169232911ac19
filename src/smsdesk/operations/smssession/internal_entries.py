"""What operations that only enter something into the transcript have in common."""

from smsdesk.core.draft import Draft, entries
from smsdesk.core.message import MessageType
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import Visibility


def enter(
    draft: Draft,
    session: Session,
    me: Participation,
    type: MessageType,
    visibility: Visibility,
    text: str | None = None,
    notice: str | None = None,
) -> None:
    """Enter it and tell those who may see it; nothing goes to a phone."""
    author = session.participant(me.user)
    assert author is not None
    session = draft.say(session, author, type, visibility, text=text, notice=notice)
    draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
    draft.close(session, f"{type}Entered")
