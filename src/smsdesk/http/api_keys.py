"""`/api-keys`: keys for server applications, for administrators [ext]."""

from typing import Any

from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.caller import Caller
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.keys import digest, written
from smsdesk.http.logins import Logins
from smsdesk.operations.api_keys import NewApiKey, create_api_key, delete_api_key
from smsdesk.operations.decoding import read
from smsdesk.operations.login import ApiKey
from smsdesk.operations.perform import Performer
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources


class ApiKeys:
    """The endpoints of `/api-keys`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources, logins: Logins) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._logins = logins

    async def listing(self, request: Request) -> Reply:
        """GET all keys, without what opens."""
        _check_role(await self._auth.caller(request))
        keys = sorted(self._performer.live.all("apikey"), key=lambda key: (key.made, key.id))
        return done(collection("apiKeys", [self._shape(key) for key in keys], request.query))

    async def one(self, request: Request) -> Reply:
        """GET one key, without what opens."""
        _check_role(await self._auth.caller(request))
        return done({"apiKey": pick(self._shape(self._found(request)), request.query)})

    async def create(self, request: Request) -> Reply:
        """POST a new key: the answer is the only place where it ever stands."""
        caller = await self._auth.caller(request)
        new = read(await request.body(), NewApiKey)
        _check_role(caller)
        ids, live = self._performer.ids, self._performer.live
        id, me = ids.user(), caller.user.id
        opens = written(id, ids.token())
        key = await self._performer.run(
            lambda draft: create_api_key(draft, live.all("apikey"), new, me, id, digest(opens)), me
        )
        shape = self._shape(key)
        return done({"id": id, "uri": shape["uri"], "path": shape["path"], "secret": opens})

    async def delete(self, request: Request) -> Reply:
        """DELETE a key: the next request that brings it is refused."""
        caller = await self._auth.caller(request)
        _check_role(caller)
        key = self._found(request)
        await self._logins.end_key(key, lambda draft: delete_api_key(draft, key.id), caller.user.id)
        return done()

    def _found(self, request: Request) -> ApiKey:
        key = self._performer.live.committed("apikey", request.parameters["id"])
        if not isinstance(key, ApiKey):
            raise unknown("the API key")
        return key

    def _shape(self, key: ApiKey) -> dict[str, Any]:
        render, base, path = self._resources.timestamps.render, self._resources.base, f"/api-keys/{key.id}"
        shape = {
            "id": key.id,
            "name": key.name,
            "userId": key.user,
            "userUri": f"{base}/users/{key.user}",
            "created": render(key.made),
        }
        if key.used:
            shape["lastUsed"] = render(key.used)
        return shape | {"uri": base + path, "path": path}


def _check_role(caller: Caller) -> None:
    if not caller.user.administers:
        raise Refused(Fault.PERMISSION, "only an administrator may have to do with API keys")
