"""The session aggregate: an immutable value with the questions one may ask of it (SPEC 2, 8.4, 8.5). Changes
are made by `draft`.
"""

from collections.abc import Iterator

from msgspec import Struct

from smsdesk.core.participant import Participant, Participation, Pending
from smsdesk.core.states import FINAL, State, Visibility, capabilities, sees
from smsdesk.core.user_data import UserData


class Session(Struct, frozen=True, omit_defaults=True):
    """A conversation of one customer number with one service number; times in UTC milliseconds.

    `active` is when a text last went either way. `open`: the customer is connected, inbound texts find it
    (SPEC 5.1). `queue` is the name of the queue it came through.
    `handled` is when an agent last did anything in it, kept only where that matters.
    `ended` is when it was no longer open, 0 before. `owner`: the agent whose it is, or was last.
    Participations of users who are done stay, so that a late request is told what happened (SPEC 1.6).
    """

    id: str
    service_number: str
    customer_number: str
    carrier: str
    received: int
    user_data: UserData
    next_index: int
    active: int = 0
    open: bool = True
    queue: str | None = None
    participants: tuple[Participant, ...] = ()
    participations: tuple[Participation, ...] = ()
    pending: Pending | None = None
    comment: str | None = None
    contact_id: str | None = None
    subject: str | None = None
    disposition: str | None = None
    ended: int = 0
    owner: str | None = None
    handled: int = 0
    v: int = 1

    @property
    def key(self) -> str | None:
        """What may exist only once: the open session of a pair of numbers (SPEC 5.1)."""
        return self.pair if self.open else None

    @property
    def pair(self) -> str:
        """The identity of the conversation, open or not."""
        return pair(self.service_number, self.customer_number)

    @property
    def customer(self) -> Participant | None:
        """The customer, while connected."""
        return next((p for p in self.participants if p.type == "Customer"), None)

    def participation(self, user: str) -> Participation | None:
        """How this user stands to the session, also when he is done with it."""
        return next((p for p in self.participations if p.user == user), None)

    def participant(self, user: str) -> Participant | None:
        """The participant this user is now."""
        return next((p for p in self.participants if p.user == user), None)

    def viewers(self) -> Iterator[Participation]:
        """Participations that can see the session now."""
        return (p for p in self.participations if p.state not in FINAL)

    def visible(self, at: Visibility) -> tuple[Participant, ...]:
        """The participants somebody at this level sees."""
        return tuple(p for p in self.participants if sees(at, p.visibility))

    def alone(self, user: str) -> bool:
        """No second agent there. A silent supervisor is none, a coaching or barged-in one is (SPEC 2.4)."""
        return not any(
            p.type == "Agent" and p.user != user and p.visibility != "Supervisors" for p in self.participants
        )

    def agents(self, but: str | None = None) -> list[Participation]:
        """Users who chat with the customer: agents with visibility All, supervisors not counted."""
        return [
            p for p in self.participations if p.kind == "agent" and p.state == "Chatting" and p.user != but
        ]

    def capabilities(self, user: str) -> tuple[str, ...]:
        """Names of what this user may do now (SPEC 2.4)."""
        mine = self.participation(user)
        return capabilities(mine.state, mine.kind, self.alone(user)) if mine else ()

    def states(self) -> dict[str, State]:
        """State per user."""
        return {p.user: p.state for p in self.participations}


def pair(service_number: str, customer_number: str) -> str:
    """The identity of a conversation as one string. Numbers hold no blank."""
    return f"{service_number} {customer_number}"
