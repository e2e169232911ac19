"""Short ways to write sessions down in tests."""

from smsdesk.core.participant import Participant, Participation
from smsdesk.core.session import Session
from smsdesk.core.states import VISIBILITY_OF, Kind, State

CUSTOMER = Participant("C0", "Customer", "Customer")
Part = tuple[str, State, Kind]


def session(*parts: Part, open: bool = True) -> Session:
    """A session with these participations; who is Chatting is also a participant."""
    people = [CUSTOMER] if open else []
    people += [
        Participant(f"P-{user}", "Agent", user, VISIBILITY_OF[kind], user)
        for user, state, kind in parts
        if state == "Chatting"
    ]
    return Session(
        "S1",
        "+15550100",
        "+15550111",
        "simulator",
        received=0,
        user_data={},
        next_index=1,
        open=open,
        participants=tuple(people),
        participations=tuple(
            Participation(user, state, kind, 0, f"P-{user}" if state == "Chatting" else None)
            for user, state, kind in parts
        ),
    )
