"""`smsdesk init`: the store and its first administrator (SPEC 7.2)."""

from smsdesk.commands.passwords import one_time
from smsdesk.commands.reach import CommandFailed, ask, reach
from smsdesk.config import Settings

ADMINISTRATOR = "admin"
_POWERFUL = ("ROLE_ADMIN", "ROLE_APIUSER")


async def init(settings: Settings) -> str:
    """Make them; what is to be said. Raises CommandFailed when there is an administrator."""
    password = one_time()
    async with reach(settings) as client:
        users = (await ask(client, "GET", "/users?fields=userName,roles"))["users"]
        there = [user["userName"] for user in users if set(_POWERFUL) & set(user["roles"])]
        if there:
            raise CommandFailed(
                f"there is an administrator already: {', '.join(there[:5])}; "
                "`smsdesk user passwd NAME` gives him a new password"
            )
        body = {
            "userName": ADMINISTRATOR,
            "password": password,
            "firstName": "First",
            "lastName": "Administrator",
            "roles": ["ROLE_ADMIN"],
            "changePasswordOnFirstLogin": True,
        }
        await ask(client, "POST", "/users", body)
    return f"user      {ADMINISTRATOR}\npassword  {password}\n\nIt has to be changed at the first login."
