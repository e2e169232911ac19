"""What the four typing operations have in common: an entry with an index, never sent to a phone (SPEC 3,
S§3.9).
"""

from typing import Literal

from smsdesk.core.draft import Draft, entries
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import Visibility


def note_typing(
    draft: Draft,
    session: Session,
    me: Participation,
    type: Literal["TypingStarted", "TypingStopped"],
    visibility: Visibility,
) -> None:
    """Enter the notice and tell those who may see it."""
    author = session.participant(me.user)
    assert author is not None
    session = draft.say(session, author, type, visibility)
    draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
    draft.close(session, type)
