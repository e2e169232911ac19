"""`/settings/access-control`: the contact centre's own list of origins whose pages may call (C§1.8,
SPEC 9.19).
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations import allowed_origins
from smsdesk.operations.decoding import read
from smsdesk.operations.login import AllowedOrigins
from smsdesk.operations.perform import Performer
from smsdesk.wire.origins import is_origin

NAME = "allowedOrigins"
MOST_ORIGINS = 100


class OriginsSetting(Struct, frozen=True):
    """The setting: its name, and the whole list."""

    name: str
    value: Annotated[list[str], Meta(max_length=MOST_ORIGINS)]


class OriginsBody(Struct, frozen=True):
    """The body of PUT and POST."""

    settings: OriginsSetting

    def check(self) -> None:
        """Raises Refused 10 for another setting, and for what is no origin."""
        if self.settings.name != NAME:
            raise invalid("name", f"is {self.settings.name[:80]!r}; the one setting here is {NAME}")
        for origin in self.settings.value:
            if not is_origin(origin):
                what = f"holds {origin[:80]!r}, which is no origin such as https://desk.example.com"
                raise invalid("value", f"{what}; a * stands for part of a host name, never for all")


class AccessControl:
    """The endpoints of `/settings/access-control`."""

    def __init__(self, performer: Performer, auth: Auth) -> None:
        self._performer = performer
        self._auth = auth

    def origins(self) -> tuple[str, ...]:
        """The list as committed."""
        kept = self._performer.live.committed(allowed_origins.KIND, allowed_origins.ID)
        return kept.origins if isinstance(kept, AllowedOrigins) else ()

    async def read(self, request: Request) -> Reply:
        """GET the list; what the settings file allows is not in it."""
        await self._administrator(request)
        kept = self._performer.live.committed(allowed_origins.KIND, allowed_origins.ID)
        settings: list[dict[str, Any]] = []
        if isinstance(kept, AllowedOrigins):
            settings = [{"name": NAME, "value": kept.origins}]
        return done({"settings": settings, "key": "name"})

    async def create(self, request: Request) -> Reply:
        """POST a list where there is none."""
        me, origins = await self._change(request)
        await self._performer.run(lambda draft: allowed_origins.create(draft, origins), me)
        return done()

    async def replace(self, request: Request) -> Reply:
        """PUT the whole list; it acts at once."""
        me, origins = await self._change(request)
        await self._performer.run(lambda draft: allowed_origins.replace(draft, origins), me)
        return done()

    async def delete(self, request: Request) -> Reply:
        """DELETE the list."""
        me = await self._administrator(request)
        await self._performer.run(allowed_origins.delete, me)
        return done()

    async def _change(self, request: Request) -> tuple[str, list[str]]:
        """Login, body, parameters, role (SPEC 1.6): who asks, and the list."""
        caller = await self._auth.caller(request)
        setting = read(await request.body(), OriginsBody).settings
        _check_role(caller.user.administers)
        return caller.user.id, setting.value

    async def _administrator(self, request: Request) -> str:
        caller = await self._auth.caller(request)
        _check_role(caller.user.administers)
        return caller.user.id


def _check_role(administers: bool) -> None:
    if not administers:
        raise Refused(Fault.PERMISSION, "only an administrator may have to do with access control")
