"""HTTP sessions as records: begun within a bound per user, ended with whatever ends them in one commit (SPEC
8.11).
"""

from collections.abc import Iterable

from smsdesk.core.draft import Draft
from smsdesk.operations.login import HttpSession


def begin(draft: Draft, session: HttpSession, instead: Iterable[str], address: str | None) -> None:
    """A user is logged in. `instead`: ids of sessions that make room; `address`: written to the audit log."""
    forget(draft, instead)
    draft.put("http", session.id, session)
    if address is not None:
        draft.audit("logged in", session.user, address=address)


def forget(draft: Draft, sessions: Iterable[str]) -> None:
    """End these sessions, as far as they are still there."""
    for id in sessions:
        if draft.get("http", id) is not None:
            draft.put("http", id, None)


def prolong(draft: Draft, session: HttpSession) -> None:
    """Let a session last longer, unless somebody has logged out meanwhile."""
    if draft.get("http", session.id) is not None:
        draft.put("http", session.id, session)
