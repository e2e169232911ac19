"""What every operation is: a request struct with the check of its parameters and a pure `apply`
(ARCHITECTURE, house rule 3).
"""

from abc import abstractmethod
from typing import Any, ClassVar

from msgspec import Struct

from smsdesk.core.draft import Draft
from smsdesk.core.errors import invalid
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session

Answer = dict[str, Any]


class Operation(Struct, frozen=True, tag_field="operationName", rename="camel"):
    """An operation as a client sends it: `operationName` and its parameters, flat (SPEC 1.3)."""

    def check(self) -> None:
        """Raises Refused 1 or 10 for a parameter that the types alone do not exclude."""


class SessionOperation(Operation, frozen=True):
    """An operation on one session by a user who takes part in it (S§3)."""

    @abstractmethod
    def apply(self, draft: Draft, session: Session, me: Participation) -> Answer | None:
        """Change the session; refuses before it changes. Returns what the reply has beside statusCode 0, if
        anything.
        """


class UserOperation(Operation, frozen=True):
    """An operation on one user: on his channel, or on all of his work. `supervises`: for supervisors only."""

    supervises: ClassVar[bool] = False

    @abstractmethod
    def apply(self, draft: Draft, user: str) -> Answer | None:
        """Change it; refuses before it changes. Returns what the reply has beside statusCode, if anything."""


def check_text(name: str, text: str | None, longest: int, shortest: int = 1) -> None:
    """Raises Refused 10 when a text is too short, too long, or holds a NUL character (SPEC 8.7)."""
    if text is None:
        return
    if not shortest <= len(text) <= longest:
        raise invalid(name, f"has {len(text)} characters; {shortest} to {longest} are allowed")
    if "\0" in text:
        raise invalid(name, "holds a NUL character")
