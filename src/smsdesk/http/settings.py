"""`/settings`, `/me/settings` and `/users/{id}/settings`: groups, sections, what is in them (C§5.4)."""

from typing import Any

from msgspec import Struct

from smsdesk.core.centre import User
from smsdesk.core.dispositions import dispositions
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.core.sections import CENTRE, Section, Sections, Setting, check_setting, read_only
from smsdesk.http.auth import Auth
from smsdesk.http.country import country
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations.decoding import read, read_object
from smsdesk.operations.perform import Performer
from smsdesk.operations.settings import sections as change
from smsdesk.wire import settings as wire
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources


class SystemSettings(Struct, frozen=True):
    """What the settings file says and clients may read. `region`: two capital letters or nothing."""

    region: str = ""
    service_level_seconds: int = 60


class Settings:
    """The endpoints. Where one asks decides whose settings they are: everybody's, one's own, a user's."""

    def __init__(
        self, performer: Performer, auth: Auth, resources: Resources, system: SystemSettings
    ) -> None:
        self._performer = performer
        self._auth = auth
        self._base = resources.base
        self._system = system

    # -- reading -------------------------------------------------------------------------------------
    async def groups(self, request: Request) -> Reply:
        """GET all groups of the contact centre, for administrators."""
        caller = (await self._auth.caller(request)).user
        place = self._centre()
        check_owner(caller, place)
        kept = place.known(await self._sections(CENTRE))
        there: list[Section | wire.Group] = [*wire.ELSEWHERE, *kept]
        heads = [wire.head(self._base, "/settings", group) for group in there]
        return done(collection("settings", heads, request.query, always_full=True))

    async def listing(self, request: Request) -> Reply:
        """GET all sections of a user, each with what stands in it."""
        caller = (await self._auth.caller(request)).user
        place, address = self._place(request, caller)
        check_owner(caller, place)
        known = place.known(await self._sections(place.owner))
        shapes = [wire.head(self._base, address, s) | {"settings": s.settings} for s in known]
        return done(collection("settings", shapes, request.query))

    async def general(self, request: Request) -> Reply:
        """GET general-settings: the one group that is an object."""
        await self._auth.caller(request)
        return done({"settings": country(self._system.region)})

    async def dispositions(self, request: Request) -> Reply:
        """GET all dispositions."""
        await self._auth.caller(request)
        return _listed(wire.dispositions(dispositions(self._performer.centre)), request)

    async def section(self, request: Request) -> Reply:
        """GET what stands in one group or section."""
        return _listed(await self._readable(request), request)

    async def setting(self, request: Request) -> Reply:
        """GET one setting."""
        found = (await self._readable(request)).find(request.parameters["setting"])
        if found is None:
            raise unknown("the setting")
        return done({"setting": pick(found, request.query)})

    async def embedded(self, user: User) -> dict[str, Any]:
        """All sections of a user, to be embedded in him."""
        return wire.embedded(self._user(user).known(await self._sections(user.id)))

    async def _readable(self, request: Request) -> Section:
        """The section asked for. Raises Refused 6, and 5 for somebody else's."""
        caller = (await self._auth.caller(request)).user
        place, _ = self._place(request, caller)
        if place.owner != CENTRE:
            check_owner(caller, place)
        return place.find(await self._sections(place.owner), request.parameters["section"])

    # -- changing ------------------------------------------------------------------------------------
    async def create_section(self, request: Request) -> Reply:
        """POST a new group or section."""
        caller = (await self._auth.caller(request)).user
        body = await request.body()
        place, _ = self._place(request, caller)
        new = read(body, change.NewSection)
        check_owner(caller, place)
        await self._performer.run(lambda draft: change.create_section(draft, place, new), caller.id)
        return done()

    async def remove_section(self, request: Request) -> Reply:
        """DELETE a group or section."""
        caller, place, name = await self._writable(request)
        await self._performer.run(lambda draft: change.remove_section(draft, place, name), caller.id)
        return done()

    async def create_setting(self, request: Request) -> Reply:
        """POST a new setting into a group or section."""
        caller = (await self._auth.caller(request)).user
        setting = read_object(await request.body())
        _, place, name = await self._writable(request, caller, setting)
        await self._performer.run(lambda d: change.create_setting(d, place, name, setting), caller.id)
        return done()

    async def replace_setting(self, request: Request) -> Reply:
        """PUT another in the place of a setting."""
        caller = (await self._auth.caller(request)).user
        setting = read_object(await request.body())
        _, place, name = await self._writable(request, caller, setting)
        key = request.parameters["setting"]
        await self._performer.run(lambda d: change.replace_setting(d, place, name, key, setting), caller.id)
        return done()

    async def remove_setting(self, request: Request) -> Reply:
        """DELETE a setting."""
        caller, place, name = await self._writable(request)
        key = request.parameters["setting"]
        await self._performer.run(lambda draft: change.remove_setting(draft, place, name, key), caller.id)
        return done()

    async def _writable(
        self, request: Request, caller: User | None = None, setting: Setting | None = None
    ) -> tuple[User, change.Place, str]:
        """Who changes what where. What is wrong is told in the order of SPEC 1.6: it is not there, `setting`
        is none, it is not his to change, it is the server's own.
        """
        caller = caller or (await self._auth.caller(request)).user
        place, _ = self._place(request, caller)
        name, key = request.parameters["section"], request.parameters.get("setting")
        elsewhere = name.lower() in place.elsewhere
        if not elsewhere:
            found = place.find(await self._sections(place.owner), name)
            if key is not None and found.find(key) is None:
                raise unknown("the setting")
            if setting is not None:
                check_setting(found.key, setting)
        check_owner(caller, place)
        if elsewhere:
            raise read_only(name)
        return caller, place, name

    # -- whose ---------------------------------------------------------------------------------------
    def _place(self, request: Request, caller: User) -> tuple[change.Place, str]:
        """Whose settings are asked for, and the address they have. Raises Refused 6."""
        id = request.parameters.get("user")
        if id is not None:
            subject = self._performer.centre.users.get(id)
            if subject is None:
                raise unknown("the user")
            return self._user(subject), f"/users/{id}/settings"
        if request.scope["path"].startswith("/api/v2/me/"):
            return self._user(caller), "/me/settings"
        return self._centre(), "/settings"

    def _user(self, user: User) -> change.Place:
        desk = wire.desk(self._performer.policy, self._performer.centre.queues.values())
        return change.Place(user.id, {"htcc": wire.rights(user)}, {wire.DESK: desk})

    def _centre(self) -> change.Place:
        reporting = wire.reporting(self._system.service_level_seconds)
        desk = wire.desk(self._performer.policy, self._performer.centre.queues.values())
        return change.Place(CENTRE, {s.name: s for s in (reporting, desk)}, {}, wire.RESERVED)

    async def _sections(self, owner: str) -> Sections:
        found = await self._performer.read(change.KIND, owner)
        return found if isinstance(found, Sections) else Sections(owner)


def check_owner(caller: User, place: change.Place) -> None:
    """Raises Refused 5 for settings that are neither the caller's own nor an administrator's to see to."""
    if place.owner != caller.id and not caller.administers:
        raise Refused(Fault.PERMISSION, "only an administrator may see to the settings of others")


def _listed(section: Section, request: Request) -> Reply:
    listed = collection("settings", section.settings, request.query, always_full=True)
    return done(listed | {"key": section.key})
