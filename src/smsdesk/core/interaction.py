"""The interaction aggregate: where a session stands with routing (A§4). Its id is the session's."""

from typing import Literal

from msgspec import Struct

Place = Literal["waiting", "offered", "assigned", "parked", "closed"]

Happened = Literal[
    "arrived",
    "queued",
    "offered",
    "accepted",
    "rejected",
    "missed",
    "withdrawn",
    "acted",
    "parked",
    "woken",
    "closed",
]


class Step(Struct, frozen=True, omit_defaults=True, array_like=True):
    """Something that routing did, or that was done to what it did, at a time (UTC milliseconds). `number`: of
    an act of the strategy, from 1 on.
    """

    at: int
    what: Happened
    user: str | None = None
    queue: str | None = None
    number: int = 0


class Interaction(Struct, frozen=True, omit_defaults=True):
    """Exactly one place at a time: waiting in a queue, offered to one agent, assigned, parked, closed.

    `arrived` (UTC milliseconds) and `priority` stay through every return to the queue (SPEC 3). `rejected`:
    user -> when he rejected or missed it. `purpose` is set while it waits for a further agent (Consult,
    Invite) rather than for its first; `of` then names the session. `answered`: an agent has accepted it
    since it arrived in the queue.

    `began` (UTC milliseconds, 0 for `arrived`): when its queue's strategy began with it. `acts`: how many
    acts of the strategy are done. `wake` (UTC milliseconds, 0 for never): when a parked one waits again.
    `told`: since it arrived, the customer was told that it is closed. `stay`: the id of its stay in the
    queue, empty until it is asked for. `trace`: what routing did with it so far (`core.trace`).
    """

    id: str
    queue: str
    arrived: int
    place: Place = "waiting"
    priority: int = 0
    offered_to: str | None = None
    rejected: dict[str, int] = {}
    last_agent: str | None = None
    purpose: Literal["Consult", "Invite"] | None = None
    of: str | None = None
    answered: bool = False
    began: int = 0
    acts: int = 0
    wake: int = 0
    told: bool = False
    stay: str = ""
    trace: tuple[Step, ...] = ()
    v: int = 1

    @property
    def session(self) -> str:
        """The session that waits."""
        return self.of or self.id
