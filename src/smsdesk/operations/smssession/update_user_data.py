"""UpdateUserData: the same as AttachUserData under its other documented name (SPEC 3, S§3.21)."""

from smsdesk.core.draft import Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.user_data import UserData, check
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.attach_user_data import write_user_data


class UpdateUserData(SessionOperation, frozen=True, tag="UpdateUserData"):
    """`user_data`: as for AttachUserData; unknown keys are created."""

    user_data: UserData

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        write_user_data(draft, session, check(self.user_data))
