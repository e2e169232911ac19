"""A contact centre of pure values: operations in any order, without a store, a loop or a clock that runs."""

from collections.abc import Callable
from itertools import count

from smsdesk.core.centre import Centre, Policy
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused
from smsdesk.core.ids import Ids
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.demo import provision_demo
from smsdesk.operations.kinds import INDEXED
from smsdesk.operations.live import Live, NotLoaded
from smsdesk.operations.perform import find, permit
from smsdesk.operations.system.scenario import build
from smsdesk.operations.system.situation import Situation

Body = Callable[[Draft], object]


class World:
    """Everything in memory. What is not there does not exist."""

    def __init__(self, situation: Situation) -> None:
        self.live = Live()
        self.now = 1_700_000_000_000
        numbers = count(1)
        self._ids = Ids(lambda size: (next(numbers) * 2654435761).to_bytes(32, "big")[-size:])
        self._policy = Policy()
        self.centre = Centre()
        self.run(lambda draft: provision_demo(draft, "hash"))
        self.centre = Centre(*(self.live.all(kind) for kind in INDEXED))
        made: dict[str, str] = {}
        self.run(lambda draft: made.update(build(draft, situation)))
        self.session = made["session"]

    def run(self, body: Body, actor: str | None = None) -> bool:
        """One operation from draft to commit; says whether it was accepted."""
        while True:
            draft = Draft(self.live, self.centre, self._policy, self._ids, self.now, actor)
            try:
                body(draft)
            except NotLoaded as need:
                load = self.live.loaded_key if need.by_key else self.live.loaded
                load(need.kind, need.id, None)
                continue
            except Refused:
                return False
            change = self.live.stage(draft)
            if change is not None:
                self.live.kept(change)
            return True

    def ask(self, user: str, operation: SessionOperation) -> bool:
        """A user's operation on the session, as `perform` does it."""
        id = self.centre.user_names[user].id

        def body(draft: Draft) -> None:
            session, me = find(draft, self.session, id)
            permit(session, me, operation)
            operation.apply(draft, session, me)

        return self.run(body, id)
