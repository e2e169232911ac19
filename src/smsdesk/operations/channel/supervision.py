"""Monitor, Coach, BargeIn and CancelSupervisorMonitoring: watching an agent from his next session on
(SPEC 3, S§3.25, S§3.26).
"""

from typing import ClassVar, Literal

from msgspec.structs import replace

from smsdesk.core.agent import Watch
from smsdesk.core.centre import Centre, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.base import UserOperation, check_text


def check_supervises(centre: Centre, caller: User, subject: User) -> None:
    """The one rule of who may watch and direct whom (C§4): supervisors the members of their groups,
    administrators everybody. Raises Refused 5.
    """
    if not centre.watches(caller, subject.id):
        raise Refused(Fault.PERMISSION, f"{caller.user_name} may not supervise {subject.user_name}")


class Watching(UserOperation, frozen=True):
    """`supervisor_monitoring_mode`: the next session only, or all. `nickname`: how the supervisor appears."""

    supervises: ClassVar[bool] = True
    mode: ClassVar[Literal["Monitor", "Coach", "BargeIn"]]
    supervisor_monitoring_mode: Literal["NextChat", "AllChats"] = "AllChats"
    nickname: str | None = None

    def check(self) -> None:
        check_text("nickname", self.nickname, 255)

    def apply(self, draft: Draft, user: str) -> None:
        assert draft.actor is not None
        supervisor = draft.agent(draft.actor)
        watch = Watch(user, self.mode, self.supervisor_monitoring_mode, self.nickname)
        others = tuple(w for w in supervisor.watches if w.agent != user)
        draft.save(replace(supervisor, watches=(*others, watch)))
        draft.audit(f"{self.mode} started", user)


class Monitor(Watching, frozen=True, tag="Monitor"):
    """Silent: only other supervisors see it."""

    mode: ClassVar[Literal["Monitor", "Coach", "BargeIn"]] = "Monitor"


class Coach(Watching, frozen=True, tag="Coach"):
    """The agents see the supervisor, the customer does not."""

    mode: ClassVar[Literal["Monitor", "Coach", "BargeIn"]] = "Coach"


class BargeIn(Watching, frozen=True, tag="BargeIn"):
    """Everybody sees the supervisor."""

    mode: ClassVar[Literal["Monitor", "Coach", "BargeIn"]] = "BargeIn"


class CancelSupervisorMonitoring(UserOperation, frozen=True, tag="CancelSupervisorMonitoring"):
    """No further session is joined; one that was joined goes on until Leave."""

    supervises: ClassVar[bool] = True

    def apply(self, draft: Draft, user: str) -> None:
        assert draft.actor is not None
        supervisor = draft.agent(draft.actor)
        if supervisor.watch_of(user) is None:
            raise Refused(Fault.STATE, "this agent is not being monitored")
        draft.save(replace(supervisor, watches=tuple(w for w in supervisor.watches if w.agent != user)))
        draft.audit("monitoring ended", user)
