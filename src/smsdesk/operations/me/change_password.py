"""ChangePassword: a user gives himself another password (C§5.1, C§2.6)."""

from smsdesk.core.errors import invalid
from smsdesk.operations.base import Operation
from smsdesk.operations.provisioning.users import check_password


class ChangePassword(Operation, frozen=True, tag="ChangePassword"):
    """The old password is verified and the new one hashed where that costs nobody else time; what is then
    kept is `operations.users.set_password`.
    """

    old_password: str
    new_password: str

    def check(self) -> None:
        """Raises Refused 10."""
        check_password("newPassword", self.new_password)
        if self.new_password == self.old_password:
            raise invalid("newPassword", "is the old one")
