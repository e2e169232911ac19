"""AttachUserData: write keys of the attached data, leave the others (SPEC 3, S§3.20)."""

from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.user_data import UserData, check, check_size
from smsdesk.operations.base import SessionOperation


class AttachUserData(SessionOperation, frozen=True, tag="AttachUserData"):
    """`user_data`: values are strings, numbers, booleans, null or an object of such."""

    user_data: UserData

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        write_user_data(draft, session, check(self.user_data))


def write_user_data(draft: Draft, session: Session, data: UserData) -> None:
    """Merge keys and tell everybody the complete data, also when nothing changed. Raises Refused 10 beyond
    64 KiB.
    """
    merged = {**session.user_data, **data}
    check_size(merged)
    session = draft.change(session, user_data=merged)
    draft.tell_all(session, PROPERTIES)
    draft.close(session, "UserDataChanged")
