"""The lists of SPEC 2.4 written out once more, to hold the table of the program against something else."""

from smsdesk.core.states import Kind, State

Row = tuple[State, Kind, bool]

STATES: tuple[State, ...] = ("Invited", "Chatting", "LeftChat", "Completed", "Revoked")
KINDS: tuple[Kind, ...] = ("agent", "consulted", "monitor", "coach", "bargein")
ROWS: tuple[Row, ...] = tuple((s, k, alone) for s in STATES for k in KINDS for alone in (True, False))

TO_AGENTS = "SendToAgents SendStartTypingToAgentsNotification SendStopTypingToAgentsNotification"
TO_ALL = "SendMessage SendStartTypingNotification SendStopTypingNotification"
DATA = "AttachUserData DeleteUserData UpdateUserData"
HANDLING = f"Transfer Leave Invite Consult SetInFocus SetDisposition {DATA}"
WATCHING = f"Leave SetInFocus SetDisposition {DATA} Transfer Invite Consult"  # S§3.28
BARGE_IN = "SwitchToBargeIn SwitchBargeIn"

ADVERTISED: dict[tuple[State, Kind, bool], str] = {
    ("Chatting", "agent", True): f"{HANDLING} Complete {TO_ALL}",
    ("Chatting", "agent", False): f"{HANDLING} {TO_AGENTS} Complete {TO_ALL}",
}
SILENT: dict[tuple[State, Kind, bool], str] = {
    ("Chatting", "agent", True): "AddComment CancelConsult RemoveParticipantFromConference SendUrl "
    "SendCustomNotice LeaveAndComplete",
    ("Chatting", "agent", False): "AddComment CancelConsult RemoveParticipantFromConference SendUrl "
    "SendCustomNotice SendCustomNoticeToAgents LeaveAndComplete",
}
for _alone in (True, False):
    for _kind in KINDS:
        ADVERTISED["Invited", _kind, _alone] = "Accept Reject"
    ADVERTISED |= {
        ("Chatting", "consulted", _alone): f"Leave SetInFocus {DATA} {TO_AGENTS}",
        ("Chatting", "monitor", _alone): f"{WATCHING} SwitchToCoach {BARGE_IN}",
        ("Chatting", "coach", _alone): f"{WATCHING} {TO_AGENTS} SwitchToMonitor {BARGE_IN}",
        ("Chatting", "bargein", _alone): f"{WATCHING} {TO_AGENTS} {TO_ALL} SwitchToMonitor SwitchToCoach",
        ("LeftChat", "agent", _alone): f"Transfer Complete Leave SetInFocus SetDisposition {DATA}",
    }
    SILENT |= {
        ("Chatting", "consulted", _alone): "AddComment SendCustomNoticeToAgents",
        ("Chatting", "monitor", _alone): "CancelConsult",
        ("Chatting", "coach", _alone): "CancelConsult SendCustomNoticeToAgents",
        ("Chatting", "bargein", _alone): "CancelConsult SendCustomNoticeToAgents SendUrl SendCustomNotice "
        "RemoveParticipantFromConference",
        ("LeftChat", "agent", _alone): "LeaveAndComplete AddComment",
    }

ALSO_WRITTEN = {"SwitchBargeIn": "SwitchToBargeIn"}  # capability names that are no operations of their own


def advertised(row: Row) -> tuple[str, ...]:
    """The capabilities of SPEC 2.4 for a row, in order."""
    return tuple(ADVERTISED.get(row, "").split())


def allowed(row: Row) -> frozenset[str]:
    """Every operation that SPEC 2.4 permits in a row."""
    named = (*advertised(row), *SILENT.get(row, "").split())
    return frozenset(ALSO_WRITTEN.get(name, name) for name in named)
