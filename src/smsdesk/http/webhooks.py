"""`/webhooks/{webhook}`: tests and the log of deliveries, for administrators [ext]. Webhooks themselves are
provisioned.
"""

import msgspec

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.core.moments import EVER
from smsdesk.core.webhooks import Delivery, Webhook, webhook_list
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.history import page
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.history.criteria import Span
from smsdesk.operations.history.reading import Reading
from smsdesk.operations.perform import Performer
from smsdesk.operations.webhooks import Redeliver, Test, redeliver, test_webhook
from smsdesk.wire.alarms import Shape, delivery
from smsdesk.wire.queries import equality, pick
from smsdesk.wire.resources import Resources

_decode = msgspec.json.Decoder(Delivery).decode


class WebhookEndpoints:
    """The endpoints below one webhook."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._reading = Reading(performer)
        self._tests: Decoder[Test] = Decoder((Test,))
        self._redeliveries: Decoder[Redeliver] = Decoder((Redeliver,))

    async def operate(self, request: Request) -> Reply:
        """POST Test: a delivery that means nothing. Raises Refused 6, and 2 for a webhook that is off."""
        caller = await self._auth.caller(request)
        operation = self._tests.decode(await request.body())
        webhook = self._webhook(request)
        if isinstance(operation, Refused):
            raise operation
        _check_role(caller.user)
        what = {"words": f"This is a test by {caller.user.user_name}."}

        def make(draft: Draft) -> Shape:
            shape = self._shape(test_webhook(draft, webhook.id, what))
            return {"id": shape["id"], "uri": shape["uri"], "path": shape["path"]}

        return done(await self._performer.once(make, caller.user.id, request.idempotency_key()))

    async def deliveries(self, request: Request) -> Reply:
        """GET a page of the log, the newest first, by what they are equal to (`state=failed`)."""
        caller = await self._auth.caller(request)
        webhook = self._webhook(request)
        query = request.query
        span, wanted = Span(0, EVER, True, *page(query)), equality(query)
        _check_role(caller.user)
        found, more = await self._reading.records(
            webhook_list(webhook.id), "delivery", _decode, span, lambda one: wanted(self._shape(one))
        )
        return done({"deliveries": [pick(self._shape(one), query) for one in found], "more": more})

    async def delivery(self, request: Request) -> Reply:
        """GET one delivery. Raises Refused 6."""
        caller = await self._auth.caller(request)
        found = await self._delivery(request)
        _check_role(caller.user)
        return done({"delivery": pick(self._shape(found), request.query)})

    async def operate_delivery(self, request: Request) -> Reply:
        """POST Redeliver: once more, from the first try on. Raises Refused 6 and 2."""
        caller = await self._auth.caller(request)
        operation = self._redeliveries.decode(await request.body())
        found = await self._delivery(request)
        if isinstance(operation, Refused):
            raise operation
        _check_role(caller.user)

        def again(draft: Draft) -> Shape:
            redeliver(draft, found.webhook, found.id)
            return {}

        return done(await self._performer.once(again, caller.user.id, request.idempotency_key()))

    def _webhook(self, request: Request) -> Webhook:
        found = self._performer.centre.records.get("webhook", {}).get(request.parameters["webhook"])
        if not isinstance(found, Webhook):
            raise unknown("the webhook")
        return found

    async def _delivery(self, request: Request) -> Delivery:
        webhook = self._webhook(request)
        found = await self._performer.read("delivery", request.parameters["delivery"])
        if not isinstance(found, Delivery) or found.webhook != webhook.id:
            raise unknown("the delivery")
        return found

    def _shape(self, one: Delivery) -> Shape:
        return delivery(one, self._resources)


def _check_role(caller: User) -> None:
    if not caller.administers:
        raise Refused(Fault.PERMISSION, "only an administrator may have to do with webhooks")
