"""The agent aggregate: readiness, what lies on the desk, and whom a supervisor watches (SPEC 4.7, C§3.4)."""

from typing import Literal

from msgspec import Struct

Readiness = Literal["LoggedOut", "NotReady", "Ready"]


class AgentState(Struct, frozen=True, omit_defaults=True):
    """An entry of `settings/agent-states` (C§3.4). `state` is the word used in settings: Ready, NotReady,
    Logout.
    """

    id: str
    operation: str
    display_name: str
    state: Literal["Ready", "NotReady", "Logout"]
    work_mode: str | None = None
    reason: str | None = None


AGENT_STATES: tuple[AgentState, ...] = (
    AgentState("9430250E-0A1B-421F-B372-F29E69366DED", "Ready", "Ready", "Ready"),
    AgentState("900D55CC-2BB0-431F-8BF9-D3525B383BE6", "NotReady", "Not Ready", "NotReady"),
    AgentState(
        "0F7F5003-EF26-4D13-A6Ef-D0C7EC819BEB", "Offline", "Offline", "Logout"
    ),  # the lower-case f is real
    AgentState(
        "D3663509-3D82-4DD3-A82E-2EA8EFA02AEF", "AfterCallWork", "AfterCallWork", "NotReady", "AfterCallWork"
    ),
    AgentState("2B36138D-C564-4562-A8CB-3C32D564F296", "AuxWork", "AuxWork", "NotReady", "AuxWork"),
)
READY, NOT_READY, OFFLINE = AGENT_STATES[:3]


class Watch(Struct, frozen=True, omit_defaults=True):
    """A supervisor watches an agent: `scope` AllChats or NextChat (S§3.25)."""

    agent: str
    mode: Literal["Monitor", "Coach", "BargeIn"]
    scope: Literal["AllChats", "NextChat"] = "AllChats"
    nickname: str | None = None


class Agent(Struct, frozen=True, omit_defaults=True):
    """A user's working state. `desk`: ids of sessions in which he is Invited, Chatting or in LeftChat,
    oldest first.

    `since` (UTC milliseconds): when the readiness began. `references_until`: referenceIds below it may have
    been given out;
    they are taken in blocks, so that an operation need not write the agent (docs/adr).
    """

    id: str
    readiness: Readiness = "LoggedOut"
    state: AgentState = OFFLINE
    since: int = 0
    do_not_disturb: bool = False
    desk: tuple[str, ...] = ()
    focus: str | None = None
    watches: tuple[Watch, ...] = ()
    references_until: int = 1
    v: int = 1

    @property
    def logged_in(self) -> bool:
        """Logged in on the SMS channel."""
        return self.readiness != "LoggedOut"

    def watch_of(self, agent: str) -> Watch | None:
        """How this supervisor watches an agent, if he does."""
        return next((w for w in self.watches if w.agent == agent), None)
