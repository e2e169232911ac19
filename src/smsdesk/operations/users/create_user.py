"""A new user (C§5.1): the mandatory fields as documented, a name that is not taken, a password as a hash."""

from msgspec import Struct

from smsdesk.core.centre import Role, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.operations.base import check_text
from smsdesk.operations.decoding import read
from smsdesk.operations.login import Credential

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 256


class NewUser(Struct, frozen=True, rename="camel"):
    """The body of POST /users."""

    user_name: str
    password: str
    first_name: str
    last_name: str
    roles: tuple[Role, ...]
    email_address: str = ""
    enabled: bool = True
    change_password_on_first_login: bool = False

    def check(self) -> None:
        """Raises Refused 10."""
        for name, value in (("userName", self.user_name), ("firstName", self.first_name)):
            check_text(name, value, 255)
        check_text("lastName", self.last_name, 255)
        check_text("emailAddress", self.email_address, 255, shortest=0)
        if ":" in self.user_name or self.user_name != self.user_name.strip():
            raise invalid("userName", "may not hold a colon, nor begin or end with a blank")
        check_password("password", self.password)
        if not self.roles:
            raise invalid("roles", "is empty")


def check_password(name: str, password: str) -> None:
    """Raises Refused 10 when a password is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise invalid(name, f"must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


def read_user(body: bytes) -> NewUser:
    """The body as a new user. Raises Refused 1 or 10."""
    return read(body, NewUser)


def check_name(draft: Draft, name: str) -> None:
    """Raises Refused 18 when a user has this name, in any case."""
    if name.lower() in draft.centre.user_names:
        raise Refused(Fault.EXISTS, f"Failed to create user. User '{name}' already exists.")


def create_user(draft: Draft, new: NewUser, password_hash: str) -> User:
    """Make the user. Raises Refused 18."""
    check_name(draft, new.user_name)
    user = User(
        draft.ids.user(),
        new.user_name,
        new.first_name,
        new.last_name,
        new.email_address,
        new.roles,
        new.enabled,
        change_password=new.change_password_on_first_login,
    )
    draft.put("user", user.id, user)
    draft.put("credential", user.id, Credential(user.id, password_hash))
    draft.audit("user created", user.id)
    return user
