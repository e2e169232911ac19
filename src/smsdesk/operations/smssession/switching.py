"""What the three switches of a supervisor have in common (SPEC 3, S§3.28)."""

from smsdesk.core.draft import Draft, entries
from smsdesk.core.events import Tell
from smsdesk.core.inviting import become
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import VISIBILITY_OF, Kind, level, sees


def switch(draft: Draft, session: Session, me: Participation, kind: Kind) -> None:
    """Take the other mode: whoever saw the supervisor, or sees him now, is told of it."""
    before, now = VISIBILITY_OF[me.kind], VISIBILITY_OF[kind]
    session = become(draft, session, me, kind)
    last = session.next_index - 1
    for viewer in session.viewers():
        sight = level(viewer.kind)
        if viewer.user == me.user or sees(sight, before) or sees(sight, now):
            draft.tell(session, viewer.user, Tell("participants"))
            if sees(sight, now):
                draft.tell(session, viewer.user, entries(last, last))
    draft.audit(f"switched to {kind}", me.watches or "", session.id)
    draft.close(session, "ModeSwitched")
