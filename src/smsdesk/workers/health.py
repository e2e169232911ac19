"""Watches whether the store and the carriers can be used, and tells of every change (C§1.11)."""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from smsdesk.carriers import Carrier
from smsdesk.store import Change, Kept, Store, StoreError
from smsdesk.wire.health import Service, services

log = structlog.get_logger("health")
LOOK = 1000  # milliseconds between two looks at the carriers
PROBE = 5  # looks until the store is asked too


class Health:
    """`pause` waits so many milliseconds; `tell` is given the services that have changed."""

    def __init__(
        self,
        store: Store,
        carriers: Mapping[str, Carrier],
        pause: Callable[[int], Awaitable[None]],
        tell: Callable[[list[Service]], None],
    ) -> None:
        self._store = store
        self._carriers = carriers
        self._pause = pause
        self._tell = tell
        self._stored = True
        self._told: dict[str, Service] = {}

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer: the store works."""
        if not self._stored:
            self._set(True)

    def undone(self, change: Change, error: Exception) -> None:
        """Called by the committer: a change that lost a race says nothing about the store."""
        if isinstance(error, StoreError):
            self._set(False)

    async def now(self) -> list[Service]:
        """How all stand, asked now."""
        await self._probe()
        return self._current()

    async def run(self) -> None:
        """Look now and then until cancelled."""
        self._told = {service.id: service for service in self._current()}
        looks = 0
        while True:
            await self._pause(LOOK)
            looks += 1
            if looks % PROBE == 0:
                await self._probe()
            else:
                self._compare()

    async def _probe(self) -> None:
        try:
            await self._store.head()
        except StoreError as error:
            if self._stored:
                log.warning("the store is not available", error=str(error))
            self._set(False)
        else:
            self._set(True)

    def _set(self, stored: bool) -> None:
        self._stored = stored
        self._compare()

    def _current(self) -> list[Service]:
        return services(self._stored, {name: c.connected for name, c in self._carriers.items()})

    def _compare(self) -> None:
        """Tell what is not as it was told last. Before `run` nobody has been told anything."""
        changed = [s for s in self._current() if s.id in self._told and self._told[s.id] != s]
        if changed:
            self._told |= {service.id: service for service in changed}
            self._tell(changed)
