"""Who came in, and who was refused, for the audit log (SPEC 8.9): coalesced, so that no flood of logins
becomes a flood of writing. Knows no passwords.
"""

import asyncio

import structlog

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused
from smsdesk.operations.perform import Performer

log = structlog.get_logger("login")
EVERY = 10.0  # seconds between two entries of what was refused
ALIKE = 60_000  # milliseconds: a login like one before is not written again within them
MAX_PLACES = 1000  # pairs of user and address that are told apart
MAX_REMEMBERED = 10_000
Place = tuple[str, str]  # user, address
_OTHERS = ("others", "")


class LoginLog:
    """Refusals are counted and written in one commit now and then; what a crash takes is the last seconds of
    them.
    """

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._refused: dict[Place, int] = {}
        self._came: dict[Place, int] = {}

    def is_new(self, user: str, address: str) -> bool:
        """Whether this login is to be written: none like it was within the last minute."""
        now, place = self._performer.clock(), (user, address)
        if now < self._came.get(place, now - ALIKE) + ALIKE:
            return False
        self._came.pop(place, None)
        self._came[place] = now
        if len(self._came) > MAX_REMEMBERED:
            del self._came[next(iter(self._came))]
        return True

    def refused(self, user: str, address: str) -> None:
        """A user who is known was refused. Beyond the bound places are not told apart any more."""
        place = (user, address)
        if place not in self._refused and len(self._refused) >= MAX_PLACES:
            place = _OTHERS
        self._refused[place] = self._refused.get(place, 0) + 1

    async def flush(self) -> None:
        """Write what was refused; kept for the next time when the store is not available."""
        if not self._refused:
            return
        refused, self._refused = self._refused, {}

        def body(draft: Draft) -> None:
            for (user, address), count in refused.items():
                draft.audit("login refused", user, address=address or None, count=count)

        try:
            await self._performer.run(body)
        except Refused as error:
            log.warning("refused logins not written to the audit log", why=error.message)
            for place, count in refused.items():
                self._refused[place] = self._refused.get(place, 0) + count

    async def run(self) -> None:
        """Write now and then until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            await self.flush()
