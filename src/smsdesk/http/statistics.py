"""`/statistics`: figures of queues and agents [ext], and the documented older shape of them (A§5, C§6.2)."""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from smsdesk.core.centre import Centre, Queue, User
from smsdesk.core.errors import Fault, Refused, invalid, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.notifications import Notifications
from smsdesk.operations.perform import Performer
from smsdesk.wire.queries import collection, number, pick
from smsdesk.wire.statistics import TOPIC, Shape, older, updated


class Figures(Protocol):
    """Where figures come from."""

    def queues(self, queues: Iterable[Queue] | None = None) -> list[Shape]:
        """Of these queues, or of all."""

    def agents(self, users: Iterable[User]) -> list[Shape]:
        """Of these users."""


class StatisticsEndpoints:
    """The endpoints of `/statistics` and `/api/v1/stats`."""

    def __init__(self, performer: Performer, auth: Auth, figures: Figures) -> None:
        self._performer = performer
        self._auth = auth
        self._figures = figures

    async def queues(self, request: Request) -> Reply:
        """GET the figures of all queues, for everybody."""
        await self._auth.caller(request)
        return done(collection("queues", self._figures.queues(), request.query))

    async def queue(self, request: Request) -> Reply:
        """GET the figures of one queue. Raises Refused 6."""
        await self._auth.caller(request)
        queue = self._performer.centre.queue_ids.get(request.parameters["queue"])
        if queue is None:
            raise unknown("the queue")
        return done({"queue": pick(self._figures.queues([queue])[0], request.query)})

    async def agents(self, request: Request) -> Reply:
        """GET the figures of the agents whom the caller may see."""
        caller = await self._auth.caller(request)
        centre = self._performer.centre
        agents = [user for user in centre.users.values() if "ROLE_AGENT" in user.roles]
        seen = [user for user in agents if sees(centre, caller.user, user)]
        return done(collection("agents", self._figures.agents(seen), request.query))

    async def agent(self, request: Request) -> Reply:
        """GET the figures of one agent. Raises Refused 6 and 5."""
        caller = await self._auth.caller(request)
        subject = self._performer.centre.users.get(request.parameters["user"])
        if subject is None:
            raise unknown("the user")
        self._check(caller.user, subject)
        return done({"agent": pick(self._figures.agents([subject])[0], request.query)})

    async def older(self, request: Request) -> Reply:
        """GET the figures of a queue or user in the older shape, all of them or one (C§6.2). Only what holds
        now is known: `from` and `to` must hold it, `numValues` has to be 1 or more.
        """
        caller = await self._auth.caller(request)
        id, name = request.parameters["object"], request.parameters.get("statistic")
        centre, now = self._performer.centre, self._performer.clock()
        queue, subject = centre.queue_ids.get(id), centre.users.get(id)
        if queue is not None:
            figures = self._figures.queues([queue])[0]
        elif subject is not None:
            figures = self._figures.agents([subject])[0]
        else:
            raise unknown("the object")
        known = older(figures, now, name)
        if name is not None and not known:
            raise unknown("the statistic")
        if number(request.query, "numValues", 1) == 0:
            raise invalid("numValues", "has to be 1 or more")
        there = number(request.query, "from", now) <= now <= number(request.query, "to", now)
        if subject is not None:
            self._check(caller.user, subject)
        return done({"objectId": id, "statistics": known if there else []})

    def _check(self, caller: User, subject: User) -> None:
        if not sees(self._performer.centre, caller, subject):
            raise Refused(Fault.PERMISSION, f"{caller.user_name} may not see the figures of this user")


def sees(centre: Centre, viewer: User, subject: User) -> bool:
    """Whether somebody sees a user's figures: his own, those of his groups, an administrator all."""
    return viewer.id == subject.id or centre.watches(viewer, subject.id)


def tell_listeners(
    notifications: Notifications, centre: Centre, queues: list[Shape], agents: list[tuple[User, Shape]]
) -> None:
    """Notify figures that have changed to everybody who subscribed, each what he may see; it is transient,
    without a replay id (SPEC 4.5).
    """
    for id in notifications.server.subscribers(TOPIC):
        viewer = centre.users.get(id)
        if viewer is None:
            continue
        seen = [shape for user, shape in agents if sees(centre, viewer, user)]
        if queues or seen:
            notifications.publish(id, TOPIC, msgspec.json.encode(updated(queues, seen)), None)
