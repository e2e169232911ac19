"""Intrude: a supervisor asks himself into a session that is running at an agent (SPEC 3, 9.1, S§3.27)."""

from typing import Literal

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, missing, unknown
from smsdesk.core.inviting import offer
from smsdesk.core.states import FINAL
from smsdesk.core.watching import KIND_OF_MODE
from smsdesk.operations.base import Operation


class Intrude(Operation, frozen=True, tag="Intrude"):
    """`supervisor_visibility_mode`: left out, the mode in which the agent is being watched."""

    supervisor_visibility_mode: Literal["Monitor", "Coach", "BargeIn"] | None = None

    def apply(self, draft: Draft, user: str, session_id: str) -> None:
        """Offer the session of this agent to the supervisor who asks; he joins by Accept."""
        assert draft.actor is not None
        watch = draft.agent(draft.actor).watch_of(user)
        mode = self.supervisor_visibility_mode or (watch.mode if watch else None)
        session = draft.session(session_id)
        watched = session.participation(user)
        if watched is None or watched.state != "Chatting":
            raise unknown("the session")
        if mode is None:
            raise missing("supervisorVisibilityMode")
        mine = session.participation(draft.actor)
        if mine is not None and mine.state not in FINAL:
            raise Refused(Fault.STATE, "you are in this session already")
        nickname = watch.nickname if watch else None
        session = offer(draft, session, draft.actor, "Intrude", KIND_OF_MODE[mode], nickname)
        draft.audit(f"intrude as {mode}", user, session.id)
        draft.close(session, "IntrusionOffered")
