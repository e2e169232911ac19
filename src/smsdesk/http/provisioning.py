"""The configured contact centre over REST: one set of endpoints for every row of the table of provisioned
kinds, and files that say it all at once (C§1.2, C§5, SPEC 5.5).
"""

import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import msgspec

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid, missing
from smsdesk.http.auth import Auth
from smsdesk.http.caller import Caller
from smsdesk.http.exchange import Endpoint, Reply, Request, done
from smsdesk.http.features import require_feature
from smsdesk.operations.decoding import explain
from smsdesk.operations.perform import Performer
from smsdesk.operations.provisioning.change import (
    AnyKind,
    changed_body,
    create,
    delete,
    found,
    read_body,
    update,
)
from smsdesk.operations.provisioning.kind import Body, Surroundings, View
from smsdesk.operations.provisioning.kinds import BY_KIND, TABLE, view_of
from smsdesk.operations.provisioning.plan import Step, carry_out, export, passwords, read_file
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources
from smsdesk.wire.timestamps import zone

Ending = Callable[[str], AbstractAsyncContextManager[None]]
Paths = list[tuple[str, dict[str, Endpoint]]]
READ, WRITE = "api-provisioning-read", "api-provisioning-write"  # features
FILE_LIMIT = 8 << 20  # octets
MOST_PASSWORDS = 500  # of one file: each costs a tenth of a second
# What the documented resources have besides what is provisioned (C§5.2, C§5.3, C§5.7).
_MORE: dict[str, dict[str, Any]] = {
    "skill": {"level": "0"},
    "group": {"type": "BusinessUnit", "contains": ["users", "skills", "queues"]},
    "queue": {"channel": "smssession"},
}


class Provisioning:
    """The endpoints. `carriers`: names of those that run. `ending` frames the end of a user's connections."""

    def __init__(
        self,
        performer: Performer,
        auth: Auth,
        resources: Resources,
        carriers: frozenset[str],
        ending: Ending,
    ) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._carriers = carriers
        self._ending = ending

    # -- files -------------------------------------------------------------------------------------
    async def export(self, request: Request) -> Reply:
        """GET everything that is provisioned [ext]."""
        self.check_admin(await self.caller(request, READ))
        return done({"provisioning": export(self.view())})

    async def apply(self, request: Request) -> Reply:
        """POST a file, TOML or JSON: the contact centre is made what it says, in one commit [ext]. `dryRun`
        only tells the steps, `prune` deletes what the file's kinds have beside it.
        """
        caller = await self.caller(request, WRITE)
        self.check_admin(caller)
        request.limit = max(request.limit, FILE_LIMIT)
        wanted = read_file(_decode(await request.body(), request.header(b"content-type") or ""))
        dry, prune = _flag(request, "dryRun"), _flag(request, "prune")
        secrets = passwords(wanted)
        if len(secrets) > MOST_PASSWORDS:
            raise invalid("users", f"has more than {MOST_PASSWORDS} passwords; apply the file in pieces")
        bare = self.surroundings()
        steps = await self._performer.rehearse(
            lambda draft: carry_out(draft, wanted, bare, prune), caller.user.id
        )
        if steps and not dry:
            made = {step.name.lower() for step in steps if (step.kind, step.action) == ("users", "create")}
            chosen = {name: secret for name, secret in secrets.items() if name in made}
            full = self.surroundings(await self._hashes(chosen))
            before = dict(self._performer.centre.users)
            steps = await self._performer.run(
                lambda draft: carry_out(draft, wanted, full, prune), caller.user.id
            )
            await self.end_connections(before)
        return done({"dryRun": dry, "steps": [_step(step) for step in steps]})

    # -- what the endpoints share --------------------------------------------------------------------
    async def run(
        self,
        caller: Caller,
        body: Callable[[Draft, View], Any],
        hashes: Mapping[str, str],
        ends: tuple[str, ...] = (),
    ) -> Any:
        """Run one change of provisioned records by a caller. `ends`: HTTP sessions that end with a new
        password.
        """
        surroundings = self.surroundings(hashes, ends)
        before = dict(self._performer.centre.users)
        result = await self._performer.run(
            lambda draft: body(draft, view_of(draft, surroundings)), caller.user.id
        )
        await self.end_connections(before)
        return result

    async def create(
        self, caller: Caller, kind: AnyKind, body: Body, hashes: Mapping[str, str], key: str | None
    ) -> dict[str, Any]:
        """Make a record, once under an Idempotency-Key; what is answered."""
        surroundings = self.surroundings(hashes)

        def make(draft: Draft) -> dict[str, Any]:
            view = view_of(draft, surroundings)
            record = create(draft, view, kind, body)
            shape = self.shape(kind, record, view)
            place = {"id": shape["id"], "uri": shape["uri"], "path": shape["path"]}
            return place | kind.told_once(record, body)

        return await self._performer.once(make, caller.user.id, key)

    async def end_connections(self, before: Mapping[str, User]) -> None:
        """Whoever may not log in any more is disconnected."""
        now = self._performer.centre.users
        for id, user in before.items():
            if user.enabled and (id not in now or not now[id].enabled):
                async with self._ending(id):
                    pass

    @asynccontextmanager
    async def new_password(
        self, kind: AnyKind, id: str, hashes: Mapping[str, str]
    ) -> AsyncIterator[tuple[str, ...]]:
        """While somebody who is there gets a password: the HTTP sessions that end with it. His other
        connections end when it is kept.
        """
        if kind.kind != "user" or not hashes:
            yield ()
            return
        ends = tuple(session.id for session in await self._auth.sessions.of(id))
        async with self._ending(id):
            yield ends

    async def hashes(self, body: Body) -> dict[str, str]:
        """The hash of the password in a user's body, if there is one."""
        name, password = getattr(body, "user_name", None), getattr(body, "password", None)
        return await self._hashes({name.lower(): password}) if name and password else {}

    async def _hashes(self, secrets: Mapping[str, str]) -> dict[str, str]:
        return {name: await self._auth.hash_apart(secret) for name, secret in secrets.items()}

    def surroundings(
        self, hashes: Mapping[str, str] | None = None, ends: tuple[str, ...] = ()
    ) -> Surroundings:
        """What provisioning has to know of this server."""
        return Surroundings(
            self._carriers,
            _zone_exists,
            hashes or {},
            ends,
            self._resources.base,
            self._performer.ids.token,
        )

    def view(self) -> View:
        """The committed records."""
        records = self._performer.centre.records
        return View(lambda kind: records.get(kind, {}).values(), BY_KIND, self.surroundings())

    async def caller(self, request: Request, feature: str) -> Caller:
        """Who asks. Raises Refused 6 when the feature is off."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, feature)
        return caller

    def check_admin(self, caller: Caller) -> None:
        """Raises Refused 5."""
        if not caller.user.administers:
            raise Refused(Fault.PERMISSION, "only an administrator may do this")

    def shape(self, kind: AnyKind, record: Any, view: View) -> dict[str, Any]:
        """A record as a resource."""
        if isinstance(record, User):
            return self._resources.user(record, self._performer.store.contact_center_id)
        id = kind.id_of(record)
        path = f"/{kind.plural}/{id}"
        fields: dict[str, Any] = msgspec.to_builtins(kind.show(record, view))
        place = {"uri": self._resources.base + path, "path": path}
        return {"id": id} | fields | _MORE.get(kind.kind, {}) | place


class Collection:
    """The endpoints of one kind."""

    def __init__(self, house: Provisioning, kind: AnyKind) -> None:
        self._house = house
        self._kind = kind

    async def listing(self, request: Request) -> Reply:
        """GET all of them."""
        self._check_reader(await self._house.caller(request, READ))
        view = self._house.view()
        records = (*self._kind.built_in, *view.records(self._kind.kind).values())
        shapes = [self._house.shape(self._kind, record, view) for record in records]
        return done(collection(_camel(self._kind.plural), shapes, request.query))

    async def one(self, request: Request) -> Reply:
        """GET one of them."""
        caller = await self._house.caller(request, READ)
        view = self._house.view()
        id = self._id(request)
        built_in = (record for record in self._kind.built_in if self._kind.id_of(record) == id)
        record = next(built_in, None) or found(view, self._kind, id)
        self._check_reader(caller)
        return done({self._kind.singular: pick(self._house.shape(self._kind, record, view), request.query)})

    async def create(self, request: Request) -> Reply:
        """POST a new one."""
        caller = await self._house.caller(request, WRITE)
        given = fields_of(await request.body())
        body = read_body(self._kind, given)
        absent = next((field for field in self._kind.demanded if given.get(field) is None), None)
        if absent is not None:
            raise missing(absent)
        self._house.check_admin(caller)
        hashes = await self._house.hashes(body)
        return done(await self._house.create(caller, self._kind, body, hashes, request.idempotency_key()))

    async def update(self, request: Request) -> Reply:
        """PUT some fields of one."""
        caller = await self._house.caller(request, WRITE)
        given = fields_of(await request.body())
        view, id = self._house.view(), self._id(request)
        body = changed_body(view, self._kind, found(view, self._kind, id), given)
        self._house.check_admin(caller)
        hashes = await self._house.hashes(body)
        async with self._house.new_password(self._kind, id, hashes) as ends:
            await self._house.run(
                caller,
                lambda draft, view: update(draft, view, self._kind, found(view, self._kind, id), given),
                hashes,
                ends,
            )
        return done()

    async def delete(self, request: Request) -> Reply:
        """DELETE one."""
        caller = await self._house.caller(request, WRITE)
        id = self._id(request)
        found(self._house.view(), self._kind, id)
        self._house.check_admin(caller)
        await self._house.run(
            caller, lambda draft, view: delete(draft, view, self._kind, found(view, self._kind, id)), {}
        )
        return done()

    def _id(self, request: Request) -> str:
        return next(iter(request.parameters.values()))

    def _check_reader(self, caller: Caller) -> None:
        if self._kind.administered:
            self._house.check_admin(caller)
        staff = caller.user.administers or "ROLE_SUPERVISOR" in caller.user.roles
        if self._kind.staff and not staff:
            raise Refused(Fault.PERMISSION, "only supervisors and administrators may read this")


def collections(
    house: Provisioning,
    readers: Mapping[str, tuple[Endpoint, Endpoint]],
    operations: Mapping[str, Endpoint],
) -> Paths:
    """The path below the API and the endpoints of each kind, of all and of one. `readers`: GET endpoints of
    their own, by plural; `operations`: for what is posted to one of them.
    """
    paths: Paths = []
    for kind in (kind for kind in TABLE if kind.served):
        ends = Collection(house, kind)
        listing, one = readers.get(kind.plural, (ends.listing, ends.one))
        paths.append((f"/{kind.plural}", {"GET": listing, "POST": ends.create}))
        place = rf"/{kind.plural}/(?P<{kind.kind}>[^/]{{1,64}})"
        more = {"POST": operations[kind.plural]} if kind.plural in operations else {}
        paths.append((place, {"GET": one, "PUT": ends.update, "DELETE": ends.delete} | more))
    return paths


def fields_of(body: bytes) -> dict[str, Any]:
    """The body of a request as an object. Raises Refused 10."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.ValidationError as error:
        raise explain(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(Fault.INVALID, f"the body is not JSON: {error}") from None


def _decode(body: bytes, content_type: str) -> Any:
    if "toml" not in content_type:
        return fields_of(body)
    try:
        return tomllib.loads(body.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(Fault.INVALID, f"the file is not TOML: {error}") from None


def _flag(request: Request, name: str) -> bool:
    text = request.query.get(name, "false")
    if text not in ("true", "false"):
        raise invalid(name, "is true or false")
    return text == "true"


def _step(step: Step) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(step)
    return shown


def _zone_exists(name: str) -> bool:
    try:
        zone(name)
    except ValueError:
        return False
    return True


def _camel(words: str) -> str:
    first, *more = words.split("-")
    return first + "".join(word.capitalize() for word in more)
