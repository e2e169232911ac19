"""Features: which there are, which are on, and the one way to ask for one (C§1.9, SPEC 1.6)."""

from smsdesk.core.centre import Policy
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.caller import Caller
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations.perform import Performer
from smsdesk.wire.features import FEATURES, features
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources


def require_feature(caller: Caller, policy: Policy, *names: str) -> None:
    """Raises Refused 6 when one of these features is off: what it stands for is not there then. The
    operator of the machine is not held up, he could switch it on.
    """
    for name in names:
        if name not in FEATURES:
            raise ValueError(f"there is no feature {name}")
        if name in policy.features_off and not caller.operator:
            raise unknown("the resource")


class Features:
    """The endpoints of `/features` and `/system/features`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._base = resources.base

    async def listing(self, request: Request) -> Reply:
        """GET those that are on (C§1.9)."""
        await self._auth.caller(request)
        on = features(self._base, self._performer.policy.features_off)
        return done(collection("features", on, request.query))

    async def one(self, request: Request) -> Reply:
        """GET one that is on."""
        await self._auth.caller(request)
        on = features(self._base, self._performer.policy.features_off)
        found = next((f for f in on if f["id"] == request.parameters["id"]), None)
        if found is None:
            raise unknown("the feature")
        return done({"feature": pick(found, request.query)})

    async def system(self, request: Request) -> Reply:
        """GET all that this server knows, also those that are off; for administrators."""
        caller = await self._auth.caller(request)
        if not caller.user.administers:
            raise Refused(Fault.PERMISSION, "only an administrator may read what features there are")
        return done(collection("features", features(self._base), request.query))
