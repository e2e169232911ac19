"""Operations on `/me`: beginning and ending work, the own password (C§3.2, C§3.3, C§2.6)."""

from smsdesk.operations.base import Operation
from smsdesk.operations.channel import OPERATIONS as CHANNEL_OPERATIONS
from smsdesk.operations.me.change_password import ChangePassword
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession
from smsdesk.operations.me.pull import Pull
from smsdesk.operations.me.report_response_template_usage import ReportResponseTemplateUsage
from smsdesk.operations.me.start_contact_center_session import StartContactCenterSession

OPERATIONS: tuple[type[Operation], ...] = (
    StartContactCenterSession,
    EndContactCenterSession,
    ChangePassword,
    ReportResponseTemplateUsage,
    Pull,
    *CHANNEL_OPERATIONS,
)
