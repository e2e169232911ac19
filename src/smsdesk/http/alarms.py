"""`/alarms`: what was, or is, wrong in the queues, for supervisors and administrators [ext]."""

from typing import Any

import msgspec

from smsdesk.core import moments
from smsdesk.core.alarms import Alarm
from smsdesk.core.centre import Centre
from smsdesk.core.errors import unknown
from smsdesk.core.lists import ALARMS
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.history import page
from smsdesk.http.notifications import Notifications
from smsdesk.http.subresources import check_staff, is_staff
from smsdesk.operations.history.criteria import Span
from smsdesk.operations.history.reading import Reading
from smsdesk.operations.perform import Performer
from smsdesk.wire.alarms import TOPIC, Shape, changed, shape
from smsdesk.wire.queries import equality, pick
from smsdesk.wire.resources import Resources

_decode = msgspec.json.Decoder(Alarm).decode


class AlarmEndpoints:
    """The endpoints of `/alarms`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._reading = Reading(performer)

    async def listing(self, request: Request) -> Reply:
        """GET a page of the alarms, those raised last first; by what they are equal to (`state=open`)."""
        caller = await self._auth.caller(request)
        query = request.query
        since, until = query.get("from"), query.get("to")
        where = self._resources.timestamps.zone
        span = Span(
            0 if since is None else moments.first("from", since, where),
            moments.EVER if until is None else moments.behind("to", until, where),
            True,
            *page(query),
        )
        check_staff(caller.user, "alarms")
        wanted = equality(query, ("from", "to"))
        found, more = await self._reading.records(
            ALARMS, "alarm", _decode, span, lambda alarm: wanted(self._shape(alarm))
        )
        return done({"alarms": [pick(self._shape(alarm), query) for alarm in found], "more": more})

    async def one(self, request: Request) -> Reply:
        """GET one alarm. Raises Refused 6."""
        caller = await self._auth.caller(request)
        alarm = await self._performer.read("alarm", request.parameters["alarm"])
        if not isinstance(alarm, Alarm):
            raise unknown("the alarm")
        check_staff(caller.user, "alarms")
        return done({"alarm": pick(self._shape(alarm), request.query)})

    def _shape(self, alarm: Alarm) -> dict[str, Any]:
        return shape(alarm, self._resources)


def tell_staff(notifications: Notifications, centre: Centre, alarm: Shape) -> None:
    """Notify an alarm to every supervisor and administrator who subscribed; it is transient, without a replay
    id (SPEC 4.5).
    """
    for id in notifications.server.subscribers(TOPIC):
        viewer = centre.users.get(id)
        if viewer is not None and is_staff(viewer):
            notifications.publish(id, TOPIC, msgspec.json.encode(changed(alarm)), None)
