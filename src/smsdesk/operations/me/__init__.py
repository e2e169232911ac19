"""Operations on `/me`: beginning and ending work (C§3.2, C§3.3)."""

from smsdesk.operations.base import UserOperation
from smsdesk.operations.channel import OPERATIONS as CHANNEL_OPERATIONS
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession
from smsdesk.operations.me.start_contact_center_session import StartContactCenterSession

OPERATIONS: tuple[type[UserOperation], ...] = (
    StartContactCenterSession,
    EndContactCenterSession,
    *CHANNEL_OPERATIONS,
)
