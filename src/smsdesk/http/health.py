"""`/services`: whether what stands behind the API can be used now, read and notified (C§1.11)."""

from collections.abc import Awaitable, Callable

import msgspec

from smsdesk.core.errors import unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.notifications import Notifications
from smsdesk.wire.health import TOPIC, Service, changed, shape
from smsdesk.wire.queries import collection, pick


class Health:
    """The endpoints of `/services`, for everybody who is logged in. `services` asks how all stand now;
    `base` ends in `/api/v2`.
    """

    def __init__(self, services: Callable[[], Awaitable[list[Service]]], auth: Auth, base: str) -> None:
        self._services = services
        self._auth = auth
        self._base = base

    async def listing(self, request: Request) -> Reply:
        """GET the services."""
        await self._auth.caller(request)
        shapes = [shape(service, self._base) for service in await self._services()]
        return done(collection("services", shapes, request.query))

    async def one(self, request: Request) -> Reply:
        """GET one service. Raises Refused 6."""
        await self._auth.caller(request)
        for service in await self._services():
            if service.id == request.parameters["service"]:
                return done({"service": pick(shape(service, self._base), request.query)})
        raise unknown("the service")


def tell_everybody(notifications: Notifications, base: str, services: list[Service]) -> None:
    """Notify a change to everybody who listens; it is transient, without a replay id (SPEC 4.5)."""
    data = msgspec.json.encode(changed(services, base))
    for user in notifications.server.users:
        notifications.publish(user, TOPIC, data, None)
