"""A customer's contact as clients send it, and what it makes of the one there is (SPEC 5.4 [ext])."""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict, replace

from smsdesk.core.contact import Contact
from smsdesk.core.errors import Fault, Refused, invalid, missing
from smsdesk.core.numbers import canonical
from smsdesk.operations.base import check_text
from smsdesk.operations.decoding import explain

MOST_NUMBERS = 50
LONGEST_NUMBER = 64
MOST_ATTRIBUTES, LONGEST_KEY, LONGEST_VALUE = 100, 255, 4096
ATTRIBUTES_SIZE = 16 * 1024  # characters of all names and values
_LONGEST = {
    "first_name": ("firstName", 255),
    "last_name": ("lastName", 255),
    "title": ("title", 255),
    "email_address": ("emailAddress", 255),
    "language": ("language", 35),
    "notes": ("notes", 10_000),
}


class ContactBody(Struct, frozen=True, rename="camel"):
    """What is given is written, what is left out stays. `phone_numbers` are all of them, the main one first
    unless `phone_number` names it.
    """

    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    email_address: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
    phone_numbers: tuple[str, ...] | UnsetType = UNSET
    language: str | UnsetType = UNSET
    notes: str | UnsetType = UNSET
    attributes: dict[str, str] | UnsetType = UNSET

    def check(self) -> None:
        """Raises Refused 10."""
        for field, (name, longest) in _LONGEST.items():
            value = getattr(self, field)
            if value is not UNSET:
                check_text(name, value, longest, shortest=0)
        if self.phone_number is not UNSET:
            check_number("phoneNumber", self.phone_number)
        if self.phone_numbers is not UNSET:
            if len(self.phone_numbers) > MOST_NUMBERS:
                raise invalid("phoneNumbers", f"has more than {MOST_NUMBERS} numbers")
            for number in self.phone_numbers:
                check_number("phoneNumbers", number)
        if self.attributes is not UNSET:
            check_attributes(self.attributes)

    def onto(self, contact: Contact, region: str) -> Contact:
        """The contact with what is given. Raises Refused 1 when nothing is left that tells who he is."""
        given = {name: value for name, value in asdict(self).items() if value is not UNSET}
        fields: dict[str, Any] = {
            name: given[name]
            for name in ("first_name", "last_name", "title", "language", "notes", "attributes")
            if name in given
        }
        if self.email_address is not UNSET:
            fields["email"] = self.email_address.strip()
        new = replace(contact, **fields, **self._numbers(contact, region))
        if not (new.number or new.email or new.name):
            raise missing("phoneNumber, emailAddress, firstName or lastName")
        return new

    def _numbers(self, contact: Contact, region: str) -> dict[str, Any]:
        main, further = contact.number, contact.numbers
        if self.phone_numbers is not UNSET:
            main, *rest = [canonical(n, 0, region) for n in self.phone_numbers] or [""]
            further = tuple(rest)
        if self.phone_number is not UNSET:
            first = canonical(self.phone_number, 0, region)
            if self.phone_numbers is not UNSET and main:
                further = (main, *further)
            main = first
        return {"number": main, "numbers": tuple(n for n in dict.fromkeys(further) if n != main)}


def check_number(name: str, number: str) -> None:
    """Raises Refused 10 for what can be no party: blank, too long, with a NUL character."""
    check_text(name, number, LONGEST_NUMBER)
    if not number.strip():
        raise invalid(name, "is blank")


def check_attributes(attributes: dict[str, str]) -> None:
    """Raises Refused 10 beyond the limits."""
    if len(attributes) > MOST_ATTRIBUTES:
        raise invalid("attributes", f"has more than {MOST_ATTRIBUTES} entries")
    for key, value in attributes.items():
        check_text("attributes: a name", key, LONGEST_KEY)
        check_text(f"attributes: {key!r}", value, LONGEST_VALUE, shortest=0)
    if sum(len(key) + len(value) for key, value in attributes.items()) > ATTRIBUTES_SIZE:
        raise invalid("attributes", f"has more than {ATTRIBUTES_SIZE} characters in all")


def read_contact(body: bytes) -> ContactBody | Refused:
    """A body as a contact, or the refusal to be answered once the contact is known to be there (SPEC 9.15).

    Raises Refused 10 for a body that is no JSON object at all.
    """
    try:
        given = msgspec.json.decode(body, type=ContactBody)
        given.check()
    except msgspec.ValidationError as error:
        if not body.lstrip().startswith(b"{"):
            raise explain(str(error)) from None
        return explain(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(Fault.INVALID, f"the body is not JSON: {error}") from None
    except Refused as refused:
        return refused
    return given
