"""All Bayeux clients: by id, by user, and by the time at which something about them is due."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import NamedTuple

from smsdesk.bayeux.session import Ending, Hold, Session


class Expired(NamedTuple):
    """``over``: held connects whose time is up, to be released. ``forgotten``: clients that are gone."""

    over: list[str]
    forgotten: list[str]


class Clients:
    """The register. A session has at most one live timer; a due time that moves later costs nothing."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._by_id: dict[str, Session] = {}
        self._by_user: dict[str, dict[str, Session]] = {}
        self._timers: list[tuple[int, str]] = []
        self._holds = 0
        self.held = 0
        self.deserted: Callable[[str], None] = lambda user: None
        """Called when the last client of a user is on its way out."""

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def users(self) -> list[str]:
        """Users with at least one client."""
        return list(self._by_user)

    def get(self, client_id: str | None) -> Session | None:
        """The client of that id, also one that is ending."""
        return None if client_id is None else self._by_id.get(client_id)

    def any_of(self, user: str) -> bool:
        """Whether the user has a client that is not ending."""
        return user in self._by_user

    def of(self, user: str) -> list[Session]:
        """The user's clients, oldest first, without those that are ending."""
        return list(self._by_user.get(user, {}).values())

    def add(self, user: str, transport: str, acknowledges: bool, now: int, login: str = "") -> Session:
        """A new client of the user. Raises RuntimeError if the source of ids repeats itself."""
        client_id = self._new_id()
        if client_id in self._by_id:
            raise RuntimeError("a client id came twice")
        session = Session(client_id, user, transport, acknowledges, now, login)
        self._by_id[client_id] = session
        self._by_user.setdefault(user, {})[client_id] = session
        return session

    def retire(self, session: Session, why: Ending) -> None:
        """No message reaches the client any more. It stays known while it is owed an answer."""
        session.ending = why
        self._leave_user(session)
        if session.hold is None and why is not Ending.LOGGED_OUT:
            self.forget(session)

    def forget(self, session: Session) -> None:
        """The client is unknown from now on. It holds no connect (any more)."""
        self._leave_user(session)
        self._by_id.pop(session.client_id, None)

    def hold(self, session: Session, hold: Hold) -> None:
        """The session's connect waits until ``hold.until``."""
        session.hold = hold
        self.held += 1
        self.arm(session, hold.until)

    def holding(self) -> list[str]:
        """Clients with a held connect."""
        return [client_id for client_id, session in self._by_id.items() if session.hold is not None]

    def end_hold(self, session: Session) -> None:
        """The session's connect does not wait any more."""
        session.hold = None
        self.held -= 1

    def next_hold(self) -> int:
        """A number that no other hold has."""
        self._holds += 1
        return self._holds

    def arm(self, session: Session, due: int) -> None:
        """Something is due for the session at that time and not before."""
        session.due = due
        if session.armed == 0 or due < session.armed:
            session.armed = due
            heappush(self._timers, (due, session.client_id))

    def expire(self, now: int) -> Expired:
        """What is due. A hold that is over is told once: the caller releases it."""
        over: list[str] = []
        forgotten: list[str] = []
        while self._timers and self._timers[0][0] <= now:
            session = self._live(*heappop(self._timers))
            if session is None:
                continue
            session.armed = 0
            if session.due > now:
                self.arm(session, session.due)
            elif session.hold is not None:
                over.append(session.client_id)
            else:
                self.forget(session)
                forgotten.append(session.client_id)
        return Expired(over, forgotten)

    def next_due(self) -> int | None:
        """When to call ``expire`` next (it may find nothing), None if never."""
        while self._timers and self._live(*self._timers[0]) is None:
            heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def _live(self, due: int, client_id: str) -> Session | None:
        session = self._by_id.get(client_id)
        return session if session is not None and session.armed == due else None

    def _leave_user(self, session: Session) -> None:
        mine = self._by_user.get(session.user, {})
        if mine.pop(session.client_id, None) is not None and not mine:
            del self._by_user[session.user]
            self.deserted(session.user)
