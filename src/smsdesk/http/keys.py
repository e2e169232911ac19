"""API keys: what a server application sends in place of a password [ext]. A key is `smsdesk_ID_SECRET`; only
its SHA-256 is kept.
"""

import hashlib
import hmac
import re
from contextlib import suppress

from msgspec.structs import replace

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.caller import Caller
from smsdesk.http.slow_down import SlowDown
from smsdesk.operations.login import ApiKey
from smsdesk.operations.perform import Performer

HOUR = 3_600_000  # milliseconds: as exactly as the last use of a key is noted
_KEY = re.compile(r"smsdesk_([0-9a-f]{32})_[0-9a-f]{40}")
_NOBODYS = hashlib.sha256(b"nobody has this key").hexdigest()


def written(id: str, secret: str) -> str:
    """A key as it is shown once."""
    return f"smsdesk_{id}_{secret}"


def digest(key: str) -> str:
    """What is kept of a key. It has 160 random bits: there is nothing in it that could be guessed faster."""
    return hashlib.sha256(key.encode()).hexdigest()


class Keys:
    """Says whose a key is. A wrong one slows down what comes from its address, a right one never waits."""

    def __init__(self, performer: Performer, slow_down: SlowDown) -> None:
        self._performer = performer
        self._slow_down = slow_down
        self._noting: set[str] = set()

    async def caller(self, key: str, address: str) -> Caller:
        """Who acts by this key. Raises Refused LOGIN, UNAVAILABLE when too many wrong ones wait."""
        found = self._find(key)
        user = self._performer.centre.users.get(found.user) if found else None
        if found is None or user is None or not user.enabled:
            now = self._performer.clock()
            self._slow_down.failed(None, address, now)
            await self._slow_down.wait(None, address, now)
            raise Refused(Fault.LOGIN, "Access denied")
        await self._note_use(found)
        return Caller(user, key=found.id)

    def _find(self, key: str) -> ApiKey | None:
        match = _KEY.fullmatch(key)
        found = self._performer.live.committed("apikey", match[1]) if match else None
        kept = found.hash if isinstance(found, ApiKey) else _NOBODYS
        fits = hmac.compare_digest(digest(key), kept)
        return found if fits and isinstance(found, ApiKey) else None

    async def _note_use(self, key: ApiKey) -> None:
        """To the hour: a key is used by every request, a commit for each would be too much."""
        now = self._performer.clock()
        if now < key.used + HOUR or key.id in self._noting:
            return

        def body(draft: Draft) -> None:
            newest = draft.get("apikey", key.id)
            if isinstance(newest, ApiKey):
                draft.put("apikey", key.id, replace(newest, used=now))

        self._noting.add(key.id)
        try:
            with suppress(Refused):  # the request itself is answered; the next one notes it
                await self._performer.run(body)
        finally:
            self._noting.discard(key.id)
