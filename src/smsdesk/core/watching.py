"""Supervisors in sessions: joining with the agent they watch, and changing the mode (SPEC 3 Supervisor,
S§3.25-3.28).
"""

from smsdesk.core.draft import Draft
from smsdesk.core.inviting import join
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, Kind

KIND_OF_MODE: dict[str, Kind] = {"Monitor": "monitor", "Coach": "coach", "BargeIn": "bargein"}


def bring_watchers(draft: Draft, session: Session, agent: str) -> tuple[Session, list[str]]:
    """Everybody who watches this agent joins what he just accepted; returns who did.

    What was handed over for wrap-up has nobody left to watch (SPEC 9.7).
    """
    joined: list[str] = []
    if not session.open:
        return session, joined
    for supervisor in draft.newest.watchers(agent):
        watcher = draft.agent(supervisor)
        watch = watcher.watch_of(agent)
        there = session.participation(supervisor)
        if watch is None or (there is not None and there.state not in FINAL):
            continue
        kind = KIND_OF_MODE[watch.mode]
        nickname = watch.nickname or draft.centre.users[supervisor].user_name
        session, participant = join(draft, session, supervisor, kind, nickname)
        session = draft.move(
            session, supervisor, "joined", kind=kind, participant=participant.id, watches=agent
        )
        if watch.scope == "NextChat":
            watcher = draft.agent(supervisor)
            draft.change(watcher, watches=tuple(w for w in watcher.watches if w.agent != agent))
        draft.audit(f"{watch.mode} joined", agent, session.id)
        joined.append(supervisor)
    return session, joined
