"""The operations on a session: one module each, one row each in `OPERATIONS` (S§0.1). The file name is the
snake_case of the name.
"""

from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.attach_user_data import AttachUserData
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.delete_user_data import DeleteUserData
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.leave_and_complete import LeaveAndComplete
from smsdesk.operations.smssession.reject import Reject
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.smssession.send_start_typing_notification import SendStartTypingNotification
from smsdesk.operations.smssession.send_stop_typing_notification import SendStopTypingNotification
from smsdesk.operations.smssession.set_disposition import SetDisposition
from smsdesk.operations.smssession.update_user_data import UpdateUserData

OPERATIONS: tuple[type[SessionOperation], ...] = (
    Accept,
    Reject,
    Complete,
    Leave,
    LeaveAndComplete,
    SendMessage,
    SendStartTypingNotification,
    SendStopTypingNotification,
    AttachUserData,
    UpdateUserData,
    DeleteUserData,
    SetDisposition,
)

# Spellings that a client may send and that are never emitted (SPEC 2.4).
ALIASES: dict[str, str] = {
    "SendStopTypingToAgentNotification": "SendStopTypingToAgentsNotification",
    "SwitchBargeIn": "SwitchToBargeIn",
    "InFocus": "SetInFocus",
}
