"""`smsdesk user …`: people who can log in, by the operator (SPEC 5.5, 7.2)."""

from collections.abc import Sequence
from typing import Any, Literal

import httpx2

from smsdesk.commands.passwords import one_time
from smsdesk.commands.reach import CommandFailed, ask, reach
from smsdesk.config import Settings

Role = Literal["agent", "supervisor", "admin", "apiuser"]
FIELDS = "fields=id,userName,firstName,lastName,roles,enabled,changePasswordOnFirstLogin"


async def add(
    settings: Settings,
    name: str,
    roles: Sequence[Role],
    names: tuple[str, str],
    email: str,
    password: str | None,
) -> str:
    """Make a user; what is to be said. Without a password he gets one that he has to change. Raises
    CommandFailed.
    """
    given = password or one_time()
    body = {
        "userName": name,
        "password": given,
        "firstName": names[0],
        "lastName": names[1],
        "emailAddress": email,
        "roles": [f"ROLE_{role.upper()}" for role in dict.fromkeys(roles)],
        "changePasswordOnFirstLogin": password is None,
    }
    async with reach(settings) as client:
        await ask(client, "POST", "/users", body)
    return f"{name} is there" + _told(given, password is None)


async def passwd(settings: Settings, name: str, password: str | None) -> str:
    """Give a user a password; what is to be said. His logins end. Raises CommandFailed."""
    given = password or one_time()
    body = {"password": given, "changePasswordOnFirstLogin": password is None}
    async with reach(settings) as client:
        user = await find_user(client, name)
        await ask(client, "PUT", f"/users/{user['id']}", body)
    return f"{user['userName']} has a new password" + _told(given, password is None)


async def enable(settings: Settings, name: str, enabled: bool) -> str:
    """Let a user log in, or not any more; what is to be said. Raises CommandFailed."""
    async with reach(settings) as client:
        user = await find_user(client, name)
        await ask(client, "PUT", f"/users/{user['id']}", {"enabled": enabled})
    return f"{user['userName']} is {'enabled' if enabled else 'disabled'}"


async def listing(settings: Settings) -> str:
    """All users as a table. Raises CommandFailed."""
    async with reach(settings) as client:
        users = (await ask(client, "GET", f"/users?{FIELDS}&sortBy=userName"))["users"]
    rows = [("NAME", "ROLES", "STATE", "IS CALLED"), *map(_row, users)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in rows
    )


def _row(user: dict[str, Any]) -> tuple[str, str, str, str]:
    roles = ",".join(role.removeprefix("ROLE_").lower() for role in user["roles"])
    state = "enabled" if user["enabled"] else "disabled"
    if user["changePasswordOnFirstLogin"]:
        state += ", must change the password"
    return user["userName"], roles, state, f"{user['firstName']} {user['lastName']}".strip()


def _told(password: str, once: bool) -> str:
    return f"\npassword  {password}\n\nIt has to be changed at the first login." if once else ""


async def find_user(client: httpx2.AsyncClient, name: str) -> dict[str, Any]:
    """A user by name. Raises CommandFailed."""
    users = (await ask(client, "GET", "/users?fields=id,userName"))["users"]
    found = next((user for user in users if user["userName"].lower() == name.lower()), None)
    if found is None:
        raise CommandFailed(f"there is no user {name!r}; `smsdesk user list` shows who there is")
    return dict(found)
