"""The operations on a session: one module each, one row each in `OPERATIONS` (S§0.1).

The file name is the snake_case of the operationName.
"""

from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.add_comment import AddComment
from smsdesk.operations.smssession.attach_user_data import AttachUserData
from smsdesk.operations.smssession.cancel_consult import CancelConsult
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.delete_user_data import DeleteUserData
from smsdesk.operations.smssession.invite import Invite
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.leave_and_complete import LeaveAndComplete
from smsdesk.operations.smssession.reject import Reject
from smsdesk.operations.smssession.remove_participant_from_conference import RemoveParticipantFromConference
from smsdesk.operations.smssession.send_custom_notice import SendCustomNotice
from smsdesk.operations.smssession.send_custom_notice_to_agents import SendCustomNoticeToAgents
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.smssession.send_start_typing_notification import SendStartTypingNotification
from smsdesk.operations.smssession.send_start_typing_to_agents_notification import (
    SendStartTypingToAgentsNotification,
)
from smsdesk.operations.smssession.send_stop_typing_notification import SendStopTypingNotification
from smsdesk.operations.smssession.send_stop_typing_to_agents_notification import (
    SendStopTypingToAgentsNotification,
)
from smsdesk.operations.smssession.send_to_agents import SendToAgents
from smsdesk.operations.smssession.send_url import SendUrl
from smsdesk.operations.smssession.set_disposition import SetDisposition
from smsdesk.operations.smssession.set_in_focus import SetInFocus
from smsdesk.operations.smssession.switch_to_barge_in import SwitchToBargeIn
from smsdesk.operations.smssession.switch_to_coach import SwitchToCoach
from smsdesk.operations.smssession.switch_to_monitor import SwitchToMonitor
from smsdesk.operations.smssession.transfer import Transfer
from smsdesk.operations.smssession.update_user_data import UpdateUserData

OPERATIONS: tuple[type[SessionOperation], ...] = (
    Accept,
    Reject,
    Complete,
    Leave,
    LeaveAndComplete,
    SendMessage,
    SendUrl,
    SendStartTypingNotification,
    SendStopTypingNotification,
    SendCustomNotice,
    SendToAgents,
    SendStartTypingToAgentsNotification,
    SendStopTypingToAgentsNotification,
    SendCustomNoticeToAgents,
    Consult,
    CancelConsult,
    Invite,
    Transfer,
    RemoveParticipantFromConference,
    AttachUserData,
    UpdateUserData,
    DeleteUserData,
    SetDisposition,
    AddComment,
    SetInFocus,
    SwitchToMonitor,
    SwitchToCoach,
    SwitchToBargeIn,
)

# Spellings that a client may send and that are never emitted (SPEC 2.4).
ALIASES: dict[str, str] = {
    "SendStopTypingToAgentNotification": "SendStopTypingToAgentsNotification",
    "SwitchBargeIn": "SwitchToBargeIn",
    "InFocus": "SetInFocus",
}
