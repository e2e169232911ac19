"""What is measured, in the order in which it stands in the table."""

from dataclasses import dataclass

from bench.subjects import Floor, Smsdesk, Subject, Work, cometd, faye


@dataclass(frozen=True)
class Pushes:
    """Desks that publish one message after the other, each heard by all screens of the desk. `pace`: messages
    a second in all, instead of as many as go.
    """

    name: str
    title: str
    work: Work
    desks: int
    screens: int
    subjects: tuple[Subject, ...]
    pace: int = 0
    quick: bool = True


@dataclass(frozen=True)
class Texts:
    """Texts from so many phones, `window` of them under way."""

    name: str
    title: str
    phones: int
    window: int
    quick: bool = True


@dataclass(frozen=True)
class Decisions:
    """Routing decisions while so many wait, by the engine, and by the plain way where `scanned`."""

    name: str
    title: str
    waiting: int
    scanned: bool = False
    quick: bool = True


Case = Pushes | Texts | Decisions
UPDATE_POLL, UPDATE_SOCKET = Work("update", "long-polling"), Work("update", "websocket")
TEXT_SOCKET = Work("text", "websocket")
CASES: tuple[Case, ...] = (
    Pushes(
        "operations-websocket", "UpdateUserData, committed and heard by WebSocket, 50 agents",
        UPDATE_SOCKET, 50, 1, (Smsdesk(), Floor()),
    ),
    Pushes(
        "operations-polling", "UpdateUserData, committed and heard by long-polling, 50 agents",
        UPDATE_POLL, 50, 1, (Smsdesk(), Floor()),
    ),
    Pushes(
        "messages-websocket", "SendMessage, committed, heard by WebSocket and sent, 50 agents",
        TEXT_SOCKET, 50, 1, (Smsdesk(),),
    ),
    Pushes(
        "deliveries-polling", "deliveries by long-polling, 1,008 clients, each message to 16",
        UPDATE_POLL, 63, 16, (Smsdesk(), Floor(), faye(), cometd()),
    ),
    Pushes(
        "deliveries-websocket", "deliveries by WebSocket, 1,008 clients, each message to 16",
        UPDATE_SOCKET, 63, 16, (Smsdesk(), Floor(), faye()),
    ),
    Pushes(
        "held-polls", "500 operations a second among 5,000 held polls",
        UPDATE_POLL, 5000, 1, (Smsdesk(), Floor(), faye()), pace=500, quick=False,
    ),
    Texts("texts-smpp", "texts in by SMPP, committed and acknowledged, 200 phones, 64 under way", 200, 64),
    Decisions("routing-1000", "routing decisions, 1,000 wait, 5,000 agents, 200 targets", 1_000, True),
    Decisions("routing-100000", "routing decisions, 100,000 wait, 5,000 agents, 200 targets", 100_000),
)  # fmt: skip
