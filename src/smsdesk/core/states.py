"""The only tables of the agent's side of a session: states, transitions, permits (SPEC 2.3, 2.4, S§4).

What is absent is illegal. Permission checks, advertised capabilities and the reference page are all read
from here.
"""

from typing import Literal

State = Literal["Invited", "Chatting", "LeftChat", "Completed", "Revoked"]
Kind = Literal["agent", "consulted", "monitor", "coach", "bargein"]
Visibility = Literal["All", "Agents", "Supervisors"]
Trigger = Literal[
    "offered", "joined", "accepted", "rejected", "withdrawn", "left", "ended", "completed", "revoked"
]

FINAL: frozenset[State] = frozenset({"Completed", "Revoked"})
PRESENT: frozenset[State] = frozenset({"Chatting", "LeftChat"})
SUPERVISOR_KINDS: frozenset[Kind] = frozenset({"monitor", "coach", "bargein"})
VISIBILITY_OF: dict[Kind, Visibility] = {
    "agent": "All",
    "consulted": "Agents",
    "monitor": "Supervisors",
    "coach": "Agents",
    "bargein": "All",
}

# "ended": the customer's side is over and this participation stays for wrap-up; "left": others go on.
TRANSITIONS: dict[tuple[State | None, Trigger], State] = {
    (None, "offered"): "Invited",
    ("Completed", "offered"): "Invited",
    ("Revoked", "offered"): "Invited",
    (None, "joined"): "Chatting",
    ("Completed", "joined"): "Chatting",
    ("Revoked", "joined"): "Chatting",
    ("Invited", "accepted"): "Chatting",
    ("Invited", "ended"): "LeftChat",
    ("Invited", "rejected"): "Completed",
    ("Invited", "withdrawn"): "Revoked",
    ("Chatting", "left"): "Completed",
    ("Chatting", "ended"): "LeftChat",
    ("Chatting", "completed"): "Completed",
    ("Chatting", "revoked"): "Revoked",
    ("LeftChat", "completed"): "Completed",
}


def after(state: State | None, trigger: Trigger) -> State:
    """The state a trigger leads to. Raises KeyError where the table has no such transition."""
    return TRANSITIONS[state, trigger]


Permit = tuple[
    str, tuple[str, ...]
]  # operation, names it is advertised under (none: permitted, never advertised)


def _listed(*names: str) -> tuple[Permit, ...]:
    return tuple((name, (name,)) for name in names)


def _silent(*names: str) -> tuple[Permit, ...]:
    return tuple((name, ()) for name in names)


_HANDLE = _listed("Transfer", "Leave", "Invite", "Consult", "SetInFocus", "SetDisposition")
_DATA = _listed("AttachUserData", "DeleteUserData", "UpdateUserData")
_TO_AGENTS = _listed(
    "SendToAgents", "SendStartTypingToAgentsNotification", "SendStopTypingToAgentsNotification"
) + _silent("SendCustomNoticeToAgents")
_TO_ALL = _listed("SendMessage", "SendStartTypingNotification", "SendStopTypingNotification") + _silent(
    "SendUrl", "SendCustomNotice"
)
_COMPLETE = _listed("Complete") + _silent("LeaveAndComplete")
_AGENT_SILENT = _silent("AddComment", "CancelConsult", "RemoveParticipantFromConference")
_WATCHING = (
    _listed("Leave", "SetInFocus", "SetDisposition", "AttachUserData", "DeleteUserData", "UpdateUserData")
    + _listed("Transfer", "Invite", "Consult")
    + _silent("CancelConsult")
)
_TO_BARGE_IN: tuple[Permit, ...] = (("SwitchToBargeIn", ("SwitchToBargeIn", "SwitchBargeIn")),)
_INVITED = _listed("Accept", "Reject")
_WRAP_UP = (
    _listed("Transfer", "Complete", "Leave", "SetInFocus", "SetDisposition")
    + _DATA
    + _silent("LeaveAndComplete", "AddComment")
)

# (state, kind of participation, no second agent there) -> permits in the order in which they are advertised
PERMITS: dict[tuple[State, Kind, bool], tuple[Permit, ...]] = {
    ("Chatting", "agent", True): _HANDLE + _DATA + _COMPLETE + _TO_ALL + _AGENT_SILENT,
    ("Chatting", "agent", False): _HANDLE + _DATA + _TO_AGENTS + _COMPLETE + _TO_ALL + _AGENT_SILENT,
}
for _alone in (True, False):
    for _kind in VISIBILITY_OF:
        PERMITS["Invited", _kind, _alone] = _INVITED
    PERMITS["LeftChat", "agent", _alone] = _WRAP_UP
    PERMITS["Chatting", "consulted", _alone] = (
        _listed("Leave", "SetInFocus") + _DATA + _TO_AGENTS + _silent("AddComment")
    )
    PERMITS["Chatting", "monitor", _alone] = _WATCHING + _listed("SwitchToCoach") + _TO_BARGE_IN
    PERMITS["Chatting", "coach", _alone] = _WATCHING + _TO_AGENTS + _listed("SwitchToMonitor") + _TO_BARGE_IN
    PERMITS["Chatting", "bargein", _alone] = (
        _WATCHING
        + _TO_AGENTS
        + _TO_ALL
        + _listed("SwitchToMonitor", "SwitchToCoach")
        + _silent("RemoveParticipantFromConference")
    )

_NONE: tuple[Permit, ...] = ()
_CAPABILITIES = {
    row: tuple(name for _, names in permits for name in names) for row, permits in PERMITS.items()
}
_OPERATIONS = {row: frozenset(operation for operation, _ in permits) for row, permits in PERMITS.items()}


def capabilities(state: State, kind: Kind, alone: bool) -> tuple[str, ...]:
    """Names advertised to a participation, in the order of SPEC 2.4."""
    return _CAPABILITIES.get((state, kind, alone), ())


def permitted(state: State, kind: Kind, alone: bool, operation: str) -> bool:
    """Whether the table lets this participation perform the operation."""
    return operation in _OPERATIONS.get((state, kind, alone), frozenset())


def sees(viewer: Visibility, thing: Visibility) -> bool:
    """The one visibility rule (SPEC 3): `viewer` is the level somebody sees at (customer: All, agents:
    Agents, supervisors: Supervisors).
    """
    return _RANK[thing] <= _RANK[viewer]


_RANK: dict[Visibility, int] = {"All": 0, "Agents": 1, "Supervisors": 2}


def level(kind: Kind) -> Visibility:
    """The level at which a kind of participation sees."""
    return "Supervisors" if kind in SUPERVISOR_KINDS else "Agents"
