"""Who is in a session (participants, seen by everybody) and how a user stands to it (participations, one's
own).
"""

from typing import Literal

from msgspec import Struct

from smsdesk.core.states import Kind, State, Visibility


class Participant(Struct, frozen=True, omit_defaults=True):
    """Somebody in the session, in the order of joining (S§2.2). `user` is set for agents only."""

    id: str
    type: Literal["Agent", "Customer", "External"]
    nickname: str
    visibility: Visibility = "All"
    user: str | None = None


class Participation(Struct, frozen=True, omit_defaults=True):
    """One user's side of a session: his state, kind, and the participant he is or was (SPEC 2.3).

    `offer` tells where an open offer comes from: "queue", or the operation of the one who asks. `nickname`
    is the name a
    supervisor chose beforehand. `since` in UTC milliseconds.
    """

    user: str
    state: State
    kind: Kind
    since: int
    participant: str | None = None
    offer: str | None = None
    nickname: str | None = None
    watches: str | None = None


class Pending(Struct, frozen=True, omit_defaults=True):
    """The one open invitation of a session (SPEC 8.5): who asks whom (or through which queue), and the
    reference he was given.
    """

    operation: Literal["Transfer", "Consult", "Invite"]
    by: str
    reference: int
    to: str | None = None
    queue: str | None = None
    text: str | None = None
