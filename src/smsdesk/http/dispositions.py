"""Groups of dispositions among the groups, dispositions in a group, and business attributes
(C§5.3, C§5.5).
"""

from collections.abc import Callable, Iterable
from typing import Any

from smsdesk.core.centre import Centre
from smsdesk.core.dispositions import DispositionGroup, dispositions
from smsdesk.core.draft import Draft
from smsdesk.core.errors import unknown
from smsdesk.http.exchange import Endpoint, Reply, Request, done
from smsdesk.http.provisioning import READ, WRITE, Provisioning, fields_of
from smsdesk.operations.perform import Performer
from smsdesk.operations.provisioning.change import create, read_body
from smsdesk.operations.provisioning.kinds import BY_PLURAL, view_of
from smsdesk.wire import dispositions as wire
from smsdesk.wire.attributes import Shape, all_attributes
from smsdesk.wire.queries import collection, pick

ROW = BY_PLURAL["dispositions"]
Languages = Callable[[Centre], Iterable[str]]


class DispositionEndpoints:
    """The endpoints. `languages` tells which are in use; `base` ends in `/api/v2`."""

    def __init__(self, house: Provisioning, performer: Performer, base: str, languages: Languages) -> None:
        self._house = house
        self._performer = performer
        self._base = base
        self._languages = languages

    # -- groups ------------------------------------------------------------------------------------
    def listing_or(self, agents: Endpoint) -> Endpoint:
        """GET groups: of dispositions with `type=dispositions`, else of agents."""

        async def listing(request: Request) -> Reply:
            if request.query.get("type") != wire.TYPE:
                return await agents(request)
            await self._house.caller(request, READ)
            asked = request.query.get("subresources")
            shapes = wire.listing(self._base, self._performer.centre, asked)
            return done(collection("groups", shapes, request.query))

        return listing

    def one_or(self, agents: Endpoint) -> Endpoint:
        """GET one group, of either type."""

        async def one(request: Request) -> Reply:
            group = self._groups().get(request.parameters["group"])
            if group is None:
                return await agents(request)
            await self._house.caller(request, READ)
            asked = request.query.get("subresources")
            shape = wire.with_subresources(self._base, self._performer.centre, group, asked)
            return done({"group": pick(shape, request.query)})

        return one

    async def inside(self, request: Request) -> Reply:
        """GET the dispositions in a group, without those in groups below. Raises Refused 6."""
        await self._house.caller(request, READ)
        group = self._group(request)
        found = [d for d in dispositions(self._performer.centre) if d.group == group.name]
        shapes = [wire.descriptor(self._base, d) for d in found]
        return done(collection("dispositions", shapes, request.query))

    async def create(self, request: Request) -> Reply:
        """POST a new disposition into a group. Raises Refused 6."""
        caller = await self._house.caller(request, WRITE)
        given = fields_of(await request.body())
        group = self._group(request)
        body = read_body(ROW, given | {"group": group.name})
        self._house.check_admin(caller)

        def make(draft: Draft) -> dict[str, Any]:
            made = create(draft, view_of(draft, self._house.surroundings()), ROW, body)
            shape = wire.descriptor(self._base, made)
            return {"id": shape["id"], "uri": shape["uri"], "path": shape["path"]}

        return done(await self._performer.once(make, caller.user.id, request.idempotency_key()))

    def _groups(self) -> dict[str, DispositionGroup]:
        return dict(self._performer.centre.records.get("dispositiongroup", {}))

    def _group(self, request: Request) -> DispositionGroup:
        group = self._groups().get(request.parameters["group"])
        if group is None:
            raise unknown("the group of dispositions")
        return group

    # -- business attributes ----------------------------------------------------------------------
    async def attributes(self, request: Request) -> Reply:
        """GET the business attributes [ext]."""
        await self._house.caller(request, READ)
        return done(collection("businessAttributes", self._attributes(), request.query))

    async def attribute(self, request: Request) -> Reply:
        """GET one business attribute [ext]. Raises Refused 6."""
        await self._house.caller(request, READ)
        for shape in self._attributes():
            if shape["id"] == request.parameters["attribute"]:
                return done({"businessAttribute": pick(shape, request.query)})
        raise unknown("the business attribute")

    def _attributes(self) -> list[Shape]:
        centre = self._performer.centre
        return all_attributes(self._base, centre, self._languages(centre))
