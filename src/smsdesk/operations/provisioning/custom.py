"""Entries of the directory that are neither user nor queue (C§6.1, A§1.1)."""

from typing import ClassVar

from msgspec import Struct

from smsdesk.core.centre import CustomEntry
from smsdesk.core.errors import invalid, missing
from smsdesk.core.numbers import canonical
from smsdesk.operations.base import check_text
from smsdesk.operations.provisioning.kind import Body, ProvisionedKind, View, check_name

MOST_NUMBERS = 20
LONGEST_NUMBER = 64
DESCRIPTION = 1000  # characters


class WrittenNumber(Struct, frozen=True, rename="camel"):
    """A number as the directory shows it; only the number is kept."""

    phone_number: str
    description: str = ""
    switch_name: str = ""


class CustomBody(Body, frozen=True):
    """An entry of one's own. A number that is a service number stands for the queue behind it."""

    name: str
    phone_numbers: tuple[str | WrittenNumber, ...] = ()
    description: str = ""

    def check(self) -> None:
        check_name("name", self.name)
        check_text("description", self.description, DESCRIPTION, shortest=0)
        if not self.phone_numbers:
            raise missing("phoneNumber")
        if len(self.phone_numbers) > MOST_NUMBERS:
            raise invalid("phoneNumbers", f"has more than {MOST_NUMBERS} numbers")
        for number in self.numbers():
            check_text("phoneNumber", number, LONGEST_NUMBER)
            if not number.strip():
                raise invalid("phoneNumber", "is blank")

    def numbers(self) -> list[str]:
        """The numbers as they are written."""
        return [n if isinstance(n, str) else n.phone_number for n in self.phone_numbers]


class CustomEntries(ProvisionedKind[CustomEntry, CustomBody]):
    """The row of custom entries. They have endpoints of their own, among users and queues."""

    plural: ClassVar[str] = "directory-entries"
    singular: ClassVar[str] = "contact"
    kind: ClassVar[str] = "custom"
    served: ClassVar[bool] = False
    body = CustomBody

    def show(self, record: CustomEntry, view: View) -> CustomBody:
        return CustomBody(record.name, record.numbers, record.description)

    def make(self, body: CustomBody, id: str, old: CustomEntry | None, view: View) -> CustomEntry:
        numbers = dict.fromkeys(canonical(number) for number in body.numbers())
        return CustomEntry(id, body.name, tuple(numbers), body.description)
