"""DeleteUserData: remove keys of the attached data; an absent key is no error (SPEC 3, S§3.22)."""

from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation


class DeleteUserData(SessionOperation, frozen=True, tag="DeleteUserData"):
    """`keys`: the keys to remove."""

    keys: list[str]

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        gone = frozenset(self.keys)
        left = {key: value for key, value in session.user_data.items() if key not in gone}
        session = draft.change(session, user_data=left)
        draft.tell_all(session, PROPERTIES)
        draft.close(session, "UserDataChanged")
